/** The verifying flow: which bundles are examined, and what becomes of them. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const verify: readonly Edit[] = [
  ...inFile(
    'verify/judge.ts',
    ['verify/several.test.ts', 'verify/verify.test.ts'],
    [
      {
        rule: 'A payload that is no in-toto statement',
        find: 'if (payloadType !== inTotoPayloadType)',
        replace: 'if (false)',
        tests: ['sigstore/verify/verify-bundle.test.ts', 'forgeries'],
      },
      {
        rule: 'Attestations that contradict each other, where strictness was asked for',
        find: "draft.question.strictness === 'strict' ? findings[0] : undefined",
        replace: 'undefined',
      },
      {
        rule: 'An attestation that fails and stands beside one that passes, as evidence',
        find: "attestation.outcome === 'pass' && statement !== undefined",
        replace: 'statement !== undefined',
      },
    ],
  ),

  ...inFile(
    'verify/candidates.ts',
    ['verify/several.test.ts', 'verify/verifier.test.ts'],
    [
      {
        rule: 'Bundles that were not examined, without a word',
        find: 'beyond.map((it) => it.label)',
        replace: '[]',
      },
      {
        rule: 'A bundle that cannot be read, without a word',
        find: '[...examined, ...unreadable]',
        replace: 'examined',
      },
    ],
  ),

  ...inFile(
    'verify/verifier.ts',
    ['verify/verifier.test.ts'],
    [{ rule: 'Evidence for a verdict that is not pass', find: "verdict.outcome !== 'pass' ||", replace: '' }],
  ),
]
