/** The order in which a column gives its commits, against that of their ids as text. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newCommitColumn } from '../../../src/collect/git/commit-column.ts'
import { runs } from '../../world/runs.ts'

test.each([
  ['sha1', 40, undefined],
  ['sha256', 64, undefined],
  // More rows than have a number of their own: a row must not run into the bytes of an id.
  ['sha1', 40, 8],
] as const)('rows of ids of %s come together, commits in the order of their ids', (format, length, mostRows) => {
  // Many have the same first bytes, by which they are sorted first, and differ behind them.
  const id = fc
    .tuple(
      fc.constantFrom('00000000', '7fffffff', '80000000', 'ffffffff', '0a0b0c0d'),
      fc.constantFrom('0', '7', 'f'),
      fc.constantFrom('00', '01', 'ff'),
    )
    .map(([start, middle, end]) => `${start}${middle.repeat(length - 10)}${end}`)
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.boolean()), { maxLength: 60 }), (rows) => {
      const column = newCommitColumn(format, mostRows)
      for (const [it] of rows) column.push(it)
      const kept = rows.flatMap(([commit, isKept], row) => (isKept ? [{ commit, row }] : []))
      const expected = [...new Set(kept.map(({ commit }) => commit))]
        .sort()
        .map((commit) => ({ commit, rows: kept.filter((it) => it.commit === commit).map(({ row }) => row) }))
      expect([...column.groups((row) => rows[row]?.[1] === true)]).toEqual(expected)
    }),
    { numRuns: runs(300) },
  )
})

test('rows beyond those that have a number of their own stay rows of their commit', () => {
  const column = newCommitColumn('sha1', 8)
  const commits = Array.from({ length: 20 }, (_, row) => `0000000${String(row % 4)}${'0'.repeat(32)}`)
  for (const it of commits) column.push(it)
  expect([...column.groups(() => true)].map(({ rows }) => rows)).toEqual(
    [0, 1, 2, 3].map((first) => [0, 4, 8, 12, 16].map((it) => it + first)),
  )
})
