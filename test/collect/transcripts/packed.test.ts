/** What is packed in a database, and what a database says of itself to be slow. */
import { zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { limits } from '../../../src/model/limits.ts'
import type { ReadBounds } from '../../../src/collect/transcripts/file-read.ts'
import { readTranscriptFile } from '../../../src/collect/transcripts/read-transcript.ts'
import { insert, madeDatabase } from './samples/made-database.ts'
import { copilotOtelSamples } from './samples/copilot-otel.ts'
import { isEach } from '../../world/runs.ts'

async function outcome(sql: string, bounds: ReadBounds = limits): Promise<string | number | undefined> {
  const read = await readTranscriptFile(madeDatabase(sql), 'made.db', { bounds })
  if (read === undefined) return undefined
  return 'problem' in read ? read.problem.code : read.transcripts.length
}

const threads = 'CREATE TABLE threads (id TEXT, updated_at TEXT, data_type TEXT, data BLOB);'
const thread = (id: string, length: number): readonly unknown[] => {
  const text = JSON.stringify({ version: '0.3.0', messages: [{ User: { content: [{ Text: 'x'.repeat(length) }] } }] })
  return [id, '2026-03-01T10:00:00Z', 'zstd', zstdCompressSync(text)]
}

test('few bytes do not become many', async () => {
  expect(await outcome(threads + insert('threads', thread('t-1', 100_000)))).toBe(1)
  expect(await outcome(threads + insert('threads', thread('t-1', 60_000_000)))).toBe('transcript-too-large')
})

test('nor do many threads together become more than a database may have', async () => {
  const bounds = { ...limits, transcriptDatabaseBytes: 250_000 }
  const some = ['t-1', 't-2'].map((id) => thread(id, 100_000))
  expect(await outcome(threads + insert('threads', ...some), bounds)).toBe(2)
  expect(await outcome(threads + insert('threads', ...some, thread('t-3', 100_000)), bounds)).toBe(
    'transcript-too-large',
  )
})

test('what is no text, and no whole frame, is a broken row', async () => {
  for (const data of [Buffer.from([0xff, 0xfe]), zstdCompressSync('{"messages":[]}').subarray(0, 12)]) {
    const path = madeDatabase(threads + insert('threads', ['t-1', '2026-03-01T10:00:00Z', 'zstd', data]))
    expect(await readTranscriptFile(path, 'made.db')).toMatchObject({
      transcripts: [{ problems: [{ code: 'transcript-row-broken' }] }],
    })
  }
})

test.runIf(isEach)(
  'traces without an index, and with false sizes, are not gone through again for each span',
  async () => {
    const [sample] = copilotOtelSamples
    const sql = sample !== undefined && 'database' in sample ? sample.database : ''
    const slow = sql
      .replace('span_id TEXT PRIMARY KEY', 'span_id TEXT')
      .replace(', PRIMARY KEY (span_id, key)', '')
      .concat(
        `;WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 60000)
       INSERT INTO spans (span_id, chat_session_id) SELECT 'x' || n, 'one-session' FROM more;
       INSERT INTO span_attributes SELECT span_id, 'gen_ai.tool.call.arguments', '{}' FROM spans;
       ANALYZE; UPDATE sqlite_stat1 SET stat = '1'; DELETE FROM sqlite_stat1 WHERE idx IS NOT NULL;`,
      )
    expect(await outcome(slow)).toBe(2)
  },
  60_000,
)

test('a database may have the tables of two formats', async () => {
  const conversation = { conversation_id: 'kiro-1', history: [{ user: { content: { Prompt: { prompt: 'x' } } } }] }
  const sql = [
    ...[threads, 'CREATE TABLE conversations (key TEXT, value TEXT);'],
    ...[insert('threads', thread('t-1', 10)), insert('conversations', ['/w', conversation])],
  ].join('\n')
  const read = await readTranscriptFile(madeDatabase(sql), 'made.db')
  const found = read !== undefined && 'transcripts' in read ? read.transcripts : []
  expect(found.map((it) => it.format)).toEqual(['kiro-conversations', 'zed'])
})

test("what a conversation of Cursor's is kept under at Cursor's is not of the record", async () => {
  const key = 'composerData:11111111-1111-4111-8111-111111111111'
  const path = madeDatabase(
    `CREATE TABLE cursorDiskKV (key TEXT UNIQUE, value BLOB); ${insert('cursorDiskKV', [key, { blobEncryptionKey: 'PLANTED', createdAt: 1_780_000_000_000 }])}`,
  )
  const pieces: string[] = []
  const keep = {
    piece: (it: Uint8Array): number => pieces.push(Buffer.from(it).toString()),
    end: (): void => undefined,
  }
  await readTranscriptFile(path, 'state.vscdb', { keep })
  expect(pieces.join('')).toContain('1780000000000')
  expect(pieces.join('')).not.toContain('PLANTED')
})
