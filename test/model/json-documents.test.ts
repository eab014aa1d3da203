/** Documents that follow each other in a text: each is cut out whole, and one that is broken takes no other with it. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newDocumentCutter } from '../../src/model/json-documents.ts'
import { runs } from '../world/runs.ts'

/** Each document with the line in which it begins; the text comes in pieces of so many bytes. */
function cut(text: string | Buffer, pieceBytes = 1_000): [number, string][] {
  const bytes = Buffer.from(text)
  const found: [number, string][] = []
  const cutter = newDocumentCutter((start, end, line) => found.push([line, bytes.toString('utf8', start, end)]))
  for (let at = 0; at < bytes.length; at += pieceBytes) cutter.push(bytes.subarray(at, at + pieceBytes))
  cutter.end()
  return found
}

describe('documents', () => {
  it.each<[string, string, [number, string][]]>([
    ['none', ' \n\r\n\t', []],
    ['one without an end of line', '{"a":1}', [[1, '{"a":1}']]],
    [
      'a line each',
      '{"a":1}\r\n\n  [2] \n{"b":{}}',
      [
        [1, '{"a":1}'],
        [3, '[2]'],
        [4, '{"b":{}}'],
      ],
    ],
    [
      'many lines each',
      '{\n "a": [\n  1\n ]\n}\n[\n 2\n]\n',
      [
        [1, '{\n "a": [\n  1\n ]\n}'],
        [6, '[\n 2\n]'],
      ],
    ],
    [
      'with nothing between them',
      '{"a":1}{"b":2}[3]\n{}',
      [
        [1, '{"a":1}'],
        [1, '{"b":2}'],
        [1, '[3]'],
        [2, '{}'],
      ],
    ],
    [
      'with brackets, quotes and backslashes in their strings',
      String.raw`{"a}":"]\"}\\"}{"b":"\\\\"}`,
      [
        [1, String.raw`{"a}":"]\"}\\"}`],
        [1, String.raw`{"b":"\\\\"}`],
      ],
    ],
    [
      'of files that begin with a byte order mark, put together',
      '\ufeff{\r\n"a":1}\r\n\ufeff{"b":2}\ufeff{"c":3}\n\ufeff\n{"d":\n\ufeff[4]\n',
      [
        [1, '{\r\n"a":1}'],
        [3, '{"b":2}'],
        [3, '{"c":3}'],
        [5, '{"d":\n\ufeff'],
        [6, '[4]'],
      ],
    ],
    [
      'behind a byte order mark',
      '\ufeff{"a":1}\n{"b":2}',
      [
        [1, '{"a":1}'],
        [2, '{"b":2}'],
      ],
    ],
  ])('%s', (_, text, documents) => {
    for (const pieceBytes of [3, 5, 1_000]) expect(cut(text, pieceBytes)).toEqual(documents)
  })

  it.each<[string, string, string[]]>([
    ['text', 'junk {"a":1}\n{"b":2}\n', ['junk {"a":1}', '{"b":2}']],
    ['text behind it', '{"a":1} junk\n{"b":2}\n', ['{"a":1} junk', '{"b":2}']],
    ['a comma behind it', '{"a":1},\n{"b":2}', ['{"a":1},', '{"b":2}']],
    ['a bracket too many', '{"a":1}}\n{"b":2}', ['{"a":1}}', '{"b":2}']],
    ['a line that is cut off', '{"half":\n{"b":2}', ['{"half":\n', '{"b":2}']],
    ['a string that is cut off', '{"half\n{"b":2}', ['{"half\n', '{"b":2}']],
    ['a string that is cut off at a backslash', '{"half\\\n{"b":2}', ['{"half\\\n', '{"b":2}']],
    ['a printed document that is cut off', '{\n "a": {\n{\n "b": 2\n}', ['{\n "a": {\n', '{\n "b": 2\n}']],
    ['a document that is cut off at the end', '{"b":2}\n{"a":', ['{"b":2}', '{"a":']],
  ])('one that is broken takes no other with it: %s', (_, text, documents) => {
    expect(cut(text).map(([, document]) => document)).toEqual(documents)
  })

  const container = fc.oneof(
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
    fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 }),
  )
  const print = fc.constantFrom<(it: unknown) => string>(
    (it) => JSON.stringify(it),
    (it) => `${JSON.stringify(it)}\n`,
    (it) => `${JSON.stringify(it, null, 2)}\n`,
    (it) => `${JSON.stringify(it, null, '\t').replaceAll('\n', '\r\n')}\r\n\r\n`,
  )

  it('come out as they went in, however they are printed and wherever the pieces end (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(container, print)), fc.integer({ min: 3, max: 40 }), (printed, pieceBytes) => {
        const texts = printed.map(([value, write]) => write(value))
        const lines = texts.map((_, at) => texts.slice(0, at).join('').split('\n').length)
        const found = cut(texts.join(''), pieceBytes)
        expect(found.map(([line]) => line)).toEqual(lines)
        expect(found.map(([, text]): unknown => JSON.parse(text))).toEqual(
          texts.map((text): unknown => JSON.parse(text)),
        )
      }),
      { numRuns: runs(500) },
    )
  })

  it('leave out nothing but blanks, whatever a text is (property)', () => {
    const text = fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', '\n', ' ', 'x', ',') })
    fc.assert(
      fc.property(text, fc.integer({ min: 3, max: 10 }), (given, pieceBytes) => {
        const found = cut(given, pieceBytes)
        const dense = (it: string): string => it.replace(/[ \n]/g, '')
        expect(dense(found.map(([, it]) => it).join(''))).toBe(dense(given))
        expect(found.every(([, it]) => dense(it) !== '')).toBe(true)
        expect(found).toEqual(cut(given))
      }),
      { numRuns: runs(1_000) },
    )
  })
})
