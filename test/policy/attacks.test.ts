/** Attacks on a policy as a whole: what would let pass what it refuses, each as somebody would try it. */
import { describe, expect, test } from 'vitest'
import { codeOfAsync } from '../world/failure.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../world/policy-release.ts'
import type { Session } from '../../src/model/session.ts'
import { toldRelease } from '../world/policy-changes.ts'
import type { Told } from '../world/policy-changes.ts'
import { useRelease } from '../world/release.ts'
import { part } from '../world/runs.ts'

const release = useRelease()
const provenanceType = 'https://slsa.dev/provenance/v1'
const changesType = 'https://w3id.org/countersign/change-provenance/v1'

describe('somebody who leaves the provenance out', () => {
  const ai = { tools: { allow: ['cursor'] } }

  test('and gives the statement of changes alone, where the policy takes both types', async () => {
    const [, changes] = await toldRelease(release())
    const text = policyText(release(), { provenance: { predicateTypes: [provenanceType, changesType] }, ai })
    const verdict = await judgeBy(release(), [changes], text)
    expect([verdict.outcome, refusalsIn(verdict)]).toEqual(['fail', ['identity/signers fail evidence-missing']])
  })

  test('or asks for that type beside a policy that names no signer', async () => {
    const [, changes] = await toldRelease(release())
    const signer = { repo: 'acme/widget', workflow: 'release.yml', issuer: release().sigstore.issuer }
    const beside = { ...signer, predicateType: [changesType] }
    const verdict = await judgeBy(release(), [changes], policyText(release(), { identity: undefined, ai }), { beside })
    expect(verdict.outcome).toBe('fail')
  })
})

describe('rows that fail', () => {
  test('are not hidden behind a crowd that only warns', async () => {
    const own = (id: string, severity?: string) => ({ id, expr: 'false', message: 'is so', severity })
    const crowd = Array.from({ length: 201 }, (_, at) => own(`w${at}`, 'warn'))
    const text = policyText(release(), { rules: [...crowd, own('real'), own('last', 'info')] })
    const verdict = await judgeBy(release(), [await release().genuine(releaseJob)], text)
    expect(verdict.outcome).toBe('fail')
    expect(verdict.policy?.checks.find((it) => it.rule === 'rules/real')).toMatchObject({ outcome: 'fail' })
  })
})

describe('a strict question', () => {
  test('is strict beside a policy, too: what was not examined may be what contradicts', async () => {
    const bundle = await release().genuine(releaseJob)
    const crowd = Array.from({ length: 70 }, (_, at) => {
      const copy = structuredClone(bundle) as { dsseEnvelope: { signatures: { sig: string }[] } }
      copy.dsseEnvelope.signatures = [{ sig: Buffer.from(String(at)).toString('base64') }]
      return copy
    })
    const beside = { strict: true } as const
    const at = async (bundles: readonly object[]) =>
      (await judgeBy(release(), [bundle, ...bundles], policyText(release(), {}), { beside })).outcome
    expect([await at([]), await at(crowd)]).toEqual(['pass', 'fail'])
    expect((await judgeBy(release(), [bundle, ...crowd], policyText(release(), {}))).outcome).toBe('pass')
  })
})

describe('attestations that contradict each other', () => {
  test('pass no policy: one of them hides what the other says', async () => {
    const [one, changes] = await toldRelease(release())
    const [two] = await toldRelease(release(), { range: { reason: 'asked' } })
    const verdict = await judgeBy(release(), [one, two, changes], policyText(release(), {}))
    expect(verdict).toMatchObject({ outcome: 'fail', failure: { code: 'attestations-contradict' } })
  })
})

