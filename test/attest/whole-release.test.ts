/** A release with everything at once: what is signed of it is what `verify` and `inspect` read back. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { signWithLocal } from '../../src/embedded/project.ts'
import { inspectFile } from '../../src/inspect/inspect.ts'
import type { Session } from '../../src/model/session.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { changeProvenancePredicate } from '../../src/predicates/change-provenance.ts'
import type { ChangeProvenancePredicate } from '../../src/predicates/change-provenance.ts'
import { countersign } from '../cli/terminal.ts'
import { useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { makeWholeRelease, sessionsOfRelease as ids } from '../world/whole-release.ts'
import type { WholeRelease } from '../world/whole-release.ts'

const checkout = useCheckouts()
const issuer = 'https://oidc.countersign.localhost'
const agents = { ref: 'refs/heads/main', event: 'push', workflow: 'agents.yml' } as const
const bundles = ['dist/app.tgz.sigstore.json', 'dist/app.tgz.changes.sigstore.json'] as const

let at: Checkout
let release: WholeRelease
let said: string

beforeAll(async () => {
  at = checkout()
  const token = await at.token(agents)
  release = await makeWholeRelease(at.folder, {
    issuer,
    name: 'https://github.com/acme/widget/.github/workflows/agents.yml@refs/heads/main',
    sign: (statement) => signWithLocal(at.state, Buffer.from(JSON.stringify(statement)), token),
  })
  const env = at.env(await at.token({ ref: 'refs/tags/v1.2.0', sha: release.commits.dangling }))
  const argv = ['attest', 'dist/app.tgz', '--sigstore', 'local', '--changes', bundles[1], ...release.options]
  const { exitCode, stderr } = await countersign({ cwd: at.folder, env }, ...argv)
  expect([exitCode, stderr]).toEqual([0, expect.any(String)])
  said = stderr
})

/** What is told of each session, by its id or tool. */
function told(sessions: readonly Session[]): Record<string, unknown> {
  return Object.fromEntries(
    sessions.map(({ id, tool, level, linkage, recordSigner, parent, role }) => [
      id ?? tool,
      [tool, level, linkage, ...[recordSigner, role, parent].filter((it) => it !== undefined)],
    ]),
  )
}

const expected = {
  [ids.codex]: ['codex', 'claimed', 'squash'],
  [ids.byPerson]: ['claude-code', 'vouched', 'squash', 'person'],
  'session-1': ['claude-code', 'claimed', 'squash'],
  'session-2': ['claude-code', 'claimed', 'rebase'],
  [ids.byPlatform]: ['claude-code', 'signed', 'rebase', 'agent-platform'],
  [ids.byForge]: ['claude-code', 'recorded', 'rebase', 'forge'],
  [ids.planner]: ['codex', 'recorded', 'direct', 'orchestration'],
  [`${ids.planner}/w1`]: ['codex', 'claimed', 'direct', 'implementation', ids.planner],
  [`${ids.planner}/w2`]: ['codex', 'claimed', 'direct', 'review', ids.planner],
}

async function verdict(...more: readonly string[]): Promise<Verdict> {
  const asked = ['--repo', 'acme/widget', '--workflow', 'release.yml', '--issuer', issuer, '--sigstore', 'local']
  const argv = ['verify', 'dist/app.tgz', ...asked, '--format', 'json', ...more]
  const { stdout } = await countersign({ cwd: at.folder, env: at.env() }, ...argv)
  return JSON.parse(stdout) as Verdict
}

describe('a release with everything at once', () => {
  it('is verified, and shows every session with its level, the changes beside it', async () => {
    const { outcome, attestations, findings } = await verdict('--strict')
    expect([outcome, findings]).toEqual(['pass', []])
    const [provenance, changes] = attestations
    expect(told(provenance?.summary?.sessions ?? [])).toEqual(expected)
    expect(provenance?.summary?.attribution).toMatchObject({
      range: { sinceName: 'v1.1.0', reason: 'version-before' },
      commits: { total: 6, claimed: 4, unknown: 2 },
      findings: { 'checkpoint-missing': 1 },
    })
    expect(changes?.summary?.changes).toMatchObject({ until: release.commits.dangling })
    expect(provenance?.summary?.changeStatement).toMatchObject({ given: true })
  })

  it('is inspected with the same sessions', async () => {
    const [inspection] = await inspectFile(join(at.folder, bundles[0]))
    expect(told(inspection?.sessions ?? [])).toEqual(expected)
  })

  it('tells change by change who took part, and of nobody what nobody said', () => {
    const { changes } = changesIn(readFileSync(join(at.folder, bundles[1]), 'utf8'))
    const partsOf = (commit: string): unknown =>
      changes.find((it) => it.commit === commit)?.sessions?.map(({ uri, linkage }) => [uri.split(':').at(-1), linkage])
    const { squashed, squashedToo, rebased, planned, dangling, byHand } = release.commits
    expect(partsOf(squashed)).toEqual([[ids.codex, 'squash']])
    expect(partsOf(squashedToo)).toEqual([
      [ids.byPerson, 'squash'],
      ['session-1', 'squash'],
    ])
    expect(partsOf(rebased)).toEqual([
      // Its own message names them, too.
      [ids.byPlatform, 'direct'],
      [ids.byForge, 'direct'],
      ['session-2', 'rebase'],
    ])
    expect(partsOf(planned)).toHaveLength(3)
    expect([partsOf(dangling), partsOf(byHand)]).toEqual([undefined, undefined])
    expect(changes.find((it) => it.commit === byHand)?.lines).toMatchObject({ ai: 0, human: 0, unknown: 1 })
  })

  it('says what led nowhere', () => {
    expect(said).toContain('that no store in this clone has (checkpoint-missing)')
    expect(said).toContain('9 AI sessions in 4 of 6 commits, 2 unknown')
  })
})

function changesIn(bundle: string): ChangeProvenancePredicate {
  const { dsseEnvelope } = JSON.parse(bundle) as { dsseEnvelope: { payload: string } }
  const { predicate } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')) as {
    predicate: unknown
  }
  return changeProvenancePredicate.parse(predicate)
}
