/** Points of curves, beside those of `@noble/curves`. */
import { p256, p384 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { curves, inverse, modulo, multiply, sumOf, xOf } from '../../src/embedded/elliptic-curve.ts'
import { runs } from '../world/runs.ts'

describe.each([
  ['P-256', p256],
  ['P-384', p384],
] as const)('%s', (name, { Point }) => {
  const curve = curves.get(name)!
  const { order, base, prime } = curve
  const scalar = fc.bigInt({ min: 1n, max: order - 1n })

  it('multiplies the base', () => {
    const near = fc.bigInt({ min: 1n, max: 40n })
    fc.assert(
      fc.property(
        fc.oneof(
          scalar,
          near,
          near.map((it) => order - it),
        ),
        (times) => {
          expect(xOf(curve, multiply(curve, base, times))).toBe(Point.BASE.multiply(times).toAffine().x)
        },
      ),
      { numRuns: runs(25) },
    )
  })

  it('adds points, a point to itself and to its opposite', () => {
    fc.assert(
      fc.property(scalar, scalar, (a, b) => {
        const [left, right] = [multiply(curve, base, a), multiply(curve, base, b)]
        const theirs = Point.BASE.multiply(a)
        expect(xOf(curve, sumOf(curve, left, right))).toBe(theirs.add(Point.BASE.multiply(b)).toAffine().x)
        expect(xOf(curve, sumOf(curve, left, left))).toBe(theirs.double().toAffine().x)
        expect(xOf(curve, sumOf(curve, left, { ...left, y: modulo(-left.y, prime) }))).toBeUndefined()
      }),
      { numRuns: runs(10) },
    )
  })

  it('ends at infinity with the order of the base', () => {
    expect(xOf(curve, multiply(curve, base, order))).toBeUndefined()
    expect(xOf(curve, multiply(curve, base, 0n))).toBeUndefined()
    expect(xOf(curve, sumOf(curve, multiply(curve, base, 0n), base))).toBe(base.x)
  })

  it('divides', () => {
    fc.assert(fc.property(scalar, (it) => (it * inverse(it, order)) % order === 1n))
  })
})
