/** Rules over evidence that no bundle can bring about today: what says nothing lets nothing pass, and what is there twice counts once. */
import { describe, expect, test } from 'vitest'
import type { VerifiedStatement } from '../../src/model/evidence.ts'
import { policyRules } from '../../src/policy/families/index.ts'
import type { Seen } from '../../src/policy/families/row.ts'
import type { PolicySections } from '../../src/model/policy.ts'

const content = { kind: 'other', type: 'https://acme.example/v1', content: {} }
const silent = {
  envelope: { payloadType: '', payload: Buffer.from('{}'), signatures: [] },
  signatory: {
    kind: 'certificate',
    identity: { subjectAlternativeName: undefined, extensions: {}, notBefore: '2026-01-01T00:00:00Z' },
  },
  ...{ times: [], logEntries: [], logs: [], checkpoints: [], authorities: [], checks: [] },
}

function codesOf(id: string, sections: PolicySections, signed: object = {}): string[] {
  const statement = { predicateType: 'https://acme.example/v1', subject: [{ digest: { sha512: 'a' } }] }
  const provenance = {
    signed: { ...silent, ...signed },
    statement,
    subjectIndex: 0,
    predicate: content,
  } as unknown as VerifiedStatement
  const ai = { sessions: undefined, changes: undefined, total: undefined, attribution: undefined, readers: undefined }
  const seen = {
    ...{
      artifact: { name: 'app.tgz', digest: { sha512: 'a' } },
      statements: [provenance],
      now: '2026-03-01T00:00:00.000Z',
    },
    ...{ provenance, companions: new Map(), ai: { ...ai, configuration: undefined, branch: undefined } },
  } as unknown as Seen
  const rule = policyRules.find((it) => it.id === id)
  return (rule?.check(sections, seen) ?? []).map((it) => (it.outcome === 'fail' ? it.code : it.outcome))
}

const revoking = (kind: 'digest' | 'commit' | 'run' | 'signer' | 'session' | 'model'): PolicySections => ({
  revoked: [{ kind, value: 'x', reason: 'y' }],
})

describe('nothing to look at', () => {
  test.each(['digest', 'commit', 'run', 'signer', 'session', 'model'] as const)('is no pass of revoked/%s', (kind) => {
    expect(codesOf(`revoked/${kind}`, revoking(kind))).toEqual(['evidence-missing'])
  })

  const nobody = { signers: [{ signer: 'x', issuer: 'y' }] }
  const asked: [string, NonNullable<PolicySections['provenance']>, string][] = (
    [
      ['predicate-types', { predicateTypes: ['x:y'] }, 'predicate-type-mismatch'],
      ['build-types', { buildTypes: ['x'] }],
      ['parameters', { parameters: { allow: ['x'] } }],
      ['inputs', { inputs: { allow: ['x'] } }],
      ['build-level', { buildLevel: { atLeast: 1 } }],
      ['age', { maxAgeDays: 1 }],
      ['log-entries', { logEntries: { atLeast: 1 } }],
      ['timestamps', { timestamps: { atLeast: 1 } }],
      [
        'witnesses',
        { witnesses: { atLeast: 1, keys: ['witness.example+0e3c5b28+BKr+MTQom/iL50ekF8ez4e8EapXy+tjXS1cyJw07qTzQ'] } },
      ],
      ['companions', { companions: [{ name: 'x', predicateType: 'x:y', signers: [{}] }] }, 'companion-missing'],
      ['source-chain', { sourceChain: nobody }],
      ['rebuilders', { rebuilders: { atLeast: 1, signers: [{}] } }],
      ['range', { range: { reasons: ['adopted'], withoutPrevious: 'allow' } }],
    ] as const
  ).map(([name, sections, code = 'evidence-missing']) => [name, sections as never, code])

  test.each(asked)('is no pass of provenance/%s', (name, provenance, code) => {
    expect(codesOf(`provenance/${name}`, { provenance })).toEqual([code])
    expect(codesOf(`provenance/${name}`, {})).toEqual([])
  })

  test('is asked of every rule, here or under its own name', () => {
    const tried = [
      ...asked.map(([name]) => `provenance/${name}`),
      ...['digest', 'commit', 'run', 'signer', 'session', 'model'].map((it) => `revoked/${it}`),
    ]
    const families = policyRules.map(({ id }) => id).filter((id) => /^(?:revoked|provenance)\//.test(id))
    expect(tried.toSorted()).toEqual(families.toSorted())
  })
})

describe('one witness', () => {
  test.each([
    ['log-entries', 'logs', 'log-entries-too-few'],
    ['timestamps', 'authorities', 'timestamps-too-few'],
  ] as const)('counts once: %s', (name, member, code) => {
    const provenance = { logEntries: { atLeast: 2 }, timestamps: { atLeast: 2 } }
    expect(codesOf(`provenance/${name}`, { provenance }, { [member]: ['a', 'a'] })).toEqual([code])
    expect(codesOf(`provenance/${name}`, { provenance }, { [member]: ['a', 'b'] })).toEqual(['pass'])
  })
})

test('a revocation in doubt of the time holds: nobody vouches for one', () => {
  const identity = {
    subjectAlternativeName: { kind: 'uri', value: 'https://x.example/a' },
    extensions: {},
    notBefore: 'never',
  }
  const signed = { signatory: { kind: 'certificate', identity } }
  const revoked = [{ kind: 'signer' as const, value: 'https://x.example/a', reason: 'y', from: '2999-01-01T00:00:00Z' }]
  expect(codesOf('revoked/signer', { revoked }, signed)).toEqual(['revoked'])
})

test('a key that was stolen for a while signed nothing that counts after it, since it can be logged at any time', () => {
  const signed = {
    signatory: { kind: 'key', fingerprint: 'abc' },
    times: [{ source: 'transparency log', time: '2026-02-01T00:00:00Z' }],
  }
  const at = (times: object): string[] =>
    codesOf('revoked/signer', { revoked: [{ kind: 'signer', value: 'abc', reason: 'y', ...times }] }, signed)
  expect(at({ from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' })).toEqual(['revoked'])
  expect(at({ from: '2026-02-02T00:00:00Z' })).toEqual(['pass'])
})
