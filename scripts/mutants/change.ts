/** From a change of the release to the pull request that it was. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const walk = ['collect/change/walk.test.ts']

export const change: readonly Edit[] = [
  ...inFile('collect/change/heads-above.ts', walk, [
    {
      rule: 'A head on top of a change, where somebody gives another commit an old date',
      find: '...(since === null ? [] : [`^${since}`])',
      replace: '`^${candidates.at(-1)?.change}^`',
    },
  ]),
  ...inFile('collect/change/squash-proof.ts', walk, [
    {
      rule: 'A head that somebody else put in the place of the squashed one',
      find: "tree === shapes[index]?.tree ? 'merge'",
      replace: "tree !== undefined ? 'merge'",
    },
    {
      rule: 'A change without any change, which every request fits',
      find: ' || tree === parentTree',
      replace: '',
    },
    {
      rule: 'An empty commit above a change, taken for what the change came of',
      find: "if (above.has(candidate)) return 'above'",
      replace: '',
    },
    {
      rule: 'A merge driver of the repository that runs',
      find: 'await inWorkshop(repository, (git) => mergeAll(git, pairs))',
      replace: 'await mergeAll(repository.git, pairs)',
    },
  ]),
  ...inFile('collect/change/rebase-proof.ts', walk, [
    {
      rule: 'A copy that somebody made of a change that was released before',
      find: 'if (row === undefined || Number(committed) > (committedAt[row] ?? 0)) return',
      replace: 'if (row === undefined) return',
    },
    {
      rule: 'Another change by the same author at the same time',
      find: 'id !== undefined && id === ids.get(change)',
      replace: 'id !== undefined',
    },
  ]),
  ...inFile(
    'collect/git/raw-diffs.ts',
    ['collect/git/raw-diffs.test.ts'],
    [
      {
        rule: 'Other contents of the same files, taken for the same change',
        find: "return a.whole === b.whole ? 'same' : 'open'",
        replace: "return 'same'",
      },
      {
        rule: 'Two names of files, taken for one where their middle was not read',
        find: ' || a.isCut || b.isCut',
        replace: '',
      },
    ],
  ),
  ...inFile('collect/change/walk.ts', walk, [
    {
      rule: 'A commit of a request below that counts for the one above it',
      find: ' || seen.has(commit)',
      replace: '',
    },
    {
      rule: 'A commit that counts for another change as well, because a forge names that',
      find: 'if (!taken.has(commit)) ',
      replace: '',
      tests: ['collect/change/forge-requests.test.ts'],
    },
  ]),
  ...inFile('collect/change/named-requests.ts', walk, [
    {
      rule: 'The number of an issue, told as a request that was not fetched',
      find: 'const unknown = look.whole',
      replace: 'const unknown = false',
    },
    {
      rule: 'A request that nobody could ask for, told as none',
      find: 'const unknown = look.whole',
      replace: 'const unknown = true',
    },
    {
      rule: 'An older head that is here, taken for the last word',
      find: '(open.has(change) || unproved.has(change))',
      replace: 'open.has(change)',
    },
  ]),
  ...inFile('collect/change/request-heads.ts', walk, [
    {
      rule: 'The trial merge of a forge, taken for the head of a request',
      find: 'pull\\/(\\d{1,9})\\/head$/',
      replace: 'pull\\/(\\d{1,9})\\/(?:head|merge)$/',
    },
  ]),
]
