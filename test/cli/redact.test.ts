/** `countersign redact`: what comes out, what is said of it, and what is refused. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { readTranscriptFile } from '../../src/collect/transcripts/read-transcript.ts'
import { redactSource } from '../../src/collect/transcripts/redact-source.ts'
import type { RedactionReport } from '../../src/model/redaction-report.ts'
import { bodiesFrom } from '../redaction/alphabets.ts'
import { carriers, planted } from '../redaction/carriers.ts'
import { kinds } from '../redaction/planted-kinds.ts'
import { anyText } from '../world/any-text.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { runs } from '../world/runs.ts'
import { countersign } from './terminal.ts'

const cwd = mkdtempSync(join(tmpdir(), 'countersign-redact-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

// In two parts, so that no scanner takes this file for one with secrets in it.
const github = ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('')
const file = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(cwd, name), text)
  return name
}
const run = (...argv: readonly string[]) => countersign({ cwd }, 'redact', ...argv)

test('writes the redacted form to standard output, and the count to standard error', async () => {
  const { exitCode, stdout, stderr } = await run(file('a.txt', `one\r\nkey ${github} end\r\n`))
  expect([exitCode, stdout]).toEqual([0, 'one\r\nkey [redacted] end\r\n'])
  expect(stderr).toBe('countersign: 1 secret taken out\n')
})

test('writes it to a file as a whole, and replaces none that is there', async () => {
  const name = file('b.txt', `token ${github}`)
  expect((await run(name, '--out', 'b.out')).exitCode).toBe(0)
  expect(readFileSync(join(cwd, 'b.out'), 'utf8')).toBe('token [redacted]')
  const again = await run(name, '--out', 'b.out')
  expect(again.exitCode).toBe(2)
  expect(again.stderr).toContain('b.out')
  expect((await run(name, '--out', 'b.out', '--overwrite')).exitCode).toBe(0)
})

test('says where secrets stand, and none of them, with --check', async () => {
  const names = [file('c.txt', `a\nb ${github}`), file('d.txt', 'nothing'), file('e.txt', `\n${github}`)]
  const { exitCode, stdout, stderr } = await run('--check', ...names)
  expect([exitCode, stdout]).toEqual([1, 'c.txt:2:3: preset\ne.txt:2:1: preset\n'])
  expect(stderr).toBe('countersign: 2 secrets found\n')
  expect(await run('--check', 'd.txt')).toMatchObject({ exitCode: 0, stdout: '' })
})

test('answers in JSON, without the secrets', async () => {
  const row = JSON.stringify({ at: 1, text: `a\t"${github}"` })
  const { stdout } = await run('--check', '--format', 'json', file('f.jsonl', `{}\n${row}\n`))
  const report = JSON.parse(stdout) as RedactionReport
  expect(schemaErrors('redaction-report', report)).toEqual([])
  const column = row.indexOf(github) + 1
  expect(report.files).toEqual([
    { name: 'f.jsonl', form: 'rows', count: 1, paths: 0, places: [{ line: 2, column, rule: 'preset' }] },
  ])
  expect(stdout).not.toContain(github.slice(-8))
})

test('reads standard input', async () => {
  const { stdout } = await countersign({ cwd, input: `x ${github}` }, 'redact', '-')
  expect(stdout).toBe('x [redacted]')
})

test.each([
  ['a zero byte', Buffer.from(`${github}\0`)],
  ['no UTF-8', Buffer.from([0x61, 0xff, 0xfe])],
])('refuses what is no text: %s', async (_, bytes) => {
  const { exitCode, stdout, stderr } = await run(file('g.bin', bytes))
  expect([exitCode, stdout]).toEqual([3, ''])
  expect(stderr).toContain('text-binary')
})

test.each([
  ['several files', ['a', 'b']],
  ['a place with --check', ['a', '--check', '--out', 'x']],
  ['--overwrite alone', ['a', '--overwrite']],
  ['JSON of nothing', ['a', '--format', 'json']],
  ['no file', []],
])('refuses a line that means nothing: %s', async (_, argv) => {
  expect((await run(...argv)).exitCode).toBe(2)
})

test('a document keeps how it is written, and is the same value but for the secret', async () => {
  const source = `{\n  "n": 1.0,\n  "big": 12345678901234567890,\n  "db": { "password": "hunter2hunter2", "b": [ "x" ] }\n}\n`
  const { text } = await redactSource(Buffer.from(source), 'it')
  expect(text).toBe(source.replace('hunter2hunter2', '[redacted]'))
})

test('rows come out as the record has them', async () => {
  const rows = [
    { type: 'user', sessionId: 's1', uuid: 'u1', timestamp: '2027-01-01T00:00:00Z', message: { content: github } },
    { type: 'user', sessionId: 's1', uuid: 'u2', timestamp: '2027-01-01T00:00:01Z', message: { content: 'hello' } },
  ]
  const name = file('s1.jsonl', rows.map((it) => `${JSON.stringify(it)}\n`).join(''))
  const { text } = await redactSource(readFileSync(join(cwd, name)), name)
  const read = await readTranscriptFile(join(cwd, name), name)
  expect(read).toMatchObject({
    transcripts: [{ digest: createHash('sha256').update(text).digest('hex'), redactions: 1 }],
  })
})

test('rows stay rows, whatever secret is planted in them, and each has a place (property)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.constantFrom(...kinds),
      fc.constantFrom(...carriers),
      anyText(),
      async (seed, kind, carrier, noise) => {
        const { mark, body, behind = '' } = kind.make(bodiesFrom(seed))
        const text = planted(kind, mark + body + behind, carrier) ?? ''
        const source = [noise, `${noise}\n${text}`].map((it) => `${JSON.stringify({ text: it })}\n`).join('')
        const redacted = await redactSource(Buffer.from(source), 'it')
        for (const it of redacted.text.trimEnd().split('\n')) expect(() => JSON.parse(it) as unknown).not.toThrow()
        expect(redacted.text.split('\n')).toHaveLength(3)
        expect(redacted.places.length > 0).toBe(redacted.count > 0)
      },
    ),
    { numRuns: runs(300) },
  )
})

test('any text comes out, and what is redacted twice is as it was (property)', async () => {
  await fc.assert(
    fc.asyncProperty(anyText({ maxLength: 60 }), async (it) => {
      const source = Buffer.from(it.replaceAll('\0', ' ').toWellFormed())
      const once = await redactSource(source, 'it')
      if (once.count === 0) expect(once.text).toBe(source.toString())
      expect((await redactSource(Buffer.from(once.text), 'it')).text).toBe(once.text)
    }),
    { numRuns: runs(300) },
  )
})
