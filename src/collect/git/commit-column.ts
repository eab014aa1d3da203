/**
 * Commit ids as a column: in one buffer that the garbage collector does not look into, because a history has very many. Other
 * columns stand beside it, a row each.
 */
import type { Repository } from './repository.ts'

export interface CommitColumn {
  readonly length: number
  /** Adds a row for a commit, by its full id. */
  push(commit: string): void
  /** The full id in a row. */
  at(row: number): string
  /** The rows that are kept, those of one commit together, and the commits in the order of their ids. */
  groups(isKept: (row: number) => boolean): Generator<CommitRows>
}

export interface CommitRows {
  readonly commit: string
  readonly rows: readonly number[]
}

interface Sorted {
  readonly order: Uint32Array
  /** The first four bytes of the id at a place of the order. */
  readonly prefixAt: (place: number) => number
}

const initialRows = 1_024

/** Behind four bytes a number has room for these; of more, as of a flood of records, each two are compared. */
const mostNumberedRows = 2 ** 21

export function newCommitColumn(objectFormat: Repository['objectFormat'], mostRows = mostNumberedRows): CommitColumn {
  const idBytes = objectFormat === 'sha1' ? 20 : 32
  let ids = Buffer.alloc(initialRows * idBytes)
  let length = 0

  function compareIds(a: number, b: number): number {
    return ids.compare(ids, b * idBytes, (b + 1) * idBytes, a * idBytes, (a + 1) * idBytes)
  }

  const byId = (a: number, b: number): number => compareIds(a, b) || a - b

  /**
   * The first four bytes of an id and its row as one number, which is sorted without a call for each comparison; where these bytes are the
   * same in several rows, their ids decide.
   */
  function sorted(isKept: (row: number) => boolean): Sorted {
    if (length > mostRows) return sortedById(isKept)
    const numbers = new Float64Array(length)
    let kept = 0
    for (let row = 0; row < length; row += 1) {
      if (isKept(row)) numbers[kept++] = ids.readUInt32BE(row * idBytes) * mostRows + row
    }
    const inOrder = numbers.subarray(0, kept).sort()
    const order = Uint32Array.from(inOrder, (it) => it % mostRows)
    const prefixAt = (place: number): number => Math.floor((inOrder[place] ?? 0) / mostRows)
    for (let at = 0; at < kept;) {
      const start = at
      const prefix = prefixAt(start)
      for (; at < kept && prefixAt(at) === prefix;) at += 1
      if (at - start > 1) order.subarray(start, at).sort(byId)
    }
    return { order, prefixAt }
  }

  function sortedById(isKept: (row: number) => boolean): Sorted {
    const all = new Uint32Array(length)
    let kept = 0
    for (let row = 0; row < length; row += 1) if (isKept(row)) all[kept++] = row
    const order = all.subarray(0, kept).sort(byId)
    return { order, prefixAt: (place) => ids.readUInt32BE((order[place] ?? 0) * idBytes) }
  }

  return {
    get length() {
      return length
    },
    push(commit) {
      if (length * idBytes === ids.length) ids = Buffer.concat([ids, Buffer.alloc(ids.length)])
      ids.write(commit, length * idBytes, idBytes, 'hex')
      length += 1
    },
    at: (row) => ids.toString('hex', row * idBytes, (row + 1) * idBytes),
    *groups(isKept) {
      const { order, prefixAt } = sorted(isKept)
      // Most commits have one row, which the first bytes alone tell from the next.
      const isSame = (at: number, start: number): boolean =>
        prefixAt(at) === prefixAt(start) && compareIds(order[at] ?? 0, order[start] ?? 0) === 0
      for (let at = 0; at < order.length;) {
        const start = at
        const first = order[start] ?? 0
        const rows: number[] = []
        for (; at < order.length && (at === start || isSame(at, start)); at += 1) rows.push(order[at] ?? 0)
        yield { commit: ids.toString('hex', first * idBytes, (first + 1) * idBytes), rows }
      }
    },
  }
}

/** The same column with room for as many rows again. */
export function doubled<T extends Uint8Array | Uint32Array | Float64Array>(column: T): T {
  const larger = new (column.constructor as new (length: number) => T)(column.length * 2)
  larger.set(column)
  return larger
}
