/**
 * ECDSA verification of a digest (FIPS 186-5 §6.4.2). Node verifies ECDSA only over data that it hashes itself, but of an
 * artifact, or in a hashedrekord request, there may be nothing but the digest. Everything here is public, so nothing needs
 * constant time.
 */
import type { KeyObject } from 'node:crypto'
import { DerError, childAt, childrenOf, readDer, tags } from '../sigstore/verify/asn1.ts'
import type { Element } from '../sigstore/verify/asn1.ts'

interface Curve {
  readonly p: bigint
  readonly n: bigint
  readonly bits: number
  readonly base: Point
}

/** Jacobian coordinates: x = X/Z², y = Y/Z³; Z = 0 is the point at infinity. Both curves have a = −3. */
type Point = readonly [x: bigint, y: bigint, z: bigint]

const infinity: Point = [1n, 1n, 0n]

/** SP 800-186 §3.2.1. */
const curves: { readonly [name: string]: Curve } = {
  'P-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    bits: 256,
    base: [
      0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
      1n,
    ],
  },
  'P-384': {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    bits: 384,
    base: [
      0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
      0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
      1n,
    ],
  },
}

/** Two numbers of 384 bits in DER have 104 bytes; much longer ones would only cost time. */
const longestSignature = 128

/** True if `signature` (DER) is one of the key over `digest`. False for keys on other curves. */
export function verifiesEcdsaDigest(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const { crv, x, y } = key.export({ format: 'jwk' })
  const curve = crv === undefined ? undefined : curves[crv]
  const pair = signature.length <= longestSignature ? signaturePair(signature) : undefined
  if (curve === undefined || pair === undefined || x === undefined || y === undefined) return false
  const [r, s] = pair
  const { n, p, bits, base } = curve
  if (r <= 0n || r >= n || s <= 0n || s >= n) return false
  const e = number(digest.subarray(0, bits / 8)) // a shorter digest is its own leftmost bits
  const w = inverse(s, n)
  const publicPoint: Point = [number(Buffer.from(x, 'base64url')), number(Buffer.from(y, 'base64url')), 1n]
  const [rx, , rz] = sumOfProducts((e * w) % n, base, (r * w) % n, publicPoint, curve)
  if (rz === 0n) return false
  // x = X/Z², compared modulo n without a division; x may lie in [n, p)
  const zz = (rz * rz) % p
  return (r * zz) % p === rx || (r + n < p && ((r + n) * zz) % p === rx)
}

/** r and s of a signature that is the one DER encoding of them; OpenSSL refuses others too. */
function signaturePair(signature: Uint8Array): readonly [bigint, bigint] | undefined {
  try {
    const parts = childrenOf(readDer(signature))
    if (parts.length !== 2) return undefined
    return [positive(childAt(parts, 0, tags.integer)), positive(childAt(parts, 1, tags.integer))]
  } catch (thrown) {
    if (thrown instanceof DerError) return undefined
    throw thrown
  }
}

/** An INTEGER that is not negative and has no octet too many. */
function positive({ content }: Element): bigint {
  const [first = 0x80, second = 0x80] = content
  if (first >= 0x80 || (first === 0 && content.length > 1 && second < 0x80)) throw new DerError('no positive integer')
  return number(content)
}

function number(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

/** Extended Euclid. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [modulo(value, modulus), modulus]
  let [u, v] = [1n, 0n]
  while (b !== 0n) {
    const quotient = a / b
    ;[a, b] = [b, a - quotient * b]
    ;[u, v] = [v, u - quotient * v]
  }
  return modulo(u, modulus)
}

/** a·P + b·Q in one pass over the bits (Shamir's trick). */
function sumOfProducts(a: bigint, left: Point, b: bigint, right: Point, { p, bits }: Curve): Point {
  const both = add(left, right, p)
  let sum = infinity
  for (let bit = BigInt(bits) - 1n; bit >= 0n; bit -= 1n) {
    sum = double(sum, p)
    const inLeft = ((a >> bit) & 1n) === 1n
    const inRight = ((b >> bit) & 1n) === 1n
    if (inLeft || inRight) sum = add(sum, inLeft && inRight ? both : inLeft ? left : right, p)
  }
  return sum
}

/** dbl-2001-b of the Explicit-Formulas Database. */
function double([x, y, z]: Point, p: bigint): Point {
  if (z === 0n || y === 0n) return infinity
  const delta = (z * z) % p
  const gamma = (y * y) % p
  const beta = (x * gamma) % p
  const alpha = (3n * (x - delta) * (x + delta)) % p
  const x3 = modulo(alpha * alpha - 8n * beta, p)
  return [x3, modulo(alpha * (4n * beta - x3) - 8n * gamma * gamma, p), modulo(2n * y * z, p)]
}

/** add-2007-bl without its shortcuts. */
function add(left: Point, right: Point, p: bigint): Point {
  const [x1, y1, z1] = left
  const [x2, y2, z2] = right
  if (z1 === 0n) return right
  if (z2 === 0n) return left
  const zz1 = (z1 * z1) % p
  const zz2 = (z2 * z2) % p
  const u1 = (x1 * zz2) % p
  const h = modulo(x2 * zz1 - u1, p)
  const s1 = (y1 * zz2 * z2) % p
  const r = modulo(y2 * zz1 * z1 - s1, p)
  if (h === 0n) return r === 0n ? double(left, p) : infinity
  const hh = (h * h) % p
  const hhh = (h * hh) % p
  const v = (u1 * hh) % p
  const x3 = modulo(r * r - hhh - 2n * v, p)
  return [x3, modulo(r * (v - x3) - s1 * hhh, p), (z1 * z2 * h) % p]
}
