/**
 * Repositories for benches, made by `git fast-import` from a seed: once, in the folder for temporary files, and used again. Their
 * shapes are those of repositories in the field; nothing of those is in them.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const identity = 'Ann <ann@example.org>'
const agent = 'Ben <ben@example.org>'
const firstDate = 1_700_000_000

/** Many small commits with titles of requests that are not here; every third names a tool. */
export function longHistory(commits: number): Promise<string> {
  return made(`long-${commits}`, async (folder) => {
    await importInto(folder, longStream(commits))
  })
}

function* longStream(commits: number): Generator<string> {
  for (let mark = 1; mark <= commits; mark += 1) {
    const footer = mark % 3 === 0 ? `Claude-Session: https://claude.ai/code/session_${mark % 900}\n` : ''
    const message = `Change number ${mark} (#${mark})\n\nWhy it was done, in a sentence or two.\nAnd what else was tried.\n\n${footer}`
    yield commitOf(mark, { ref: 'refs/heads/main', message, files: [[`src/file-${mark % 300}.ts`, `${mark}\n`]] })
  }
}

/** The shape of git-ai's own repository: a note for each commit and as many for others, half of them with a conversation. */
export function notedHistory(commits: number, notes: number): Promise<string> {
  return made(`noted-${commits}-${notes}`, async (folder) => {
    await importInto(folder, notedStream(commits), ['--export-marks=marks'])
    const marks = (await readFile(join(folder, 'marks'), 'utf8')).trim().split('\n')
    const ids = marks.map((line) => line.split(' ')[1] ?? '')
    await importInto(folder, noteStream(ids, notes))
    await rm(join(folder, 'marks'))
  })
}

const notedLines = 40

function* notedStream(commits: number): Generator<string> {
  for (let mark = 1; mark <= commits; mark += 1) {
    const files = Array.from({ length: 4 }, (_, index): [string, string] => {
      const lines = Array.from(
        { length: notedLines },
        (__, line) => `export const v${mark}_${line} = ${line * index}\n`,
      )
      return [`src/file-${(mark * 7 + index * 31) % 700}.ts`, lines.join('')]
    })
    yield commitOf(mark, { ref: 'refs/heads/main', message: `Change number ${mark}\n`, files })
  }
}

function* noteStream(ids: readonly string[], notes: number): Generator<string> {
  const random = randomFrom(20_261_126)
  const words = Array.from({ length: 400_000 }, () => Math.floor(random() * 36 ** 4).toString(36)).join(' ')
  yield `commit refs/notes/ai\ncommitter ${identity} ${firstDate} +0000\ndata 0\n`
  for (let note = 0; note < notes; note += 1) {
    // Those beyond the history are of commits that were rewritten.
    const id = ids[note] ?? note.toString(16).padStart(40, 'f')
    const messages = Array.from({ length: note % 2 === 0 ? 0 : 50 }, (_, index) => {
      const at = Math.floor(random() * 1_000_000)
      return { type: index % 2 === 0 ? 'user' : 'assistant', text: words.slice(at, at + 2_000).replaceAll('z ', '"\n') }
    })
    const session = { tool: 'claude', id: `session-${note % 500}`, model: 'claude-opus-4-6' }
    const metadata = {
      ...{ schema_version: 'authorship/3.0.0', git_ai_version: '1.0.0', base_commit_sha: id },
      prompts: { [note.toString(16).padStart(16, '0')]: { agent_id: session, human_author: identity, messages } },
    }
    const key = Object.keys(metadata.prompts)[0] ?? ''
    const files = Array.from({ length: 4 }, (_, index) => {
      return `src/file-${((note + 1) * 7 + index * 31) % 700}.ts\n  ${key} 1-9,12,14-${notedLines}\n`
    })
    const contents = `${note % 3 === 0 ? '' : files.join('')}---\n${JSON.stringify(metadata, null, 2)}`
    yield `M 644 inline ${id.slice(0, 2)}/${id.slice(2)}\n`
    yield `data ${Buffer.byteLength(contents)}\n${contents}\n`
  }
}

/** Requests of two commits each, squashed onto a branch that had gone on since they began; their heads are here. */
export function squashedHistory(squashes: number): Promise<string> {
  return made(`squashed-${squashes}`, async (folder) => {
    await importInto(folder, squashStream(squashes))
  })
}

function* squashStream(squashes: number): Generator<string> {
  const start = Array.from({ length: 200 }, (_, index): [string, string] => [`src/${index}/start.ts`, `${index}\n`])
  yield commitOf(1, { ref: 'refs/heads/main', message: 'Start\n', files: start })
  let mark = 1
  const main = [1]
  for (let number = 1; number <= squashes; number += 1) {
    const path = `src/${number % 200}/request-${number}.ts`
    const from = main[Math.max(0, main.length - 1 - (number % 20))] ?? 1
    const ref = `refs/pull/${number}/head`
    const message = 'A step\n\nCo-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>\n'
    yield commitOf(mark + 1, { ref, message, files: [[path, 'one\n']], from })
    yield commitOf(mark + 2, { ref, message, files: [[path, 'one\ntwo\n']], from: mark + 1 })
    const title = `Request number ${number} (#${number})\n`
    const files: [string, string][] = [[path, 'one\ntwo\n']]
    yield commitOf(mark + 3, { ref: 'refs/heads/main', message: title, files, from: main.at(-1) ?? 1 })
    mark += 3
    main.push(mark)
  }
}

interface Commit {
  readonly ref: string
  readonly message: string
  readonly files: readonly (readonly [path: string, contents: string])[]
  readonly from?: number
}

function commitOf(mark: number, { ref, message, files, from }: Commit): string {
  const changes = files.map(([path, it]) => `M 644 inline ${path}\ndata ${Buffer.byteLength(it)}\n${it}\n`)
  const date = firstDate + mark * 60
  return (
    `commit ${ref}\nmark :${mark}\nauthor ${identity} ${date - 30} +0000\ncommitter ${agent} ${date} +0000\n` +
    `data ${Buffer.byteLength(message)}\n${message}\n${from === undefined ? '' : `from :${from}\n`}${changes.join('')}`
  )
}

async function made(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(tmpdir(), `countersign-bench-${name}-v1`)
  if (existsSync(folder)) return folder
  const draft = `${folder}.${process.pid}`
  await mkdir(draft, { recursive: true })
  try {
    await git(draft, ['init', '--quiet', '--initial-branch=main'])
    await make(draft)
    await git(draft, ['repack', '-adq'])
    await rename(draft, folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return folder
}

function importInto(folder: string, stream: Iterable<string>, args: readonly string[] = []): Promise<void> {
  return git(folder, ['fast-import', '--quiet', ...args], stream)
}

/** Runs git; its output is read and thrown away. */
export async function git(cwd: string, args: readonly string[], input: Iterable<string> = []): Promise<void> {
  const child = spawn('git', args, { cwd, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject))
  child.stdout.resume()
  await pipeline(input, child.stdin)
  const status = await ended
  if (status !== 0) throw new Error(`git ${args[0] ?? ''} ended with ${status ?? 'a signal'}`)
}

/** Mulberry32: the same history from the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
