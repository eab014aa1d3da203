import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMerkleTree, leafHash } from '../../src/embedded/merkle.ts'
import { runs } from '../world/runs.ts'
import { hashLeaf, treeHash, verifiesInclusion } from './rfc6962.ts'

const leavesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, at) => hashLeaf(Buffer.from(`entry ${at}`)))

describe('the Merkle tree', () => {
  it('hashes a leaf as RFC 6962 does', () => {
    expect(leafHash(Buffer.from('x'))).toEqual(hashLeaf(Buffer.from('x')))
  })

  it('has the root and verifiable proofs of RFC 6962 at every size up to 80', () => {
    const leaves = leavesOf(80)
    const tree = createMerkleTree()
    expect(tree.root()).toEqual(treeHash([]))
    for (const [at, leaf] of leaves.entries()) {
      expect(tree.add(leaf)).toBe(at)
      const size = at + 1
      const root = treeHash(leaves.slice(0, size))
      expect(tree.root()).toEqual(root)
      for (let index = 0; index < size; index += 1) {
        const proof = { leaf: leaves[index]!, index, size, path: tree.inclusionPath(index), root }
        expect(verifiesInclusion(proof), `leaf ${index} of ${size}`).toBe(true)
      }
    }
  })

  it('still knows every earlier root and proof after it has grown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat(), (count, a, b) => {
        const leaves = leavesOf(count)
        const tree = createMerkleTree()
        for (const leaf of leaves) tree.add(leaf)
        const size = (a % count) + 1
        const index = b % size
        const root = tree.root(size)
        expect(root).toEqual(treeHash(leaves.slice(0, size)))
        const path = tree.inclusionPath(index, size)
        expect(verifiesInclusion({ leaf: leaves[index]!, index, size, path, root })).toBe(true)
      }),
      { numRuns: runs(60) },
    )
  })

  it('gives no proof that holds for another leaf or another place', () => {
    const leaves = leavesOf(21)
    const tree = createMerkleTree()
    for (const leaf of leaves) tree.add(leaf)
    const path = tree.inclusionPath(7)
    const root = tree.root()
    const proof = { leaf: leaves[7]!, index: 7, size: 21, path, root }
    expect(verifiesInclusion(proof)).toBe(true)
    expect(verifiesInclusion({ ...proof, leaf: leaves[8]! })).toBe(false)
    expect(verifiesInclusion({ ...proof, index: 8 })).toBe(false)
  })

  it('refuses to speak about leaves that it does not have', () => {
    const tree = createMerkleTree()
    tree.add(hashLeaf(Buffer.from('x')))
    expect(() => tree.root(2)).toThrow(expect.objectContaining({ code: 'internal' }))
    expect(() => tree.inclusionPath(1)).toThrow(expect.objectContaining({ code: 'internal' }))
  })
})
