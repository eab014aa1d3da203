/**
 * Line numbers as ranges. A list of ranges is flat, `[first, last, first, last, …]`, both ends included and from 1 on, so
 * that a range of a billion lines costs two numbers. Nothing here counts line by line.
 */

/** Lines that one owner says are theirs; the lists may be unordered and overlap. */
export interface LineShare {
  readonly owner: number
  readonly ranges: readonly number[]
}

/** How many lines each owner gets, and how many lines of the shares are not among the allowed ones. */
export interface Allotment {
  readonly counts: ReadonlyMap<number, number>
  readonly outside: number
}

/**
 * Gives each line to one owner: among the shares that hold it, the first. Only lines within `allowed` are given; of the
 * others it is said how many there are. Costs n log n in the number of ranges.
 */
export function allotLines(shares: readonly LineShare[], allowed: readonly number[]): Allotment {
  const edges = edgesOf([allowed, ...shares.map((share) => share.ranges)])
  const isAllowed = new Uint8Array(edges.length)
  paint(edges, allowed, newCursor(edges.length), (piece) => (isAllowed[piece] = 1))
  const counts = new Map<number, number>()
  let outside = 0
  const cursor = newCursor(edges.length)
  for (const { owner, ranges } of shares) {
    paint(edges, ranges, cursor, (piece) => {
      const lines = (edges[piece + 1] ?? 0) - (edges[piece] ?? 0)
      if (isAllowed[piece] === 1) counts.set(owner, (counts.get(owner) ?? 0) + lines)
      else outside += lines
    })
  }
  return { counts, outside }
}

/** Lines `first` to `last` are the owner's. */
export interface OwnedRange {
  readonly first: number
  readonly last: number
  readonly owner: number
}

/** The shares without overlaps, ascending: of those that hold a line, the first has it. Costs n log n. */
export function ownedRanges(shares: readonly LineShare[]): OwnedRange[] {
  const edges = edgesOf(shares.map((share) => share.ranges))
  const found: OwnedRange[] = []
  const cursor = newCursor(edges.length)
  for (const { owner, ranges } of shares) {
    paint(edges, ranges, cursor, (piece) => {
      found.push({ first: edges[piece] ?? 0, last: (edges[piece + 1] ?? 0) - 1, owner })
    })
  }
  return found.sort((a, b) => a.first - b.first)
}

/** Every place where some range starts or has just ended, ascending: between two of them nothing changes. */
function edgesOf(lists: readonly (readonly number[])[]): Float64Array {
  const edges = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0))
  let at = 0
  for (const list of lists) {
    for (let index = 0; index < list.length; index += 1) edges[at++] = (list[index] ?? 0) + (index % 2)
  }
  edges.sort()
  let kept = 0
  for (const edge of edges) if (kept === 0 || edges[kept - 1] !== edge) edges[kept++] = edge
  return edges.subarray(0, kept)
}

/** For each piece the next one, itself included, that is not painted yet. */
function newCursor(pieces: number): Int32Array {
  const cursor = new Int32Array(pieces + 1)
  for (let piece = 0; piece <= pieces; piece += 1) cursor[piece] = piece
  return cursor
}

/** Calls `visit` for each piece of the ranges that the cursor has not passed yet, once for ever. */
function paint(
  edges: Float64Array,
  ranges: readonly number[],
  cursor: Int32Array,
  visit: (piece: number) => void,
): void {
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    const last = ranges[at + 1] ?? 0
    let piece = unpainted(cursor, indexOf(edges, ranges[at] ?? 0))
    while (piece < edges.length && (edges[piece] ?? Infinity) <= last) {
      visit(piece)
      cursor[piece] = piece + 1
      piece = unpainted(cursor, piece + 1)
    }
  }
}

function unpainted(cursor: Int32Array, start: number): number {
  let end = start
  while ((cursor[end] ?? end) !== end) end = cursor[end] ?? end
  // Later searches skip what this one had to walk over.
  for (let at = start; at !== end;) {
    const next = cursor[at] ?? end
    cursor[at] = end
    at = next
  }
  return end
}

function indexOf(edges: Float64Array, edge: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edges[middle] ?? Infinity) < edge) low = middle + 1
    else high = middle
  }
  return low
}
