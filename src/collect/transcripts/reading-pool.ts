/** Transcripts over worker threads: the same reader in each, results in the order of the files, memory flat. */
import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { CountersignError } from '../../errors.ts'
import type { FileRead } from './file-read.ts'
import type { PlacedFile } from './find-transcripts.ts'
import { readPlaced } from './read-placed.ts'
import type { FileToRead } from './read-placed.ts'

/** A file and what came of it; undefined for what is no transcript. */
export interface PlacedRead {
  readonly file: PlacedFile
  readonly read: FileRead | undefined
}

/** What a worker answers to a file: `unwritten` is the message of an `output-failed`, `fault` one of ours, by its name. */
export type ReadingAnswer =
  { readonly read: FileRead | undefined } | { readonly unwritten: string } | { readonly fault: string }

/** How many threads read, and from where each has its program: a test has one that dies. */
export interface Reading {
  readonly threads?: number
  readonly script?: URL
  /** Makes a place for the records of each file. */
  readonly stage?: (() => string) | undefined
}

/** More would have too much memory, each with a heap of its own. */
const mostThreads = 4

/** For less than this a thread's start, some 100 ms in each, is not won back. */
const worthFiles = 8
const worthBytes = 8 * 1024 * 1024

/** Files that may be under way or wait for an earlier one, for each thread: what bounds the memory. */
const filesAhead = 4

/** V8 would take up to 48 MB for what is young in each thread, and read no faster. */
const youngHeapMb = 12

/**
 * In the order of the files. A thread that dies costs the file that it had: `transcript-unreadable`. Whoever ends this early finds nothing
 * at work any more. Errors: those of `files`, `output-failed` (records), `internal`.
 */
export async function* readEach(
  files: AsyncIterable<PlacedFile>,
  { threads = Math.min(availableParallelism(), mostThreads), script = ownScript(), stage }: Reading = {},
): AsyncGenerator<PlacedRead & FileToRead, void, undefined> {
  const source = files[Symbol.asyncIterator]()
  try {
    const first = threads > 1 ? await begin(source) : []
    const next = async (): Promise<FileToRead | undefined> => {
      const file = first.shift() ?? (await following(source))
      return file === undefined ? undefined : { file, staged: stage?.() }
    }
    if (first.length >= worthFiles && (await areMuch(first))) {
      yield* readInThreads(next, threads, script)
      return
    }
    for (let asked = await next(); asked !== undefined; asked = await next()) {
      yield { ...asked, read: await readPlaced(asked) }
    }
  } finally {
    await source.return?.()
  }
}

async function following(source: AsyncIterator<PlacedFile>): Promise<PlacedFile | undefined> {
  const step = await source.next()
  return step.done === true ? undefined : step.value
}

function ownScript(): URL {
  const script = import.meta.url.endsWith('.ts') ? './reading-worker.ts' : './transcripts-worker.js'
  return new URL(script, import.meta.url)
}

/** The files by whose sizes it is told whether threads are worth their start. */
async function begin(source: AsyncIterator<PlacedFile>): Promise<PlacedFile[]> {
  const first: PlacedFile[] = []
  while (first.length < filesLookedAt) {
    const file = await following(source)
    if (file === undefined) break
    first.push(file)
  }
  return first
}

const filesLookedAt = 256

async function areMuch(placed: readonly PlacedFile[]): Promise<boolean> {
  let bytes = 0
  for (const { path, files } of placed) {
    for (const it of files?.map((name) => join(path, name)) ?? [path]) {
      bytes += (await stat(it).catch(() => undefined))?.size ?? 0
      if (bytes >= worthBytes) return true
    }
  }
  return false
}

async function* readInThreads(
  next: () => Promise<FileToRead | undefined>,
  threads: number,
  script: URL,
): AsyncGenerator<PlacedRead & FileToRead, void, undefined> {
  const pool = openPool(threads, script)
  const ahead: { readonly asked: FileToRead; readonly read: Promise<FileRead | undefined> }[] = []
  let isEnd = false
  try {
    for (;;) {
      while (!isEnd && ahead.length < threads * filesAhead) {
        const asked = await next()
        if (asked === undefined) isEnd = true
        else {
          const read = pool.read(asked)
          read.catch(() => undefined) // a fault is thrown when its turn comes
          ahead.push({ asked, read })
        }
      }
      const first = ahead.shift()
      if (first === undefined) return
      yield { ...first.asked, read: await first.read }
    }
  } finally {
    await pool.close()
  }
}

interface Pool {
  readonly read: (asked: FileToRead) => Promise<FileRead | undefined>
  readonly close: () => Promise<unknown>
}

/** Each thread has one file at a time, so that it is known at which one it died; then another takes its place. */
function openPool(count: number, script: URL): Pool {
  const all = new Set<ReadingThread>()
  const idle: ReadingThread[] = []
  const wanting: ((thread: ReadingThread) => void)[] = []
  let isClosed = false

  function give(thread: ReadingThread): void {
    const first = wanting.shift()
    if (first === undefined) idle.push(thread)
    else first(thread)
  }

  function begin(): void {
    const thread = openThread(script)
    all.add(thread)
    give(thread)
  }

  for (let at = 0; at < count; at += 1) begin()
  return {
    async read(asked) {
      const thread = idle.shift() ?? (await new Promise<ReadingThread>((resolve) => wanting.push(resolve)))
      try {
        return await thread.read(asked)
      } finally {
        if (!thread.hasEnded()) give(thread)
        else if (all.delete(thread) && !isClosed) begin()
      }
    },
    close() {
      isClosed = true
      return Promise.all([...all].map((it) => it.close()))
    },
  }
}

interface ReadingThread {
  readonly read: (asked: FileToRead) => Promise<FileRead | undefined>
  readonly hasEnded: () => boolean
  readonly close: () => Promise<unknown>
}

const diedReading: FileRead = { problem: { code: 'transcript-unreadable', detail: 'its reading ended early' } }

function openThread(script: URL): ReadingThread {
  const worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: youngHeapMb } })
  let settle: ((answer: ReadingAnswer) => void) | undefined
  let hasEnded = false
  const died = (): void => {
    hasEnded = true
    settle?.({ read: diedReading })
  }
  worker.on('message', (answer: ReadingAnswer) => settle?.(answer))
  worker.on('error', died)
  worker.on('exit', died)
  return {
    async read(asked) {
      if (hasEnded) return diedReading
      const answer = await new Promise<ReadingAnswer>((resolve) => {
        settle = resolve
        worker.postMessage(asked)
      })
      if ('unwritten' in answer) throw new CountersignError('output-failed', answer.unwritten)
      if ('fault' in answer) throw new CountersignError('internal', `a transcript could not be read (${answer.fault})`)
      return answer.read
    },
    hasEnded: () => hasEnded,
    close: () => worker.terminate(),
  }
}
