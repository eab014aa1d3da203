/** Lines of a stream, however it is cut, and those that cost nothing to write and much to read. */
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linesOf } from '../../../src/collect/transcripts/lines.ts'
import { readSample } from './read-sample.ts'
import { part, runs } from '../../world/runs.ts'

const piece = fc.oneof(
  fc.constantFrom('\n', '\n\n', '\r\n', ' \n', '\t', ' ', '{}', '{}\n'),
  fc.string({ maxLength: 4 }),
)

test('put together again they are the stream, whatever its chunks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 6 }), { maxLength: 6 }), async (pieces) => {
      const chunks = pieces.map((it) => Buffer.from(it.join('')))
      const parts: string[] = []
      for await (const { bytes, isLast } of linesOf(Readable.from(chunks), 1_000)) {
        const text = bytes.toString()
        // Only blank lines come together.
        expect(text.includes('\n') ? text.trim() : '').toBe('')
        parts.push(text, isLast ? '' : '\n')
      }
      expect(parts.join('')).toBe(Buffer.concat(chunks).toString())
    }),
    { numRuns: runs(200) },
  )
})

test('blank lines come as one for each chunk, none longer than a line may be', async () => {
  const lines: number[] = []
  for await (const { bytes, isTooLong } of linesOf(Readable.from([Buffer.from(' \n'.repeat(1_000))]), 500)) {
    expect(isTooLong).toBe(false)
    lines.push(bytes.length)
  }
  expect(lines.length).toBeLessThan(10)
})

const row = JSON.stringify({
  ...{ type: 'user', uuid: 'u', sessionId: '6f1c7a52-1d0e-4b3a-9c55-0d7f3a1b2c44', version: '2.1.0' },
  message: { role: 'user', content: 'Add a greeting' },
})

test('lines that are no rows are broken rows, and no more of them than anybody has are looked at', async () => {
  const some = await readSample('x.jsonl', `${row}\n${'x\n'.repeat(3)}[]\n`)
  expect(some).toMatchObject({ transcripts: [{ problems: [{ code: 'transcript-row-broken', detail: '4 rows' }] }] })
  for (const it of part(['x\n', '{x}\n'], 2)) {
    const many = await readSample('x.jsonl', `${row}\n${it.repeat(100_001)}`)
    expect(many).toMatchObject({ problem: { code: 'transcript-malformed' } })
  }
})
