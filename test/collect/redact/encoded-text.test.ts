/** Secrets in the encodings in which texts are passed on, and tails of keys; what stands beside them stays. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodedText } from '../../../src/collect/redact/encoded-text.ts'
import { redactSecrets } from '../../../src/collect/redact/secrets.ts'
import { runs } from '../../world/runs.ts'

const token = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'
const each = (by: (code: number) => string): string => [...Buffer.from(token)].map(by).join('')
const hex = (code: number): string => code.toString(16)

test.each([
  ['percent signs', each((it) => `%${hex(it)}`)],
  ['percent signs, twice', each((it) => `%25${hex(it).toUpperCase()}`)],
  ['entities', each((it) => `&#${String(it)};`)],
  ['entities in hex', each((it) => `&#x${hex(it)};`)],
  ['entities, twice', each((it) => `&amp;#0${String(it)};`)],
  ['escapes of a program', each((it) => `\\x${hex(it)}`)],
  ['hex', Buffer.from(`x=${token}`).toString('hex')],
  [
    'hex, in lines',
    Buffer.from(`x=${token} y`)
      .toString('hex')
      .replace(/(.{60})/, '$1\n'),
  ],
])('in %s', async (_, encoded) => {
  const { text, count } = await redactSecrets(`before (${encoded}) behind`)
  expect({ text, count }).toEqual({ text: 'before ([redacted]) behind', count: 1 })
})

test('digests, addresses and code with such characters in them stay as they are', async () => {
  for (const it of [
    '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'https://example.net/a%20b?next=%2Fhome%2Fpage&amp;x=1',
    'if (a &lt; b &amp;&amp; c) { printf("%20d %5s", x) }',
    '&#x1F600; &eacute; %E4%BD%A0 \\xff\\xfe',
  ]) {
    expect(await redactSecrets(it)).toEqual({ text: it, count: 0 })
  }
})

test('a text of very many of them takes time in proportion, and only what is near is read', () => {
  const far = `${'x'.repeat(5_000)}%41${'y'.repeat(5_000)}\n${'z'.repeat(5_000)}`
  expect(decodedText(far)?.text.trim()).toBe(`${'x'.repeat(256)}A${'y'.repeat(256)}`)
  expect(decodedText('%41'.repeat(200_000))?.text.length).toBe(200_000)
  expect(decodedText(`\\x41 ${'\\'.repeat(400_000)}`)?.text.startsWith('A ')).toBe(true)
  expect(decodedText('plain')).toBeUndefined()
})

test('each place of what is read is one of the text (property)', () => {
  const part = fc.constantFrom('%41', '&#66;', '&amp;', '\\x43', '444546'.repeat(6), 'abc', '\n', 'x'.repeat(300))
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.nat(), fc.nat(), (parts, a, b) => {
      const text = parts.join('')
      const made = decodedText(text)
      if (made === undefined || made.text.length < 2) return
      const from = a % (made.text.length - 1)
      const to = from + 1 + (b % (made.text.length - from - 1 || 1))
      const [start, end] = made.place([from, to])
      expect(start >= 0 && start < end && end <= text.length).toBe(true)
    }),
    { numRuns: runs(300) },
  )
})

const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj'
const end = '-----END PRIVATE KEY-----'

test.each([
  ['lines', `${line.slice(30)}\n${line}\n${line}\nabcd==\n${end}`],
  ['escaped lines', `${line.slice(30)}\\n${line}\\nabcd==\\n${end}`],
  ['of PGP', `${line}\n${line}\nabcd\n=x1Yz\n-----END PGP PRIVATE KEY BLOCK-----`],
])('the tail of a key in %s goes, and the prose before it stays', async (_, tail) => {
  const { text } = await redactSecrets(`The output was cut here:\n\n${tail}\nand more`)
  expect(text).toBe('The output was cut here:\n\n[redacted]\nand more')
})

test('words about the end of a key are none', async () => {
  const text = 'It must end with a line\nas -----END PUBLIC KEY----- or so'
  expect(await redactSecrets(text)).toEqual({ text, count: 0 })
})
