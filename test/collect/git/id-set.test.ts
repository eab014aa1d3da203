import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newIdSet } from '../../../src/collect/git/id-set.ts'
import { runs } from '../../world/runs.ts'

test.each(['sha1', 'sha256'] as const)('a set of ids of %s holds what was put into it, and nothing else', (format) => {
  // Many that begin alike: they want the same place.
  const id = fc
    .tuple(fc.integer({ min: 0, max: 3_000 }), fc.constantFrom('', '00000000', 'ffffffff'))
    .map(([it, start]) => {
      const text = createHash(format).update(String(it)).digest('hex')
      return start + text.slice(start.length)
    })
  // And some that differ in one digit.
  const nearly = fc
    .tuple(
      fc.nat({ max: format === 'sha1' ? 39 : 63 }),
      fc.nat({ max: 15 }).map((it) => it.toString(16)),
    )
    .map(([at, digit]) => `${'5'.repeat(at)}${digit}${'5'.repeat((format === 'sha1' ? 39 : 63) - at)}`)
  fc.assert(
    fc.property(
      fc.array(fc.oneof(id, id, id, nearly), { maxLength: 4_000 }),
      fc.array(fc.oneof(id, nearly), { maxLength: 100 }),
      (added, others) => {
        const set = newIdSet(format)
        for (const it of added) set.add(it)
        const expected = new Set(added)
        for (const it of [...added, ...others]) expect(set.has(it)).toBe(expected.has(it))
      },
    ),
    { numRuns: runs(100) },
  )
})
