/** What is said of an attestation that worked. */
import { expect, it } from 'vitest'
import { inputNotes, notesOf } from '../../src/attest/notes.ts'
import type { Facts } from '../../src/model/facts.ts'
import type { ReaderReport } from '../../src/model/session.ts'
import { rangeUpTo } from '../world/range.ts'

it('counts the secrets in inputs, in the right number', () => {
  expect([0, 1, 2].map(inputNotes)).toEqual([
    [],
    ['1 secret in an input was taken out'],
    ['2 secrets in inputs were taken out'],
  ])
})

it('tells of tags that are not in the clone, and how to fetch them', () => {
  const told = (reason: 'adopted' | 'tags-not-fetched' | 'tags-unknown'): readonly string[] => {
    const sessions = {
      range: rangeUpTo('a'.repeat(40), { reason }),
      commits: { total: 1, claimed: 0 },
      readers: [],
      findingCounts: {},
    }
    return notesOf({ source: undefined, sessions, token: { identity: { extensions: {} } } } as unknown as Facts)
  }
  expect(told('adopted')).toHaveLength(1)
  expect(told('tags-not-fetched')[0]).toMatch(/no tags are in this clone, the remote has some/)
  expect(told('tags-unknown')[0]).toMatch(/no tags are in this clone, they may not have been fetched/)
  expect(told('tags-unknown')[1]).toMatch(/git fetch origin .*`since`/)
})

it('tells of tags that are no release before, where none is known', () => {
  const told = (otherTag?: string): readonly string[] => {
    const range = rangeUpTo('a'.repeat(40), otherTag === undefined ? {} : { otherTag })
    const sessions = { range, commits: { total: 1, claimed: 0 }, readers: [], findingCounts: {} }
    return notesOf({ source: undefined, sessions, token: { identity: { extensions: {} } } } as unknown as Facts)
  }
  expect(told()).toHaveLength(1)
  expect(told('v1-2')).toHaveLength(2)
  expect(told('v1-2')[1]).toMatch(/v1-2.*`tagPattern`/)
})

it('says that records did not count only of findings of which that is true', () => {
  const findingCounts = {
    ...{ 'note-base-mismatch': 3, 'note-limit': 1, 'checkpoint-hash-stale': 2, 'format-newer': 1 },
    ...{ 'session-id-invalid': 4, 'squash-unproved': 1, 'record-unclaimed': 1 },
  }
  const sessions = { range: rangeUpTo('a'.repeat(40)), commits: { total: 1, claimed: 0 }, readers: [], findingCounts }
  const facts = { source: undefined, sessions, token: { identity: { extensions: {} } } } as unknown as Facts
  expect(notesOf(facts).slice(1)).toEqual([
    'not counted: a note made for another commit, copied here (note-base-mismatch, 3 times)',
    'not counted: sessions of a note beyond the most that it may name (note-limit)',
    'remark: a transcript whose hash in the checkpoint is that of other bytes; it counts as it is stored (checkpoint-hash-stale, 2 times)',
    'remark: a record in a later format, read as far as it fits (format-newer)',
    'remark: an id that cannot be one (session-id-invalid, 4 times)',
    'remark: a change whose pull request, as it stands here, gives other files (squash-unproved)',
    'not counted: a record of a session that no commit of the range claims (record-unclaimed)',
  ])
})

it('tells in one line what was not fetched, and of seldom formats only where the remote has them', () => {
  const told = (...readers: ReaderReport[]): readonly string[] => {
    const range = rangeUpTo('a'.repeat(40))
    const sessions = { range, commits: { total: 1, claimed: 0 }, readers, findingCounts: {} }
    return notesOf({ source: undefined, sessions, token: { identity: { extensions: {} } } } as unknown as Facts).slice(
      1,
    )
  }
  const unfetched = (reader: string, detail: string): ReaderReport => ({
    ...{ reader, outcome: 'not-fetched', claims: 0, detail },
  })
  const open = (reader: string, ref: string): ReaderReport => unfetched(reader, `${ref} is not in this clone`)
  const there = (reader: string, ref: string): ReaderReport =>
    unfetched(reader, `the remote has ${ref}, this clone has not`)
  expect(told(open('source-note', 'refs/notes/commits'), open('whogitit-note', 'refs/notes/whogitit'))).toEqual([])
  const [ofBoth, ...others] = told(there('git-ai-note', 'refs/notes/ai'), there('whogitit-note', 'refs/notes/whogitit'))
  expect(others).toEqual([])
  expect(ofBoth).toMatch(
    /git-ai-note, whogitit-note .*: git fetch origin refs\/notes\/ai:refs\/notes\/ai refs\/notes\/whogitit:refs\/notes\/whogitit, or /,
  )
  // A ref that is not there would make git fetch nothing at all.
  const [withOpen] = told(open('git-ai-note', 'refs/notes/ai'), there('whogitit-note', 'refs/notes/whogitit'))
  expect(withOpen).toMatch(/: git fetch origin 'refs\/notes\/\*:refs\/notes\/\*', or /)
})
