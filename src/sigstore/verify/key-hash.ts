/** Which hash goes with a key. */
import type { KeyObject } from 'node:crypto'

/**
 * Hashes that signers use with a kind of key, null for its own: Sigstore's of that size (protobuf-specs PublicKeyDetails), and
 * SHA-256, which cosign takes for every key and Rekor v1 for every checkpoint.
 */
export function hashesFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly (string | null)[] {
  if (asymmetricKeyType === 'ed25519') return [null]
  if (asymmetricKeyDetails?.namedCurve === 'secp384r1') return ['sha384', 'sha256']
  if (asymmetricKeyDetails?.namedCurve === 'secp521r1') return ['sha512', 'sha256']
  return ['sha256']
}
