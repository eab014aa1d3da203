/** Secrets of no known form, and those that are written in escapes. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { randomRuns } from '../../../src/collect/redact/random-runs.ts'
import { ruleSet } from '../../../src/collect/redact/rule-set.ts'
import { redactSecrets, redaction } from '../../../src/collect/redact/secrets.ts'
import { redactRows } from '../../../src/collect/transcripts/redacted-rows.ts'
import { redactionRulesDigest } from '../../../scripts/redaction-rules.ts'
import { bodiesFrom, base62, base64, hex } from '../../redaction/alphabets.ts'
import { runs } from '../../world/runs.ts'

const random = bodiesFrom(7).of(base62, 40)
// In two parts, so that no scanner takes this file for one with secrets in it.
const github = ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('')

it('finds nearly every random text of 32 characters and more (property)', () => {
  let left = 0
  const tried = runs(500)
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 32, max: 256 }), (seed, length) => {
      if (randomRuns(`x = "${bodiesFrom(seed).of(base62, length)}"`).length === 0) left += 1
    }),
    { numRuns: tried },
  )
  expect(left).toBeLessThan(tried * 0.05)
})

it.each([
  ['id', `requestId: ${random}`, 0],
  ['id of a call', `toolu_01${random.slice(0, 22)}`, 0],
  ['digest', `integrity sha512-${random}`, 0],
  ['step of an address', `https://example.net/d/${random}/edit`, 0],
  ['parameter of an address', `https://example.net/d?x=${random}`, 1],
  ['hex', bodiesFrom(1).of(hex, 64), 0],
  ['more than a token has', bodiesFrom(1).of(base62, 257), 0],
  ['fewer than a token has', random.slice(0, 23), 0],
  ['line of several', `${bodiesFrom(2).of(base64, 64)}\n${bodiesFrom(3).of(base64, 64)}\n`, 0],
  ['one alone', bodiesFrom(2).of(base64, 64), 1],
  ['an id that goes on for longer than ids do', `toolu_01${bodiesFrom(2).of(base62, 80)}`, 1],
])('looks at where random text stands: %s', async (_, text, count) => {
  expect((await redactSecrets(text)).count).toBe(count)
})

it('knows the name of a member, which stands outside of its text', async () => {
  const row = { signature: random, other: random, list: [{ call_id: random }] }
  const [redacted] = await redactRows([{ bytes: Buffer.from(JSON.stringify(row)), json: row }])
  expect(redacted?.json).toEqual({ ...row, other: redaction })
})

const escaped = (text: string): string =>
  Array.from(text, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')

it.each([
  ['in a row', `{"text":"a ${escaped(github)} b"}`],
  ['in a text that is the source of another', JSON.stringify({ text: `{"text":"a ${escaped(github)} b"}` })],
  ['twice over', JSON.stringify({ text: JSON.stringify({ text: `{"text":"a ${escaped(github)} b"}` }) })],
  ['in part', JSON.stringify({ text: `{"text":"a gh${escaped('p')}${github.slice(3)} b"}` })],
  ['with a slash', JSON.stringify({ text: `{"url":"postgres:\\/\\/app:${random}@db.example.net\\/x"}` })],
])('finds a secret in escapes of JSON: %s', async (_, source) => {
  const [redacted] = await redactRows([{ bytes: Buffer.from(source), json: JSON.parse(source) as never }])
  const line = Buffer.from(redacted?.bytes ?? []).toString()
  expect(redacted?.redactions).toBe(1)
  expect(line).toContain(redaction)
  expect(line).not.toContain(random)
  expect(line).not.toContain(github.slice(-8))
  expect(line).not.toContain(escaped(github.slice(-8)))
  expect(() => JSON.parse(line) as unknown).not.toThrow()
})

it('gives back the place in the text as it is written (property)', async () => {
  const around = fc.string({ unit: fc.constantFrom('a', ' ', '\\', '\\/', '\\u0041', '\\u0020', 'é'), maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(around, around, async (before, after) => {
      const { text } = await redactSecrets(`${before} ${escaped(github)} ${after}`)
      expect(text).toBe(`${before} ${redaction} ${after}`)
    }),
    { numRuns: runs(100) },
  )
})

it('names the rules as they are: run npm run tables, and where another text comes of the same one raise redactionRules', () => {
  expect(ruleSet).toBe(redactionRulesDigest())
})
