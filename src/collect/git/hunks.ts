/**
 * The hunks of many diffs, each of a commit against one other, and of their added lines what tells the bytes apart. The same diff as in
 * `added-lines.ts`; no text is kept.
 */
import { createHash, hash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { hunkFrom } from '../../model/moved-lines.ts'
import type { Hunk } from '../../model/moved-lines.ts'
import { patchPath } from '../../model/patch-path.ts'
import { diffArgs, headerBytes } from './patch-headers.ts'
import { streamGit } from './process.ts'
import type { Repository } from './repository.ts'

/** Full ids. Undefined: against nothing, as the first commit. */
export interface CommitPair {
  readonly commit: string
  readonly against: string | undefined
}

export interface HunkVisitor {
  /** A file begins, by the bytes of its path as Latin-1. Says whether its added lines are looked at. */
  file(path: string): boolean
  hunk(hunk: Hunk): void
  /** A line that was added, by its number; `key` is as good as its bytes. */
  line(number: number, key: number): void
}

/**
 * Yields the place of each pair in turn; until the next one, or the end, `visitor` is told of it. One git for all of them. Errors:
 * `git-failed`, also where contents are missing (a partial clone).
 */
export async function* readHunks(
  repository: Repository,
  pairs: readonly CommitPair[],
  visitor: HunkVisitor,
): AsyncGenerator<number, void, undefined> {
  if (pairs.length === 0) return
  const scan = hunkScanner(visitor)
  // git keeps the parents that it was told: a commit that comes twice needs them each time.
  const input = pairs.map(({ commit, against }) => `${commit}${against === undefined ? '' : ` ${against}`}\n`).join('')
  for await (const chunk of streamGit(repository.git, [...diffArgs, '--unified=0'], input)) yield* scan(chunk)
}

const lineFeed = 0x0a
const plus = 0x2b
const minus = 0x2d
const backslash = 0x5c

/**
 * Reads the output of diff-tree without context in chunks of any size; yields as {@link readHunks} does. Contents cannot be taken
 * for a header because a hunk says how many lines it has.
 */
export function hunkScanner(visitor: HunkVisitor): (chunk: Buffer) => Generator<number, void, undefined> {
  let old: string | undefined // path on the old side
  let isWanted = false
  let isNamed = false
  let hunk: Hunk | undefined
  let oldLeft = 0
  let newLeft = 0
  // The line that did not end with its chunk.
  let open: 'header' | 'passed' | Hash | undefined
  let held: Buffer[] = []
  let bytes = 0

  function header(line: string): void {
    if (line.startsWith('diff --')) {
      old = undefined
      isNamed = false
    } else if (line.startsWith('--- ')) old = patchPath(line.slice(4), 'a/')
    else if (line.startsWith('+++ ')) {
      const path = patchPath(line.slice(4)) ?? old
      isNamed = path !== undefined
      isWanted = path !== undefined && visitor.file(path)
    } else if (line.startsWith('@@')) begin(line)
  }

  function begin(line: string): void {
    const sides = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line)
    if (sides === null) return
    oldLeft = Number(sides[2] ?? 1)
    newLeft = Number(sides[4] ?? 1)
    hunk = hunkFrom(Number(sides[1]), oldLeft, Number(sides[3]), newLeft)
    if (isNamed) visitor.hunk(hunk)
    if (oldLeft + newLeft === 0) hunk = undefined
  }

  /** Counts a line of the hunk; gives its number where it is looked at. */
  function count(sign: number): number | undefined {
    if (hunk === undefined) return undefined
    const number = hunk.newFirst + hunk.newLines - newLeft
    if (sign === plus) newLeft -= 1
    else oldLeft -= 1
    if (oldLeft <= 0 && newLeft <= 0) hunk = undefined
    return sign === plus && isWanted && isNamed ? number : undefined
  }

  let number = 0 // of the line whose bytes are being hashed
  let pairs = 0

  return function* scan(chunk) {
    for (let at = 0; at < chunk.length;) {
      const found = chunk.indexOf(lineFeed, at)
      const end = found < 0 ? chunk.length : found
      if (open === undefined) {
        const sign = chunk[at] ?? 0
        if (hunk !== undefined && (sign === plus || sign === minus)) {
          const counted = count(sign)
          if (counted === undefined) open = 'passed'
          else if (found >= 0) visitor.line(counted, keyOf(hash('sha256', chunk.subarray(at + 1, end), 'hex')))
          else {
            number = counted
            open = createHash('sha256')
            at += 1
          }
        } else if (sign === backslash) open = 'passed'
        else {
          // A hunk that ends before it said so must not swallow the next file.
          hunk = undefined
          open = 'header'
        }
      }
      if (open === 'header') {
        if (bytes <= headerBytes) held.push(Buffer.from(chunk.subarray(at, end)))
        bytes += end - at
      } else if (typeof open === 'object') open.update(chunk.subarray(at, end))
      at = end + 1
      if (found < 0) return
      const ended = open
      open = undefined
      if (typeof ended === 'object') visitor.line(number, keyOf(ended.digest('hex')))
      if (ended !== 'header') continue
      const line = bytes <= headerBytes ? Buffer.concat(held).toString('latin1') : undefined
      held = []
      bytes = 0
      // A name that is not read must not leave its lines to the file before.
      if (line === undefined) isNamed = false
      else if (/^[0-9a-f]{40,64}$/.test(line)) yield pairs++
      else header(line)
    }
  }
}

/** 52 bits: whoever goes to the trouble of finding another line with the same key could write the line itself. */
function keyOf(digest: string): number {
  return parseInt(digest.slice(0, 13), 16)
}
