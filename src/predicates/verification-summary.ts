/** SLSA verification summary attestation v1 (slsa.dev/spec/v1.2/verification_summary), read. Unknown fields are ignored. */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { digestSet } from '../model/digest.ts'
import { issueText } from '../model/statement.ts'
import type { PredicateRow } from './row.ts'

const text = z.string().check(z.maxLength(8_192))

/** The predicate as it goes over the wire, as far as it is read here. */
const shape = z.looseObject({
  verifier: z.looseObject({ id: text.check(z.minLength(1)) }),
  timeVerified: z.optional(text),
  resourceUri: text.check(z.minLength(1)),
  policy: z.optional(z.nullable(z.looseObject({ uri: z.optional(text), digest: z.optional(digestSet) }))),
  inputAttestations: z.optional(
    z.nullable(z.array(z.looseObject({ uri: z.optional(text), digest: z.optional(digestSet) }))),
  ),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: z.array(text),
})

export const verificationSummary: PredicateRow = {
  type: 'https://slsa.dev/verification_summary/v1',
  read(predicate) {
    const parsed = shape.safeParse(predicate)
    if (!parsed.success) {
      const reason = issueText(parsed.error)
      throw new CountersignError('predicate-malformed', `the verification summary is malformed: ${reason}`)
    }
    const { verifier, timeVerified, resourceUri, policy, inputAttestations, verificationResult } = parsed.data
    return {
      kind: 'verification-summary',
      verifierId: verifier.id,
      timeVerified,
      resourceUri,
      policyUri: policy?.uri,
      result: verificationResult,
      verifiedLevels: parsed.data.verifiedLevels,
      inputAttestations: (inputAttestations ?? []).flatMap(({ digest }) =>
        Object.entries(digest ?? {}).map(([algorithm, value]) => `${algorithm}:${value}`),
      ),
    }
  },
}
