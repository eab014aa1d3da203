/** Transcripts over threads: what comes of them is what one thread finds, and a thread that dies costs its file alone. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PlacedFile } from '../../../src/collect/transcripts/find-transcripts.ts'
import { readEach } from '../../../src/collect/transcripts/reading-pool.ts'
import type { PlacedRead, Reading } from '../../../src/collect/transcripts/reading-pool.ts'
import { recordFolder } from '../../../src/collect/transcripts/record-folder.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import { codeOfAsync } from '../../world/failure.ts'
import { part } from '../../world/runs.ts'

let folder: string
let placed: readonly PlacedFile[]
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-pool-'))
  const files = Array.from({ length: 10 }, (_, at) => place(`${at}.jsonl`, transcript(at)))
  // What is no transcript, what is broken, what is not there, and so much that threads are worth it.
  placed = [
    ...files,
    place('notes.jsonl', 'nothing'),
    place('broken.jsonl', `${transcript(11)}{"a":\n${transcript(11)}`),
    { path: join(folder, 'gone.jsonl'), name: 'gone.jsonl', from: 'folder' },
    place('large.jsonl', `${transcript(12)}${'x'.repeat(9 * 1024 * 1024)}\n`),
  ]
})
afterAll(() => rmSync(folder, { recursive: true }))

function place(name: string, contents: string): PlacedFile {
  const path = join(folder, name)
  writeFileSync(path, contents)
  return { path, name, from: 'folder' }
}

function transcript(at: number): string {
  const sessionId = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
  const row = (type: string, message: object): string =>
    `${JSON.stringify({ type, uuid: `${type}${at}`, sessionId, version: '2.1.40', timestamp: '2026-03-01T10:00:00.000Z', message })}\n`
  return (
    row('user', { role: 'user', content: `Use ghp_${'Ab3'.repeat(12)} for ${at}` }) +
    row('assistant', {
      ...{ id: `m${at}`, model: 'claude-opus-4-6', usage: { input_tokens: at, output_tokens: 2 } },
      content: [
        {
          type: 'tool_use',
          id: `w${at}`,
          name: 'Write',
          input: { file_path: '/x/a.ts', content: `const counted = ${at}\n` },
        },
      ],
    })
  )
}

async function* of(files: readonly PlacedFile[]): AsyncGenerator<PlacedFile, void, undefined> {
  for (const it of files) yield await Promise.resolve(it)
}

function reads(files: readonly PlacedFile[], reading: Reading): Promise<PlacedRead[]> {
  return Array.fromAsync(readEach(of(files), reading))
}

/** Each reading has a salt of its own. */
function unsalted(found: readonly PlacedRead[]): unknown {
  return found.map(({ file, read }) => [
    file.name,
    read !== undefined && 'transcripts' in read
      ? read.transcripts.map((it) => ({ ...it, session: { ...it.session, prompts: undefined } }))
      : read,
  ])
}

/** A thread that answers as `does`, a statement with `file` and `answer`. */
function script(does: string): URL {
  const program = `import { parentPort } from 'node:worker_threads'
const answer = (it) => parentPort.postMessage(it)
parentPort.on('message', ({ file, staged }) => { ${does} })`
  return new URL(`data:text/javascript,${encodeURIComponent(program)}`)
}

test('several threads find what one finds, in the same order', async () => {
  const alone = await reads(placed, { threads: 1 })
  expect(alone[11]?.read).toHaveProperty(['transcripts', 0, 'problems', 0, 'code'], 'transcript-row-broken')
  expect(alone[12]?.read).toHaveProperty('problem.code', 'transcript-unreadable')
  expect(alone[3]?.read).toHaveProperty(['transcripts', 0, 'session', 'answers', 'size'], 1)
  expect(unsalted(await reads(placed, { threads: 2 }))).toEqual(unsalted(alone))
})