describe('attestations of several signers that contradict each other', () => {
  const other = { ...releaseJob, workflow: 'other.yml' }
  const signersOf = (...files: readonly string[]): object[] =>
    files.map((workflow) => ({ repo: 'acme/widget', workflow, issuer: release().sigstore.issuer }))
  const verdictOf = async (sha: string | undefined, sections: object, order: 1 | -1 = 1) => {
    const bundles = [
      await release().attested(releaseJob),
      await release().attested(sha === undefined ? other : { ...other, sha }),
    ]
    const verdict = await judgeBy(
      release(),
      order === 1 ? bundles : bundles.toReversed(),
      policyText(release(), sections),
    )
    return [verdict.outcome, 'failure' in verdict ? verdict.failure?.code : undefined]
  }
  const another = 'f'.repeat(40)

  test('pass no policy that admits both, in whatever order', async () => {
    for (const files of [
      ['release.yml', 'other.yml'],
      ['other.yml', 'release.yml'],
    ]) {
      const sections = { identity: { signers: signersOf(...files) } }
      expect(await verdictOf(another, sections)).toEqual(['fail', 'attestations-contradict'])
      expect(await verdictOf(another, sections, -1)).toEqual(['fail', 'attestations-contradict'])
    }
  })

  test('pass no policy that asks for one of them beside the other', async () => {
    const companion = {
      name: 'second',
      predicateType: 'https://slsa.dev/provenance/v1',
      signers: signersOf('other.yml'),
    }
    const sections = { provenance: { companions: [companion] } }
    expect(await verdictOf(another, sections)).toEqual(['fail', 'attestations-contradict'])
  })

  test('count for nothing where the policy admits one of them', async () => {
    expect(await verdictOf(another, {})).toEqual(['pass', undefined])
  })

  test('of one commit are two that agree', async () => {
    const sections = { identity: { signers: signersOf('release.yml', 'other.yml') } }
    expect(await verdictOf(undefined, sections)).toEqual(['pass', undefined])
  })
})

describe('a statement that cannot be read whole', () => {
  const ai = { tools: { allow: ['cursor'] } }
  const session = {
    ...{ level: 'claimed', tool: 'cursor', models: ['gpt-5'], commits: [], linkage: 'direct', readers: ['trailer'] },
  } as const
  const range = { since: null, reason: 'adopted' }

  test.each([
    ['a session of a later version', 'urn:ai-session:evil:x'],
    ['a tool of a later version', 'urn:ai-tool:evil'],
    ['a session of no tool', 'urn:ai-session::x'],
  ])('hides no session: %s', async (_, uri) => {
    const at = async (linkage: string) => {
      const annotations = { countersign: { ...session, tool: 'cursor', linkage } }
      const told = await toldRelease(release(), {
        ...{ sessions: [], range },
        edit: ({ predicate }) => predicate.buildDefinition.resolvedDependencies?.push({ name: 'x', uri, annotations }),
      })
      return refusalsIn(await judgeBy(release(), told, policyText(release(), { ai })))
    }
    expect(await at('direct')).toEqual([])
    expect(await at('later')).toEqual(['ai/tools fail tool-refused'])
  })

  test('tells no changes of another range', async () => {
    const sections = { revoked: [{ kind: 'commit', value: '9'.repeat(40), reason: 'is so' }] }
    const asked = async (otherRange: object) =>
      (await judgeBy(release(), await toldRelease(release(), { range, otherRange }), policyText(release(), sections)))
        .outcome
    expect([await asked({}), await asked({ since: '7'.repeat(40) })]).toEqual(['pass', 'fail'])
  })

  test('takes nothing away by a number below nothing', async () => {
    const share = { ai: { share: [{ of: 'range', atMost: 0.5, unknownAs: 'human' }] } }
    const at = async (aiLines: number) => {
      const lines = { ai: aiLines, human: 10, unknown: 0, generated: 0 }
      const told = await toldRelease(release(), {
        range,
        first: { lines: { ...lines, ai: 6 } },
        others: [{ commit: '7'.repeat(40), lines }],
      })
      return (await judgeBy(release(), told, policyText(release(), share))).outcome
    }
    expect([await at(0), await at(-5)]).toEqual(['pass', 'fail'])
  })
})

