import { expect, test } from 'vitest'
import { newCarriedWay } from '../../../src/collect/sessions/carried-way.ts'
import type { CarriedWay, Leg } from '../../../src/collect/sessions/carried-way.ts'
import type { SharedFiles } from '../../../src/collect/sessions/standing-lines.ts'
import { hunkFrom } from '../../../src/model/moved-lines.ts'

const all: SharedFiles = new Map([['a', [{ owner: 0, ranges: [1, 100] }]]])

/** A diff of one file in which so many lines were put in, hunk by hunk, each of them its own text. */
function diff(way: CarriedWay, leg: Leg, sizes: readonly number[], claims?: SharedFiles): void {
  way.begin(leg, [claims])
  way.file('a')
  let key = 0
  for (const [index, size] of sizes.entries()) {
    const first = 10 * index + 1
    way.hunk(hunkFrom(0, 0, first, size))
    for (let line = 0; line < size; line += 1) way.line(first + line, (key += 1))
  }
  way.end()
}

function carriedOf(way: CarriedWay): string[] {
  return [...(way.carried(0) ?? [])].flatMap(([commit, { files }]) =>
    [...files].map(([path, counts]) => `${commit} ${path} ${[...counts].join()}`),
  )
}

test('the hunks of a rewritten commit are of the same sizes, or nothing is carried', () => {
  for (const [sizes, expected] of [
    [[2, 1], ['c a 0,3']],
    [[1, 2], []],
    [[3], []],
  ] as const) {
    const way = newCarriedWay(1, 100)
    diff(way, { kind: 'copy', commit: 'c' }, [2, 1], all)
    diff(way, { kind: 'change', commit: 'x' }, sizes)
    expect(carriedOf(way)).toEqual(expected)
  }
})

test('of two commits that were rewritten into one change each line counts once', () => {
  const way = newCarriedWay(1, 100)
  diff(way, { kind: 'copy', commit: 'c' }, [2], new Map([['a', [{ owner: 0, ranges: [2, 2] }]]]))
  diff(way, { kind: 'copy', commit: 'd' }, [2], all)
  diff(way, { kind: 'change', commit: 'x' }, [2])
  expect(carriedOf(way)).toEqual(['c a 0,1', 'd a 0,1'])
})

test('of more lines than are held none is carried', () => {
  for (const most of [4, 3]) {
    const way = newCarriedWay(1, most)
    diff(way, { kind: 'branch', commit: 'c' }, [2], all)
    diff(way, { kind: 'branch', commit: 'd' }, [2], all)
    diff(way, { kind: 'change', commit: 'x' }, [2])
    expect(way.carried(0)?.size).toBe(most === 4 ? 2 : undefined)
  }
})
