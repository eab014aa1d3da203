/** Columns that fit a width and lose nothing. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../src/report/fold.ts'
import { grid, wrapped } from '../../src/report/grid.ts'
import { cell } from '../../src/report/table.ts'
import { anyText } from '../world/any-text.ts'
import { growth, nearlyLinear } from '../world/cpu-time.ts'
import { steersIn } from '../world/hostile-text.ts'
import { runs } from '../world/runs.ts'

const letters = (text: string): string => text.replace(/[\s:]/g, '')

describe('a table', () => {
  it('has columns as wide as they look, and numbers on the right', () => {
    const columns = [{ name: 'file' }, { name: 'AI', isNumber: true }]
    expect(
      grid(
        columns,
        [
          ['日本.ts', '1'],
          ['e\u0301.ts', '200'],
        ],
        40,
      ),
    ).toEqual(['  file      AI', '  日本.ts    1', '  e\u0301.ts     200'])
  })

  it('takes the room from prose before it takes ids apart', () => {
    const id = '0b9fd4c2-6a1e-4d5b-9c33-7f1f2f0a9e11'
    const lines = grid([{ name: 'id' }, { name: 'why' }], [[id, 'word '.repeat(12).trim()]], 60)
    expect(lines[1]).toContain(id)
    expect(lines.length).toBeGreaterThan(2)
  })

  it('fits its width, and shows all of every cell', () => {
    const row = fc.array(
      anyText({ maxLength: 90 }).map((it) => cell(it)),
      { minLength: 3, maxLength: 3 },
    )
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), fc.integer({ min: 60, max: 120 }), (rows, width) => {
        const columns = [{ name: 'a' }, { name: 'b' }, { name: 'c', isNumber: true }]
        const lines = grid(columns, rows, width)
        for (const it of lines) expect(columnsOf(it)).toBeLessThanOrEqual(width)
        const shown = Array.from(letters(lines.slice(1).join(''))).sort()
        expect(shown).toEqual(Array.from(letters(rows.flat().join(''))).sort())
      }),
      { numRuns: runs(300) },
    )
  })
})

describe('a text in lines', () => {
  it('breaks between words, behind the marks of a path, and never between a letter and its accent', () => {
    expect(wrapped('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrapped('src/collect/sessions/index.ts', 16)).toEqual(['src/collect/', 'sessions/', 'index.ts'])
    expect(wrapped('e\u0301'.repeat(6), 4)).toEqual(['e\u0301'.repeat(4), 'e\u0301'.repeat(2)])
  })

  it.each(['a ::error::x', 'aaaaaaaa ::error::x', 'aaaaaaaa  ::x', `${'a'.repeat(8)}::error::x`, 'a/::b/::c/::d'])(
    'begins no line with a command: %j',
    (text) => {
      for (const width of [8, 9, 10, 12]) expect(steersIn(wrapped(text, width).join('\n'))).toEqual([])
    },
  )

  it.each(['a', 'a ', '日', '/', '::'])('costs no more for each of many %j', (part) => {
    expect(growth((size) => () => wrapped(part.repeat(size / part.length), 40), 500)).toBeLessThan(nearlyLinear)
  })
})
