/** Who signs receipts: a key in a file, or whatever holds one. */
import type { KeyObject } from 'node:crypto'
import { jwkThumbprint } from '../model/jwk-thumbprint.ts'
import type { ReceiptAlgorithm } from '../model/receipt.ts'
import type { Jwk } from '../model/receipt-issuers.ts'

export interface ReceiptSigner {
  readonly alg: ReceiptAlgorithm
  /** Under which the key set of the issuer has the key. */
  readonly kid: string
  /** Every signature is held against it before it leaves. */
  readonly publicKey: KeyObject
  /** The bare signature (RFC 7518 §3.4: r and s one after the other; RFC 8032), 64 bytes. */
  sign(input: Uint8Array): Promise<Uint8Array>
}

/** The algorithm of a key, private or public; undefined for one that signs no receipts. */
export function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): ReceiptAlgorithm | undefined {
  if (asymmetricKeyType === 'ed25519') return 'EdDSA'
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : undefined
}

/**
 * The public key as a set has it.
 *
 * @example
 * ```ts
 * import { publicJwk, publicKeyFile } from 'countersign/vouch'
 *
 * const keySet = async (path: string): Promise<object> => ({ keys: [publicJwk(await publicKeyFile(path))] })
 * console.log(typeof keySet) // function
 * ```
 */
export function publicJwk({ publicKey, kid, alg }: Pick<ReceiptSigner, 'publicKey' | 'kid' | 'alg'>): Jwk {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
}

/** RFC 7638: what a key is called that has no name. */
export function thumbprintOf(publicKey: KeyObject): string {
  return jwkThumbprint(publicKey.export({ format: 'jwk' })) ?? ''
}
