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
        find: 'isStrict(draft.question) ? findings[0] : undefined',
        replace: 'undefined',
      },
      {
        rule: 'A statement of changes that no provenance names, taken for one that belongs to it',
        find: 'if (statement === undefined || sha256 === undefined || !digests.includes(sha256)) return it',
        replace: 'if (statement === undefined || sha256 === undefined) return it',
        tests: ['attest/changes.test.ts'],
      },
      {
        rule: 'A statement of changes by a stranger, which turns a strict pass into a no',
        find: 'sorted.filter((it) => isAdmitted(it, draft.question))',
        replace: 'sorted',
        tests: ['attest/changes.test.ts'],
      },
      {
        rule: 'An attestation that fails and stands beside one that passes, as evidence',
        find: "judged.filter(({ attestation }) => attestation.outcome === 'pass')",
        replace: 'judged',
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
        rule: 'A file in a folder that a glob matches',
        find: 'for (const each of isFolder ? await filesIn(resolve(cwd, path), path) : [path])',
        replace: 'for (const each of [path])',
        tests: ['verify/set-aside.test.ts'],
      },
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
        rule: 'A file that was named and has no verdict, without a word',
        find: '[...notes, besideWords(left)]',
        replace: 'notes',
        tests: ['verify/set-aside.test.ts'],
      },
    ],
  ),

  ...inFile(
    'verify/set-aside.ts',
    ['verify/set-aside.test.ts'],
    [
      {
        rule: 'Anything under the name of a bundle, passed over in a folder',
        find: 'if (isNamedBundle(path, all)) return holdsAttestations(path)',
        replace: 'if (isNamedBundle(path, all)) return true',
      },
      {
        rule: 'Any JSON, passed over in a folder',
        find: 'test(path) && holdsAttestations(path)',
        replace: 'test(path)',
      },
      {
        rule: 'Anything under the name of a bundle, passed over although it was named',
        find: 'if (belongs(path) && (await holdsAttestations(path)))',
        replace: 'if (belongs(path))',
      },
      {
        rule: 'A bundle that was named and belongs to nothing, passed over',
        find: 'if (belongs(path) &&',
        replace: 'if (',
      },
      {
        rule: 'A bundle with something behind it, passed over as a bundle',
        find: 'index.unreadable.every(({ error }) => isKnown(error))',
        replace: 'index.count > 0',
      },
      {
        rule: 'Anything under the name of a checksum file, passed over',
        find: 'return holdsChecksums(path)',
        replace: 'return true',
      },
      {
        rule: 'Anything under the name of a kept statement, passed over',
        find: 'return !((await attemptAsync(() => readUnsigned(path))) instanceof CountersignError)',
        replace: 'return true',
      },
      {
        rule: 'A list of checksums of files that are not there',
        find: '|| !(await isBeside(dirname(path), name))',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'verify/artifact.ts',
    ['cli/verify-many.test.ts'],
    [
      {
        rule: 'A link that leads out of the folder, judged by what it leads to',
        find: 'if (isBelow(real, root) && !isFolder) return',
        replace: 'return',
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
        find: 'for (const { key } of policy?.questions ?? [question]) if (key !== undefined) readKey(key)',
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
