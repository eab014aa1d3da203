/** No set of waivers ever changes a row of who signs, of what is revoked or of the policy's own time, nor one that does not fail. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { VerifiedStatement } from '../../src/model/evidence.ts'
import type { PolicyCheck, PolicyPlace } from '../../src/model/policy-report.ts'
import type { Policy, PolicyLayer } from '../../src/model/policy.ts'
import type { Waiver } from '../../src/model/predicate.ts'
import { openWaivers } from '../../src/policy/waivers.ts'
import { runs } from '../world/runs.ts'

const now = '2026-06-01T00:00:00.000Z'
const digests = ['a'.repeat(64), 'b'.repeat(64)]
const ids = [
  ...['identity/signers', 'identity/other', 'revoked/digest', 'revoked/signer', 'policy/expiry'],
  ...['ai/tools', 'ai/human-review', 'provenance/age', 'rules/reviewed', 'rules/identity'],
]
const fixed = /^(?:identity|revoked|policy)\//
const people = ['ann@acme.example', 'ben@acme.example', 'release@acme.example']
const commits = ['1'.repeat(40), '2'.repeat(40)]

const place: fc.Arbitrary<PolicyPlace> = fc.record(
  {
    commit: fc.constantFrom(...commits),
    path: fc.constantFrom('src/auth.ts', 'README.md'),
    session: fc.constantFrom('urn:ai-session:x:1', 'urn:ai-session:x:2'),
  },
  { requiredKeys: [] },
)

const check: fc.Arbitrary<PolicyCheck> = fc
  .record({
    rule: fc.constantFrom(...ids),
    severity: fc.constantFrom('error' as const, 'warn' as const),
    outcome: fc.constantFrom('pass' as const, 'fail' as const, 'skipped' as const),
    at: fc.option(place, { nil: undefined }),
  })
  .map(({ rule, severity, outcome, at }) => {
    const common = { rule, severity, ...(at === undefined ? {} : { at }) }
    if (outcome === 'pass') return { ...common, outcome }
    if (outcome === 'skipped') return { ...common, outcome, note: 'x' }
    return { ...common, outcome, code: 'revoked' as const }
  })

function statementBy(signer: string, time: string, waiver: Waiver | undefined): VerifiedStatement {
  const predicate = waiver === undefined ? { kind: 'other' } : { kind: 'waiver', ...waiver }
  const identity = { subjectAlternativeName: { kind: 'email', value: signer }, extensions: {}, fingerprint: signer }
  return {
    signed: {
      envelope: { payload: Buffer.from(JSON.stringify(predicate)) },
      signatory: { kind: 'certificate', identity },
      times: [{ source: 'transparency log', time }],
    },
    statement: { subject: [] },
    subjectIndex: 0,
    predicate,
  } as unknown as VerifiedStatement
}

const waiver = fc
  .record({
    rule: fc.constantFrom(...ids, '**', 'identity/**', 'IDENTITY/signers'),
    policy: fc.constantFrom(...digests),
    reason: fc.constant('a reason that has enough letters'),
    expires: fc.constantFrom('2026-05-01T00:00:00Z', '2026-06-20T00:00:00Z', '2027-06-01T00:00:00Z'),
    place: fc.oneof(fc.constant({}), place),
    signer: fc.constantFrom(...people),
    time: fc.constantFrom('2026-05-20T00:00:00Z', '2026-06-10T00:00:00Z'),
  })
  .map(({ signer, time, ...it }) => ({ statement: statementBy(signer, time, it), waiver: it, signer, time }))

const layer: fc.Arbitrary<PolicyLayer> = fc
  .record({ sha256: fc.constantFrom(...digests), rules: fc.subarray(ids, { minLength: 1 }) })
  .map(({ sha256, rules }) => ({ name: 'test', sha256, sections: { waivers: { signers: [{}], rules } } }))

describe('no set of waivers', () => {
  it('turns a row of who signs, of what is revoked or of when, nor one that does not fail', () => {
    fc.assert(
      fc.property(
        fc.array(waiver, { maxLength: 12 }),
        fc.array(layer, { minLength: 1, maxLength: 3 }),
        fc.array(check, { maxLength: 12 }),
        (given, layers, checks) => {
          const [provenance, all] = [
            statementBy('release@acme.example', now, undefined),
            given.map((it) => it.statement),
          ]
          const policy = { layers } as unknown as Policy
          // Everybody is admitted by every layer: the worst policy that there is.
          const waivers = { given: all, admitted: layers.map(() => all) }
          const open = openWaivers(policy, { now, provenance, statements: [provenance], waivers })
          for (const [index, own] of layers.entries()) {
            const rows = open.waive(index, checks)
            expect(rows).toHaveLength(checks.length)
            for (const [at, row] of rows.entries()) {
              const before = checks[at]
              if (row.outcome !== 'waived') {
                expect(row).toBe(before)
                continue
              }
              expect([before?.outcome, fixed.test(row.rule), own.sections.waivers?.rules]).toEqual([
                'fail',
                false,
                expect.arrayContaining([row.rule]) as unknown,
              ])
              const good = given.filter(
                (it) =>
                  it.waiver.rule === row.rule &&
                  it.waiver.policy === own.sha256 &&
                  it.waiver.expires === '2026-06-20T00:00:00Z' &&
                  it.time === '2026-05-20T00:00:00Z' &&
                  it.signer !== 'release@acme.example' &&
                  Object.entries(it.waiver.place).every(
                    ([name, value]) => row.at?.[name as keyof PolicyPlace] === value,
                  ),
              )
              expect(good).not.toEqual([])
            }
          }
        },
      ),
      { numRuns: runs(2_000) },
    )
  })
})
