import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import { limits } from '../../src/model/limits.ts'
import { JsonBudget, parseJson, parseJsonText } from '../../src/model/json.ts'
import { codeOf } from '../world/failure.ts'
import { runs } from '../world/runs.ts'

const parse = (text: string): unknown => parseJsonText(text, 'the text')

describe('strict JSON', () => {
  it('refuses a duplicate member, also when one of the two is written with escapes', () => {
    expect(codeOf(() => parse('{"a":1,"a":2}'))).toBe('json-duplicate-key')
    expect(codeOf(() => parse('{"subject":1,"s\\u0075bject":2}'))).toBe('json-duplicate-key')
    expect(codeOf(() => parse('[{"x":{"a":[{}],"b":1,"a":2}}]'))).toBe('json-duplicate-key')
  })

  it('takes one name in two objects', () => {
    expect(parse('{"a":{"a":1},"b":[{"a":2},{"a":3}]}')).toEqual({ a: { a: 1 }, b: [{ a: 2 }, { a: 3 }] })
  })

  it('does not take strings for member names', () => {
    expect(parse('{"a":"b","c":"a","d":["a","a","{\\"a\\":1,\\"a\\":2}"]}')).toMatchObject({ c: 'a' })
    expect(parse('["\\\\","\\"","\\\\\\"",{"a":"\\\\"}]')).toEqual(['\\', '"', '\\"', { a: '\\' }])
  })

  it('says of nothing that it is nothing', () => {
    for (const text of ['', ' \n\t']) {
      expect(() => parse(text)).toThrow(
        expect.objectContaining({ code: 'json-malformed', message: 'the text is empty' }),
      )
    }
  })

  it('refuses __proto__, however it is written', () => {
    expect(codeOf(() => parse('{"__proto__":{"polluted":true}}'))).toBe('json-forbidden-key')
    expect(codeOf(() => parse('{"a":[{"\\u005f_proto__":1}]}'))).toBe('json-forbidden-key')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('refuses deep nesting before it is parsed', () => {
    expect(codeOf(() => parse('['.repeat(100_000)))).toBe('json-too-deep')
    const deepest = `${'['.repeat(limits.jsonDepth)}${']'.repeat(limits.jsonDepth)}`
    expect(parse(deepest)).toBeTruthy()
    expect(codeOf(() => parse(`[${deepest}]`))).toBe('json-too-deep')
  })

  it('finds a duplicate among few names and among many, and none that is of another object', () => {
    const object = (count: number, more: string): string =>
      `{${Array.from({ length: count }, (_, index) => `"n${index}":{"a":${index}}`).join()}${more}}`
    for (const count of [1, 15, 16, 17, 40]) {
      for (const twice of [0, count - 1]) {
        expect(codeOf(() => parse(object(count, `,"n${twice}":0`)))).toBe('json-duplicate-key')
      }
      expect(parse(`[${object(count, ',"x":0')},${object(count, '')},{"n0":1,"x":2}]`)).toHaveLength(3)
    }
  })

  it('refuses more brackets and commas than any document has, before they are parsed', () => {
    const most = limits.jsonParts
    expect(parse(`[${'0,'.repeat(most - 1)}0]`)).toHaveLength(most)
    expect(codeOf(() => parse(`[${'0,'.repeat(most)}0]`))).toBe('input-too-large')
    expect(codeOf(() => parse(`[${'{},'.repeat(most / 2)}{}]`))).toBe('input-too-large')
    expect(codeOf(() => parse(`[${'[],'.repeat(most / 2)}`))).toBe('input-too-large')
    expect(parse(JSON.stringify('{},[],'.repeat(most)))).toHaveLength(6 * most)
  })

  it('refuses what is beyond the budget of its file, of parts or of different names', () => {
    const inBudget = (texts: readonly string[]): (string | undefined)[] => {
      const budget = new JsonBudget(0)
      return texts.map((text) => {
        try {
          parseJson(Buffer.from(text), 'the text', text.length, budget)
          return undefined
        } catch (thrown) {
          return (thrown as CountersignError).code
        }
      })
    }
    const half = `[${'0,'.repeat(limits.fileParts / 2 - 10)}0]`
    expect(inBudget([half, half, '[]', half])).toEqual([undefined, undefined, undefined, 'input-too-large'])
    // What breaks off costs as much.
    expect(inBudget([`${half.slice(0, -1)},"`, half, half])).toEqual(['json-malformed', undefined, 'input-too-large'])
    const names = (from: number): string =>
      JSON.stringify(
        Object.fromEntries(Array.from({ length: limits.fileNames / 2 }, (_, index) => [`n${from + index}`, 0])),
      )
    const [first, second] = [names(0), names(limits.fileNames)]
    expect(inBudget([first, first, second, first])).toEqual([undefined, undefined, undefined, undefined])
    expect(inBudget([first, second, '[{"more":0,"x":1}]'])[2]).toBe('input-too-large')
  })

  it('refuses bytes that are no UTF-8, a byte order mark, and too many of them', () => {
    expect(codeOf(() => parseJson(Buffer.from([0x22, 0xff, 0x22]), 'x', 10))).toBe('json-malformed')
    expect(codeOf(() => parseJson(Buffer.from('\ufeff{}'), 'x', 10))).toBe('json-malformed')
    expect(codeOf(() => parseJson(Buffer.from('"12345"'), 'x', 6))).toBe('input-too-large')
  })

  it('does not quote the input in its message', () => {
    try {
      parse('{"secret": hunter2hunter2}')
    } catch (thrown) {
      expect((thrown as CountersignError).message).not.toContain('hunter2')
    }
    expect(codeOf(() => parse('hunter2'))).toBe('json-malformed')
  })

  it('reads every document without duplicates as JSON.parse does, and fails only with its own errors', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        const expected: unknown = JSON.parse(text)
        if (text.includes('__proto__')) return
        expect(parse(text)).toEqual(expected)
      }),
      { numRuns: runs(200) },
    )
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', '1', ' ', 'u') }),
        (text) => {
          try {
            parse(text)
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(CountersignError)
          }
        },
      ),
      { numRuns: runs(2_000) },
    )
  })
})
