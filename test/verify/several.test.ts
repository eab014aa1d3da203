/** Several attestations of one artifact in one verdict: which of them stands first decides nothing. */
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { bundleFromJson } from '../../src/model/bundle.ts'
import type { Json } from '../../src/model/json.ts'
import { limits } from '../../src/model/limits.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { openVerifier } from '../../src/verify/verifier.ts'
import type { Verifier } from '../../src/verify/verifier.ts'
import { artifactDigest, edited, refusals, signAt, trustIn, useRelease } from '../world/release.ts'
import type { EditableBundle, EditableStatement, WholeQuestion } from '../world/release.ts'
import { runs } from '../world/runs.ts'

const release = useRelease()
const artifact = { digest: `sha256:${artifactDigest}`, name: 'app.tgz' }

/** What each says, all but the last three under the identity that is asked for. */
const names = [
  'genuine',
  'of another run',
  'of another commit',
  'of other sessions',
  'of another build type',
  'of another workflow',
  'on a foreign change',
  'edited',
] as const
type Name = (typeof names)[number]

let verifier: Verifier
const bundles = {} as Record<Name, Bundle>

beforeAll(async () => {
  verifier = await openVerifier({ trust: release().trust })
  const withoutSessions = (edit: (statement: EditableStatement) => unknown = () => undefined): EditableStatement =>
    edited(release().statement(), (it) => {
      it.predicate.buildDefinition.resolvedDependencies!.splice(1)
      edit(it)
    })
  const otherType = withoutSessions(
    ({ predicate }) => (predicate.buildDefinition.buildType = 'https://example.com/build/v1'),
  )
  const genuine = await release().genuine()
  const made: Record<Name, EditableBundle> = {
    genuine,
    'of another run': await release().attested({ runId: '7' }),
    'of another commit': await release().attested({ sha: 'b'.repeat(40) }),
    'of other sessions': await release().sign(withoutSessions()),
    'of another build type': await release().sign(otherType),
    'of another workflow': await release().sign(release().statement(), { workflow: 'evil.yml' }),
    'on a foreign change': await release().attested({ event: 'pull_request' }),
    edited: edited(genuine, (it) => {
      const text = Buffer.from(it.dsseEnvelope.payload, 'base64').toString()
      it.dsseEnvelope.payload = Buffer.from(text.replace('"claimed"', '"vouched"')).toString('base64')
    }),
  }
  for (const name of names) bundles[name] = bundleFromJson(made[name] as unknown as Json)
})

const careful = (): WholeQuestion => release().question()

/** The verdict over these, each bundle under its name here. */
async function judged(given: readonly Name[], more: { readonly strict?: true } = {}): Promise<Verdict> {
  const verdict = await verifier.judge(
    given.map((it) => bundles[it]),
    artifact,
    { ...careful(), ...more },
  )
  const text = JSON.stringify(verdict).replaceAll(/"bundle( (\d+))?"(?!:)/g, (_, __, number = '1') =>
    JSON.stringify(given[Number(number) - 1]),
  )
  return JSON.parse(text) as Verdict
}

const findingsOf = ({ findings }: Verdict): string[] =>
  findings.map((it) => `${it.code}: ${it.bundles.toSorted().join(', ')}`)

const passing = (verdict: Verdict): string[] =>
  verdict.attestations.filter((it) => it.outcome === 'pass').map((it) => it.bundle)

