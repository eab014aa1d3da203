/**
 * Commits as the bytes of their objects, each hashed again: git hashes what it writes and what it fetches, and believes what lies
 * in the repository. One of usual size is read where it lies in git's output, without a copy.
 */
import { createHash, hash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { altered, judge } from './integrity.ts'
import { endedEarly, gaveLess, listArgs } from './objects.ts'
import { readingOf, takeGit } from './lent-gits.ts'
import { feedGit, streamGit } from './process.ts'
import type { Git } from './process.ts'
import type { Repository } from './repository.ts'

/** The bytes are good during the call. `end` are the last ones of an object of which the middle was not kept. */
export type VisitObject = (commit: string, object: Buffer, end: Buffer | undefined) => void

/**
 * Calls `visit` for each commit that a `git rev-list` with these arguments names, in its order; returns their number. Errors:
 * `object-altered`, `git-failed`, and what `visit` throws.
 */
export async function forEachObject(
  { git, objectFormat }: Repository,
  args: readonly string[],
  input: string | undefined,
  visit: VisitObject,
): Promise<number> {
  const ids = streamGit(git, ['rev-list', ...args], input)
  const idBytes = (objectFormat === 'sha1' ? 40 : 64) + 1
  const first: Buffer[] = []
  let bytes = 0
  const scanner = newScanner(objectFormat, visit)
  // A few commits are not worth a git of their own.
  const most = readingOf(git) === undefined ? -1 : fewCommits * idBytes
  try {
    for (;;) {
      const next = await ids.next()
      if (next.done === true) break
      first.push(next.value)
      bytes += next.value.length
      if (bytes > most) {
        const fed = await readAll(git, chained(first, ids), scanner)
        if (fed !== scanner.count() * idBytes) throw gaveLess()
        return scanner.count()
      }
    }
    if (bytes > 0) await readFew(git, Buffer.concat(first), bytes / idBytes, scanner)
    return scanner.count()
  } finally {
    // Where an object was not what it should be, nobody needs the others.
    await ids.return()
  }
}

const fewCommits = 64

async function readFew(git: Git, ids: Buffer, count: number, scanner: Scanner): Promise<void> {
  const running = takeGit(git)
  let isDone = false
  try {
    running.write(ids)
    for await (const chunk of running.output) {
      scanner.scan(chunk)
      isDone = scanner.count() === count
      if (isDone) return
    }
    throw await endedEarly(running)
  } finally {
    await running.giveBack(isDone)
  }
}

/** Gives how many bytes of ids were asked for. */
async function readAll(git: Git, ids: AsyncIterable<Buffer>, scanner: Scanner): Promise<number> {
  const running = feedGit(git, listArgs)
  let fed = 0
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of ids) {
      fed += chunk.length
      yield chunk
    }
  }
  try {
    const feeding = running.writeAll(counted())
    // Where it fails, the output ends.
    feeding.catch(() => undefined)
    for await (const chunk of running.output) scanner.scan(chunk)
    await feeding
    judge(listArgs, await running.end())
    return fed
  } finally {
    await running.stop()
  }
}

async function* chained(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first
  yield* rest
}

interface Scanner {
  scan(chunk: Buffer): void
  /** Commits that were visited. */
  count(): number
}

const lineFeed = 0x0a
/** An id, a type and a size. */
const headerBytes = 128
/** Of a larger object both ends are kept: where its message is longer than is read, no more is asked for. */
const wholeBytes = 2 * limits.commitMessageBytes
const endBytes = limits.commitMessageBytes >> 1

/** An object that does not lie in one chunk. */
interface Open {
  readonly id: string
  /** Its bytes, behind the type and size that are hashed with them. */
  readonly held: Buffer
  filled: number
  left: number
  /** Where it is too large to be held: what came so far, and its last bytes. */
  readonly large: { readonly hash: Hash; readonly end: Buffer } | undefined
}

