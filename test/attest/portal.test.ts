/** A release of which a portal knows the session: looked at, and signed; and a token that is nowhere but there. */
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectFile } from '../../src/inspect/inspect.ts'
import { sha256Hex } from '../../src/model/digest.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { loopback } from '../world/loopback-server.ts'
import { portalToken, session } from '../world/portal.ts'
import { scratchFolder, scratchIn } from '../world/scratch-repository.ts'
import { annSigns, recordPointer, storeSignedRecord } from '../world/signed-record.ts'

const id = '11111111-2222-4333-8444-555555555555'
const text = 'It added a widget.'
const checkout = useCheckouts((template) => {
  const scratch = scratchIn(template.folder)
  scratch.commit(`Change it\n\n${recordPointer}`, { 'a.js': 'a\n' })
  storeSignedRecord(scratch)
  scratch.git(['tag', 'v1.2.0'])
})

function fileOf(name: string, content: string): string {
  const path = join(scratchFolder(), name)
  writeFileSync(path, content)
  return path
}

interface Asked {
  /** Options that name the portal, and its token. */
  readonly asking: readonly string[]
  readonly questions: readonly (readonly [string, string | undefined])[]
}

/** A portal that says to whoever listens what it was told. */
async function asked(more: object = {}): Promise<Asked> {
  const questions: (readonly [string, string | undefined])[] = []
  const summary = { sha256: sha256Hex(Buffer.from(text)), text }
  const times = { startedAt: '2023-11-14T22:00:00Z', endedAt: '2023-11-14T22:30:00Z' }
  const origin = await loopback(({ url = '', headers }, response) => {
    questions.push([url, headers.authorization])
    response.writeHead(200, { 'x-echo': headers.authorization })
    response.end(
      JSON.stringify({ session: session(id, { user: { email: 'ann@example.org' }, ...times, summary, ...more }) }),
    )
  })
  return { asking: ['--portal', origin, '--portal-token-file', fileOf('token', `${portalToken}\n`)], questions }
}

async function attested(at: Checkout, argv: readonly string[]): Promise<Ran> {
  const env = at.env(await at.token({ ref: 'refs/tags/v1.2.0', sha: at.git('rev-parse', 'HEAD') }))
  const signers = ['--allowed-signers', fileOf('people', annSigns)]
  return countersign({ cwd: at.folder, env }, 'attest', 'dist/app.tgz', '--sigstore', 'local', ...signers, ...argv)
}

const looked = (at: Checkout, argv: readonly string[]): Promise<Ran> =>
  countersign({ cwd: at.folder, env: { PATH: process.env['PATH'], HOME: '/nowhere' } }, 'sessions', ...argv)

describe('a release of which a portal knows the session', () => {
  it('is signed with a session that is vouched for, and a summary by its digest', async () => {
    const at = checkout()
    const { asking, questions } = await asked({ repositories: ['https://github.com/acme/widget'] })
    const records = join(dirname(at.folder), 'records')
    const ran = await attested(at, [...asking, '--keep-records', records])
    expect([ran.exitCode, ran.stderr]).toEqual([0, expect.any(String)])
    expect(questions).toEqual([[`/v1/sessions/claude-code/${id}`, `Bearer ${portalToken}`]])
    const bundle = join(at.folder, 'dist/app.tgz.sigstore.json')
    const [inspection] = await inspectFile(bundle)
    const sha256 = sha256Hex(Buffer.from(text))
    expect(inspection?.sessions).toMatchObject([
      {
        id,
        level: 'vouched',
        portal: { adapter: 'contract', agrees: ['user', 'repository', 'time'], summary: { sha256 } },
      },
    ])
    expect(inspection?.attribution?.readers).toContainEqual({ reader: 'portal', outcome: 'found', claims: 1 })
    expect(readdirSync(records)).toEqual([`${sha256}.txt`])
    expect(readFileSync(join(records, `${sha256}.txt`), 'utf8')).toBe(text)
    if (process.platform !== 'win32') expect(statSync(join(records, `${sha256}.txt`)).mode & 0o777).toBe(0o600)
    const { dsseEnvelope } = JSON.parse(readFileSync(bundle, 'utf8')) as { dsseEnvelope: { payload: string } }
    const told = `${ran.stdout}${ran.stderr}${Buffer.from(dsseEnvelope.payload, 'base64').toString()}`
    expect(told).not.toMatch(new RegExp(`${portalToken}|${text}|ann@example`))
  })

  it('is looked at', async () => {
    const at = checkout()
    const { asking } = await asked({ user: { subject: '42' }, repositories: [] })
    const ran = await looked(at, ['--allowed-signers', fileOf('people', annSigns), ...asking])
    expect(ran.exitCode).toBe(0)
    expect(ran.stdout).toMatch(/portal-other-repository/)
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(portalToken)
  })

  it.each<[string, (asking: readonly string[]) => readonly string[]]>([
    ['a portal without a token', ([portal = '', url = '']) => [portal, url]],
    ['a token without a portal', ([, , name = '', file = '']) => [name, file]],
    ['a kind without a portal', () => ['--portal-adapter', 'litellm']],
    ['a kind that is not known', (asking) => [...asking, '--portal-adapter', 'other']],
    ['a token of two lines', ([portal = '', url = '', name = '']) => [portal, url, name, fileOf('token', 'a\nb\n')]],
    ['an address that is none', ([, , name = '', file = '']) => ['--portal', 'http://portal.example', name, file]],
    ['no network', (asking) => [...asking, '--offline']],
  ])('is not asked about with %s', async (_, argv) => {
    const at = checkout()
    const { asking, questions } = await asked()
    const ran = await looked(at, argv(asking))
    expect(ran.exitCode).toBe(2)
    expect(questions).toEqual([])
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(portalToken)
  })

  it('has no summary written through a link of the checkout', async () => {
    const at = checkout()
    const { asking, questions } = await asked()
    symlinkSync(scratchFolder(), join(at.folder, 'records'))
    const ran = await looked(at, [...asking, '--keep-records', 'records'])
    expect(ran.stderr).toMatch(/link/)
    expect([ran.exitCode, questions]).toEqual([2, []])
  })
})
