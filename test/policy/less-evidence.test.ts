/** Whoever leaves evidence out gains nothing: from what passes, piece by piece, a verdict that fails never passes again. */
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { commitOf, toldRelease } from '../world/policy-changes.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../world/policy-release.ts'
import { rebuildStatement } from '../world/rebuild.ts'
import { useRelease } from '../world/release.ts'
import type { EditableBundle, Job } from '../world/release.ts'
import { atDesk } from '../world/runs.ts'
import { signedWaiver, waivers } from '../world/waiver.ts'

const release = useRelease()
const scanType = 'https://acme.example/scan/v1'
const guard = { uri: 'https://guard.example/bot', issuer: 'https://issuer.example', root: 'own' }
const before = commitOf('a')
const range = { since: before, reason: 'version-before' }
const name = 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main'
const second: Job = { ...releaseJob, workflow: 'second.yml', runId: '4' }
const waivedRule = 'rules/reviewed'

let bundles: readonly EditableBundle[]
let previous: readonly EditableBundle[]

beforeAll(async () => {
  const source = [
    { predicateType: 'x:y', payload: { sha256: 'a'.repeat(64) }, signer: guard, time: '2026-03-01T00:00:00Z' },
  ]
  const rebuilt = (repository: string, more: Partial<Job> = {}): Promise<EditableBundle> => {
    const job = { repository, workflow: 'rebuild.yml', ...more }
    return release().sign(rebuildStatement(release(), job), job)
  }
  const scanner = { repository: 'acme/scans', workflow: 'scan.yml' }
  const scan = { ...release().statement(scanner), predicateType: scanType, predicate: {} }
  const told = { first: { source }, range }
  bundles = [
    ...(await toldRelease(release(), told)),
    ...(await toldRelease(release(), { ...told, job: { ...releaseJob, runId: '2' } })),
    await release().sign(scan, scanner),
    await rebuilt('one/rebuilds'),
    await rebuilt('two/rebuilds'),
    // One that has something in common with both: left out, it makes no two of one.
    await rebuilt('two/rebuilds', { workflow: 'one/rebuilds/.github/workflows/rebuild.yml@refs/heads/main' }),
    // Another signer who may, and who says the same.
    ...(await toldRelease(release(), { ...told, job: second })),
    // One who may not contradicts them both, and waives what fails.
    await release().attested({ ...releaseJob, workflow: 'third.yml', sha: commitOf('f') }),
    await signedWaiver(release(), policy(), waivedRule, { job: { ...releaseJob, workflow: 'third.yml' } }),
    await signedWaiver(release(), policy(), waivedRule),
  ]
  const [earlier] = await toldRelease(release(), { job: { ...releaseJob, sha: before, runId: '3' }, range: {} })
  previous = [earlier]
})

function policy(): string {
  const { issuer } = release().sigstore
  const signed = (repo: string, workflow: string): object => ({ repo, workflow, issuer })
  const because = (kind: string, value: string): object => ({ kind, value, reason: 'it was stolen' })
  return policyText(release(), {
    identity: { signers: [signed('acme/widget', 'release.yml'), signed('acme/widget', 'second.yml')] },
    rules: [{ id: 'reviewed', expr: 'false', message: 'somebody reviewed it' }],
    waivers: waivers(release(), [waivedRule]),
    revoked: [
      because('digest', `sha256:${'0'.repeat(64)}`),
      because('commit', commitOf('9')),
      because('run', 'https://github.com/acme/widget/actions/runs/9'),
      because('signer', 'https://github.com/mallory/**'),
      because('session', 'codex/9'),
    ],
    levels: [name, name.replace('release.yml', 'second.yml')].map((one) => ({ signer: one, level: 2 })),
    provenance: {
      buildLevel: { atLeast: 2 },
      maxAgeDays: 30,
      logEntries: { atLeast: 1 },
      companions: [{ name: 'scan', predicateType: scanType, signers: [signed('acme/scans', 'scan.yml')] }],
      sourceChain: { signers: [{ signer: guard.uri, issuer: guard.issuer }] },
      rebuilders: {
        atLeast: 2,
        signers: [
          signed('one/rebuilds', 'rebuild.yml'),
          signed('two/rebuilds', 'rebuild.yml'),
          {
            repo: 'two/rebuilds',
            signerWorkflow: 'one/rebuilds/.github/workflows/rebuild.yml',
            issuer,
            anyCaller: true,
          },
        ],
      },
      range: { reasons: ['version-before'] },
    },
  })
}

/** A piece of evidence that can be left out. */
interface Piece {
  readonly of: 'bundle' | 'previous' | 'entries' | 'timestamps'
  readonly at: number
}

/** `more` is there whatever is left out. */
async function passes(without: readonly Piece[], more: readonly EditableBundle[] = []): Promise<boolean> {
  const gone = (of: Piece['of'], at: number): boolean => without.some((it) => it.of === of && it.at === at)
  const left = bundles.flatMap((it, at): EditableBundle[] => {
    if (gone('bundle', at)) return []
    const copy = structuredClone(it)
    if (gone('entries', at)) copy.verificationMaterial.tlogEntries = []
    if (gone('timestamps', at)) copy.verificationMaterial.timestampVerificationData = { rfc3161Timestamps: [] }
    return [copy]
  })
  const earlier = previous.filter((_, at) => !gone('previous', at))
  const given =
    earlier.length === 0 ? {} : { previous: Buffer.from(earlier.map((it) => JSON.stringify(it)).join('\n')) }
  return (await judgeBy(release(), [...left, ...more], policy(), given)).outcome === 'pass'
}

function allPieces(): Piece[] {
  return [
    ...bundles.flatMap((_, at): Piece[] => [
      { of: 'bundle', at },
      { of: 'entries', at },
      { of: 'timestamps', at },
    ]),
    ...previous.map((_, at): Piece => ({ of: 'previous', at })),
  ]
}

describe('less evidence', () => {
  test('passes while all is there', async () => {
    expect(
      refusalsIn(await judgeBy(release(), bundles, policy(), { previous: Buffer.from(JSON.stringify(previous[0])) })),
    ).toEqual([`${waivedRule} waived rule-refused`])
  })

  test('never passes again, once too little is left', async () => {
    const pieces = allPieces()
    const order = fc.shuffledSubarray(pieces, { minLength: 2, maxLength: 5 })
    const seen = { passing: 0, failing: 0 }
    await fc.assert(
      fc.asyncProperty(order, async (taken) => {
        let passed = true
        for (const count of taken.keys()) {
          const isPass = await passes(taken.slice(0, count + 1))
          seen[isPass ? 'passing' : 'failing'] += 1
          expect(isPass && !passed).toBe(false)
          passed = isPass
        }
      }),
      { numRuns: atDesk(6, 12) },
    )
    expect(seen.failing).toBeGreaterThan(0)
  })

  test('does not pass without the waiver, nor with that of somebody else', async () => {
    expect(await passes([{ of: 'bundle', at: bundles.length - 1 }])).toBe(false)
    expect(await passes([{ of: 'bundle', at: bundles.length - 2 }])).toBe(true)
  })

  test('does not settle what a signer who may contradicts, whatever of the others is left out', async () => {
    const contradicting = await release().attested({ ...second, runId: '5', sha: commitOf('f') })
    expect(await passes([], [contradicting])).toBe(false)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(allPieces(), { minLength: 1, maxLength: 6 }), async (taken) => {
        expect(await passes(taken, [contradicting])).toBe(false)
      }),
      { numRuns: atDesk(2, 8) },
    )
  })
})
