/**
 * Gits that wait for the next question. To start one takes longer than to answer: while a repository is read, one that has
 * answered all that it was asked is lent to the next who asks for objects, and the refs of notes are listed once.
 */
import { feedFiled } from './filed-git.ts'
import type { FiledGit } from './filed-git.ts'
import { feedGit, gitFailure, streamGit } from './process.ts'
import type { FedGit, Git, Reading } from './process.ts'

/** Runs `use` on a repository whose gits are lent from question to question; they end with it, whatever becomes of it. */
export async function whileReading<R extends { readonly git: Git }, T>(
  repository: R,
  use: (repository: R) => Promise<T>,
): Promise<T> {
  const { cwd, env } = repository.git
  // Who reads within a reading shares it.
  if (readingOf(repository.git) !== undefined) return use(repository)
  const reading: Reading = { cwd, env, idle: [], known: new Map(), begun: new Map(), fed: new Set() }
  try {
    return await use({ ...repository, git: { ...repository.git, reading } })
  } finally {
    const begun = [...reading.begun.values()].map(({ running }) => running)
    await Promise.all([...reading.idle.splice(0), ...begun, ...reading.fed].map((it) => it.stop()))
    reading.fed.clear()
  }
}

export function readingOf({ cwd, env, reading }: Git): Reading | undefined {
  return reading?.cwd === cwd && reading.env === env ? reading : undefined
}

/** Asks for one object a line. */
export const batchArgs: readonly string[] = ['cat-file', '--batch']

/**
 * A git with {@link batchArgs} for one who asks. To be given back in any case: `isDone` says that every answer was read to its end,
 * and only then somebody else gets it.
 */
export function takeGit(git: Git): FedGit & { giveBack(isDone: boolean): Promise<void> } {
  const reading = readingOf(git)
  const running = reading?.idle.pop() ?? feedGit(git, batchArgs)
  return {
    ...running,
    async giveBack(isDone) {
      if (isDone && reading !== undefined) reading.idle.push(running)
      else await running.stop()
    },
  }
}

/** A git that is fed while other things are read, and ends with the reading if nobody ends it before; undefined outside of one. */
export function feedBeside(git: Git, args: readonly string[]): FedGit | undefined {
  return beside(git, () => feedGit(git, args))
}

/** The same of one that waits for nobody, where it can print into a file; its output begins when it has ended. */
export function fileBeside(git: Git, args: readonly string[]): FiledGit | undefined {
  return beside(git, () => feedFiled(git, args)) ?? feedBeside(git, args)
}

function beside<G extends Pick<FedGit, 'stop'>>(git: Git, start: () => G | undefined): G | undefined {
  const reading = readingOf(git)
  const running = reading === undefined ? undefined : start()
  if (reading === undefined || running === undefined) return undefined
  reading.fed.add(running)
  return {
    ...running,
    async stop() {
      await running.stop()
      reading.fed.delete(running)
    },
  }
}

/** What is read before somebody asks for it; what comes behind waits in the pipe. */
const heldBytes = 1024 * 1024

/**
 * Starts a git that asks nothing, for one who will ask with the same arguments within this reading. What it prints is shown to `see` as soon as
 * it is read.
 */
export function beginGit(git: Git, args: readonly string[], see?: (chunk: Buffer) => void): void {
  const begun = readingOf(git)?.begun
  const key = keyOf(args)
  if (begun === undefined || begun.has(key)) return
  const running = feedGit(git, args)
  running.close()
  const output = running.output[Symbol.asyncIterator]()
  const held: Promise<IteratorResult<Buffer>>[] = []
  let left = heldBytes
  async function pull(): Promise<IteratorResult<Buffer>> {
    const next = await output.next()
    left = next.done === true ? 0 : left - next.value.length
    if (next.done !== true) see?.(next.value)
    return next
  }
  // Node drops what a program that has ended wrote, where nobody has begun to read it.
  async function readOn(): Promise<void> {
    while (left > 0) {
      const next = pull()
      held.push(next)
      await next
    }
  }
  readOn().catch(() => undefined)
  begun.set(key, { running, next: () => held.shift() ?? pull() })
}

/** What a git prints, which may have been started already. Errors: those of {@link streamGit}. */
export async function* streamBegun(git: Git, args: readonly string[]): AsyncGenerator<Buffer, void, undefined> {
  const begun = readingOf(git)?.begun
  const found = begun?.get(keyOf(args))
  if (found === undefined) {
    yield* streamGit(git, args)
    return
  }
  begun?.delete(keyOf(args))
  const { running } = found
  try {
    for (let next = await found.next(); next.done !== true; next = await found.next()) yield next.value
    const ending = await running.end()
    if (ending.status !== 0) throw gitFailure(args, ending)
  } finally {
    await running.stop()
  }
}

function keyOf(args: readonly string[]): string {
  return args.join('\0')
}

/** What `read` gives, asked once in a reading. */
export function once<T>(git: Git, name: string, read: () => Promise<T>): Promise<T> {
  const known = readingOf(git)?.known
  const before = known?.get(name) as Promise<T> | undefined
  if (before !== undefined) return before
  const answer = read()
  known?.set(name, answer)
  return answer
}
