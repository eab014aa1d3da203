/** What lies beside a transcript: read where its format says so, and never through a link. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { placedFiles } from '../../../src/collect/transcripts/find-transcripts.ts'
import { readTranscriptFile } from '../../../src/collect/transcripts/read-transcript.ts'
import { kiroRowsSamples } from './samples/kiro-sessions.ts'
import { madeFolder } from './samples/made-database.ts'
import { at, one, rows } from './samples/sample.ts'

const name = `${one}.jsonl`
const transcript = rows(
  { type: 'session_start', id: one, version: 2 },
  { type: 'message', id: 'm1', timestamp: at(1), message: { role: 'assistant', content: [] } },
)

function droid(settings: (path: string) => void): string {
  const path = join(madeFolder(), name)
  writeFileSync(path, transcript)
  settings(join(dirname(path), `${one}.settings.json`))
  return path
}

test('a link is not followed, nor is more read than settings have', async () => {
  const elsewhere = join(madeFolder(), 'other.json')
  writeFileSync(elsewhere, '{"model":"gpt-5"}')
  const made = [
    droid((it) => symlinkSync(elsewhere, it)),
    droid((it) => writeFileSync(it, JSON.stringify({ model: 'gpt-5', more: 'x'.repeat(70_000) }))),
    droid((it) => writeFileSync(it, '{"model":"gpt-5"')),
    droid((it) => writeFileSync(it, '["gpt-5"]')),
    droid((it) => mkdirSync(it)),
  ]
  const digests = new Set<unknown>()
  for (const path of made) {
    const read = await readTranscriptFile(path, name)
    expect(read).toMatchObject({ transcripts: [{ session: { session: one, models: [] }, problems: [] }] })
    digests.add(read !== undefined && 'transcripts' in read ? read.transcripts[0]?.digest : undefined)
  }
  expect(digests.size).toBe(1)
})

test('it is of the record: what is kept tells the same again', async () => {
  const path = droid((it) => writeFileSync(it, '{"model":"gpt-5"}'))
  const pieces: Buffer[] = []
  const keep = { piece: (bytes: Uint8Array): number => pieces.push(Buffer.from(bytes)), end: (): void => undefined }
  const read = await readTranscriptFile(path, name, { keep })
  const kept = join(madeFolder(), 'kept.jsonl')
  writeFileSync(kept, Buffer.concat(pieces))
  expect(readFileSync(kept, 'utf8').split('\n').at(-2)).toBe(
    `{"beside":"${one}.settings.json","json":{"model":"gpt-5"}}`,
  )
  const again = await readTranscriptFile(kept, 'kept.jsonl')
  const digest = read !== undefined && 'transcripts' in read ? read.transcripts[0]?.digest : undefined
  expect(again).toMatchObject({ transcripts: [{ digest, session: { models: ['gpt-5'] } }] })
})

test('of two files with one session of Antigravity the fuller one is read, where it is there', async () => {
  const folder = madeFolder()
  const logs = (id: string): string => join(folder, id, '.system_generated/logs')
  const put = (id: string, file: string): void => {
    mkdirSync(logs(id), { recursive: true })
    writeFileSync(join(logs(id), file), '{}')
  }
  put('a', 'transcript.jsonl')
  put('a', 'transcript_full.jsonl')
  put('b', 'transcript.jsonl')
  writeFileSync(join(folder, 'transcript.jsonl'), '{}')
  writeFileSync(join(folder, 'transcript_full.jsonl'), '{}')
  const around = { cwd: folder, env: {}, platform: 'linux' as const, home: folder }
  const names: string[] = []
  for await (const it of placedFiles({ named: [folder], areOwn: false }, around)) names.push(it.name)
  expect(names.toSorted()).toEqual([
    ...['a/.system_generated/logs/transcript_full.jsonl', 'b/.system_generated/logs/transcript.jsonl'],
    ...['transcript.jsonl', 'transcript_full.jsonl'],
  ])
})

test('a record of Kiro that was kept tells the same again, whatever is written beside it', async () => {
  const [sample] = kiroRowsSamples
  if (sample === undefined || !('text' in sample)) throw new Error('no sample')
  const folder = madeFolder()
  const [name = '', text = ''] = sample.beside ?? []
  writeFileSync(join(folder, sample.name), sample.text)
  writeFileSync(join(folder, name), text)
  const pieces: Buffer[] = []
  const keep = { piece: (bytes: Uint8Array): number => pieces.push(Buffer.from(bytes)), end: (): void => undefined }
  const read = await readTranscriptFile(join(folder, sample.name), sample.name, { keep })
  const digest = read !== undefined && 'transcripts' in read ? (read.transcripts[0]?.digest ?? '') : ''
  const kept = join(madeFolder(), `${digest}.jsonl`)
  writeFileSync(kept, Buffer.concat(pieces))
  writeFileSync(kept.replace(/l$/, ''), JSON.stringify({ session_id: 'another-one', salt: 'x' }))
  const again = await readTranscriptFile(kept, `${digest}.jsonl`)
  expect(again).toMatchObject({ transcripts: [{ digest, session: { session: one }, problems: [] }] })
})
