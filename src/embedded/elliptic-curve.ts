/**
 * Points of the curves P-256 and P-384 (NIST SP 800-186 §3.2.1), as far as verifying needs them. How long it takes depends on the
 * numbers: nothing secret may come here.
 */

export interface Curve {
  /** Of the field. */
  readonly prime: bigint
  /** Of the points. */
  readonly order: bigint
  readonly base: Point
}

/** x = X/Z², y = Y/Z³, so that only the last step divides; Z is 0 at infinity. */
export interface Point {
  readonly x: bigint
  readonly y: bigint
  readonly z: bigint
}

/** By their names in a JWK. */
export const curves: ReadonlyMap<string, Curve> = new Map([
  [
    'P-256',
    {
      prime: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
      order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
      base: {
        x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
        y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
        z: 1n,
      },
    },
  ],
  [
    'P-384',
    {
      prime: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
      order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
      base: {
        x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
        y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
        z: 1n,
      },
    },
  ],
])

const infinity: Point = { x: 1n, y: 1n, z: 0n }

export function modulo(number: bigint, by: bigint): bigint {
  const rest = number % by
  return rest < 0n ? rest + by : rest
}

/** By Euclid; of numbers that have no divisor in common with `by`. */
export function inverse(number: bigint, by: bigint): bigint {
  let [a, b] = [modulo(number, by), by]
  let [x, y] = [1n, 0n]
  while (a > 1n) {
    const whole = b / a
    ;[a, b] = [b - whole * a, a]
    ;[x, y] = [y - whole * x, x]
  }
  return modulo(x, by)
}

/** Bit by bit from the highest. */
export function multiply(curve: Curve, point: Point, times: bigint): Point {
  let sum = infinity
  for (const bit of times.toString(2)) {
    sum = doubled(curve, sum)
    if (bit === '1') sum = sumOf(curve, sum, point)
  }
  return sum
}

/** For curves with a = −3. */
function doubled({ prime }: Curve, { x, y, z }: Point): Point {
  const [zz, yy] = [(z * z) % prime, (y * y) % prime]
  const slope = (3n * (x - zz) * (x + zz)) % prime
  const s = (4n * x * yy) % prime
  const next = modulo(slope * slope - 2n * s, prime)
  return {
    x: next,
    y: modulo(slope * (s - next) - 8n * yy * yy, prime),
    z: modulo(2n * y * z, prime),
  }
}

export function sumOf(curve: Curve, left: Point, right: Point): Point {
  const { prime } = curve
  if (left.z === 0n) return right
  if (right.z === 0n) return left
  const [leftZz, rightZz] = [(left.z * left.z) % prime, (right.z * right.z) % prime]
  const [u, other] = [(left.x * rightZz) % prime, (right.x * leftZz) % prime]
  const s = (left.y * rightZz * right.z) % prime
  const h = modulo(other - u, prime)
  const r = modulo(right.y * leftZz * left.z - s, prime)
  // The same x: the same point, or one and its opposite.
  if (h === 0n) return r === 0n ? doubled(curve, left) : infinity
  const [hh, hhh] = [(h * h) % prime, (h * h * h) % prime]
  const v = (u * hh) % prime
  const next = modulo(r * r - hhh - 2n * v, prime)
  return {
    x: next,
    y: modulo(r * (v - next) - s * hhh, prime),
    z: (left.z * right.z * h) % prime,
  }
}

/** Undefined at infinity. */
export function xOf({ prime }: Curve, { x, z }: Point): bigint | undefined {
  if (z === 0n) return undefined
  const by = inverse(z, prime)
  return modulo(x * by * by, prime)
}
