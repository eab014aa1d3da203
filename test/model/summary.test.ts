/** Parameters are shown as they were signed, whichever version of provenance has them. */
import { expect, it } from 'vitest'
import type { Signed, VerifiedStatement } from '../../src/model/evidence.ts'
import { parseStatement } from '../../src/model/statement.ts'
import { summariseStatement } from '../../src/model/summary.ts'
import type { AttestationSummary } from '../../src/model/verdict.ts'
import { jsonOf } from '../../src/model/written-json.ts'
import { readPredicate } from '../../src/predicates/read.ts'

const odd = '{"n":12345678901234567890,"f":1.0,"e":1e400,"neg":-0,"2":"two","1":"one"}'

function summaryOf(predicateType: string, predicate: string): AttestationSummary {
  const subject = `[{"name":"a","digest":{"sha256":"${'a'.repeat(64)}"}}]`
  const payload = Buffer.from(
    `{"_type":"https://in-toto.io/Statement/v1","subject":${subject},"predicateType":"${predicateType}","predicate":${predicate}}`,
  )
  const statement = parseStatement(payload)
  const signed = {
    envelope: { payload },
    signatory: { kind: 'key', fingerprint: '' },
    times: [],
    logEntries: [],
  } as unknown as Signed
  const verified: VerifiedStatement = {
    signed,
    statement,
    subjectIndex: 0,
    predicate: readPredicate(predicateType, statement.predicate),
  }
  return summariseStatement(verified)
}

it.each([
  [
    'v1',
    (it: string) =>
      `{"buildDefinition":{"buildType":"t","externalParameters":${it}},"runDetails":{"builder":{"id":"b"}}}`,
    odd,
  ],
  [
    'v0.2',
    (it: string) =>
      `{"builder":{"id":"b"},"buildType":"t","invocation":{"environment":{"E":1.0},"parameters":${it},"configSource":{"digest":{}}}}`,
    `{"parameters":${odd},"configSource":{"digest":{}}}`,
  ],
])('of provenance %s', (version, predicate, shown) => {
  const { externalParameters } = summaryOf(`https://slsa.dev/provenance/${version}`, predicate(odd))
  expect(jsonOf(externalParameters)).toBe(shown)
})

it('has no parameters where there are none', () => {
  const none = '{"buildDefinition":{"buildType":"t","externalParameters":null},"runDetails":{"builder":{"id":"b"}}}'
  expect(jsonOf(summaryOf('https://slsa.dev/provenance/v1', none).externalParameters)).toBe('{}')
})
