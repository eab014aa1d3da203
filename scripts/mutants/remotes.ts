/** What is asked of remotes and fetched from them. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const fetching = ['collect/git/fetch.test.ts']

export const remotes: readonly Edit[] = [
  ...inFile(
    'collect/git/remote-refs.ts',
    ['collect/git/remote-refs.test.ts'],
    [
      {
        rule: 'An answer that is cut off',
        find: 'const isCut = !whole && (digits.length < 4 || at + length > answer.length)',
        replace: 'const isCut = digits.length < 4 || at + length > answer.length',
      },
      {
        rule: 'More behind the end of an answer',
        find: 'if (at + 4 !== answer.length || !whole) throw notPlain()',
        replace: '',
      },
      {
        rule: 'A flood, taken for a whole answer',
        find: 'whole: total <= most }',
        replace: 'whole: true }',
      },
    ],
  ),

  ...inFile('collect/git/remote-place.ts', fetching, [
    {
      rule: 'A remote that is asked without encryption',
      find: 'asked === null || !isSecure(asked)',
      replace: 'asked === null',
      tests: ['collect/git/remote-refs.test.ts'],
    },
    { rule: 'A redirect that takes credentials along', find: "redirect: 'error'", replace: "redirect: 'follow'" },
    {
      rule: 'A hook of the configuration that serves a folder',
      find: "filter(([key]) => !key.startsWith('GIT_CONFIG'))",
      replace: 'filter(() => true)',
    },
  ]),

  ...inFile('collect/git/remote-names.ts', fetching, [
    {
      rule: 'Credentials for another host',
      find: 'url.protocol !== target.protocol || url.host !== target.host',
      replace: 'false',
    },
    {
      rule: 'Another remote that speaks for the own one of the clone',
      find: 'if (own === undefined) return false',
      replace: 'if (own !== undefined) return false',
    },
    { rule: 'Credentials that were taken back', find: 'fitting.at(-1)', replace: 'fitting[0]' },
    {
      rule: 'A header that is no credential',
      find: '/^authorization:[ \\t]*((?:basic|bearer) [!-~]{1,8192})$/i',
      replace: '/^\\w+:[ \\t]*(.*)$/is',
    },
    {
      rule: 'A name that is taken for an address by git alone',
      find: '(/^(?:https?|file):\\/\\//.test(name) || isAbsolute(name))',
      replace: "name.includes(':')",
    },
  ]),

  ...inFile('collect/git/fetch-pack.ts', fetching, [
    { rule: 'A pack without a bound', find: 'if (bytes > most.bytes)', replace: 'if (false)' },
    {
      rule: 'A pack of more objects than there is memory for',
      find: 'head.readUInt32BE(8) > most.objects',
      replace: 'false',
    },
    { rule: 'A remote that refuses half way', find: 'else if (band !== 2) throw', replace: 'else if (false) throw' },
    { rule: 'A history that is cut at the remote', find: 'if (!isSection) throw', replace: 'if (false) throw' },
  ]),

  ...inFile('collect/git/fetched-objects.ts', fetching, [
    {
      rule: 'A remote that does not send what it was asked for',
      find: 'if (commits.some((it) => !here.has(it))) throw',
      replace: 'if (false) throw',
    },
    {
      rule: 'A few bytes that keep git busy for hours',
      find: 'feedGit({ ...workshop, signal }, args)',
      replace: 'feedGit(workshop, args)',
    },
    {
      rule: 'A slow remote that takes its time from each reader',
      find: 'if (slow.has(place)) throw',
      replace: 'if (false) throw',
    },
  ]),

  ...inFile('collect/git/remote.ts', fetching, [
    {
      rule: 'A remote that is waited for again and again',
      find: 'if (open.length > 0 && failure === undefined)',
      replace: 'if (open.length > 0)',
    },
  ]),

  ...inFile(
    'attest/remotes.ts',
    ['cli/sessions.test.ts'],
    [
      {
        rule: 'What origin has, told as nothing because another remote has it not',
        find: 'asked: [...own, ...named]',
        replace: 'asked: named',
      },
      {
        rule: 'What a remote of the configuration has, told as nothing where something is fetched',
        find: 'asked: [...own, ...named]',
        replace: 'asked: own',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/notes-at.ts',
    ['collect/sessions/collect.test.ts'],
    [
      {
        rule: 'Notes that are older than those of the remote, and nobody says so',
        find: 'const isNewer = refs.some(({ isHere }) => !isHere)',
        replace: 'const isNewer = own === undefined && refs.some(({ isHere }) => !isHere)',
      },
      {
        rule: 'Of two notes that were written apart, the one that came last',
        find: 'isOther ? null : blob',
        replace: 'blob',
      },
      {
        rule: 'An older note beside the newer one that took its place',
        find: 'withoutAncestors(repository.git, [...new Set(here)])',
        replace: 'Promise.resolve([...new Set(here)])',
      },
    ],
  ),

  ...inFile(
    'collect/sessions/reader-log.ts',
    ['collect/sessions/sound-record.test.ts', 'collect/sessions/collect.test.ts'],
    [
      {
        rule: 'Sessions that were found, and hide that others were not fetched',
        find: "const isAll = absence === undefined || absence.outcome === 'nothing'",
        replace: 'const isAll = true',
      },
      {
        rule: 'A reader whose records no gate sees',
        find: '...soundRecord(record)',
        replace: '...record',
      },
      {
        rule: 'A reader whose lines no gate sees',
        find: 'change, soundFiles(files)',
        replace: 'change, files',
      },
    ],
  ),
]
