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
    'platform/append.ts',
    ['platform/append.test.ts'],
    [
      {
        rule: 'A link that was put in the place of a file that is added to',
        find: "constants.O_APPEND, 'refuse')",
        replace: "constants.O_APPEND, 'follow')",
      },
      {
        rule: 'Half of what was to be added',
        find: 'await added.truncate(stats.size).catch(() => undefined)',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'platform/system.ts',
    ['platform/files.test.ts', 'platform/systems.test.ts'],
    [
      {
        rule: 'A link that was put in the place of a file',
        find: 'patient | constants.O_NOFOLLOW',
        replace: 'patient',
      },
      {
        rule: 'A link that was put in the place of a file on Windows',
        find: 'isSymbolicLink() === true',
        replace: 'isSymbolicLink() === undefined',
      },
    ],
  ),

  ...inFile(
    'platform/files.ts',
    ['platform/files.test.ts'],
    [
      { rule: 'A file larger than its bound', find: 'if (total > maxBytes)', replace: 'if (false)' },
      {
        rule: 'A file that is replaced though that was refused',
        find: "(present === 'replace' ? renameOver(temporary, path, system) : nameNew(temporary, path, system))",
        replace: 'renameOver(temporary, path, system)',
      },
      {
        rule: 'A file that is replaced where there are no hard links, though that was refused',
        find: 'await takeName(path)',
        replace: '',
      },
      {
        rule: 'A file that is written under a lock that was lost',
        find: 'ready?.()',
        replace: '',
      },
    ],
  ),

  ...inFile(
    'platform/lock.ts',
    ['platform/lock.test.ts'],
    [
      {
        rule: 'A lock that two hold',
        find: "{ flag: 'wx', mode: 0o600 })\n    return true",
        replace: "{ flag: 'w', mode: 0o600 })\n    return true",
      },
      {
        rule: 'The lock of a living process, taken away',
        find: 'systemCode(thrown) !== ',
        replace: 'systemCode(thrown) === ',
      },
      {
        rule: 'The lock of a process on another machine, taken away',
        find: 'if (host !== hostname()) return false',
        replace: '',
      },
      {
        rule: 'A lock that stays for ever',
        find: 'abandonedAfter !== undefined && age > abandonedAfter',
        replace: 'false',
      },
      {
        rule: 'A takeover that waits for one that crashed',
        find: '> namelessFor) remove(guard)',
        replace: '< 0) remove(guard)',
      },
      {
        rule: 'The file of somebody else, removed as a lock',
        find: 'if (!isHolder) throw foreign(path, locking)',
        replace: 'if (!isHolder) return true',
      },
      {
        rule: 'A link followed in the place of a lock',
        find: "constants.O_RDONLY, 'refuse', locking",
        replace: "constants.O_RDONLY, 'follow', locking",
      },
      {
        rule: 'The lock of somebody else, removed at the end',
        find: ' && found.text === mine) remove(path)',
        replace: ') remove(path)',
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
  ...inFile(
    'platform/temporary-folder.ts',
    ['platform/temporary-folder.test.ts'],
    [
      {
        rule: 'A transcript that a signal leaves behind',
        find: 'process.prependListener(it, leave)',
        replace: 'used.has(it)',
      },
      {
        rule: 'The same, where somebody else ends the program',
        find: 'prependListener(it, leave)',
        replace: 'on(it, leave)',
      },
      {
        rule: 'A signal that ends nothing any more',
        find: 'process.kill(process.pid, signal)',
        replace: 'process.emitWarning(signal)',
      },
    ],
  ),
]
