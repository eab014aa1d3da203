/** What archives may hide from a comparison. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const tests = ['collect/archives/compare-archives.test.ts']

export const archives: readonly Edit[] = [
  ...inFile('collect/archives/zip.ts', tests, [
    {
      rule: 'A zip whose members have other names before them',
      find: 'nameOf(bytes.subarray(at + 30, nameEnd)) === entry.name &&',
      replace: 'true &&',
    },
    {
      rule: 'Bytes between the members of a zip',
      find: "if (!isWhole(spans, directory)) findings.push({ code: 'bytes-outside-members' })",
      replace: 'isWhole(spans, directory)',
    },
    { rule: 'Members of a zip that lie over each other', find: 'if (gap < 0) throw', replace: 'if (false) throw' },
  ]),
  ...inFile('collect/archives/gzip.ts', tests, [
    { rule: 'Bytes behind a gzip', find: 'trailing: at < bytes.length', replace: 'trailing: false' },
  ]),
  ...inFile('collect/archives/tar.ts', tests, [
    {
      rule: 'A second archive behind a tar',
      find: 'if (bytes.subarray(at).some((it) => it !== 0))',
      replace: 'if (false)',
    },
    {
      rule: 'A tar whose link has content',
      find: "if (kind !== 'file' && size > 0)",
      replace: 'if (false)',
    },
    { rule: 'A sparse member of a tar', find: 'if (isSparse) throw', replace: 'if (false) throw' },
  ]),
  ...inFile(
    'collect/archives/zip.ts',
    ['collect/archives/zip64.test.ts'],
    [
      {
        rule: 'Other sizes in 64 bits before a member than in the directory',
        find: '[entry.size, isStreamed ? 0 : undefined].includes(size)',
        replace: '(size >= 0)',
      },
      {
        rule: 'Another packed size in 64 bits before a member',
        find: '[entry.packedSize, isStreamed ? 0 : undefined].includes(packedSize)',
        replace: '(packedSize >= 0)',
      },
    ],
  ),
  ...inFile(
    'collect/archives/zip-directory.ts',
    ['collect/archives/zip64.test.ts'],
    [
      {
        rule: 'Sizes of a member in two fields',
        find: 'others.length > 0 ||',
        replace: '',
      },
      {
        rule: 'Bytes behind the sizes of a member',
        find: '(long !== undefined && at + (hasDisk ? 4 : 0) !== long.length)',
        replace: 'false',
      },
      {
        rule: 'Bytes behind the end record of 64 bits',
        find: 'if (at + 56 !== locator || numberAt(bytes, at + 4) !== 44)',
        replace: 'if (at + 12 + numberAt(bytes, at + 4) !== locator)',
      },
      {
        rule: 'Fewer members on this disk than there are',
        find: 'if (numberAt(bytes, at + 24) !== numberAt(bytes, at + 32))',
        replace: 'if (false)',
      },
      {
        rule: 'A zip of several disks, in 64 bits',
        find: 'if (disks.some((it) => it !== 0) || bytes.readUInt32LE(locator + 16) > 1)',
        replace: 'if (false)',
      },
      {
        rule: 'A directory that does not end where it should',
        find: 'if (start + size !== (zip64?.at ?? at))',
        replace: 'if (false)',
      },
      {
        rule: 'More or fewer members than the end says',
        find: 'if (entries.length !== count)',
        replace: 'if (false)',
      },
    ],
  ),
  ...inFile(
    'collect/archives/folder-files.ts',
    ['collect/archives/compare-builds.test.ts'],
    [
      { rule: 'A link out of a folder of builds', find: 'if (!isBelow(real, root)) {', replace: 'if (false) {' },
      {
        rule: 'A link to a folder among builds, passed over',
        find: 'if (stats.isFile()) return real',
        replace: 'return real',
      },
      {
        rule: 'A pipe among builds, passed over',
        find: "else throw notRegular(relative(root, place), 'is not a regular file')",
        replace: '',
      },
    ],
  ),
  ...inFile(
    'collect/archives/compare-builds.ts',
    ['collect/archives/compare-builds.test.ts'],
    [
      {
        rule: 'A build that is written while it is compared',
        find: 'if (sha256Of(bytes) === digest.sha256) return bytes',
        replace: 'return bytes',
      },
    ],
  ),
  ...inFile('collect/archives/read-archive.ts', tests, [
    {
      rule: 'Two members of one name',
      find: '...[...repeated].map(',
      replace: '...[...new Set<string>()].map(',
    },
  ]),
  ...inFile('collect/archives/member.ts', tests, [
    {
      rule: 'Too many members of an archive',
      find: 'if (this.#members < 0) throw',
      replace: 'if (false) throw',
    },
  ]),
  ...inFile('collect/archives/compare-archives.ts', tests, [
    {
      rule: 'Members that were not compared, as equal',
      find: "notCompared.length > 0 ? 'not-compared' : 'equal'",
      replace: "'equal'",
    },
  ]),
]
