/** Zips whose sizes stand in 64 bits: read as others are, and no lie in them hides what one program unpacks and another does not. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareArchives, readSide } from '../../../src/collect/archives/compare-archives.ts'
import type { ComparedMembers } from '../../../src/collect/archives/compare-archives.ts'
import { zipOf } from '../../world/archives.ts'
import { zip64Of } from '../../world/zip64.ts'
import type { Lies } from '../../world/zip64.ts'

const bounds = { unpackedBytes: 1024 * 1024, archiveMembers: 1_000, keptArchiveBytes: 64 * 1024 }

function compare(a: Buffer, b: Buffer): ComparedMembers {
  return compareArchives(readSide(a, bounds), readSide(b, bounds))
}

const two = [
  { name: 'bin/app', content: 'program '.repeat(50) },
  { name: 'README', content: 'words' },
]
const whole = zip64Of(two)

/** Of Python 3.12's zipfile with `force_zip64`: the header before the member alone has 64 bits. */
const ofPython = Buffer.from(
  '504b03042d00000000000000210086a61036ffffffffffffffff0100140061010010000500000000000000050000000000000068656c6c6f504b01022d032d0000000000' +
    '0000210086a61036050000000500000001000000000000000000000080010000000061504b050600000000010001002f000000380000000000',
  'hex',
)

describe('a zip in 64 bits', () => {
  it('has the members of one in 32', () => {
    expect(compare(whole, zipOf(two))).toMatchObject({ members: 'equal', notCompared: [] })
    const plain = zipOf([{ name: 'a', content: 'hello', method: 0 }])
    expect(compare(ofPython, plain)).toMatchObject({ members: 'equal', notCompared: [] })
  })

  it('differs in what it differs', () => {
    const [first] = two
    expect(compare(whole, zip64Of([first!, { name: 'README', content: 'other' }]))).toMatchObject({
      members: 'differ',
      differences: [{ kind: 'content', name: 'README' }],
    })
  })

  it.each<[string, Lies, string]>([
    ['other sizes before the member than in the directory', { localSize: 5n }, 'archive-malformed'],
    ['another packed size there', { localPackedSize: 3n }, 'archive-malformed'],
    ['another size in the directory', { size: 5n }, 'archive-malformed'],
    ['another packed size in the directory', { packedSize: 3n }, 'archive-malformed'],
    ['another place', { offset: 7n }, 'archive-malformed'],
    ['more members', { count: 3n }, 'archive-malformed'],
    ['fewer on this disk', { countHere: 1n }, 'archive-malformed'],
    ['a larger directory', { directorySize: 1_000n }, 'archive-malformed'],
    ['an earlier directory', { directoryStart: 0n }, 'archive-malformed'],
    ['an end elsewhere', { endAt: 0n }, 'archive-malformed'],
    ['a larger end', { endSize: 60n }, 'archive-malformed'],
    ['bytes behind the end', { moreEnd: Buffer.alloc(12) }, 'archive-malformed'],
    ['bytes behind the sizes', { more: Buffer.alloc(8) }, 'archive-malformed'],
    ['sizes twice', { again: Buffer.alloc(16) }, 'archive-malformed'],
    ['another disk', { disk: 1 }, 'member-unsupported'],
  ])('is not compared where it says %s', (_, lies, code) => {
    for (const [one, other] of [
      [whole, zip64Of(two, lies)],
      [zip64Of(two, lies), whole],
    ] as const) {
      expect(compare(one, other)).toMatchObject({ members: 'not-compared', notCompared: [{ code }] })
    }
  })

  it('with hostile sizes is never equal, never large, and never a crash', () => {
    const edges = [0n, 1n, 0xffffn, 0xffffffffn, 0x100000000n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]
    const number = fc.oneof(
      fc.constantFrom(...edges),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: 0n, max: BigInt(whole.length) }),
    )
    const names = [
      ...(['size', 'packedSize', 'offset', 'localSize', 'localPackedSize'] as const),
      ...(['count', 'countHere', 'directorySize', 'directoryStart', 'endSize', 'endAt'] as const),
    ]
    const lies = fc.dictionary(fc.constantFrom(...names), number, { minKeys: 1, maxKeys: 4 })
    fc.assert(
      fc.property(lies, (told) => {
        const lying = zip64Of(two, told)
        if (lying.equals(whole)) return
        const { members, notCompared } = compare(whole, lying)
        expect(members).toBe('not-compared')
        expect(notCompared).toHaveLength(1)
      }),
      { numRuns: 500 },
    )
  })

  it('that was broken in any byte or cut off never crashes, and is never equal in silence', () => {
    const broken = fc.record({
      at: fc.nat(whole.length - 1),
      bits: fc.integer({ min: 1, max: 255 }),
      cut: fc.boolean(),
    })
    fc.assert(
      fc.property(broken, ({ at, bits, cut }) => {
        const bytes = cut ? whole.subarray(0, at) : Buffer.from(whole)
        if (!cut) bytes[at]! ^= bits
        const { members, differences, notCompared } = compare(whole, bytes)
        expect(differences.length + notCompared.length).toBeGreaterThan(0)
        if (cut) expect(members).not.toBe('equal')
      }),
      { numRuns: 500 },
    )
  })
})
