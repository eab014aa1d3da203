/** Hooks: what a commit says of sessions, and what they leave behind. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const hostile = ['capture/hostile.test.ts']

export const capture: readonly Edit[] = [
  ...inFile('capture/install/hook-scripts.ts', hostile, [
    {
      rule: 'A bare repository in a checkout brings a program that the hooks of an agent run',
      find: '-c safe.bareRepository=explicit ',
      replace: '',
    },
  ]),
  ...inFile('capture/install/remove.ts', hostile, [
    {
      rule: 'A journal that somebody sent writes or removes any file as a hook',
      find: 'if (!isBelow(path, commonDir)) return false',
      replace: '',
    },
    {
      rule: 'The same, as the configuration of git',
      find: "return path === join(commonDir, 'config')",
      replace: 'return true',
    },
    {
      rule: 'The same, as the list of what git ignores',
      find: "return isExcludeOf(held, bytesAt(path)?.toString('latin1') ?? '')",
      replace: "return isExcludeOf(held, bytesAt(path)?.toString('latin1') ?? '') || true",
    },
    {
      rule: 'The same, as the settings of an agent',
      find: 'return row !== undefined && isOfBoth(row, text, now)',
      replace: 'return row !== undefined || isOfBoth(agentRows[0] as never, text, now)',
    },
    {
      rule: 'A folder of git that somebody sent is emptied, and written into, through a link',
      find: '  await refuseLinksBelow(clone.commonDir, journalFile(clone.commonDir))\n',
      replace: '',
    },
  ]),
  ...inFile('capture/staged-edits.ts', hostile, [
    {
      rule: 'An edit of what is no file hides all others',
      find: ".filter((it) => !it.includes('\\0'))",
      replace: '',
    },
    {
      rule: 'Edits of many files hide all others',
      find: "names.join(' ').length > longestArguments ? [] : names",
      replace: 'longestArguments === 0 ? [] : names',
    },
  ]),
  ...inFile('capture/after-commit.ts', hostile, [
    { rule: 'A message of somebody else steers the terminal', find: '...gone.map(shown)', replace: '...gone' },
  ]),
  {
    rule: 'An id with a line end writes a trailer of its own choice',
    file: 'capture/session-name.ts',
    find: '/^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/.test(text)',
    replace: 'text.length > 0',
    tests: ['capture/message.test.ts', 'capture/commits.test.ts'],
  },
  {
    rule: 'A token in the place of an id is published with the commit',
    file: 'capture/session-name.ts',
    find: '{0,127}$/.test(text) && !secretStart.test(text)',
    replace: '{0,127}$/.test(text)',
    tests: ['capture/message.test.ts'],
  },
  {
    rule: 'A reason with a line end writes a trailer of its own choice',
    file: 'capture/session-name.ts',
    find: '/^[^\\p{C}\\p{Zl}\\p{Zp}]+$/u.test(text)',
    replace: "text !== ''",
    tests: ['capture/by-hand.test.ts'],
  },
  {
    rule: 'A session is named twice',
    file: 'capture/message.ts',
    find: '    if (there.has(normal(session))) continue\n    add(session)',
    replace: '    added.push(session)',
    tests: ['capture/message.test.ts'],
  },
  {
    rule: 'A session that edited a file once is named for whatever a person writes there',
    file: 'capture/staged-edits.ts',
    find: 'keys !== undefined && lines.some((it) => keys.has(it))',
    replace: 'keys !== undefined',
    tests: ['capture/staged-edits.test.ts'],
  },
  {
    rule: 'A patch whose content looks like a header of another file names a session for it',
    file: 'capture/staged-edits.ts',
    find: "isHeader && line.startsWith('+++ ')",
    replace: "line.startsWith('+++ ')",
    tests: ['capture/staged-edits.test.ts'],
  },
  {
    rule: 'A link in the checkout leads a write out of it',
    file: 'capture/install/install.ts',
    find: 'if (isBelow(path, root)) await refuseLinksBelow(root, path)',
    replace: 'if (path === root) await refuseLinksBelow(root, path)',
    tests: ['capture/install.test.ts'],
  },
  {
    rule: 'An installation that fails takes out the hooks that are there',
    file: 'capture/install/install.ts',
    find: '    await rollback.putAllBack()\n',
    replace: '',
    tests: ['capture/all-or-nothing.test.ts'],
  },
  {
    rule: 'An address becomes public although nobody agreed',
    file: 'capture/install/install.ts',
    find: "if (sign !== 'sigstore' || publishIdentity === true) return",
    replace: "if (sign !== 'sigstore' || publishIdentity !== false) return",
    tests: ['capture/install.test.ts'],
  },
  {
    rule: 'The hook that was there before is overwritten by a second one',
    file: 'capture/install/install.ts',
    find: 'if (!existsSync(path + asideSuffix)) return',
    replace: 'if (path !== asideSuffix) return',
    tests: ['capture/install.test.ts'],
  },
  {
    rule: 'What a person changed since is overwritten by what stood there before',
    file: 'capture/install/journal.ts',
    find: 'if (now === undefined || digestOf(now) !== after) return false',
    replace: 'if (now === undefined) return false',
    tests: ['capture/install.test.ts'],
  },
  {
    rule: 'A hook runs before the one that was there, whose refusal does not count',
    file: 'capture/install/hook-scripts.ts',
    find: ': before} || exit $?',
    replace: ': before} || true',
    tests: ['capture/install.test.ts'],
  },
]
