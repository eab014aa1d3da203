/** RFC 6962 and RFC 9162 by the letter, with nothing of the code under test. */
import { createHash } from 'node:crypto'

const sha256 = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()

export const hashLeaf = (entry: Uint8Array): Buffer => sha256(Buffer.from([0]), entry)

const hashChildren = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.from([1]), left, right)

/** MTH (RFC 6962 §2.1) of leaf hashes. */
export function treeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (only === undefined) return sha256()
  if (leaves.length === 1) return only
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  return hashChildren(treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)))
}

interface Inclusion {
  readonly leaf: Buffer
  readonly index: number
  readonly size: number
  readonly path: readonly Buffer[]
  readonly root: Buffer
}

/** RFC 9162 §2.1.3.2: the loop over the bits of index and size. */
export function verifiesInclusion({ leaf, index, size, path, root }: Inclusion): boolean {
  if (index >= size) return false
  let [fn, sn, hash] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      hash = hashChildren(sibling, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1]
    } else {
      hash = hashChildren(hash, sibling)
    }
    ;[fn, sn] = [fn >> 1, sn >> 1]
  }
  return sn === 0 && hash.equals(root)
}
