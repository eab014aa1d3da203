/** `.countersign/config.yaml` on its way: committed, read, signed, shown. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readConfigBytes } from '../../src/collect/config/config-bytes.ts'
import { localTrust } from '../../src/embedded/project.ts'
import type { RangeReport } from '../../src/model/range-report.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { countersign } from './terminal.ts'
import type { Ran } from './terminal.ts'

const newCheckout = useCheckouts()
const page = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)

/** A release whose last commit has this configuration, and names a tool of the organisation's. */
function configured(config: string, message = 'Release\n\nCo-authored-by: Runner <agent@acme.example>'): Checkout {
  const it = newCheckout()
  it.write('.countersign/config.yaml', config)
  it.git('add', '--all')
  it.git('commit', '--quiet', '-m', message)
  it.git('tag', '--force', 'v1.1.0')
  return it
}

async function run(at: Checkout, ...argv: readonly string[]): Promise<Ran> {
  const env = at.env(argv[0] === 'attest' ? await at.token() : undefined)
  return countersign({ cwd: at.folder, env }, ...argv)
}

async function sessionsIn(at: Checkout): Promise<RangeReport> {
  const { stdout, stderr } = await run(at, 'sessions', '--offline', '--format', 'json')
  expect(stderr).toBe('')
  return JSON.parse(stdout) as RangeReport
}

describe('the page about the configuration', () => {
  it('has examples that are read', () => {
    expect(examples.length).toBeGreaterThanOrEqual(2)
    for (const example of examples) expect(readConfigBytes(Buffer.from(example))).toMatchObject({})
  })
})

describe('a configuration that is committed', () => {
  it('adds tools and turns readers off; both are signed, and shown by everybody who shows sessions', async () => {
    const at = configured(examples[0] ?? '')
    const { sha256 } = readConfigBytes(Buffer.from(examples[0] ?? ''))
    const config = {
      path: '.countersign/config.yaml',
      digest: { sha256 },
      tools: ['acme-agent'],
      skipped: ['git-ai-note'],
    }
    const words = `(sha256:${sha256.slice(0, 12)}) adds the tools acme-agent and turns off git-ai-note`
    const off = 'git-ai-note (not collected: turned off by .countersign/config.yaml)'

    const report = await sessionsIn(at)
    expect(schemaErrors('sessions', report)).toEqual([])
    expect(report.config).toEqual(config)
    expect(report.readers.find((it) => it.reader === 'git-ai-note')).toMatchObject({ outcome: 'not-collected' })
    // What the note says is not read, and what the row adds is.
    expect(new Set(report.sessions.map(({ tool }) => tool))).toEqual(new Set(['acme-agent', 'claude-code']))
    const text = (await run(at, 'sessions', '--offline')).stdout.replace(/\s+/g, ' ')
    expect(text).toContain('adds the tools acme-agent and turns off git-ai-note')

    const attested = await run(at, 'attest', 'dist/app.tgz', '--sigstore', 'local')
    expect(attested.exitCode).toBe(0)
    expect(attested.stderr).toContain(`note: .countersign/config.yaml ${words}`)
    expect(attested.stderr).toContain(`not looked at: ${off}`)

    const root = '../root.json'
    at.write(root, JSON.stringify((await localTrust(at.state)).json))
    const source = 'https://github.com/acme/widget'
    const question = [
      ...['--signer', `${source}/.github/workflows/release.yml@refs/tags/v1.1.0`, '--source', source],
      ...['--issuer', 'https://oidc.countersign.localhost', '--trusted-root', root],
    ]
    const verified = await run(at, 'verify', 'dist/app.tgz', ...question)
    expect([verified.exitCode, verified.stdout.includes(words), verified.stdout.includes(off)]).toEqual([0, true, true])
    const verdict = JSON.parse(
      (await run(at, 'verify', 'dist/app.tgz', ...question, '--format', 'json')).stdout,
    ) as Verdict
    expect(schemaErrors('verdict', verdict)).toEqual([])
    expect(verdict.attestations[0]?.summary?.attribution).toMatchObject({ config })
    const inspected = await run(at, 'inspect', 'dist/app.tgz.sigstore.json')
    expect([inspected.stdout.includes(words), inspected.stdout.includes(off)]).toEqual([true, true])
  })

  it('that turns everything off leaves nothing that reads as an answer', async () => {
    const all = sessionReaders.map((it) => it.id)
    const at = configured(`version: 1\nreaders: { skip: [${all.join(', ')}] }\n`)
    const { readers, sessions } = await sessionsIn(at)
    expect(sessions).toEqual([])
    const collected = readers.filter((it) => it.outcome !== 'not-collected').map(({ reader }) => reader)
    expect(collected.filter((it) => all.includes(it))).toEqual([])
    const attested = await run(at, 'attest', 'dist/app.tgz', '--sigstore', 'local')
    expect(attested.stderr).toContain('AI sessions were not looked for')
  })

  it('that hides a tool is refused before anything is signed, and names the place', async () => {
    const at = configured('version: 1\ntools:\n  - { id: human-helper, addresses: [noreply@anthropic.com] }\n')
    for (const argv of [
      ['attest', 'dist/app.tgz', '--sigstore', 'local'],
      ['sessions', '--offline'],
    ]) {
      const ran = await run(at, ...argv)
      expect([ran.exitCode, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr).toContain('.countersign/config.yaml:3:37: it is claude-code’s (config-refused)')
    }
    expect(at.list('dist')).toEqual(['app.tgz'])
  })

  it('makes no person a tool by a name of one word', async () => {
    const at = configured('version: 1\ntools: [{ id: ann }]\n', 'Work\n\nAssisted-by: Ann\nGenerated with Ann')
    const report = await sessionsIn(at)
    expect(report.sessions.filter(({ tool }) => tool === 'ann')).toEqual([])
  })

  it('is not read from the work tree', async () => {
    const at = newCheckout()
    at.write('.countersign/config.yaml', 'version: 1\nreaders: { skip: [trailer] }\n')
    expect((await sessionsIn(at)).config).toBeUndefined()
  })
})