/** What `git cat-file --batch` prints for commits: `<id> commit <size>`, a line end, the object, a line end. */
function newScanner(format: Repository['objectFormat'], visit: VisitObject): Scanner {
  const idLength = format === 'sha1' ? 40 : 64
  let count = 0
  let header: Buffer | undefined
  let open: Open | undefined

  /** `hashed` is `commit <size>`, NUL and the object, as git hashes it. */
  function tell(id: string, hashed: Buffer, start: number): void {
    if (hash(format, hashed, 'hex') !== id) throw altered(id)
    count += 1
    visit(id, hashed.subarray(start), undefined)
  }

  function begin(id: string, prefix: Buffer, size: number): Open {
    const isLarge = size > wholeBytes
    const kept = isLarge ? limits.commitMessageBytes : size
    const held = Buffer.allocUnsafe(prefix.length + kept)
    prefix.copy(held)
    const large = isLarge ? { hash: createHash(format).update(prefix), end: Buffer.allocUnsafe(endBytes) } : undefined
    return { id, held, filled: prefix.length, left: size + 1, large }
  }

  function add(it: Open, part: Buffer): void {
    it.left -= part.length
    // The line end behind it is no part of it.
    const bytes = it.left === 0 ? part.subarray(0, -1) : part
    it.filled += bytes.copy(it.held, it.filled)
    if (it.large === undefined) return
    it.large.hash.update(bytes)
    const last = bytes.subarray(-endBytes)
    it.large.end.copyWithin(0, last.length)
    last.copy(it.large.end, endBytes - last.length)
  }

  function close({ id, held, large }: Open): void {
    const start = held.indexOf(0) + 1
    if (large === undefined) {
      tell(id, held, start)
      return
    }
    if (large.hash.digest('hex') !== id) throw altered(id)
    count += 1
    visit(id, held.subarray(start), large.end)
  }

  return {
    count: () => count,
    scan(chunk) {
      for (let at = 0; at < chunk.length;) {
        if (open !== undefined) {
          const part = chunk.subarray(at, at + open.left)
          add(open, part)
          at += part.length
          if (open.left > 0) return
          const done = open
          open = undefined
          close(done)
          continue
        }
        const end = chunk.indexOf(lineFeed, at)
        if (end < 0 || header !== undefined) {
          const part = chunk.subarray(at, end < 0 ? chunk.length : end + 1)
          header = Buffer.concat([header ?? Buffer.alloc(0), part])
          if (header.length > headerBytes) throw new CountersignError('git-failed', 'git answered something else')
          at += part.length
          if (end < 0) return
          const { id, start, size } = headerIn(header, 0, header.length - 1)
          open = begin(id, header.subarray(start), size)
          header = undefined
          continue
        }
        const { id, start, size } = headerIn(chunk, at, end)
        const next = end + 1 + size + 1
        if (next <= chunk.length) {
          tell(id, chunk.subarray(start, next - 1), end + 1 - start)
          at = next
        } else {
          open = begin(id, chunk.subarray(start, end + 1), size)
          at = end + 1
        }
      }
    },
  }

  /** The line end behind it becomes the NUL with which git ends the same words where it hashes them. */
  function headerIn(bytes: Buffer, at: number, end: number): { id: string; start: number; size: number } {
    const id = bytes.toString('latin1', at, at + idLength)
    const size = sizeIn(bytes, at + idLength, end)
    if (size === undefined) throw new CountersignError('git-failed', `the commit ${id} is not in this repository`)
    bytes[end] = 0
    return { id, start: at + idLength + 1, size }
  }
}

const word = Buffer.from(' commit ')

/** The number behind the word; undefined for another word, as for `missing`. */
function sizeIn(bytes: Buffer, at: number, end: number): number | undefined {
  const start = at + word.length
  if (end <= start || end - start > 15 || bytes.compare(word, 0, word.length, at, start) !== 0) return undefined
  let size = 0
  for (let index = start; index < end; index += 1) {
    const digit = (bytes[index] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return undefined
    size = 10 * size + digit
  }
  return size
}
