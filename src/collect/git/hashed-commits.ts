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
import { beginGit, readingOf, streamBegun, takeGit } from './lent-gits.ts'
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
  const ids = input === undefined ? streamBegun(git, listOf(args)) : streamGit(git, listOf(args), input)
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

/**
 * Starts to find out which commits {@link forEachObject} with the same arguments will visit in this reading. Their ids, one a line, are shown to
 * `see` as soon as they are read.
 */
export function beginObjects({ git }: Repository, args: readonly string[], see?: (ids: Buffer) => void): void {
  beginGit(git, listOf(args), see)
}

function listOf(args: readonly string[]): readonly string[] {
  return ['rev-list', ...args]
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
  /** Its id. */
  readonly asked: Buffer
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

  /** `hashed` is `commit <size>`, NUL and the object, as git hashes it; the id stands at `at` of `asked`. */
  function tell(asked: Buffer, at: number, hashed: Buffer, start: number): void {
    const id = hash(format, hashed, 'hex')
    if (!standsAt(asked, at, id)) throw altered(idIn(asked, at))
    count += 1
    visit(id, hashed.subarray(start), undefined)
  }

  function idIn(bytes: Buffer, at: number): string {
    return bytes.toString('latin1', at, at + idLength)
  }

  /** `line`: id, type and size, of which all but the id is hashed with the object. */
  function begin(line: Buffer, size: number): Open {
    const prefix = line.subarray(idLength + 1)
    const isLarge = size > wholeBytes
    const kept = isLarge ? limits.commitMessageBytes : size
    const held = Buffer.allocUnsafe(prefix.length + kept)
    prefix.copy(held)
    const large = isLarge ? { hash: createHash(format).update(prefix), end: Buffer.allocUnsafe(endBytes) } : undefined
    return { asked: Buffer.from(line.subarray(0, idLength)), held, filled: prefix.length, left: size + 1, large }
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

  function close({ asked, held, large }: Open): void {
    const start = held.indexOf(0) + 1
    if (large === undefined) {
      tell(asked, 0, held, start)
      return
    }
    const id = idIn(asked, 0)
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
        const end = header === undefined ? lineEnd(chunk, at + idLength) : chunk.indexOf(lineFeed, at)
        if (end < 0 || header !== undefined) {
          const part = chunk.subarray(at, end < 0 ? chunk.length : end + 1)
          header = Buffer.concat([header ?? Buffer.alloc(0), part])
          if (header.length > headerBytes) throw new CountersignError('git-failed', 'git answered something else')
          at += part.length
          if (end < 0) return
          open = begin(header, sizeOf(header, 0, header.length - 1))
          header = undefined
          continue
        }
        const size = sizeOf(chunk, at, end)
        const next = end + 1 + size + 1
        if (next <= chunk.length) {
          const start = at + idLength + 1
          tell(chunk, at, chunk.subarray(start, next - 1), end + 1 - start)
          at = next
        } else {
          open = begin(chunk.subarray(at, end + 1), size)
          at = end + 1
        }
      }
    },
  }

  /** The line end behind it becomes the NUL with which git ends the same words where it hashes them. */
  function sizeOf(bytes: Buffer, at: number, end: number): number {
    const size = sizeIn(bytes, at + idLength, end)
    if (size === undefined) {
      throw new CountersignError('git-failed', `the commit ${idIn(bytes, at)} is not in this repository`)
    }
    bytes[end] = 0
    return size
  }
}

/** What is near is found sooner so than by a call; -1 where it is in the next chunk. */
function lineEnd(bytes: Buffer, start: number): number {
  const stop = Math.min(bytes.length, start + headerBytes)
  for (let at = start; at < stop; at += 1) if (bytes[at] === lineFeed) return at
  return bytes.indexOf(lineFeed, stop)
}

function standsAt(bytes: Buffer, at: number, id: string): boolean {
  for (let index = 0; index < id.length; index += 1) if (bytes[at + index] !== id.charCodeAt(index)) return false
  return true
}

const word = ' commit '

/** The number behind the word; undefined for another word, as for `missing`. */
function sizeIn(bytes: Buffer, at: number, end: number): number | undefined {
  const start = at + word.length
  if (end <= start || end - start > 15 || !standsAt(bytes, at, word)) return undefined
  let size = 0
  for (let index = start; index < end; index += 1) {
    const digit = (bytes[index] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return undefined
    size = 10 * size + digit
  }
  return size
}
