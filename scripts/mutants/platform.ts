/** Files, digests, HTTP, other programs. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

export const platform: readonly Edit[] = [
  ...inFile(
    'platform/links.ts',
    ['platform/links.test.ts', 'forgeries'],
    [
      {
        rule: 'An output behind a link that was committed',
        find: 'if (stats.isSymbolicLink() &&',
        replace: 'if (false &&',
      },
    ],
  ),

  ...inFile(
    'platform/search-path.ts',
    ['platform/search-path.test.ts', 'platform/program.test.ts'],
    [
      {
        rule: 'A program in the checkout, under the name of one that is started',
        find: 'entries.filter((it) => posix.isAbsolute(it))',
        replace: 'entries',
      },
    ],
  ),

  ...inFile(
    'platform/files.ts',
    ['platform/files.test.ts'],
    [
      {
        rule: 'A link that was put in the place of a file',
        find: 'flags | constants.O_NOFOLLOW',
        replace: 'flags',
      },
      { rule: 'A file larger than its bound', find: 'if (total > maxBytes)', replace: 'if (false)' },
      {
        rule: 'A file that is replaced though that was refused',
        find: "(present === 'replace' ? rename(temporary, path) : nameNew(temporary, path))",
        replace: 'rename(temporary, path)',
      },
    ],
  ),

  ...inFile(
    'platform/hash.ts',
    ['platform/hash.test.ts'],
    [
      {
        rule: 'A file that was written to while it was hashed',
        find: '|| after.mtimeNs !== before.mtimeNs',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'platform/http.ts',
    ['platform/http.test.ts'],
    [
      { rule: 'An answer larger than its bound', find: 'if (total > maxBytes)', replace: 'if (total > 2 * maxBytes)' },
      {
        rule: 'A secret over http to another machine',
        find: "(protocol === 'http:' && isLoopback(hostname))",
        replace: "protocol === 'http:'",
      },
      {
        rule: 'A host that only begins like this machine',
        find: String.raw`/^127\.\d+\.\d+\.\d+$/`,
        replace: String.raw`/^127\./`,
      },
    ],
  ),
]
