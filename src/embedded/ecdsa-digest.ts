/**
 * ECDSA verification of a digest (FIPS 186-5 §6.4.2). Node verifies ECDSA only over data that it hashes itself, but of an
 * artifact, or in a hashedrekord request, there may be nothing but the digest.
 */
import type { KeyObject } from 'node:crypto'
import { p256, p384 } from '@noble/curves/nist.js'

const curves: { readonly [name: string]: typeof p256 } = { 'P-256': p256, 'P-384': p384 }

/** Two numbers of 384 bits in DER have 104 bytes; much longer ones would only cost time. */
const longestSignature = 128

/** As OpenSSL does it: the digest as it is, and either of the two signatures that hold. */
const options = { prehash: false, lowS: false, format: 'der' } as const

/** True if `signature` (DER) is one of the key over `digest`. False for keys on other curves. */
export function verifiesEcdsaDigest(key: KeyObject, digest: Uint8Array, signature: Uint8Array): boolean {
  const { crv, x, y } = key.export({ format: 'jwk' })
  const curve = crv === undefined ? undefined : curves[crv]
  if (curve === undefined || x === undefined || y === undefined || signature.length > longestSignature) return false
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  try {
    return curve.verify(Uint8Array.from(signature), digest, Uint8Array.from(point), options)
  } catch {
    return false // a signature that is no DER
  }
}
