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
    'verify/judge.ts',
    ['cli/verify-many.test.ts', 'verify/verify.test.ts'],
    [
      {
        rule: 'What a bundle that cannot be read is, and what to do, left out',
        find: 'const hint = reason?.hint === undefined ? {} : { hint: reason.hint }',
        replace: 'const hint = {}',
      },
    ],
  ),

  ...inFile(
    'verify/find-artifacts.ts',
    ['cli/verify-many.test.ts'],
    [
      {
        rule: 'A link in a folder that leads out of it',
        find: "if (!isBelow(real, realRoot)) return 'link'",
        replace: '',
      },
      {
        rule: 'A variable that was not set, read as the working folder',
        find: "if (word === '')",
        replace: 'if (false)',
      },
      {
        rule: 'A glob that matches nothing, and so nothing that fails',
        find: 'if (files.length > 0) return { files, notes }',
        replace: 'return { files, notes }',
      },
      {
        rule: 'A checksum file that nobody signed, passed over because a shell named it',
        find: "if (companionOf(path) === 'bundle file' ||",
        replace: 'if (companionOf(path) !== undefined ||',
      },
    ],
  ),

  ...inFile(
    'verify/candidates.ts',
    ['cli/verify-many.test.ts', 'verify/verify.test.ts'],
    [
      {
        rule: 'A signature beside the artifact that hides the attestation of the release',
        find: 'own.some(({ count, unclear }) => count > unclear.length)',
        replace: 'own.length > 0',
      },
    ],
  ),

  ...inFile(
    'verify/verifier.ts',
    ['cli/verify-many.test.ts'],
    [
      {
        rule: 'A key that is none, answered with a no',
        find: 'if (question.key !== undefined) readKey(question.key)',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'verify/verifier.ts',
    ['verify/verifier.test.ts'],
    [{ rule: 'Evidence for a verdict that is not pass', find: "verdict.outcome !== 'pass' ||", replace: '' }],
  ),
]
