import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hunkFrom, joinedLines, keptIn, movedLines } from '../../src/model/moved-lines.ts'
import type { Hunk, OwnedLines } from '../../src/model/moved-lines.ts'

/** A file as it was, and what became of it: each stretch of lines is kept, or taken away and others written in its place. */
const stretch = fc.oneof(
  fc.record({ kept: fc.integer({ min: 1, max: 5 }) }),
  fc
    .record({ gone: fc.integer({ min: 0, max: 4 }), written: fc.integer({ min: 0, max: 4 }) })
    .filter(({ gone, written }) => gone + written > 0),
)
const history = fc.array(stretch, { maxLength: 12 })

/** Line by line: of each new line the number that it had, or that it is new. The hunks are those that git would write. */
function simulated(stretches: typeof history extends fc.Arbitrary<infer T> ? T : never): {
  readonly hunks: Hunk[]
  readonly oldLines: number
  readonly cameFrom: (number | undefined)[]
} {
  const hunks: Hunk[] = []
  const cameFrom: (number | undefined)[] = []
  let old = 0
  for (const it of stretches) {
    if ('kept' in it) {
      for (let line = 0; line < it.kept; line += 1) cameFrom.push(++old)
      continue
    }
    const [oldAt, newAt] = [it.gone === 0 ? old : old + 1, it.written === 0 ? cameFrom.length : cameFrom.length + 1]
    hunks.push(hunkFrom(oldAt, it.gone, newAt, it.written))
    old += it.gone
    for (let line = 0; line < it.written; line += 1) cameFrom.push(undefined)
  }
  return { hunks, oldLines: old, cameFrom }
}

function ownedOf(lines: readonly number[], owner = 0): OwnedLines {
  return { lines: [...lines], owners: lines.map(() => owner), keys: lines.map((it) => it * 10) }
}

const ascending = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 20 })
  .map((lines) => lines.toSorted((a, b) => a - b))

describe('lines that a diff moves', () => {
  test('are where they are when every line is gone through', () => {
    fc.assert(
      fc.property(history, ascending, (stretches, lines) => {
        const { hunks, oldLines, cameFrom } = simulated(stretches)
        const owned = ownedOf(lines.filter((it) => it <= oldLines))
        const expected = cameFrom.flatMap((from, index) =>
          from !== undefined && owned.lines.includes(from) ? [{ line: index + 1, key: from * 10 }] : [],
        )
        const moved = movedLines(owned, hunks)
        expect(moved.lines.map((line, index) => ({ line, key: moved.keys[index] }))).toEqual(expected)
      }),
    )
  })

  test('come to the same place by several diffs as by one', () => {
    fc.assert(
      fc.property(history, history, ascending, (first, second, lines) => {
        const [a, b] = [simulated(first), simulated(second)]
        const owned = ownedOf(lines.filter((it) => it <= a.oldLines))
        const between = movedLines(owned, a.hunks)
        const both = movedLines({ ...between, lines: between.lines }, b.hunks)
        const expected = b.cameFrom.flatMap((from, index) => {
          const before = from === undefined ? undefined : from > a.cameFrom.length ? undefined : a.cameFrom[from - 1]
          return before !== undefined && owned.lines.includes(before) ? [[index + 1, before * 10]] : []
        })
        const inSecond = both.lines.map((line, index) => [line, both.keys[index]])
        // The second may be of a shorter file than the first made: lines beyond it are behind all of its hunks.
        expect(inSecond.filter(([line]) => (line ?? 0) <= b.cameFrom.length)).toEqual(expected)
      }),
    )
  })
})

test('lines of two are joined in order, and of one line the first owner stands', () => {
  fc.assert(
    fc.property(ascending, ascending, (first, second) => {
      const joined = joinedLines(ownedOf(first, 1), ownedOf(second, 2))
      const expected = [...new Set([...first, ...second])].sort((a, b) => a - b)
      expect(joined.lines).toEqual(expected)
      expect(joined.owners).toEqual(expected.map((it) => (first.includes(it) ? 1 : 2)))
    }),
  )
})

test('a line is kept where it stands with the same bytes', () => {
  fc.assert(
    fc.property(ascending, ascending, fc.func(fc.boolean()), (owned, lines, isChanged) => {
      const keys = lines.map((it) => it * 10 + (isChanged(it) ? 1 : 0))
      expect(keptIn(ownedOf(owned), lines, keys).lines).toEqual(
        owned.filter((it) => lines.includes(it) && !isChanged(it)),
      )
    }),
  )
})
