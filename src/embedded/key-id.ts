/** How keys are named: by their public half, hashed as each kind of log does. */
import { createHash, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** DER SubjectPublicKeyInfo of a key, given as its private or public half. */
export function publicKeyDer(key: KeyObject): Buffer {
  const half = key.type === 'private' ? createPublicKey(key) : key
  return half.export({ type: 'spki', format: 'der' })
}

/** Log id of Rekor v1 and of CT logs (RFC 6962 §3.2): SHA-256 of the public key. */
export function keyHashLogId(key: KeyObject): Buffer {
  return createHash('sha256').update(publicKeyDer(key)).digest()
}

/** Log id of Rekor v2: the C2SP signed-note key id of an Ed25519 key, not cut to four bytes. */
export function noteLogId(name: string, key: KeyObject): Buffer {
  const raw = publicKeyDer(key).subarray(-32)
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([1]))
    .update(raw)
    .digest()
}
