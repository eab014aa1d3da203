/** The order in which a column gives its commits, against that of their ids as text. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newCommitColumn } from '../../../src/collect/git/commit-column.ts'
import { runs } from '../../world/runs.ts'

test.each([
  ['sha1', 40],
  ['sha256', 64],
] as const)('rows of ids of %s come together, commits in the order of their ids', (format, length) => {
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
      const column = newCommitColumn(format)
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
