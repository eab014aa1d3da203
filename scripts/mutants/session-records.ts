/** Session records in refs: what whoever may push cannot make of them. */
import type { Edit } from './edit.ts'
import { inFile } from './in-file.ts'

const attacks = ['collect/session-records/session-record.test.ts']
const flood = ['collect/session-records/flood.test.ts']
const making = ['attest/session-records.test.ts']

export const sessionRecords: readonly Edit[] = [
  {
    rule: 'A record that nobody could look for is told as one that is missing',
    file: 'attest/reasoning-log.ts',
    find: "return isUnknown ? { ...session, record: 'not-looked' } : session",
    replace: 'return isUnknown ? { ...session } : session',
    tests: ['cli/reasoning-log.test.ts'],
  },
  ...inFile('collect/session-records/form.ts', attacks, [
    {
      rule: 'A commit that a person signed for another reason, taken for a record',
      find: 'author countersign <> (\\d{1,12})',
      replace: 'author [^\\n]* (\\d{1,12})',
    },
    {
      rule: 'A commit with a parent, taken for a record',
      find: '^tree ([0-9a-f]{40,64})\\n',
      replace: '^tree ([0-9a-f]{40,64})\\n(?:parent \\w+\\n)?',
    },
  ]),
  ...inFile('collect/session-records/read-record.ts', attacks, [
    { rule: 'A link or a submodule in the place of a file', find: "mode !== '100644' || ", replace: '' },
    { rule: 'A tree with more in it than a record', find: ' || !names.includes(path)', replace: '' },
    { rule: 'Other bytes under the name of a record', find: "hash.digest('hex') !== sha256", replace: 'false' },
  ]),
  ...inFile('collect/sessions/session-record/told-records.ts', attacks, [
    {
      rule: "A ref that was moved to another's record",
      find: "open.hash.digest('hex') !== found.digest",
      replace: 'false',
    },
    {
      rule: "Another session's transcript, or one that names several",
      find: 'end.told.session === session && end.told.tool === tool',
      replace: 'true',
    },
    {
      rule: 'A card of another session',
      find: 'isOne && card.tool === tool && card.session === session',
      replace: 'isOne',
    },
  ]),
  ...inFile('collect/sessions/readers/session-record.ts', attacks, [
    {
      rule: 'A longer record that nobody signed, in the place of one that a person did',
      find: 'those.length === 0 ? all : those',
      replace: 'all',
    },
    { rule: 'A record that takes the pin of a checkpoint away', find: 'place: isPinned\n', replace: 'place: false\n' },
  ]),
  ...inFile('collect/sessions/readers/session-record.ts', flood, [
    {
      rule: 'So many records that the one which a person signed is not read',
      find: '    ...claimed.filter(({ commit }) => trusted.has(commit)),\n',
      replace: '',
    },
  ]),
  ...inFile('collect/signatures/whose-key.ts', attacks, [
    {
      rule: 'A key that is not for git, or not of the time, on a record',
      find: "  return Array.isArray(valid) ? 'person' : valid\n",
      replace: "  return valid === undefined ? undefined : 'person'\n",
    },
  ]),
  ...inFile('collect/session-records/noted-sessions.ts', making, [
    {
      rule: 'Sessions that no commit names, recorded',
      find: 'if (sessions.has(name)) named.add(name)',
      replace: 'for (const it of sessions) named.add(it + name.slice(name.length))',
    },
  ]),
  ...inFile('collect/session-records/push-records.ts', making, [
    {
      rule: 'A record of somebody else, written over at the remote',
      find: '`${recordRef(it)}:',
      replace: '`+${recordRef(it)}:',
    },
    { rule: 'A flag in the place of a remote', find: "remote.startsWith('-')", replace: 'false' },
  ]),
]
