/** SLSA verification summaries: what another verifier answered. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import type { VerificationSummary } from '../../src/model/predicate.ts'
import { readPredicate } from '../../src/predicates/read.ts'
import { codeOf } from '../world/failure.ts'
import { edited } from '../world/release.ts'
import { runs } from '../world/runs.ts'

const type = 'https://slsa.dev/verification_summary/v1'

/** The example of the specification (slsa.dev/spec/v1.2/verification_summary), shortened. */
const whole = {
  verifier: { id: 'https://example.com/publication_verifier', version: { verifier: '1.2.3' } },
  timeVerified: '1985-04-12T23:20:50.52Z',
  resourceUri: 'https://example.com/example-1.2.3.tar.gz',
  policy: { uri: 'https://example.com/example_tarball.policy', digest: { sha256: '1234' } },
  inputAttestations: [
    { uri: 'https://example.com/provenances/example-1.2.3.tar.gz.intoto.jsonl', digest: { sha256: 'abcd' } },
  ],
  verificationResult: 'PASSED',
  verifiedLevels: ['SLSA_BUILD_LEVEL_3'],
  dependencyLevels: { SLSA_BUILD_LEVEL_3: 5 },
  slsaVersion: '1.0',
}

function read(predicate: unknown): VerificationSummary {
  const found = readPredicate(type, predicate)
  if (found.kind !== 'verification-summary') throw new Error(`it was read as ${found.kind}`)
  return found
}

describe('a verification summary', () => {
  it('is read as the specification writes it', () => {
    expect(read(whole)).toEqual({
      kind: 'verification-summary',
      verifierId: 'https://example.com/publication_verifier',
      timeVerified: '1985-04-12T23:20:50.52Z',
      resourceUri: 'https://example.com/example-1.2.3.tar.gz',
      policyUri: 'https://example.com/example_tarball.policy',
      policySha256: '1234',
      result: 'PASSED',
      verifiedLevels: ['SLSA_BUILD_LEVEL_3'],
      inputAttestations: ['sha256:abcd'],
    })
  })

  it('may leave out what the specification lets it', () => {
    const { verifier, resourceUri, verifiedLevels } = whole
    const least = { verifier, resourceUri, verifiedLevels, verificationResult: 'FAILED' }
    expect(read(least)).toMatchObject({ timeVerified: undefined, policyUri: undefined, inputAttestations: [] })
    expect(read({ ...least, policy: null, inputAttestations: null }).result).toBe('FAILED')
    const nulls = {
      timeVerified: null,
      policy: { uri: null, digest: null },
      inputAttestations: [{ uri: null, digest: null }],
    }
    expect(read({ ...least, ...nulls })).toEqual(read(least))
  })

  it.each<[string, (it: typeof whole) => unknown]>([
    ['no verifier', (it) => Reflect.deleteProperty(it, 'verifier')],
    ['a verifier without a name', (it) => (it.verifier.id = '')],
    ['no resource', (it) => Reflect.deleteProperty(it, 'resourceUri')],
    ['an empty resource', (it) => (it.resourceUri = '')],
    ['no result', (it) => Reflect.deleteProperty(it, 'verificationResult')],
    ['a result that is neither', (it) => (it.verificationResult = 'passed')],
    ['no levels', (it) => Reflect.deleteProperty(it, 'verifiedLevels')],
    ['a level that is no text', (it) => ((it.verifiedLevels as unknown[])[0] = 3)],
  ])('with %s is malformed', (_, edit) => {
    expect(codeOf(() => read(edited(whole, edit)))).toBe('predicate-malformed')
  })

  it('is read or malformed, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (some, other) => {
        for (const predicate of [
          some,
          { ...whole, verifier: some, verifiedLevels: other },
          { ...whole, policy: some },
        ]) {
          try {
            expect(read(predicate).result).toBe('PASSED')
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(CountersignError)
            expect(thrown).toMatchObject({ code: 'predicate-malformed' })
          }
        }
      }),
      { numRuns: runs(300) },
    )
  })
})
