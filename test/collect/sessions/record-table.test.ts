import { describe, expect, test } from 'vitest'
import { newRecordTable } from '../../../src/collect/sessions/record-table.ts'
import type { CommitRecords, RecordTable } from '../../../src/collect/sessions/record-table.ts'
import type { SessionRecord } from '../../../src/model/record.ts'
import { bytes, change, record, transcript } from './made-record.ts'

function tableOf(records: readonly SessionRecord[]): RecordTable {
  const table = newRecordTable('sha1')
  for (const it of records) table.add(it)
  return table
}

function recordsOf({ commit, records }: CommitRecords): SessionRecord[] {
  return records.map(({ content, linkage, linesAdded }) => {
    const edits = linesAdded === undefined ? undefined : { linesAdded }
    return { ...content, change: { commit, linkage, edits } }
  })
}

describe('a table of records', () => {
  test('gives back what was added, by commit', () => {
    const added = [
      record({ session: 's', change: change(2, 7, 'squash'), models: ['a', 'b'], toolVersion: '1' }),
      record({ change: change(1) }),
      record({ session: 's', change: change(1, 0, 'rebase'), place: { kind: 'note', ref: 'refs/notes/ai' } }),
    ]
    expect([...tableOf(added).byCommit()].map(recordsOf)).toEqual([[added[1], added[2]], [added[0]]])
  })

  test('keeps its rows when it grows', () => {
    const many = Array.from({ length: 5_000 }, (_, at) =>
      record({
        session: `s${at % 7}`,
        change: change(at, at % 3 === 0 ? at : undefined, at % 2 ? 'rebase' : 'direct'),
      }),
    )
    expect([...tableOf(many.toReversed()).byCommit()].flatMap(recordsOf)).toEqual(many)
  })

  test('holds what is said alike once, and tells apart whatever differs', () => {
    const one = transcript({ parent: 'p', role: 'fix', startedAt: 'a', endedAt: 'b', toolVersion: '1', models: ['m'] })
    expect(tableOf([one, { ...one }, { ...one, change: change(1) }]).contents()).toHaveLength(1)
    const others: Partial<SessionRecord>[] = [
      { reader: 'other' },
      { place: bytes('other') },
      { place: { kind: 'message' } },
      { place: { kind: 'note', ref: 'refs/notes/ai' } },
      { tool: 'codex' },
      { session: 'S' },
      { session: undefined },
      { toolVersion: undefined },
      { models: [] },
      { models: ['m', 'n'] },
      { startedAt: undefined },
      { startedAt: 'b' },
      { endedAt: undefined },
      { parent: undefined },
      { parent: null },
      { role: undefined },
      { requester: 'hmac-sha256:1' },
    ]
    const different = others.map((it) => ({ ...one, ...it }))
    expect(tableOf([one, ...different]).contents()).toHaveLength(others.length + 1)
    // Also one right behind the other, which is compared first.
    for (const it of different) expect(tableOf([one, it]).contents()).toHaveLength(2)
    const notes = ['refs/notes/ai', 'refs/notes/other'].map((ref) => ({
      ...one,
      place: { kind: 'note', ref } as const,
    }))
    expect(tableOf(notes).contents()).toHaveLength(2)
  })

  test('keeps apart what names no commit', () => {
    const table = tableOf([transcript({}), record({}), transcript({})])
    expect(table.size).toBe(3)
    expect(table.contents()).toHaveLength(2)
    expect(table.contentsWithoutChange()).toMatchObject([{ reader: 'transcript' }])
    expect([...table.byCommit()]).toHaveLength(1)
  })

  test('takes back what a reader gave', () => {
    const table = tableOf([record({ session: 'a' }), record({ reader: 'other', change: change(2) }), transcript({})])
    table.drop('other')
    table.drop('transcript')
    expect(['trailer', 'other', 'transcript'].map((it) => table.countOf(it))).toEqual([1, 0, 0])
    expect(table.contents()).toMatchObject([{ session: 'a' }])
    expect(table.contentsWithoutChange()).toEqual([])
    expect([...table.byCommit()]).toHaveLength(1)
    expect(table.size).toBe(3)
  })
})