describe('what is revoked', () => {
  const range = { since: null, reason: 'adopted' }
  const claude: Session = {
    ...{ id: 'abc', level: 'claimed', tool: 'claude-code', models: ['gpt-5'], commits: [], linkage: 'direct' },
    readers: ['trailer'],
  }
  const transcript = { format: 'claude-code', files: 2, turns: 1, edits: { applied: 1 } }
  const agent = (...models: string[]) => ({ id: 'b', models, digest: { sha256: 'b'.repeat(64) } })
  const rows = async (revocation: object, told: Told) => {
    const bundles = await toldRelease(release(), { range, ...told })
    const revoked = [{ ...revocation, reason: 'is so' }]
    return refusalsIn(await judgeBy(release(), bundles, policyText(release(), { revoked })))
  }
  const model = { kind: 'model', value: 'acme-coder-2*' }
  const missing = ['revoked/model fail evidence-missing']

  test.each<[string, Told, readonly string[]]>(
    part(
      [
        ['another model', { sessions: [claude] }, []],
        [
          'behind a vendor',
          { sessions: [{ ...claude, models: ['host/acme-coder-2'] }] },
          ['revoked/model fail revoked'],
        ],
        ['with a version', { sessions: [{ ...claude, models: ['acme-coder-2@1'] }] }, ['revoked/model fail revoked']],
        ['longer than any', { sessions: [{ ...claude, models: ['x'.repeat(3_000)] }] }, ['revoked/model fail revoked']],
        ['called unknown', { sessions: [{ ...claude, models: ['Unknown'] }] }, missing],
        ['of an agent', { sessions: [{ ...claude, transcript: { ...transcript, agents: [agent()] } }] }, missing],
        [
          'of a session that only a change names',
          { sessions: [], first: { sessions: [{ uri: 'urn:ai-session:cursor:x' }] } },
          missing,
        ],
      ],
      2,
    ),
  )('is a model, %s', async (_, told, expected) => {
    expect(await rows(model, told)).toEqual(expected)
  })

  test.each<[string, Told, boolean]>([
    ['and all is told', {}, true],
    ['and the provenance knows of more changes', { summaryTotal: 2 }, false],
    ['and commits of the range are missing', { range: { ...range, cut: true } }, false],
    [
      'and one change is told twice in the place of another',
      { total: 2, first: {}, others: [{ commit: '0123456789abcdef0123456789abcdef01234567' }] },
      false,
    ],
  ])('is a commit, %s', async (_, told, isPass) => {
    const found = await rows({ kind: 'commit', value: '9'.repeat(40) }, told)
    expect(found).toEqual(isPass ? [] : ['revoked/commit fail evidence-missing'])
  })

  test('is a session, and nobody saw all of the range', async () => {
    const session = { kind: 'session', value: 'claude-code/other' }
    expect(await rows(session, { sessions: [] })).toEqual([])
    expect(await rows(session, { sessions: [], range: { ...range, cut: true } })).toEqual([
      'revoked/session fail evidence-missing',
    ])
  })
})

describe('a source that was looked at and refused', () => {
  test('is no link of a chain', async () => {
    const [uri, issuer] = ['https://github.com/acme/guard', 'https://x.example']
    const said = { predicateType: 'https://slsa.dev/verification_summary/v1', payload: { sha256: 'a'.repeat(64) } }
    const source = { ...said, signer: { uri, issuer, root: 'own' }, time: '2026-01-01T00:00:00Z' }
    const sections = { provenance: { sourceChain: { signers: [{ signer: uri, issuer }] } } }
    const at = async (result: string) => {
      const told = await toldRelease(release(), { first: { source: [{ ...source, result }] } })
      return refusalsIn(await judgeBy(release(), told, policyText(release(), sections)))
    }
    expect(await at('PASSED')).toEqual([])
    expect(await at('FAILED')).toEqual(['provenance/source-chain fail source-unproved'])
  })
})

describe('a profile that adds nothing', () => {
  test.each([{}, { severities: { 'ai/tools': 'error' } }])('is none: %j', async (profile) => {
    const text = policyText(release(), {}, { profiles: { more: profile } })
    const bundle = await release().genuine(releaseJob)
    const asked = judgeBy(release(), [bundle], text, { profile: 'more' })
    expect(await codeOfAsync(() => asked)).toBe('policy-empty')
  })
})