describe('of several attestations', () => {
  it('all that pass are named, and the verdict is the same in whatever order they stand', async () => {
    const sorted = ({ attestations, findings, ...rest }: Verdict): unknown => ({
      ...rest,
      attestations: attestations.toSorted((a, b) => (a.bundle < b.bundle ? -1 : 1)),
      findings: findings.map((it) => ({ ...it, bundles: it.bundles.toSorted() })),
    })
    const first = await judged(names)
    expect(refusals(first)).toEqual([])
    expect(passing(first).sort()).toEqual(names.slice(0, 5).toSorted())
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...names], { minLength: names.length }), async (shuffled) => {
        const verdict = await judged(shuffled)
        expect(sorted(verdict)).toEqual(sorted(first))
        // What passes stands first, then what comes nearest.
        expect(passing(verdict)).toEqual(verdict.attestations.slice(0, 5).map((it) => it.bundle))
        expect(verdict.attestations.slice(5).map((it) => it.bundle)).toEqual(
          first.attestations.slice(5).map((it) => it.bundle),
        )
      }),
      { numRuns: runs(100) },
    )
  })

  it('where none passes, the nearest stands first, in whatever order they stand', async () => {
    const refused = ['edited', 'of another workflow', 'on a foreign change'] as const
    for (const given of [refused, refused.toReversed()]) {
      const verdict = await judged(given)
      expect(refusals(verdict)).toEqual(['trigger trigger-refused'])
      expect(verdict.attestations.map((it) => it.bundle)).toEqual(refused.toReversed())
    }
  })

  it.each<[Name[], string[]]>([
    [['genuine', 'genuine'], []],
    [['genuine', 'of another run'], []],
    [['genuine', 'of another build type'], ['sessions-contradict: genuine, of another build type']],
    [['genuine', 'of another workflow', 'edited'], []],
    [['genuine', 'of another commit'], ['commits-contradict: genuine, of another commit']],
    [['genuine', 'of other sessions'], ['sessions-contradict: genuine, of other sessions']],
    [
      ['of other sessions', 'of another run', 'of another commit'],
      [
        'commits-contradict: of another commit, of another run, of other sessions',
        'sessions-contradict: of another run, of other sessions',
      ],
    ],
  ])('%j contradict each other: %j', async (given, findings) => {
    const verdict = await judged(given)
    expect(findingsOf(verdict)).toEqual(findings)
    expect(refusals(verdict)).toEqual([])
  })

  it('those that contradict each other are refused where that is asked for, and all are shown', async () => {
    for (const other of ['of another commit', 'of other sessions'] as const) {
      const verdict = await judged(['genuine', other], { strict: true })
      expect(refusals(verdict)).toEqual(['fail attestations-contradict'])
      expect(passing(verdict)).toEqual(['genuine', other])
      expect(findingsOf(verdict)).toHaveLength(1)
      const asked = { ...careful(), strict: true } as const
      const evidence = verifier.verify([bundles.genuine, bundles[other]], artifact, asked)
      await expect(evidence).rejects.toMatchObject({ code: 'attestations-contradict', verdict: { outcome: 'fail' } })
    }
    for (const other of ['of another run', 'of another workflow', 'of another build type'] as const) {
      expect(refusals(await judged(['genuine', other], { strict: true })), other).toEqual([])
    }
  })

  it('every statement that passes is evidence, and no other', async () => {
    const { statements } = await verifier.verify(
      names.map((it) => bundles[it]),
      artifact,
      careful(),
    )
    const said = statements.map(({ predicate }) =>
      predicate.kind === 'build-provenance'
        ? [predicate.invocationId?.split('/').at(-3), predicate.sessions.length, predicate.buildType.split('/')[2]]
        : predicate.kind,
    )
    expect(said).toEqual([
      ['7300000001', 2, 'actions.github.io'],
      ['7', 2, 'actions.github.io'],
      ['7300000001', 2, 'actions.github.io'],
      ['7300000001', 0, 'actions.github.io'],
      ['7300000001', 0, 'example.com'],
    ])
  })
})

describe('of more attestations than a release has', () => {
  const crowd = (last: Name): Name[] => [...Array.from({ length: limits.candidates }, () => 'edited' as const), last]

  it('those beyond the limit are named and not verified', async () => {
    const many = [...crowd('genuine'), 'genuine' as const]
    const verdict = await verifier.judge(
      many.map((it) => bundles[it]),
      artifact,
      careful(),
    )
    expect(verdict.attestations).toHaveLength(limits.candidates)
    expect(findingsOf(verdict)).toEqual(['bundles-not-examined: bundle 65, bundle 66'])
    // Not even the genuine one: who hands over a crowd gets a "no" that says why.
    expect(refusals(verdict)).toEqual(['signature signature-invalid'])
    expect(verdict.unrelated).toBeUndefined()
  })

  it('those beyond the limit may be what contradicts, which strictness refuses', async () => {
    const many: Name[] = ['genuine', ...crowd('genuine')]
    const ask = (more: object): Promise<Verdict> =>
      verifier.judge(
        many.map((it) => bundles[it]),
        artifact,
        { ...careful(), ...more },
      )
    expect((await ask({})).outcome).toBe('pass')
    expect(await ask({ strict: true })).toMatchObject({ outcome: 'fail', failure: { code: 'attestations-contradict' } })
  })

  it('those about other artifacts do not count', async () => {
    const statement = edited(release().statement(), (it) => (it.subject[0]!.digest = { sha256: 'd'.repeat(64) }))
    const other = bundleFromJson((await release().sign(statement)) as unknown as Json)
    const lot = [...Array.from({ length: limits.candidates }, () => other), bundles.genuine]
    const verdict = await verifier.judge(lot, artifact, careful())
    expect(refusals(verdict)).toEqual([])
    expect(findingsOf(verdict)).toEqual([])
    expect(verdict.unrelated).toBe(limits.candidates)
  })
})

describe('under several trusted roots', () => {
  it('each attestation says which one it holds under, and holds under that one as a whole', async () => {
    const other = await startLocalSigstore({ issuer: release().sigstore.issuer })
    try {
      const sources = [release().trust, trustIn(other.trustedRoot, 'the other one')]
      const both = await openVerifier({ trust: { kind: 'any', sources } })
      expect(both.trust).toEqual(['the embedded Sigstore of this test', 'the other one'])
      const theirBundle = bundleFromJson(
        (await signAt({ certificate: other }, release().statement())) as unknown as Json,
      )
      const verdict = await both.judge([bundles.genuine, theirBundle], artifact, careful())
      expect(refusals(verdict)).toEqual([])
      expect(verdict.attestations.map((it) => [it.bundle, it.outcome, it.trust])).toEqual([
        ['bundle 1', 'pass', 'the embedded Sigstore of this test'],
        ['bundle 2', 'pass', 'the other one'],
      ])
      expect(verdict.trust).toBe('the embedded Sigstore of this test, or the other one')
      const alone = await verifier.judge([bundles.genuine, theirBundle], artifact, careful())
      expect(passing(alone)).toEqual(['bundle 1'])
    } finally {
      await other.close()
    }
  })
})
