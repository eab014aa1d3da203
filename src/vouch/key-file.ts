/** Keys of an issuer in files: PEM or JWK. No part of one stands in an error. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { JsonWebKey, KeyObject } from 'node:crypto'
import { CountersignError } from '../errors.ts'
import { isObject, parseJson } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { namedFile, readRegularFile } from '../platform/files.ts'
import { readOwnersFile } from '../platform/owners-file.ts'
import { algorithmOf, thumbprintOf } from './receipt-signer.ts'
import type { ReceiptSigner } from './receipt-signer.ts'

/** A public key of the two kinds, and what it is called. */
export type NamedKey = Pick<ReceiptSigner, 'alg' | 'kid' | 'publicKey'>

/**
 * A signer with the private key in a file of its owner's. `kid`: default the one in the JWK, else the thumbprint. Errors:
 * `receipt-key-unusable`, and those of opening a file.
 *
 * @example
 * ```ts
 * import { keyFileSigner } from 'countersign/vouch'
 *
 * const nameOf = async (path: string): Promise<string> => (await keyFileSigner(path)).kid
 * console.log(typeof nameOf) // function
 * ```
 */
export async function keyFileSigner(path: string, kid?: string): Promise<ReceiptSigner> {
  const bytes = await readOwnersFile(path, { what: 'the key', most: limits.keyBytes, unusable })
  const { key, name } = keyIn(bytes, createPrivateKey)
  const named = namedKey(createPublicKey(key), kid ?? name)
  return {
    ...named,
    sign: (input) => Promise.resolve(sign(digestOf(named), input, { key, dsaEncoding: 'ieee-p1363' })),
  }
}

/**
 * The public key in a file. Errors: `receipt-key-unusable`, and those of reading a file.
 *
 * @example
 * ```ts
 * import { publicKeyFile } from 'countersign/vouch'
 *
 * const algorithmOf = async (path: string): Promise<string> => (await publicKeyFile(path)).alg
 * console.log(typeof algorithmOf) // function
 * ```
 */
export async function publicKeyFile(path: string, kid?: string): Promise<NamedKey> {
  const bytes = await readRegularFile(path, limits.keyBytes, namedFile('the public key', path))
  const { key, name } = keyIn(bytes, createPublicKey)
  return namedKey(key, kid ?? name)
}

/** What node:crypto hashes with: Ed25519 hashes by itself. */
export function digestOf({ alg }: Pick<ReceiptSigner, 'alg'>): 'sha256' | null {
  return alg === 'ES256' ? 'sha256' : null
}

function namedKey(publicKey: KeyObject, kid: string | undefined): NamedKey {
  const alg = algorithmOf(publicKey)
  if (alg === undefined) throw unusable('it is of another kind than P-256 and Ed25519')
  const name = kid ?? thumbprintOf(publicKey)
  if (name === '' || name.length > 256) throw unusable('its name (kid) is empty, or longer than 256 characters')
  return { alg, kid: name, publicKey }
}

type Create = (key: Buffer | { readonly key: JsonWebKey; readonly format: 'jwk' }) => KeyObject

function keyIn(bytes: Buffer, create: Create): { readonly key: KeyObject; readonly name: string | undefined } {
  try {
    if (bytes.toString('latin1').trimStart().startsWith('{')) {
      const jwk = parseJson(bytes, 'the key', limits.keyBytes)
      if (!isObject(jwk)) throw unusable('it is no JWK')
      const { kid } = jwk
      return { key: create({ key: jwk, format: 'jwk' }), name: typeof kid === 'string' ? kid : undefined }
    }
    return { key: create(bytes), name: undefined }
  } catch {
    // No cause: it may quote what it read.
    throw unusable('it is neither PEM without a passphrase nor a JWK')
  }
}

function unusable(reason: string): CountersignError {
  return new CountersignError('receipt-key-unusable', `the key for receipts: ${reason}`)
}
