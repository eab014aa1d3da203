/** Records without paths of the machine: rows of a file, and what reads them afterwards. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newLocalPaths } from '../../../src/collect/redact/local-paths.ts'
import { recordCardOf } from '../../../src/collect/session-records/card.ts'
import { corroborate, linesOfSession } from '../../../src/collect/transcripts/corroborate.ts'
import { plainRow } from '../../../src/collect/transcripts/plain-rows.ts'
import { readTranscriptFile } from '../../../src/collect/transcripts/read-transcript.ts'
import { redactSource } from '../../../src/collect/transcripts/redact-source.ts'
import { redactRows } from '../../../src/collect/transcripts/redacted-rows.ts'
import { lineKey } from '../../../src/model/line-key.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import type { ReadTranscript } from '../../../src/model/transcript.ts'

const id = '6f1c7a52-1d0e-4b3a-9c55-0d7f3a1b2c44'
const root = '/home/jane/work/secret-client'
const line = 'const counted = another line that counts'

/** A session that works in a folder of a repository: `folder` from its root. */
function transcript(folder: string): string {
  const own = { sessionId: id, uuid: 'u', timestamp: '2026-03-01T10:00:00.000Z', cwd: `${root}${folder}` }
  const write = (call: string, path: string): object => ({
    type: 'tool_use',
    id: call,
    name: 'Write',
    input: { file_path: path, content: line },
  })
  const answer = (call: string): object => ({ type: 'tool_result', tool_use_id: call, content: 'ok' })
  const content = [write('t1', `${root}/packages/a/src/x.ts`), write('t2', '/home/jane/.bashrc')]
  return [
    { type: 'queue-operation', sessionId: id, content: `in ${root}${folder}/src` },
    { ...own, type: 'user', message: { role: 'user', content: `look at ${root}/README.md` } },
    { ...own, type: 'assistant', message: { id: 'm', model: 'claude-opus-4-6', role: 'assistant', content } },
    { ...own, type: 'user', message: { role: 'user', content: ['t1', 't2'].map(answer) } },
  ]
    .map((it) => `${JSON.stringify(it)}\n`)
    .join('')
}

async function read(text: string): Promise<{ transcript: ReadTranscript; record: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-plain-'))
  try {
    writeFileSync(join(folder, `${id}.jsonl`), text)
    let record = ''
    const keep = { piece: (bytes: Uint8Array) => void (record += Buffer.from(bytes).toString()), end: () => undefined }
    const told = await readTranscriptFile(join(folder, `${id}.jsonl`), `${id}.jsonl`, { keep })
    const one = told !== undefined && 'transcripts' in told ? told.transcripts[0] : undefined
    if (one === undefined) throw new Error('nothing was told')
    return { transcript: one, record }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test.each(['', '/packages/a', '/packages/b', '/.worktrees/one'])(
  'a session in %j of a repository names nobody',
  async (folder) => {
    const { transcript: told, record } = await read(transcript(folder))
    expect(record).not.toMatch(/jane|secret-client/)
    expect(told.paths).toBe(7)
    expect(told.redactions).toBe(0)
    expect(told.digest).toBe(sha256Hex(Buffer.from(record)))
    // What the command writes is the record.
    const redacted = await redactSource(Buffer.from(transcript(folder)), 'x')
    expect(redacted).toMatchObject({ text: record, count: 0, paths: 7, places: [] })

    // Its edits are still those of the files of a change, and of no other.
    const key = lineKey(line) ?? 0
    const added = new Map([['packages/a/src/x.ts', [key]]])
    const { sameFile } = corroborate({ added, removed: [] }, linesOfSession([told.session]))
    expect(sameFile).toBe(1)
    const other = corroborate(
      { added: new Map([['packages/a/src/y.ts', [key]]]), removed: [] },
      linesOfSession([told.session]),
    )
    expect(other).toMatchObject({ sameFile: 0, otherFile: 1 })

    // The card has them from the root, where that is known.
    const card = recordCardOf(told, { root, file: `${id}.jsonl`, configuration: undefined })
    expect(card.edits.map(({ path }) => path)).toEqual(['packages/a/src/x.ts', undefined])
    expect(card.redaction).toMatchObject({ count: 0, paths: 7 })
    expect(JSON.stringify(card)).not.toMatch(/jane|secret-client/)
  },
)

test('members that are one without their paths, or their secrets, stay members of their own', async () => {
  const paths = newLocalPaths()
  paths.learn({ cwd: root })
  const row = plainRow(Buffer.from(JSON.stringify({ [`${root}/a.ts`]: 1, 'a.ts': 2, 'a.ts#2': 3 })), paths)
  expect(row?.json).toEqual({ 'a.ts': 1, 'a.ts#3': 2, 'a.ts#2': 3 })
  expect(row?.paths).toBe(1)

  const key = (last: string): string => ['AKIA', 'Q7ZX2WPM5KT4RN3', last].join('')
  const json = { [key('A')]: 1, [key('B')]: 2, x: 3, [key('C')]: 4 }
  const [redacted] = await redactRows([{ bytes: Buffer.from(JSON.stringify(json)), json }])
  expect(redacted?.json).toEqual({ '[redacted]': 1, '[redacted]#2': 2, x: 3, '[redacted]#3': 4 })
  expect(JSON.parse(Buffer.from(redacted?.bytes ?? []).toString())).toEqual(redacted?.json)
  expect(redacted?.redactions).toBe(3)
})

test('what is no text is none afterwards', () => {
  const bytes = Buffer.concat([Buffer.from('{"a":"/home/jane/'), Buffer.from([0xff]), Buffer.from('"}')])
  expect(plainRow(bytes, newLocalPaths())).toBeUndefined()
})
