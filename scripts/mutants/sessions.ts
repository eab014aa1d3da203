/** AI sessions: what of a record counts, how records are joined, how far each was checked. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const whole = 'collect/sessions/collect.test.ts'

export const sessions: readonly Edit[] = [
  ...inFile(
    'collect/sessions/level.ts',
    ['collect/sessions/level.test.ts'],
    [
      {
        rule: 'A forge that vouches for what it only merged',
        find: "if (signer !== 'person' && signer !== 'agent-platform')",
        replace: 'if (signer === undefined)',
      },
      { rule: 'A receipt for another change', find: '|| !agrees(receipt)', replace: '' },
    ],
  ),

  ...inFile(
    'collect/sessions/session-id.ts',
    ['collect/sessions/messages/commit-message.test.ts'],
    [{ rule: 'An e-mail address as a session', find: 'return isAddress || isPath ?', replace: 'return isPath ?' }],
  ),

  ...inFile(
    'collect/sessions/session-draft.ts',
    ['collect/sessions/join.test.ts'],
    [
      {
        rule: 'A record without an id that pins a session',
        find: 'if (content.session === undefined) return',
        replace: '',
      },
      {
        rule: 'Two digests of one session, of which one counts',
        find: 'return said === undefined || said === known ? known : disagreed',
        replace: 'return known',
      },
      {
        rule: 'A copied note that counts as a direct one',
        find: 'Math.max(draft.linkage, linkages.indexOf(linkage))',
        replace: 'Math.min(draft.linkage, linkages.indexOf(linkage))',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/line-ranges.ts',
    ['collect/sessions/line-ranges.test.ts', whole],
    [
      {
        rule: 'Lines that the commit did not add',
        find: 'if (isAllowed[piece] === 1)',
        replace: 'if (true)',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/readers/git-ai-note.ts',
    [whole],
    [
      {
        rule: 'A note that was made for another commit',
        find: 'if (note.baseCommit !== commit)',
        replace: 'if (false)',
      },
      {
        rule: "A line that is a person's and is also said to be AI's",
        find: 'return [...shares.filter(({ owner }) => owner !== human), ...shares.filter(({ owner }) => owner === human)]',
        replace: 'return shares',
      },
    ],
  ),
]
