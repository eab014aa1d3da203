/** SLSA verification summary attestation v1 (slsa.dev/spec/v1.2/verification_summary). Unknown fields are ignored. */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { digestSet } from '../model/digest.ts'
import { absent, issueText } from '../model/statement.ts'
import type { PredicateRow } from './row.ts'

const text = z.string().check(z.maxLength(8_192))

export const verificationSummaryV1 = 'https://slsa.dev/verification_summary/v1'

/** The predicate as it goes over the wire, as far as it is read here. */
const shape = z.looseObject({
  verifier: z.looseObject({ id: text.check(z.minLength(1)) }),
  timeVerified: absent(text),
  resourceUri: text.check(z.minLength(1)),
  policy: absent(z.looseObject({ uri: absent(text), digest: absent(digestSet) })),
  inputAttestations: absent(z.array(z.looseObject({ uri: absent(text), digest: absent(digestSet) }))),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: z.array(text),
})

export const verificationSummary: PredicateRow = {
  type: verificationSummaryV1,
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
      timeVerified: timeVerified ?? undefined,
      resourceUri,
      policyUri: policy?.uri ?? undefined,
      policySha256: policy?.digest?.['sha256'],
      result: verificationResult,
      verifiedLevels: parsed.data.verifiedLevels,
      inputAttestations: (inputAttestations ?? []).flatMap(({ digest }) =>
        Object.entries(digest ?? {}).map(([algorithm, value]) => `${algorithm}:${value}`),
      ),
    }
  },
}
