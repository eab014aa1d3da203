/**
 * The lines that a commit added, from `git diff-tree`: against its parent, for the first commit all lines, and for a merge
 * those that stand in none of its parents (a combined diff), since the others came with the commits that were merged.
 */
import { patchPath } from '../../model/patch-path.ts'
import { diffArgs, headerBytes, hunkOf, isDone } from './patch-headers.ts'
import type { Hunk } from './patch-headers.ts'
import { streamGit } from './process.ts'
import type { Repository } from './repository.ts'

/** Lines `first` to `last` of `path` were added. A path is its bytes as Latin-1, because git knows no encoding for it. */
export type AddedLines = (path: string, first: number, last: number) => void

/**
 * With context git moves a hunk that could stand in two places, so there is none, as in `git blame` and git-ai; of a merge git
 * 2.39 prints wrong line numbers without any.
 */
const argsOf = {
  single: ['--unified=0'],
  merge: ['-c', '--unified=1'],
} as const

/** Commits with at most one parent, or merges. */
export type CommitKind = keyof typeof argsOf

/** How git is asked for the lines of commits of one kind, one id a line. */
export function argsFor(kind: CommitKind): readonly string[] {
  return [...diffArgs, ...argsOf[kind]]
}

/**
 * Yields each of the commits in turn; until the next one is yielded, or none is left, `visit` is called for the lines that
 * it added. One git for all of them. Errors: `git-failed`, also where contents are missing (a partial clone).
 */
export async function* readAddedLines(
  repository: Repository,
  kind: CommitKind,
  commits: readonly string[],
  visit: AddedLines,
): AsyncGenerator<string, void, undefined> {
  if (commits.length === 0) return
  const scan = patchScanner(visit)
  for await (const chunk of streamGit(repository.git, argsFor(kind), `${commits.join('\n')}\n`)) yield* scan(chunk)
}

const lineFeed = 0x0a
const plus = 0x2b
const minus = 0x2d
const space = 0x20
const backslash = 0x5c
const signs = new Set([plus, minus, space, backslash])

/**
 * Reads the output of diff-tree in chunks of any size; yields as {@link readAddedLines} does. Contents are only counted,
 * never kept, and cannot be taken for a header because a hunk says how many lines it has.
 */
export function patchScanner(visit: AddedLines): (chunk: Buffer) => Generator<string, void, undefined> {
  let path: string | undefined
  let hunk: Hunk | undefined
  let columns: number[] = [] // signs of the current line of the hunk that were read so far
  let inRest = false // behind the signs of a line of the hunk, or in a header line that is too long
  let held: Buffer[] = []
  let heldBytes = 0

  function header(line: string): void {
    if (line.startsWith('diff --')) path = undefined
    else if (line.startsWith('+++ ')) path = patchPath(line.slice(4))
    else if (line.startsWith('@@')) hunk = hunkOf(line)
    if (hunk !== undefined && isDone(hunk)) hunk = undefined
  }

  /** A line of the hunk, of which only its signs matter: one for each parent. */
  function content(open: Hunk): void {
    const isRemoved = columns.includes(minus)
    const parentHas = isRemoved ? minus : space
    for (let parent = 0; parent < columns.length; parent += 1) {
      if (columns[parent] === parentHas) open.oldLines[parent] = (open.oldLines[parent] ?? 0) - 1
    }
    if (!isRemoved) {
      const isOwn = columns.every((sign) => sign === plus)
      if (isOwn) open.run += 1
      open.line += 1
      open.newLines -= 1
      if (!isOwn) endRun(open, open.line - 1)
    }
    if (!isDone(open)) return
    endRun(open, open.line)
    hunk = undefined
  }

  function endRun(open: Hunk, next: number): void {
    if (open.run > 0 && path !== undefined) visit(path, next - open.run, next - 1)
    open.run = 0
  }

  /**
   * Passes over the lines of a hunk with one parent that lie in the chunk whole, sign by sign as {@link content} does: most bytes of a history are
   * here, and a call for each line would cost more than its bytes. Gives where it stopped.
   */
  function passLines(chunk: Buffer, start: number, open: Hunk): number {
    let oldLines = open.oldLines[0] ?? 0
    let { newLines, line, run } = open
    let at = start
    while (at < chunk.length && (oldLines > 0 || newLines > 0)) {
      const sign = chunk[at]
      // The other signs are for the slow way, which knows what ends a hunk.
      if (sign !== plus && sign !== minus) break
      let end = at + 1
      while (end < chunk.length && chunk[end] !== lineFeed) end += 1
      if (end === chunk.length) break
      at = end + 1
      if (sign === minus) oldLines -= 1
      else {
        newLines -= 1
        line += 1
        run += 1
      }
    }
    open.oldLines[0] = oldLines
    open.newLines = newLines
    open.line = line
    open.run = run
    if (isDone(open)) {
      endRun(open, open.line)
      hunk = undefined
    }
    return at
  }

  return function* scan(chunk) {
    let at = 0
    while (at < chunk.length) {
      if (hunk !== undefined && !inRest && columns.length === 0 && hunk.oldLines.length === 1) {
        at = passLines(chunk, at, hunk)
        if (at === chunk.length) break
      }
      if (hunk !== undefined && !inRest) {
        const sign = chunk[at] ?? 0
        // A hunk that ends before it said so must not swallow the next file.
        if (columns.length === 0 && !signs.has(sign)) {
          hunk = undefined
          continue
        }
        // "\ No newline at end of file" is not a line of either side.
        const isRemark = columns.length === 0 && sign === backslash
        if (!isRemark) {
          columns.push(sign)
          at += 1
          if (columns.length < hunk.oldLines.length) continue
          content(hunk)
        }
        columns = []
        inRest = true
        continue
      }
      const end = chunk.indexOf(lineFeed, at)
      const stop = end < 0 ? chunk.length : end
      const isAtOnce = held.length === 0 && end >= 0 && stop - at <= headerBytes
      if (!inRest && isAtOnce) {
        const line = chunk.toString('latin1', at, stop)
        at = stop + 1
        if (/^[0-9a-f]{40,64}$/.test(line)) yield line
        else header(line)
        continue
      }
      if (!inRest) {
        held.push(chunk.subarray(at, stop))
        heldBytes += stop - at
        if (heldBytes > headerBytes) {
          inRest = true
          held = []
          path = undefined
        }
      }
      at = stop + 1
      if (end < 0) break
      const line = inRest ? undefined : Buffer.concat(held).toString('latin1')
      inRest = false
      held = []
      heldBytes = 0
      if (line === undefined) continue
      if (/^[0-9a-f]{40,64}$/.test(line)) yield line
      else header(line)
    }
  }
}
