import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import { limits } from '../../src/model/limits.ts'
import { parseJson, parseJsonText } from '../../src/model/json.ts'
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
