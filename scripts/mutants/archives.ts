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
