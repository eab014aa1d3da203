/** Bundle files and prepared statements. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const store: readonly Edit[] = [
  ...inFile(
    'store/prepared-file.ts',
    ['attest/resume.test.ts'],
    [
      {
        rule: 'A prepared statement whose bytes were changed',
        find: 'if (sha256Hex(statement) !== prepared.statement.sha256)',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'store/bundle-file.ts',
    ['store/bundle-file.test.ts'],
    [
      {
        rule: 'A file of secrets to which a bundle is added, and which is then published',
        find: 'if (attempt(() => parseBundle(line)) instanceof CountersignError)',
        replace: 'if (false)',
      },
    ],
  ),

  ...inFile(
    'store/bundle-index.ts',
    ['store/bundle-file.test.ts'],
    [
      {
        rule: 'A bundle that cannot be looked into, left out in silence',
        find: 'if (digests === undefined) unclear.push(entry)',
        replace: '',
        tests: ['store/bundle-index.test.ts'],
      },
      {
        rule: 'A document of very many bundles',
        find: 'if (count > limits.bundlesPerFile)',
        replace: 'if (false)',
      },
      {
        rule: 'Another bundle of a list than the one that was found',
        find: 'const entry = entries[at]',
        replace: 'const entry = entries[0]',
      },
      {
        rule: 'A document that never ends',
        find: 'position - open.start > limits.bundleBytes',
        replace: 'false',
        tests: ['store/bundle-index.test.ts'],
      },
    ],
  ),
]
