/** Transcripts that somebody wrote to stop, mislead or overfill whoever reads them. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { placedFiles } from '../../../src/collect/transcripts/find-transcripts.ts'
import { recordFolder } from '../../../src/collect/transcripts/record-folder.ts'
import { stageRecords } from '../../../src/collect/transcripts/staged-records.ts'
import { limits } from '../../../src/model/limits.ts'
import { codeOf } from '../../world/failure.ts'
import { askedTranscripts } from '../../../src/attest/transcripts.ts'
import { newSessionSink } from '../../../src/collect/transcripts/session-sink.ts'
import { sumOfTokens } from '../../../src/collect/transcripts/token-sums.ts'
import { toldBy } from '../../../src/collect/sessions/transcript-table.ts'
import { isEach } from '../../world/runs.ts'

test('a call with ever more results is told of the first few', () => {
  const sink = newSessionSink(new Uint8Array(16))
  sink.id('some-session')
  sink.edit({ path: 'a.ts', text: '', call: 'c' })
  for (let at = 0; at < 16; at += 1) sink.result('c', 'failed')
  sink.result('c', 'applied')
  expect(sink.end('claude-code', 'x').session.edits[0]?.verdict).toBe('failed')
})

test('an edit that is told again is one edit, with what came of it last', () => {
  const sink = newSessionSink(new Uint8Array(16))
  const edit = { path: 'a.ts', text: 'const greeting = 1', call: 'c' }
  const start = sink.mark()
  sink.edit(edit)
  sink.edit({ ...edit, verdict: 'applied' })
  sink.edit({ ...edit, text: 'const greeting = 2' })
  sink.edit({ ...edit, path: 'b.ts' })
  sink.undo(start)
  sink.edit(edit)
  sink.edit(edit)
  sink.result('c', 'applied')
  sink.edit({ path: 'a.ts', text: 'const greeting = 1' })
  const { edits } = sink.end('claude-code', 'x').session
  expect(edits.map((it) => `${it.path} ${it.verdict}`)).toEqual([
    ...['a.ts undone', 'a.ts undone', 'b.ts undone', 'a.ts applied', 'a.ts applied'],
  ])
})

test.runIf(isEach)('a transcript of ever more questions, answers and edits is kept in part, and says so', () => {
  const sink = newSessionSink(new Uint8Array(16))
  sink.id('some-session')
  for (let at = 0; at < limits.transcriptParts; at += 1) {
    sink.answer(String(at))
    sink.answer(String(at), { output: 1 })
  }
  sink.prompt('one more')
  sink.answer('one more')
  sink.edit({ path: 'a.ts', text: 'const counted = 1' })
  const { session, problems } = sink.end('claude-code', 'x')
  expect(session).toMatchObject({ turns: 0, iterations: limits.transcriptParts, edits: [] })
  expect(problems.map(({ code }) => code)).toEqual(['transcript-edits-cut'])
})

test('tokens beyond what is a whole number are not said', () => {
  const most = { input: Number.MAX_SAFE_INTEGER, output: 1 }
  expect(sumOfTokens([most, most])).toEqual({ output: 2 })
  const told = (agent: string | undefined): Parameters<typeof toldBy>[0][number] => {
    const sink = newSessionSink(new Uint8Array(16))
    sink.answer('m', most)
    if (agent !== undefined) sink.agent(agent)
    const { session } = sink.end('claude-code', 'x')
    return { format: 'claude-code', digest: agent ?? '', redactions: 0, told: session }
  }
  expect(toldBy([told(undefined), told('a')], undefined)?.transcript?.tokens).toEqual({ output: 2 })
})

test.runIf(process.platform === 'linux')(
  'a folder of records that cannot be made is an error, and not waited for',
  () => {
    const keep = stageRecords(recordFolder('/proc/countersign/records').stage())
    expect(codeOf(() => keep.piece(Buffer.from('x')))).toBe('output-failed')
  },
)

test('nothing of a transcript that breaks on the way stays in the folder of records', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'countersign-hostile-'))
  try {
    const rows = Array.from(
      { length: 20_000 },
      (_, at) => `{"type":"user","uuid":"${at * 7919}","sessionId":"s","message":{"content":"PLANTED ${at}"}}\n`,
    )
    const packed = zstdCompressSync(Buffer.from(rows.join('')))
    writeFileSync(join(cwd, 'x.jsonl.zst'), packed.subarray(0, packed.length - 8))
    const world = { cwd, env: { HOME: cwd }, progress: () => undefined } as never
    const given = await askedTranscripts({ transcripts: ['x.jsonl.zst'], keepRecords: 'kept' }, cwd, world)
    const placed = given?.files() ?? []
    for await (const it of given?.readEach(placed as never, () => true) ?? []) {
      expect(it).toHaveProperty('read.problem.code', 'transcript-unreadable')
    }
    expect(readdirSync(join(cwd, 'kept'))).toEqual([])
  } finally {
    rmSync(cwd, { recursive: true })
  }
})

test('a file that is named, and lies in a folder that is named, is read once', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'countersign-hostile-'))
  try {
    writeFileSync(join(cwd, 'x.jsonl'), '{}\n')
    const around = { cwd, env: {}, platform: 'linux', home: cwd } as const
    const placed: string[] = []
    for (const named of [
      ['.', 'x.jsonl', './x.jsonl'],
      ['x.jsonl', '.'],
    ]) {
      for await (const { path } of placedFiles({ named, areOwn: false }, around)) placed.push(path)
    }
    expect(placed).toEqual([join(cwd, 'x.jsonl'), join(cwd, 'x.jsonl')])
  } finally {
    rmSync(cwd, { recursive: true })
  }
})

test('a record that cannot have its name leaves nothing behind', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'countersign-hostile-'))
  try {
    const { session } = newSessionSink(new Uint8Array(16)).end('claude-code', 'x')
    const transcript = {
      ...{ format: 'claude-code', digest: 'd'.repeat(64), bytes: 1, redactions: 0, paths: 0 },
      ...{ folder: undefined, session, problems: [] },
    }
    mkdirSync(join(cwd, `${transcript.digest}.jsonl`))
    const records = recordFolder(cwd)
    const staged = records.stage()
    const keep = stageRecords(staged)
    keep.piece(Buffer.from('x'))
    keep.end(transcript)
    expect(codeOf(() => records.keep(staged, [transcript]))).toBe('output-failed')
    expect(readdirSync(cwd)).toEqual([`${transcript.digest}.jsonl`])
  } finally {
    rmSync(cwd, { recursive: true })
  }
})

test('a run that its tool keeps in two forms is told once, of the one that says more', () => {
  const told = (format: string, isRows: boolean): Parameters<typeof toldBy>[0][number] => {
    const sink = newSessionSink(new Uint8Array(16))
    sink.prompt('Add a greeting')
    for (const it of ['a', 'b']) sink.answer(isRows ? undefined : it, isRows ? undefined : { output: 1 })
    sink.edit({ path: 'a.ts', text: 'const greeting = 1', verdict: isRows ? 'unanswered' : 'applied' })
    const { session } = sink.end('cursor', 'x')
    return { format, digest: format, redactions: 0, told: session }
  }
  const both = [told('cursor', true), told('cursor-database', false)]
  for (const all of [both, both.toReversed()]) {
    expect(toldBy(all, 'cursor-database')).toMatchObject({
      iterations: 2,
      transcript: { format: 'cursor-database', files: 2, turns: 1, tokens: { output: 2 }, edits: { applied: 1 } },
    })
  }
})
