/** A note of git's own ref as lines that may be bundles. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noteLines } from '../../../../src/collect/sessions/source/note-lines.ts'
import { limits } from '../../../../src/model/limits.ts'
import { runs } from '../../../world/runs.ts'
import { anyText } from '../../../world/any-text.ts'

function read(note: string): { bundles: string[]; beyond: number; others: number } {
  const { bundles, ...counts } = noteLines(Buffer.from(note))
  return { bundles: bundles.map((it) => Buffer.from(it).toString()), ...counts }
}

describe('a note of refs/notes/commits', () => {
  test('holds a bundle a line, with blank lines between them', () => {
    expect(read('{"a":1}\n\n \t{"b":2}\r\n{"c":3}')).toEqual({
      bundles: ['{"a":1}', '{"b":2}\r', '{"c":3}'],
      ...{ beyond: 0, others: 0 },
    })
  })

  test('is none of ours where people write to each other', () => {
    for (const note of ['', '\n\n', 'Reviewed-by: Ann\nsee {1}\n'])
      expect(read(note)).toEqual({ bundles: [], beyond: 0, others: 0 })
  })

  test('may hold other lines, which are counted', () => {
    expect(read('Fine.\n{}\nMerged.\n')).toEqual({ bundles: ['{}'], beyond: 0, others: 2 })
  })

  test('gives no more lines than are verified', () => {
    const { bundles, beyond } = read('{}\n'.repeat(limits.sourceLines + 3))
    expect([bundles.length, beyond]).toEqual([limits.sourceLines, 3])
  })

  test('loses no line, whatever its bytes are', () => {
    const line = fc.oneof(anyText(), fc.json(), fc.constantFrom('', ' ', '{', '\t{"a":1}', '\r', 'text'))
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.uint8Array({ maxLength: 20 }), (lines, tail) => {
        const note = Buffer.concat([Buffer.from(lines.join('\n')), tail])
        const { bundles, beyond, others } = noteLines(note)
        const isFull = (it: string): boolean => /[^ \t\r]/.test(it)
        const full = note.toString('latin1').split('\n').filter(isFull)
        const may = full.filter((it) => it.replace(/^[ \t\r]+/, '').startsWith('{'))
        expect(bundles.length + beyond).toBe(may.length)
        expect(bundles.length).toBeLessThanOrEqual(limits.sourceLines)
        expect(others).toBe(may.length === 0 ? 0 : full.length - may.length)
        for (const it of bundles) expect(Buffer.from(it).includes(0x0a)).toBe(false)
      }),
      { numRuns: runs(300) },
    )
  })
})
