/**
 * What a commit changed, as keys of lines (`model/line-key.ts`): of those that it added, file by file, and of those that it took away.
 * The same diff as in `added-lines.ts`; the texts themselves are not kept.
 */
import { limits } from '../../model/limits.ts'
import { lineKey, lineUnits } from '../../model/line-key.ts'
import { patchPath } from '../../model/patch-path.ts'
import { diffArgs, headerBytes, hunkOf, isDone } from './patch-headers.ts'
import type { Hunk } from './patch-headers.ts'
import { streamGit } from './process.ts'
import type { Repository } from './repository.ts'

/** Of one commit only the lines that count, by their keys, as often as they stand there. */
export interface ChangedText {
  readonly commit: string
  /** By path, its bytes as Latin-1; a file without such a line is not here. */
  readonly added: ReadonlyMap<string, readonly number[]>
  /** Of all files, those that are gone among them. */
  readonly removed: readonly number[]
  /** There are more lines, or paths, than are kept: what is here is the beginning. */
  readonly isCut: boolean
}

export interface ChangedTextOptions {
  /** Which files are looked at; default: all. */
  readonly isWanted?: (path: string) => boolean
  /** Default: `limits.changedLines`. */
  readonly mostLines?: number
}

/**
 * Yields each of the commits in turn, whole. `changes` are full ids with the number of parents; merges are left out, for what they add
 * themselves is little, and no transcript tells it. One git for all. Errors: `git-failed`, also where contents are missing (a partial
 * clone).
 */
export async function* readChangedText(
  repository: Repository,
  changes: ReadonlyMap<string, number>,
  options: ChangedTextOptions = {},
): AsyncGenerator<ChangedText, void, undefined> {
  const commits = [...changes].flatMap(([commit, parents]) => (parents > 1 ? [] : [commit]))
  if (commits.length === 0) return
  const scanner = textScanner(options)
  const args = [...diffArgs, '--unified=0']
  for await (const chunk of streamGit(repository.git, args, `${commits.join('\n')}\n`)) yield* scanner.scan(chunk)
  yield* scanner.end()
}

export interface TextScanner {
  scan(chunk: Buffer): Generator<ChangedText, void, undefined>
  end(): Generator<ChangedText, void, undefined>
}

const lineFeed = 0x0a
const plus = 0x2b
const minus = 0x2d
const backslash = 0x5c

/** As many as hold the units of a line that its key is made of, each at most three bytes, with the sign and half a character. */
const lineBytes = 3 * lineUnits + 4
/** Of one line no more is held, whatever it is. */
const heldBytes = Math.max(headerBytes, lineBytes)
/** A path costs as many lines as it has room for: there may be as many files as lines. */
const pathPerLine = 8

/**
 * Reads the output of diff-tree, of commits with at most one parent, in chunks of any size. Contents cannot be taken for a header because
 * a hunk says how many lines it has.
 */
export function textScanner({ isWanted, mostLines = limits.changedLines }: ChangedTextOptions = {}): TextScanner {
  let open: Draft | undefined
  let path: string | undefined
  let isOut = false // in a file that is not looked at
  let keys: number[] | undefined // of the file that `path` names
  let hunk: Hunk | undefined
  let held: Buffer[] = []
  let bytes = 0

  function header(line: string, isWhole: boolean): void {
    if (line.startsWith('diff --')) path = undefined
    else if (line.startsWith('--- ')) name(isWhole ? patchPath(line.slice(4), 'a/') : undefined)
    else if (line.startsWith('+++ ')) name(isWhole ? patchPath(line.slice(4)) : undefined)
    else if (line.startsWith('@@')) hunk = hunkOf(line)
    if (hunk !== undefined && isDone(hunk)) hunk = undefined
  }

  /** Of a file that is new or gone one of both sides has no path. */
  function name(said: string | undefined): void {
    if (said === undefined) return
    path = said
    isOut = isWanted?.(said) === false
    keys = undefined
  }

  /** A line of the hunk with its sign. Nothing is decoded that cannot count. */
  function content(sign: number, line: Buffer, from: number, to: number): void {
    if (open === undefined || path === undefined || isOut || to - from < 10) return
    const key = lineKey(line.toString('utf8', from, Math.min(to, from + lineBytes)))
    if (key === undefined) return
    if (sign === plus && keys === undefined) keys = fileOf(open, path)
    const list = sign === plus ? keys : open.removed
    if (list === undefined || open.left <= 0) {
      open.isCut = true
      return
    }
    open.left -= 1
    list.push(key)
  }

  function fileOf(draft: Draft, file: string): number[] | undefined {
    const known = draft.added.get(file)
    if (known !== undefined) return known
    draft.left -= Math.floor(file.length / pathPerLine)
    if (draft.left <= 0) return undefined
    const made: number[] = []
    draft.added.set(file, made)
    return made
  }

  function* line(buffer: Buffer, from: number, to: number, isWhole: boolean): Generator<ChangedText, void, undefined> {
    const sign = buffer[from] ?? 0
    if (hunk !== undefined && (sign === plus || sign === minus)) {
      if (sign === plus) hunk.newLines -= 1
      else hunk.oldLines[0] = (hunk.oldLines[0] ?? 0) - 1
      content(sign, buffer, from + 1, to)
      if (isDone(hunk)) hunk = undefined
      return
    }
    // "\ No newline at end of file" is not a line of either side, and may stand behind the last.
    if (sign === backslash) return
    // A hunk that ends before it said so must not swallow the next file.
    hunk = undefined
    const text = buffer.toString('latin1', from, Math.min(to, from + headerBytes))
    if (!/^[0-9a-f]{40,64}$/.test(text)) {
      header(text, isWhole && to - from <= headerBytes)
      return
    }
    yield* end()
    open = { commit: text, added: new Map(), removed: [], isCut: false, left: mostLines }
    path = undefined
  }

  function* end(): Generator<ChangedText, void, undefined> {
    const last = open
    open = undefined
    if (last === undefined) return
    const { commit, added, removed, isCut } = last
    yield { commit, added, removed, isCut }
  }

  function hold(part: Buffer): void {
    // A copy: the chunk itself is large, and the stream goes on.
    if (bytes < heldBytes) held.push(Buffer.from(part.subarray(0, heldBytes - bytes)))
    bytes += part.length
  }

  return {
    *scan(chunk) {
      for (let at = 0; at < chunk.length;) {
        const found = chunk.indexOf(lineFeed, at)
        const to = found < 0 ? chunk.length : found
        if (bytes > 0 || found < 0) hold(chunk.subarray(at, to))
        if (found < 0) return
        if (bytes > 0) {
          const whole = Buffer.concat(held)
          const isWhole = bytes === whole.length
          held = []
          bytes = 0
          yield* line(whole, 0, whole.length, isWhole)
        } else yield* line(chunk, at, to, true)
        at = found + 1
      }
    },
    end,
  }
}

interface Draft {
  readonly commit: string
  readonly added: Map<string, number[]>
  readonly removed: number[]
  isCut: boolean
  /** Lines for which there is room. */
  left: number
}
