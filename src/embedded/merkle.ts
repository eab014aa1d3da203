/**
 * The Merkle tree of a log (RFC 6962 §2.1), grown leaf by leaf. Hashes of complete subtrees are kept, so adding a leaf,
 * the root and a proof cost O(log n) hashes.
 */
import { createHash } from 'node:crypto'
import { CountersignError } from '../errors.ts'

export interface MerkleTree {
  readonly size: number
  /** Appends a leaf (see `leafHash`) and gives its index. */
  add(leaf: Buffer): number
  /** MTH of the first `size` leaves; the whole tree by default. */
  root(size?: number): Buffer
  /** PATH(index, D[size]), from the leaf up. */
  inclusionPath(index: number, size?: number): Buffer[]
}

const leafPrefix = Buffer.from([0])
const nodePrefix = Buffer.from([1])

/** Hash of a log entry as a leaf: the prefix keeps leaves and inner nodes apart. */
export function leafHash(entry: Uint8Array): Buffer {
  return createHash('sha256').update(leafPrefix).update(entry).digest()
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(nodePrefix).update(left).update(right).digest()
}

/** The largest power of two below `size` (> 1): where RFC 6962 splits. */
function split(size: number): number {
  let half = 1
  while (half * 2 < size) half *= 2
  return half
}

/** An empty tree. */
export function createMerkleTree(): MerkleTree {
  // levels[k][i] is the hash of the complete subtree over leaves i·2^k … (i+1)·2^k − 1
  const levels: Buffer[][] = [[]]

  const complete = (level: number, at: number): Buffer => {
    const hash = levels[level]?.[at]
    if (hash === undefined) throw new CountersignError('internal', 'the tree has no such node')
    return hash
  }

  const size = (): number => levels[0]?.length ?? 0

  /** Hash over leaves [start, end); start is a multiple of the largest power of two in it, as splitting keeps it. */
  const over = (start: number, end: number): Buffer => {
    const width = end - start
    const level = Math.log2(width)
    if (Number.isInteger(level)) return complete(level, start / width)
    const middle = start + split(width)
    return nodeHash(over(start, middle), over(middle, end))
  }

  const path = (index: number, start: number, end: number): Buffer[] => {
    if (end - start === 1) return []
    const middle = start + split(end - start)
    return index < middle
      ? [...path(index, start, middle), over(middle, end)]
      : [...path(index, middle, end), over(start, middle)]
  }

  return {
    get size(): number {
      return size()
    },
    add(leaf: Buffer): number {
      const index = size()
      let at = index
      let hash = leaf
      for (let level = 0; ; level += 1) {
        const row = (levels[level] ??= [])
        row.push(hash)
        if (at % 2 === 0) return index
        hash = nodeHash(complete(level, at - 1), hash)
        at = (at - 1) / 2
      }
    },
    root(of = size()): Buffer {
      requireSize(of, size())
      return of === 0 ? createHash('sha256').digest() : over(0, of)
    },
    inclusionPath(index: number, of = size()): Buffer[] {
      requireSize(of, size())
      if (index < 0 || index >= of) throw new CountersignError('internal', 'the tree has no such leaf')
      return path(index, 0, of)
    },
  }
}

function requireSize(asked: number, size: number): void {
  if (!Number.isInteger(asked) || asked < 0 || asked > size) {
    throw new CountersignError('internal', `the tree has ${size} leaves`)
  }
}
