/**
 * Where lines of a file stand after a change of it, by the hunks of a diff without context alone. Lines come as columns, ascending by
 * their numbers from 1 on, so that a line costs three numbers. Everything here is linear in lines and hunks.
 */

/** One place where a file was changed; in a file without context nothing between two of them was. */
export interface Hunk {
  /** The first line that is gone, or before which lines were put in. */
  readonly oldFirst: number
  readonly oldLines: number
  /** The first line that is new, or before which lines were taken away. */
  readonly newFirst: number
  readonly newLines: number
}

/** Lines that somebody owns, and what tells their bytes apart ({@link keptIn}). */
export interface OwnedLines {
  readonly lines: number[]
  readonly owners: number[]
  readonly keys: number[]
}

export function noOwnedLines(): OwnedLines {
  return { lines: [], owners: [], keys: [] }
}

/** As git writes it: a side without lines names the line before. Numbers as they stand there. */
export function hunkFrom(oldAt: number, oldLines: number, newAt: number, newLines: number): Hunk {
  return {
    oldFirst: oldLines === 0 ? oldAt + 1 : oldAt,
    oldLines,
    newFirst: newLines === 0 ? newAt + 1 : newAt,
    newLines,
  }
}

/** Lines of the old file → where they stand in the new one. What a hunk took away, or wrote anew, is nobody's any more. */
export function movedLines({ lines, owners, keys }: OwnedLines, hunks: readonly Hunk[]): OwnedLines {
  const moved = noOwnedLines()
  let at = 0
  let shift = 0
  for (const [index, line] of lines.entries()) {
    for (let hunk = hunks[at]; hunk !== undefined && hunk.oldFirst + hunk.oldLines <= line; hunk = hunks[at]) {
      shift = hunk.newFirst + hunk.newLines - (hunk.oldFirst + hunk.oldLines)
      at += 1
    }
    const next = hunks[at]
    if (next !== undefined && next.oldFirst <= line) continue
    push(moved, line + shift, owners[index] ?? 0, keys[index] ?? 0)
  }
  return moved
}

/** Both, in order; of two that are one line the first stands. */
export function joinedLines(first: OwnedLines, second: OwnedLines): OwnedLines {
  const joined = noOwnedLines()
  let at = 0
  const pushSecond = (before: number): void => {
    for (; (second.lines[at] ?? Infinity) < before; at += 1) {
      push(joined, second.lines[at] ?? 0, second.owners[at] ?? 0, second.keys[at] ?? 0)
    }
  }
  for (const [index, line] of first.lines.entries()) {
    pushSecond(line)
    if (second.lines[at] === line) at += 1
    push(joined, line, first.owners[index] ?? 0, first.keys[index] ?? 0)
  }
  pushSecond(Infinity)
  return joined
}

/** Those of the owned lines that are also in the others, with the same bytes. */
export function keptIn(owned: OwnedLines, lines: readonly number[], keys: readonly number[]): OwnedLines {
  const kept = noOwnedLines()
  let at = 0
  for (const [index, line] of owned.lines.entries()) {
    while ((lines[at] ?? Infinity) < line) at += 1
    if (lines[at] !== line || keys[at] !== owned.keys[index]) continue
    push(kept, line, owned.owners[index] ?? 0, owned.keys[index] ?? 0)
  }
  return kept
}

export function push({ lines, owners, keys }: OwnedLines, line: number, owner: number, key: number): void {
  lines.push(line)
  owners.push(owner)
  keys.push(key)
}
