/** Hooks: what a commit says of sessions, and what they leave behind. */
import type { Edit } from './edit.ts'
import { inBuilt, inFile } from './in-file.ts'

const hostile = ['capture/hostile.test.ts']
const managers = ['capture/managers.test.ts']
const undone = ['capture/undone.test.ts']

export const capture: readonly Edit[] = [
  ...inFile('capture/install/hook-scripts.ts', hostile, [
    {
      rule: 'A bare repository in a checkout brings a program that the hooks of an agent run',
      find: '-c safe.bareRepository=explicit ',
      replace: '',
    },
  ]),
  ...inFile('capture/install/hook-scripts.ts', managers, [
    {
      rule: "A team's hook that refuses by its last line, and does not any more beside ours",
      find: 'countersign_status=$?',
      replace: 'countersign_status=0',
    },
    {
      rule: 'Our part behind the end of a script, where nobody comes to it',
      find: 'return undefined\n  return `${text}',
      replace: 'return `${text}\n${hookPart(hook)}`\n  return `${text}',
    },
    {
      rule: 'A hook that refuses by what stands before its last `exit 0`, and does not any more beside ours',
      find: 'if ((isExit && goesOn(former)) ||',
      replace: "if ((isExit && former === '') ||",
    },
    {
      rule: 'A manager that took our place, of which nobody is told',
      find: "${isWatched ? watch(says) : ''}",
      replace: "${isWatched && says('') === '' ? watch(says) : ''}",
    },
  ]),
  ...inFile(
    'capture/install/config-hooks.ts',
    ['capture/config-hooks.test.ts'],
    [{ rule: 'Every commit refused, where the runner is gone', find: '[ ! -x "$h" ] || ', replace: '' }],
  ),
  ...inFile('capture/install/managers.ts', managers, [
    {
      rule: 'What a person wrote, lost where a manager took our place',
      find: 'if (hasBefore && managerOf(textAt(before)) !== manager) {',
      replace: 'if (hasBefore && before === former) {',
    },
    {
      rule: "Somebody's hook that names a manager, deleted as one of it",
      find: 'if (hasBefore && textAt(before) !== textAt(path)) return false\n',
      replace: '',
    },
    {
      rule: "Somebody's hook, overwritten by the one that stood there before",
      find: 'if (!isFormerOurs) return false',
      replace: 'if (isFormerOurs === undefined) return false',
    },
    {
      rule: 'Our hook, left behind where a manager put it',
      find: 'if (isFormerOurs) rmSync(former)',
      replace: 'if (former === path) rmSync(former)',
    },
  ]),
  ...inFile('capture/install/install.ts', managers, [
    {
      rule: 'Our part, twice in a file that was committed with it',
      find: 'withoutPart(text) ?? text',
      replace: 'text',
    },
  ]),
  ...inFile('capture/install/made-folders.ts', hostile, [
    {
      rule: 'A journal that somebody sent removes any empty folder',
      find: 'if (folder === it || !isBelow(folder, it)) continue',
      replace: 'if (folder === it) continue',
    },
    {
      rule: 'The same, through a link of the checkout',
      find: 'if (!(leads instanceof CountersignError)) return true',
      replace: 'return true',
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
  ...inFile('capture/patch.ts', hostile, [
    {
      rule: 'Edits of many files hide all others',
      find: "[...paths].join(' ').length > longestArguments ? [] : paths",
      replace: 'longestArguments === 0 ? [] : paths',
    },
  ]),
  ...inFile(
    'capture/patch.ts',
    ['capture/staged-edits.test.ts'],
    [
      {
        rule: 'A patch whose content looks like a header of another file names a session for it',
        find: "isHeader && line.startsWith('+++ ')",
        replace: "line.startsWith('+++ ')",
      },
    ],
  ),
  ...inFile(
    'capture/staged-edits.ts',
    ['capture/staged-edits.test.ts'],
    [
      {
        rule: 'A session that edited a file once is named for whatever a person writes there',
        find: 'added !== undefined && lines.some((it) => added.has(it))',
        replace: 'added !== undefined',
      },
    ],
  ),
  ...inBuilt('capture/edits.ts', hostile, [
    {
      rule: 'An edit of what is no file hides all others',
      find: "if (typeof path !== 'string' || path.includes('\\0')) return false",
      replace: "if (typeof path !== 'string') return false",
    },
    {
      rule: 'An edit of a file outside of the tree, noted by somebody else, hides all others',
      find: "!path.split('/').some((it) => it === '' || it === '.' || it === '..')",
      replace: "path !== '.'",
    },
    {
      rule: 'A link, a folder or a pipe beside the notes hides them all, or is waited for',
      find: 'stats?.isFile() === true ? ',
      replace: 'stats !== null ? ',
    },
    {
      rule: 'A note is written through a link, or into a pipe that nobody empties',
      find: '  if (lstatSync(file, { throwIfNoEntry: false })?.isFile() === false) return\n',
      replace: '',
    },
  ]),
  ...inBuilt('capture/undone.ts', undone, [
    {
      rule: 'A line that comes back is named as that of the session whose commit is in the history',
      find: 'new Set(beyond.filter((it) => commits.has(it)))',
      replace: 'new Set(beyond.length > 0 ? asked : [])',
    },
    {
      rule: 'A commit of a branch that a forge squashed claims lines of a person on another',
      find: 'held.filter((it) => commits.has(it))',
      replace: '[...commits].slice(held.length - held.length)',
    },
    {
      rule: 'One line of what was thrown away claims the work of a person',
      find: '2 * some.size > lines.length',
      replace: 'some.size > 0',
    },
    {
      rule: 'A revert of a revert of a squash claims the work for the session a second time',
      find: 'return !isMostOf(it, new Set(it.lines.filter((line) => added?.has(line) === true)))',
      replace: 'return added !== null',
    },
    {
      rule: 'Where git tells not what came since, the work of a person is claimed',
      find: 'if (since === undefined) return []',
      replace: 'if (since === undefined) return [...edits]',
    },
    {
      rule: 'Who indents lines of a session anew is named as the session',
      find: 'change?.added.has(it) === true && !change.removed.has(it)',
      replace: 'change?.added.has(it) === true',
    },
  ]),
  ...inBuilt('capture/edits.ts', undone, [
    {
      rule: 'A note that somebody sent hands git an option',
      find: '/^[0-9a-f]{40,64}$/.test(commit)',
      replace: "commit !== ''",
      explained: 'Only what git itself names in a reflog is handed on; this keeps out what else a file could hold.',
    },
    {
      rule: 'Notes of what commits had grow without end',
      find: '(left -= textOf([it]).length) < 0',
      replace: 'left + textOf([it]).length < 0',
    },
  ]),
  ...inBuilt('capture/after-commit.ts', undone, [
    {
      rule: 'What was thrown away stays pending, and is named when a person writes it',
      find: '((working === undefined || at <= stashed) && !has(path, line))',
      replace: '!has(path, line)',
    },
    {
      rule: 'With an old stash, what was thrown away stays pending',
      find: 'at <= stashed',
      replace: 'stashed > 0',
    },
  ]),
  ...inBuilt('capture/prepare-message.ts', undone, [
    {
      rule: 'A rebase names a session in a commit whose author took its name out',
      find: "'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'rebase-apply'",
      replace: "'none'",
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
    rule: 'Hooks that are installed again push no records any more, or sign them with another key, and say nothing',
    file: 'capture/install/settings.ts',
    find: 'value ?? kept[key.toLowerCase()] ??',
    replace: 'value ??',
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
