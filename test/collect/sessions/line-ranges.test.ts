import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allotLines } from '../../../src/collect/sessions/line-ranges.ts'
import type { LineShare } from '../../../src/collect/sessions/line-ranges.ts'
import { growth, nearlyLinear } from '../../world/cpu-time.ts'
import { runs } from '../../world/runs.ts'

/** The same, line by line. */
function byCounting(shares: readonly LineShare[], allowed: readonly number[]): { counts: object; outside: number } {
  const lines = (ranges: readonly number[]): number[] =>
    ranges.flatMap((first, at) =>
      at % 2 === 1 ? [] : Array.from({ length: (ranges[at + 1] ?? 0) - first + 1 }, (_, line) => first + line),
    )
  const isAllowed = new Set(lines(allowed))
  const given = new Set<number>()
  const counts = new Map<number, number>()
  let outside = 0
  for (const { owner, ranges } of shares) {
    for (const line of lines(ranges)) {
      if (given.has(line)) continue
      given.add(line)
      if (isAllowed.has(line)) counts.set(owner, (counts.get(owner) ?? 0) + 1)
      else outside += 1
    }
  }
  return { counts, outside }
}

const ranges = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 })), { maxLength: 8 })
  .map((pairs) => pairs.flatMap(([first, more]) => [first, first + more]))

describe('lines of several owners', () => {
  test('are counted as one would by hand', () => {
    const shares = fc.array(fc.record({ owner: fc.integer({ min: -1, max: 3 }), ranges }), { maxLength: 6 })
    fc.assert(
      fc.property(shares, ranges, (given, allowed) => {
        expect(allotLines(given, allowed)).toEqual(byCounting(given, allowed))
      }),
      { numRuns: runs(500) },
    )
  })

  test('cost nothing per line', () => {
    const everything = [1, 999_999_999]
    const shares = Array.from({ length: 2_000 }, (_, owner) => ({ owner, ranges: everything }))
    expect(allotLines(shares, everything)).toEqual({ counts: new Map([[0, 999_999_999]]), outside: 0 })
    expect(allotLines(shares, [])).toEqual({ counts: new Map(), outside: 999_999_999 })
  })

  test('cost little more than the sorting of their ranges, also where all overlap', () => {
    const work = (size: number) => {
      const shares = Array.from({ length: size }, (_, owner) => ({ owner, ranges: [owner + 1, 999_999_999 - owner] }))
      const nested = shares.toReversed()
      return () => expect(allotLines(nested, [1, 999_999_999]).outside).toBe(0)
    }
    expect(growth(work, 25_000)).toBeLessThan(nearlyLinear)
  })
})
