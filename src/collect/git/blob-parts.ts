/** Blobs that are too large to be held: many from one `git cat-file`, each in parts as git prints them. */
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { CountersignError } from '../../errors.ts'
import { altered } from './integrity.ts'
import { readingOf, takeGit } from './lent-gits.ts'
import { endedEarly, fewObjects, gaveLess, listArgs } from './objects.ts'
import { streamGit } from './process.ts'
import type { Repository } from './repository.ts'

/** What is done with them; `index` is the place in the list of ids. */
export interface PartsVisitor {
  /** Whether this blob is read; of one that is not no part comes. */
  wants(index: number, bytes: number): boolean
  /** The bytes are good during the call, and believed only once `end` says `whole`. */
  part(index: number, bytes: Buffer): void
  /** `missing`: not in this repository, or no blob; `unwanted`: not read. */
  end(index: number, outcome: 'whole' | 'missing' | 'unwanted'): void
}

const lineFeed = 0x0a
/** An id, a type and a size; of an object that is missing its id and a word. */
const headerBytes = 128

interface OpenBlob {
  readonly outcome: 'whole' | 'missing' | 'unwanted'
  readonly hash: Hash
  /** Bytes that are still to come, without the line end behind them. */
  left: number
}

/**
 * The blobs with these full ids, in order, each hashed again. Nothing is held but what git's pipe holds. Errors:
 * `object-altered`, `git-failed`.
 */
export async function readBlobParts(
  { git, objectFormat }: Repository,
  ids: readonly string[],
  visitor: PartsVisitor,
): Promise<void> {
  if (ids.length === 0) return
  const scanner = partsScanner(objectFormat, ids, visitor)
  const isDone = (): boolean => scanner.isBetween() && scanner.count() === ids.length
  const input = `${ids.join('\n')}\n`
  // Few are asked of a git that is lent, where there is one.
  const lent = readingOf(git) === undefined || ids.length > fewObjects ? undefined : takeGit(git)
  lent?.write(input)
  try {
    for await (const chunk of lent?.output ?? streamGit(git, listArgs, input)) {
      scanner.scan(chunk)
      // It says nothing more, and waits.
      if (lent !== undefined && isDone()) break
    }
    if (!isDone()) throw lent === undefined ? gaveLess() : await endedEarly(lent)
  } finally {
    await lent?.giveBack(isDone())
  }
}

export interface PartsScanner {
  scan(chunk: Buffer): void
  /** Blobs that came to their end. */
  count(): number
  /** Nothing of a blob is open, nor the line end behind it. */
  isBetween(): boolean
}

/** What git prints for these ids, to which more can be added while it prints. Errors of `scan`: `object-altered`, `git-failed`. */
export function partsScanner(
  objectFormat: Repository['objectFormat'],
  ids: readonly string[],
  visitor: PartsVisitor,
): PartsScanner {
  let index = 0
  let header = ''
  let open: OpenBlob | undefined
  let isBehindBlob = false

  function opened(line: string): OpenBlob | undefined {
    const [, type, digits] = /^\S+ (\S+) (\d+)$/.exec(line) ?? []
    if (digits === undefined) {
      visitor.end(index, 'missing')
      index += 1
      return undefined
    }
    const bytes = Number(digits)
    const hash = createHash(objectFormat).update(`blob ${bytes}\0`)
    const outcome = type !== 'blob' ? 'missing' : visitor.wants(index, bytes) ? 'whole' : 'unwanted'
    return { outcome, hash, left: bytes }
  }

  function close({ outcome, hash }: OpenBlob): void {
    const id = ids[index] ?? ''
    if (outcome === 'whole' && hash.digest('hex') !== id) throw altered(id)
    visitor.end(index, outcome)
    index += 1
  }

  return {
    count: () => index,
    isBetween: () => open === undefined && !isBehindBlob,
    scan(chunk) {
      for (let at = 0; at < chunk.length;) {
        if (isBehindBlob) {
          isBehindBlob = false
          at += 1
          continue
        }
        if (open === undefined) {
          const end = chunk.indexOf(lineFeed, at)
          header += chunk.toString('latin1', at, end < 0 ? chunk.length : end)
          if (header.length > headerBytes) throw new CountersignError('git-failed', 'git answered something else')
          at = end < 0 ? chunk.length : end + 1
          if (end < 0) continue
          open = opened(header)
          header = ''
        } else {
          const part = chunk.subarray(at, at + open.left)
          if (open.outcome === 'whole') {
            open.hash.update(part)
            visitor.part(index, part)
          }
          at += part.length
          open.left -= part.length
        }
        if (open?.left === 0) {
          close(open)
          open = undefined
          isBehindBlob = true
        }
      }
    },
  }
}
