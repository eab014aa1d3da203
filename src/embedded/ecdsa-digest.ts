/**
 * ECDSA verification of a digest (FIPS 186-5 §6.4.2). Node verifies ECDSA only over data that it hashes itself, but of an
 * artifact, or in a hashedrekord request, there may be nothing but the digest.
 */
import type { KeyObject } from 'node:crypto'
import { childAt, childrenOf, readDer, tags, unsignedOf } from '../sigstore/verify/asn1.ts'
import { curves, inverse, modulo, multiply, sumOf, xOf } from './elliptic-curve.ts'

/** Two numbers of 384 bits in DER have 104 bytes; much longer ones would only cost time. */
const longestSignature = 128

/**
 * True if `signature` (DER) is one of the key over `digest`; either of the two that hold, as OpenSSL does it. False for keys on other
 * curves.
 */
export function verifiesEcdsaDigest(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const { crv = '', x, y } = key.export({ format: 'jwk' })
  const curve = curves.get(crv)
  if (curve === undefined || x === undefined || y === undefined || signature.length > longestSignature) return false
  const { order, base } = curve
  const [r, s] = numbersIn(signature)
  if (r <= 0n || r >= order || s <= 0n || s >= order) return false

  // Node takes no key whose point is not on its curve.
  const point = { x: numberOf(Buffer.from(x, 'base64url')), y: numberOf(Buffer.from(y, 'base64url')), z: 1n }
  // As many bits of the digest as the order has, which are whole bytes.
  const hash = numberOf(digest.subarray(0, order.toString(16).length / 2))
  const w = inverse(s, order)
  const ofBase = multiply(curve, base, modulo(hash * w, order))
  const ofPoint = multiply(curve, point, modulo(r * w, order))
  const found = xOf(curve, sumOf(curve, ofBase, ofPoint))
  return found !== undefined && modulo(found, order) === r
}

/** r and s; zeros, which are never those of a signature, where they are not in DER. */
function numbersIn(signature: Uint8Array): readonly [bigint, bigint] {
  try {
    const children = childrenOf(readDer(signature))
    const [r = 0n, s = 0n] = [0, 1].map((at) => numberOf(unsignedOf(childAt(children, at, tags.integer))))
    return children.length === 2 ? [r, s] : [0n, 0n]
  } catch {
    return [0n, 0n]
  }
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)
}
