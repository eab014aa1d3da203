/** A document that is shown is the one that was signed: its numbers, and the order of its members. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asWritten, indentedJson, jsonOf, membersIn, objectOf, writtenAt } from '../../src/model/written-json.ts'
import { growth, nearlyLinear } from '../world/cpu-time.ts'
import { runs } from '../world/runs.ts'

/** What JavaScript would write otherwise. */
const altered = [
  '{"n":12345678901234567890,"f":1.0,"e":1e400,"neg":-0,"2":"two","1":"one"}',
  '[1.10,-0.0,1E5,100000000000000000000000,0.1e-7]',
  '{"b":{"10":[],"9":{}},"a":[{"1":1,"0":0}]}',
]

const parsed = (text: string): object => JSON.parse(text) as object

describe('a value with its text', () => {
  it.each(altered)('is printed as it was written: %s', (text) => {
    expect(JSON.stringify(parsed(text))).not.toBe(text)
    const value = asWritten(parsed(text), text)
    expect(jsonOf(value)).toBe(text)
    expect(jsonOf({ before: [1], value, after: undefined })).toBe(`{"before":[1],"value":${text}}`)
    expect(value).toEqual(parsed(text))
    expect(jsonOf(asWritten(parsed(text), ` ${indentedJson(text)}\n`))).toBe(text)
  })

  it('is printed as JSON.stringify does where JavaScript writes it alike (property)', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.boolean(), (text, isList) => {
        const value = isList ? [JSON.parse(text) as unknown] : { a: JSON.parse(text) as unknown }
        expect(jsonOf(value)).toBe(JSON.stringify(value))
        expect(indentedJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2))
        expect(parsed(jsonOf(asWritten(value, JSON.stringify(value, null, 3))))).toEqual(parsed(JSON.stringify(value)))
      }),
      { numRuns: runs(300) },
    )
  })

  it('keeps no text where JavaScript writes it alike, however it is spelt', () => {
    const value = { a: 'é/' }
    expect(jsonOf(asWritten({ ...value }, String.raw`{ "a" : "\u00e9\/" }`))).toBe('{"a":"é/"}')
    expect(Object.getOwnPropertySymbols(asWritten({ ...value }, '{"a":"é/"}'))).toEqual([])
  })
})

it('is taken apart a level at a time, names and values as they stand there', () => {
  const text = String.raw`{ "a" : {"x":[1.0, "]},"]} ,"b\"":"\\","1":1e400, "":null}`
  expect(membersIn(text)).toEqual([
    { name: 'a', text: '{"x":[1.0, "]},"]}' },
    { name: 'b"', text: String.raw`"\\"` },
    { name: '1', text: '1e400' },
    { name: '', text: 'null' },
  ])
  expect(membersIn('[1.0 , {"a":[2]},"x" ]').map((it) => it.text)).toEqual(['1.0', '{"a":[2]}', '"x"'])
  for (const empty of ['{}', '[ ]', '1', '"{}"', 'null']) expect(membersIn(empty)).toEqual([])
  expect(writtenAt(text, 'a', 'x')).toBe('[1.0, "]},"]')
  expect(writtenAt(text, 'a', 'y', 'z')).toBeUndefined()
  expect(objectOf(membersIn('{"2":1.0,"1":-0}'))).toBe('{"2":1.0,"1":-0}')
})

it.each<[string, (size: number) => string]>([
  ['numbers', (size) => `{"a":[${'1.0,'.repeat(size)}1]}`],
  ['brackets', (size) => `{"a":[${'[],{},'.repeat(size)}1]}`],
  ['a string', (size) => `{"a":"${String.raw`\\\"`.repeat(size)}","b":1.0}`],
  ['blanks', (size) => `{"a":${' \n'.repeat(size)}1.0}`],
])('costs what the text has, of %s', (_, text) => {
  const work = (size: number) => {
    const [written, value] = [text(size), { a: 1 }]
    return () =>
      expect([jsonOf(asWritten({ ...value }, written)), membersIn(written), indentedJson(written)]).toHaveLength(3)
  }
  expect(growth(work, 5_000)).toBeLessThan(nearlyLinear)
})
