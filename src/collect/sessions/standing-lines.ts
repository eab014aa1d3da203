/** What of the lines that a record claims stands in the change for which it counts. */
import { allotLines } from './line-ranges.ts'
import type { LineShare } from './line-ranges.ts'

/** Path, its bytes as Latin-1 → who is said to have written lines of it; of two that hold one line the first stands. */
export type SharedFiles = ReadonlyMap<string, readonly LineShare[]>

/** The lines that a change added: path (its bytes as Latin-1) → flat ranges `[first, last, …]`. */
export type AddedFiles = ReadonlyMap<string, readonly number[]>

export interface StandingLines {
  /** Path → owner → lines. A file without any is not here. */
  readonly files: ReadonlyMap<string, ReadonlyMap<number, number>>
  /** Claimed lines that the commit of the record did not add. */
  readonly outside: { readonly lines: number; readonly files: number }
  /** The record is of another commit, and lines that are not here may stand somewhere in the change all the same. */
  readonly isCarried: boolean
}

/** Of the record of the change itself. */
export function standingIn(claimed: SharedFiles, added: AddedFiles): StandingLines {
  const files = new Map<string, ReadonlyMap<number, number>>()
  const outsideOf = { lines: 0, files: 0 }
  for (const [path, shares] of claimed) {
    const { counts, outside } = allotLines(shares, added.get(path) ?? [])
    if (counts.size > 0) files.set(path, counts)
    outsideOf.lines += outside
    outsideOf.files += outside > 0 ? 1 : 0
  }
  return { files, outside: outsideOf, isCarried: false }
}

/** Owner → lines, over all files. */
export function linesByOwner({ files }: StandingLines): ReadonlyMap<number, number> {
  const linesOf = new Map<number, number>()
  for (const counts of files.values()) {
    for (const [owner, lines] of counts) linesOf.set(owner, (linesOf.get(owner) ?? 0) + lines)
  }
  return linesOf
}