test.each(
  part(
    [
      ['throws', `throw new Error('x')`],
      ['ends', 'process.exit(0)'],
    ],
    2,
  ),
)('a thread that %s costs the file that it had, and another goes on', async (_, dies) => {
  const program = script(`if (/[258]\\./.test(file.name)) { ${dies} } else answer({ read: { transcripts: [] } })`)
  const found = await reads(placed, { threads: 2, script: program })
  const codes = found.map(({ read }) => (read !== undefined && 'problem' in read ? read.problem.code : ''))
  const died = placed.map(({ name }) => (/[258]\./.test(name) ? 'transcript-unreadable' : ''))
  expect(codes).toEqual(died)
})

test('a fault of ours in a thread is thrown, without what it says', async () => {
  const program = script(`answer({ fault: 'TypeError' })`)
  expect(await codeOfAsync(() => reads(placed, { threads: 2, script: program }))).toBe('internal')
})

test('several threads keep the records that one keeps, under the same names', async () => {
  const kept = async (threads: number): Promise<{ readonly [name: string]: string }> => {
    const into = mkdtempSync(join(tmpdir(), 'countersign-kept-'))
    try {
      const records = recordFolder(into)
      for await (const { staged = '', read } of readEach(of(placed), { threads, stage: records.stage })) {
        records.keep(staged, read === undefined || 'problem' in read ? [] : read.transcripts)
      }
      return Object.fromEntries(readdirSync(into).map((it) => [it, readFileSync(join(into, it), 'utf8')]))
    } finally {
      rmSync(into, { recursive: true })
    }
  }
  const alone = await kept(1)
  // Ten, the one with a broken row, and the one with a row that is too much; a file each, and a card.
  expect(Object.keys(alone)).toHaveLength(2 * 12)
  for (const [name, text] of Object.entries(alone)) {
    if (name.endsWith('.jsonl')) expect(`${sha256Hex(Buffer.from(text))}.jsonl`).toBe(name)
  }
  expect(await kept(2)).toEqual(alone)
})

test.each(
  part(
    [
      ['in the middle', false],
      ['where a thread dies', true],
    ],
    2,
  ),
)('a reading that ends %s leaves nothing of what it wrote', async (_, dies) => {
  const into = mkdtempSync(join(tmpdir(), 'countersign-kept-'))
  try {
    const records = recordFolder(into)
    const program = script(`
      const { mkdirSync, writeFileSync } = process.getBuiltinModule('node:fs')
      mkdirSync(staged)
      writeFileSync(staged + '/half.tmp', 'PLANTED')
      ${dies ? 'process.exit(1)' : 'answer({ read: undefined })'}`)
    for await (const { staged = '' } of readEach(of(placed), { threads: 2, script: program, stage: records.stage })) {
      if (!dies) break
      records.keep(staged, [])
    }
    if (!dies) expect(readdirSync(into)).not.toEqual([])
    records.close()
    expect(readdirSync(into)).toEqual([])
  } finally {
    rmSync(into, { recursive: true })
  }
})

test('a record that a thread cannot write is the error that it is in one thread', async () => {
  const program = script(`answer({ unwritten: 'records cannot be written (ENOSPC)' })`)
  expect(await codeOfAsync(() => reads(placed, { threads: 2, script: program }))).toBe('output-failed')
})

test('whoever stops in the middle leaves no thread and no open search', async () => {
  let isClosed = false
  async function* files(): AsyncGenerator<PlacedFile, void, undefined> {
    try {
      yield* of(placed)
    } finally {
      isClosed = true
    }
  }
  // A thread that never answers would keep this from its end.
  const program = script(`if (file.name === '0.jsonl') answer({ read: undefined })`)
  for await (const { read } of readEach(files(), { threads: 2, script: program })) {
    expect(read).toBeUndefined()
    break
  }
  expect(isClosed).toBe(true)
})

test.each(
  part(
    [
      ['few files', () => placed.slice(-7)],
      ['little in many', () => placed.slice(0, 10)],
    ],
    2,
  ),
)('%s start no thread', async (_, some) => {
  const found = await reads(some(), { threads: 2, script: script('process.exit(1)') })
  expect(found.map(({ file }) => file)).toEqual(some())
  expect(found.filter(({ read }) => read !== undefined && 'transcripts' in read).length).toBeGreaterThan(3)
})
