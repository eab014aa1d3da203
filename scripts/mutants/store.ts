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
      {
        rule: "What another job has kept, replaced by this one's",
        find: '(await isEarlierTry(path, content)) ? path : own',
        replace: 'path',
        tests: ['store/at-once.test.ts', 'attest/resume.test.ts'],
      },
      {
        rule: 'What the same run has kept of other files, replaced',
        find: '(isSameRun ? [name, digest] : name)',
        replace: 'name',
      },
    ],
  ),

  ...inFile(
    'store/bundle-file.ts',
    ['store/merge.test.ts', 'attest/attest.test.ts'],
    [
      {
        rule: 'A folder that is not there, found out when the bundle is logged',
        find: 'if (await isFolder(folder)) return',
        replace: 'return',
      },
    ],
  ),

  ...inFile(
    'store/bundle-file.ts',
    ['store/bundle-file.test.ts'],
    [
      {
        rule: 'A file of secrets to which a bundle is added, and which is then published',
        find: 'if (isBlank(line) || isBundle(line)) continue',
        replace: 'continue',
      },
      {
        rule: 'A line that another process has added meanwhile, lost',
        find: 'withFileLock(path, machine,',
        replace: 'withFileLock(`${path}.${process.pid}`, clock,',
        tests: ['store/at-once.test.ts'],
      },
    ],
  ),

  ...inFile(
    'store/merge.ts',
    ['store/merge.test.ts'],
    [
      {
        rule: 'A line that another process has added while files were merged, lost',
        find: 'withFileLock(path, world,',
        replace: 'withFileLock(`${path}.${process.pid}`, world,',
        tests: ['store/at-once.test.ts'],
      },
      {
        rule: 'A double that depends on the order of the files',
        find: ' || compareLines(line, before) < 0',
        replace: '',
      },
      {
        rule: 'An order that depends on that of the files',
        find: '[...kept.values()].sort(compareLines)',
        replace: '[...kept.values()]',
      },
    ],
  ),

  ...inFile(
    'model/bundle-line.ts',
    ['model/bundle-line.test.ts'],
    [
      {
        rule: 'A number that comes out as another',
        find: "typeof value === 'number' && !Number.isSafeInteger(value)",
        replace: 'false',
      },
      { rule: 'Two bundles of other signatures taken for one', find: 'sig: base64Of(sig),', replace: "sig: ''," },
      { rule: 'Two bundles of other key ids taken for one', find: 'keyid,', replace: '' },
      {
        rule: 'A list taken for an object',
        find: 'return { pairs: members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, canonical(member)]) }',
        replace:
          'return members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, canonical(member)])',
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
