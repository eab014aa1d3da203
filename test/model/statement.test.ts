import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import { parseStatement, statement } from '../../src/model/statement.ts'
import { matchSubject } from '../../src/model/subject-match.ts'
import { codeOf } from '../world/failure.ts'
import { runs } from '../world/runs.ts'

const sha256 = 'a'.repeat(64)
const good = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'app.tgz', digest: { sha256 } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {},
}
const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const parse = (value: unknown): ReturnType<typeof parseStatement> => parseStatement(bytes(value))

describe('a statement', () => {
  it('is read in both versions', () => {
    expect(parse(good).subject).toHaveLength(1)
    expect(parse({ ...good, _type: 'https://in-toto.io/Statement/v0.1' })._type).toContain('v0.1')
  })

  it.each([
    ['of another _type', { ...good, _type: 'https://in-toto.io/Statement/v2' }],
    ['without _type', { ...good, _type: undefined }],
    ['without subjects', { ...good, subject: [] }],
    ['whose subject is null', { ...good, subject: null }],
    ['with a subject without digest', { ...good, subject: [{ name: 'app.tgz' }] }],
    ['with an empty digest', { ...good, subject: [{ name: 'app.tgz', digest: {} }] }],
    ['with a digest that is no text', { ...good, subject: [{ digest: { sha256: 1 } }] }],
    [
      'with 33 digests',
      { ...good, subject: [{ digest: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`d${i}`, 'x'])) }] },
    ],
    ['with 1,025 subjects', { ...good, subject: Array.from({ length: 1_025 }, () => good.subject[0]) }],
    ['without predicate type', { ...good, predicateType: '' }],
    ['whose predicate is text', { ...good, predicate: 'x' }],
    ['that is an array', [good]],
    ['that is no JSON', 'not json'],
    ['that is empty', ''],
    ['with a duplicate member', `{"subject":[],${JSON.stringify(good).slice(1)}`],
    ['with __proto__', `{"__proto__":{},${JSON.stringify(good).slice(1)}`],
    ['that is nested deeply', `{"a":${'['.repeat(70)}${']'.repeat(70)}}`],
  ])('%s is malformed', (_, value) => {
    expect(codeOf(() => parse(value))).toBe('statement-malformed')
  })

  it('may say null for its predicate, and for the name of a subject: that is absence', () => {
    const nulls = parse({ ...good, predicate: null, subject: [{ name: null, digest: { sha256 } }, good.subject[0]] })
    expect(nulls).toEqual({
      _type: good._type,
      subject: [{ digest: { sha256 } }, good.subject[0]],
      predicateType: good.predicateType,
    })
    expect(Object.keys(nulls)).not.toContain('predicate')
    expect(Object.keys(nulls.subject[0]!)).toEqual(['digest'])
  })

  it('never fails with another error, whatever was signed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.uint8Array()), (input) => {
        try {
          parseStatement(typeof input === 'string' ? Buffer.from(input) : input)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(CountersignError)
        }
      }),
      { numRuns: runs(200) },
    )
  })
})

describe('subjects', () => {
  it('are read by hand as their published schema has them (property)', () => {
    const text = fc.oneof(
      fc.constantFrom('', 'a', sha256, 'x'.repeat(65), 'y'.repeat(1_025), 'z'.repeat(8_193)),
      fc.string(),
    )
    const value = fc.oneof(text, fc.jsonValue({ maxDepth: 1 }))
    const digest = fc.oneof({ weight: 9, arbitrary: fc.dictionary(text, fc.oneof(text, value), { maxKeys: 4 }) }, value)
    const subject = fc.oneof(
      { weight: 9, arbitrary: fc.record({ name: value, digest, annotations: value }, { requiredKeys: [] }) },
      value,
    )
    const subjects = fc.oneof({ weight: 9, arbitrary: fc.array(subject, { maxLength: 4 }) }, value)
    fc.assert(
      fc.property(subjects, (it) => {
        const json: unknown = JSON.parse(JSON.stringify({ ...good, subject: it }))
        if (statement.safeParse(json).success) {
          const named = (it as object[]).map((one) =>
            'name' in one && one.name === null ? { ...one, name: undefined } : one,
          )
          expect(parse(json)).toEqual(JSON.parse(JSON.stringify({ ...good, subject: named })))
        } else expect(codeOf(() => parse(json))).toBe('statement-malformed')
      }),
      { numRuns: runs(2_000) },
    )
  })
})

describe('a subject', () => {
  const artifact = { sha256, sha512: 'b'.repeat(128) }
  const match = (...digests: Record<string, string>[]): number =>
    matchSubject(parse({ ...good, subject: digests.map((digest) => ({ name: 'x', digest })) }), artifact)

  it('matches by one digest or by all that are known', () => {
    expect(match({ sha256 })).toBe(0)
    expect(match({ sha256: 'c'.repeat(64) }, { sha512: artifact.sha512 })).toBe(1)
    expect(match({ sha256, gitCommit: 'd'.repeat(40) })).toBe(0)
  })

  it('does not match when one of its digests is right and another wrong', () => {
    expect(match({ sha256, sha512: 'c'.repeat(128) })).toBe(-1)
  })

  it.each([
    ['truncated', { sha256: sha256.slice(0, 32) }],
    ['upper-case', { sha256: sha256.toUpperCase() }],
    ['under a weak algorithm', { sha1: 'a'.repeat(40), md5: 'a'.repeat(32) }],
    ['under another name', { gitCommit: sha256 }],
    ['with a prototype’s name', { constructor: sha256, toString: sha256 }],
    ['other', { sha256: 'c'.repeat(64) }],
  ])('does not match by a digest that is %s', (_, digest) => {
    expect(match(digest)).toBe(-1)
  })
})
