/** What steered agents, from a commit to who verifies: signed as a digest, shown by every view, and nothing else of it. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspectFile } from '../../src/inspect/inspect.ts'
import type { RangeReport } from '../../src/model/range-report.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { renderChanges } from '../../src/report/changes.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { steersIn } from '../world/hostile-text.ts'
import { schemaErrors } from '../world/published-schema.ts'

const secret = `ghp_${'a1'.repeat(18)}`
const files = {
  'AGENTS.md': 'PLANTEDTEXT\n',
  '.claude/agents/zoe@example.org.md': 'PLANTEDTEXT\n',
  '.codex/config.toml': '[mcp_servers.x\n',
  '.vscode/mcp.json': `{
    // PLANTEDTEXT
    "servers": {
      "github": { "command": "npx", "args": ["${secret}"], "env": { "GITHUB_TOKEN": "${secret}" } },
      "docs": { "url": "https://x.example/?key=${secret}", "headers": { "Authorization": "Bearer ${secret}" } },
      "${secret}": { "command": "npx" },
    },
  }`,
}
const servers = [
  { name: 'docs', transport: 'http', headers: ['Authorization'] },
  { name: 'github', transport: 'stdio', env: ['GITHUB_TOKEN'] },
]
const planted = ['PLANTEDTEXT', 'ghp_', 'zoe', 'npx', 'x.example']

const checkout = useCheckouts()
let at: Checkout
let without: string
let attested: Ran
const bundle = 'dist/app.tgz.sigstore.json'

const run = (env: Readonly<Record<string, string | undefined>>, ...argv: readonly string[]): Promise<Ran> =>
  countersign({ cwd: at.folder, env }, ...argv)

beforeAll(async () => {
  at = checkout()
  const dry = await run(at.env(await at.token()), 'attest', 'dist/app.tgz', '--sigstore', 'local', '--dry-run')
  without = dry.stdout
  for (const [path, text] of Object.entries(files)) at.write(path, text)
  at.git('add', '--all')
  at.git('-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', 'commit', '--quiet', '-m', 'Steer')
  at.git('tag', '--force', 'v1.1.0')
  attested = await run(at.env(await at.token()), 'attest', 'dist/app.tgz', '--sigstore', 'local')
  expect([attested.exitCode, attested.stderr]).toEqual([0, expect.any(String)])
})

interface Descriptor {
  readonly name?: string
  readonly uri?: string
  readonly digest?: { readonly sha256?: string }
  readonly annotations?: { readonly countersign: object }
}

function payload(): string {
  const { dsseEnvelope } = JSON.parse(readFileSync(join(at.folder, bundle), 'utf8')) as {
    dsseEnvelope: { payload: string }
  }
  return Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')
}

function dependencies(): readonly Descriptor[] {
  const { predicate } = JSON.parse(payload()) as {
    predicate: { buildDefinition: { resolvedDependencies: Descriptor[] } }
  }
  return predicate.buildDefinition.resolvedDependencies
}

async function reported(...argv: readonly string[]): Promise<RangeReport> {
  const { exitCode, stdout } = await run(at.env(), 'sessions', '--offline', '--format', 'json', ...argv)
  expect(exitCode).toBe(0)
  return JSON.parse(stdout) as RangeReport
}

describe('an AI configuration', () => {
  it('is signed behind the sessions, with counts and names, and without any text, path, value or address', async () => {
    const last = dependencies().at(-1)!
    expect(last).toMatchObject({
      name: 'ai-configuration',
      uri: 'urn:ai-configuration:v1',
      annotations: {
        countersign: {
          files: 4,
          kinds: { agents: 1, instructions: 1, mcp: 1, settings: 1 },
          tools: { any: 2, 'claude-code': 1, codex: 1 },
          mcpServers: servers,
          unread: 1,
        },
      },
    })
    expect(schemaErrors('ai-configuration', last.annotations!.countersign)).toEqual([])
    expect(last.digest!.sha256).toBe((await reported()).aiConfiguration!.digest.sha256)
    expect([...planted, 'AGENTS.md', 'mcp.json'].filter((it) => payload().includes(it))).toEqual([])
    expect(attested.stderr).toContain('AI configuration: 4 files (sha256:')
    expect(attested.stderr).toContain('ai-configuration-broken')
    expect(planted.filter((it) => attested.stderr.includes(it))).toEqual([])
  })

  it('is shown by verify and inspect', async () => {
    const { digest } = dependencies().at(-1)!
    const asked = ['verify', 'dist/app.tgz', '-R', 'acme/widget', '--workflow', 'release.yml', '--sigstore', 'local']
    const issuer = ['--issuer', 'https://oidc.countersign.localhost', '--strict']
    const text = await run(at.env(), ...asked, ...issuer)
    expect(text.exitCode).toBe(0)
    const words = `4 files (sha256:${digest!.sha256!.slice(0, 12)}): any 2, claude-code 1, codex 1`
    const json = await run(at.env(), ...asked, ...issuer, '--format', 'json')
    const verdict = JSON.parse(json.stdout) as Verdict
    expect(schemaErrors('verdict', verdict)).toEqual([])
    const expected = { edition: 'v1', digest, files: 4, mcpServers: servers, unread: 1 }
    expect(verdict.attestations[0]!.summary!.aiConfiguration).toMatchObject(expected)
    const [inspection] = await inspectFile(join(at.folder, bundle))
    expect(inspection!.aiConfiguration).toMatchObject(expected)
    expect(schemaErrors('inspection', inspection)).toEqual([])
    const inspected = await run(at.env(), 'inspect', bundle)
    for (const shown of [text.stdout, inspected.stdout]) {
      expect(shown).toContain(words)
      expect(shown).toContain('docs (http, headers Authorization), github (stdio, env GITHUB_TOKEN)')
    }
  })

  it('is listed by `sessions`, in every view, with a command that makes its digest anew', async () => {
    const report = await reported('--ai-configuration')
    expect(schemaErrors('sessions', report)).toEqual([])
    const { listing, recompute, digest } = report.aiConfiguration!
    expect(listing!.map((it) => it.path)).toEqual([undefined, '.codex/config.toml', '.vscode/mcp.json', 'AGENTS.md'])
    expect(execFileSync('sh', ['-c', recompute!], { cwd: at.folder }).toString()).toBe(`${digest.sha256}  -\n`)
    for (const format of ['text', 'json', 'markdown', 'html'] as const) {
      // Paths of files that changes touched are told as they are.
      const shown = renderChanges({ ...report, changes: [] }, format)
      expect([format, planted.filter((it) => shown.includes(it))]).toEqual([format, []])
      expect([format, steersIn(shown)]).toEqual([format, []])
      expect(shown).toContain(digest.sha256)
      for (const { sha256 } of listing!) expect(shown.replaceAll(/\s/g, '')).toContain(sha256)
    }
    const { stdout } = await run(at.env(), 'sessions', '--offline', '--ai-configuration')
    expect(stdout).toContain(`  ${recompute!}\n`)
    expect((await reported()).aiConfiguration).not.toHaveProperty('listing')
  })

  it('adds nothing where there is none but that somebody looked', async () => {
    expect(without).not.toMatch(/urn:ai-configuration|AI configuration/)
    expect(without).toMatch(/"reader":"ai-configuration","outcome":"nothing"/)
    const report = await reported('..v1.0.0', '--adopt', '--ai-configuration')
    expect(report).not.toHaveProperty('aiConfiguration')
    expect(report.readers.find((it) => it.reader === 'ai-configuration')?.outcome).toBe('nothing')
  })

  it('that nobody could look at is told as that, and not as none', async () => {
    const other = checkout()
    other.write('AGENTS.md', 'x')
    other.git('add', '--all')
    other.git('-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', 'commit', '--quiet', '-m', 'Steer')
    const id = other.git('rev-parse', 'HEAD:AGENTS.md').trim()
    execFileSync('rm', ['-f', join(other.folder, '.git/objects', id.slice(0, 2), id.slice(2))])
    const { stdout } = await countersign(
      { cwd: other.folder, env: other.env() },
      ...['sessions', '--offline', '--format', 'json', '--ai-configuration'],
    )
    const report = JSON.parse(stdout) as RangeReport
    expect(report).not.toHaveProperty('aiConfiguration')
    expect(report.readers).toContainEqual(
      expect.objectContaining({ reader: 'ai-configuration', outcome: 'could-not-look', claims: 0 }),
    )
  })
})
