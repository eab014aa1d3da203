/** Short ways through a history, which must say what the long ones say. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const messages = ['collect/sessions/messages/trailers.test.ts']

export const shortWays: readonly Edit[] = [
  ...inFile(
    'collect/git/commit-column.ts',
    ['collect/git/commit-column.test.ts'],
    [
      {
        rule: 'Commits with the same first bytes, in no order',
        find: 'if (at - start > 1) order',
        replace: 'if (at - start > 1e9) order',
      },
      {
        rule: 'Commits with the same first bytes, taken for one',
        find: ' && compareIds(order[at] ?? 0, order[start] ?? 0) === 0',
        replace: '',
      },
      { rule: 'Rows of one commit in another order', find: ' || a - b\n', replace: ' || b - a\n' },
      { rule: 'Rows beyond those that have a number, run into ids', find: 'length > mostRows', replace: 'false' },
    ],
  ),
  ...inFile(
    'collect/git/commit-object.ts',
    ['collect/git/commit-people.test.ts'],
    [
      {
        rule: 'A commit by whoever made the one before, for its line begins so',
        find: 'line.length === person.length + usualEnd - 1 && ',
        replace: '',
      },
      {
        rule: 'A commit by whoever made the one before, for its author is the same',
        find: ' && isOf(committerLine, last.committer)',
        replace: '',
      },
      {
        rule: 'A person who ends where a time begins that is none',
        find: 'isUsual && last !== undefined && isOf',
        replace: 'last !== undefined && isOf',
      },
    ],
  ),
  ...inFile(
    'collect/git/id-set.ts',
    ['collect/git/id-set.test.ts'],
    [
      {
        rule: 'Two ids that differ in their last bytes, taken for one',
        find: 'bits = (bits << 4) |',
        replace: 'bits = (bits << 5) |',
      },
    ],
  ),
  ...inFile('collect/sessions/messages/trailers.ts', messages, [
    {
      rule: 'A trailer that the way over lines without a key passes by',
      find: "message.lastIndexOf('\\n', colon) + 1)",
      replace: 'colon)',
    },
    {
      rule: 'A line that goes on with a trailer, passed over',
      find: 'if (isPassing && open === undefined) {',
      replace: 'if (isPassing) {',
    },
    {
      rule: 'An example in a message, passed over so that nobody sees that it begins',
      find: 'isLine === undefined && isExample === noExample',
      replace: 'isLine === undefined',
    },
  ]),
  ...inFile('collect/sessions/messages/footers.ts', messages, [
    { rule: 'Footers that no search of the whole message finds', find: '[ \\\\t]|-attribution:`', replace: '[ ]`' },
  ]),
  ...inFile('collect/change/override.ts', messages, [
    {
      rule: 'An override in other letters, not seen',
      find: '!/ai-provenance-override/i.test(latin1Of(message))',
      replace: '!/ai-provenance-override/.test(latin1Of(message))',
    },
  ]),
  ...inFile(
    'collect/sessions/join.ts',
    ['collect/sessions/join.test.ts'],
    [
      {
        rule: 'Who asked, not compared in changes that are not told one by one',
        find: 'isTold || pairs.some(hasRequester)',
        replace: 'isTold',
      },
      {
        rule: 'Lines of a session, lost with its change',
        find: 'addLines(draft, count)',
        replace: 'void [draft, count]',
      },
    ],
  ),
  ...inFile(
    'collect/git/lines-ahead.ts',
    ['collect/git/lines-ahead.test.ts'],
    [
      {
        rule: 'Half of what a change added, from a git that failed in it',
        find: 'if ((await running.end()).status === 0) close()',
        replace: 'await running.end()\n    close()',
      },
      {
        rule: 'Half of what a change added, for there was no room',
        find: 'if (room.left < 0) return',
        replace: 'if (room.left < 0) return close()',
      },
      {
        rule: 'An id that comes in two parts, listed as two others',
        find: "rest = ids.pop() ?? ''",
        replace: "rest = ''",
      },
      {
        rule: 'All that the last commits of a shallow clone have, begun to be read',
        find: 'begunIn.has(reading) || repository.shallow',
        replace: 'begunIn.has(reading)',
      },
    ],
  ),
  ...inFile(
    'collect/git/filed-git.ts',
    ['collect/git/filed-git.test.ts'],
    [
      {
        rule: 'A temporary folder filled by a git without end',
        find: 'if (file.size() > most) await stop()',
        replace: 'file.size()',
      },
      { rule: 'More of a file than may be read', find: 'file.read(most)', replace: 'file.read(Infinity)' },
      { rule: 'The beginning of a diff, for all of it', find: '{ ...it, status: -1 }', replace: 'it' },
    ],
  ),
  ...inFile(
    'platform/nameless-file.ts',
    ['collect/git/filed-git.test.ts'],
    [
      {
        rule: 'Diffs of a repository, left in the temporary folder',
        find: 'rmSync(folder, { recursive: true, force: true })',
        replace: 'void rmSync',
      },
      { rule: 'Diffs of a repository, for everybody of the machine', find: "'wx+', 0o600", replace: "'wx+', 0o644" },
    ],
  ),
  ...inFile(
    'collect/sessions/git-ai/sifted-notes.ts',
    ['collect/sessions/git-ai/sifted-notes.test.ts'],
    [
      {
        rule: 'Notes behind one that could not be read beside the history, passed over',
        find: 'blobs.slice(first), visitor)',
        replace: 'blobs.slice(handed), visitor)',
      },
      {
        rule: 'A note for which there was no room, in the place of the one behind it',
        find: '      if (left < 0) return\n      known',
        replace: '      if (left < 0 && (left = mostBytes) < 1e9) return\n      known',
      },
    ],
  ),
  ...inFile(
    'collect/sessions/line-pass.ts',
    ['collect/git/lines-ahead.test.ts'],
    [
      {
        rule: 'Changes told in another order, so that others are beyond the most that are kept',
        find: 'await tellKnown(last.change)\n',
        replace: '',
      },
      {
        rule: 'Lines of a merge, for none because git says nothing of it among other commits',
        find: 'ahead?.[kind]',
        replace: 'ahead?.single',
      },
    ],
  ),
  ...inFile(
    'predicates/plain-changes.ts',
    ['predicates/plain-changes.test.ts'],
    [
      {
        rule: 'A change that lacks what it needs, taken without the schema',
        find: 'return needed.every((name) => Object.hasOwn(given, name))',
        replace: 'return true',
      },
      {
        rule: 'A member that the short way does not know, taken without the schema',
        find: '?.is(given[name]) !== true',
        replace: '?.is(given[name]) === false',
      },
      { rule: 'Lines below nothing, taken without the schema', find: ' && (value as number) >= 0', replace: '' },
      {
        rule: 'A ticket that nobody looked at',
        find: 'Array.isArray(value) && value.length === 0',
        replace: 'Array.isArray(value)',
      },
    ],
  ),
  ...inFile(
    'collect/git/lent-gits.ts',
    ['collect/git/begun-commits.test.ts'],
    [
      { rule: 'A list that was begun, used twice', find: '  begun?.delete(keyOf(args))\n', replace: '' },
      {
        rule: 'A list that was begun and failed, taken as a whole one',
        find: 'if (ending.status !== 0) throw gitFailure(args, ending)',
        replace: '',
      },
    ],
  ),
  ...inFile(
    'collect/sessions/record-table.ts',
    ['collect/sessions/record-table.test.ts'],
    [
      {
        rule: 'A record that says another session of the same models, taken for the one before',
        find: ' && one.session === other.session',
        replace: '',
      },
      {
        rule: 'A record with another digest, taken for the one before',
        find: ' && whereIn(one.place) === whereIn(other.place)',
        replace: '',
      },
    ],
  ),
]
