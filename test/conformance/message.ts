/**
 * Bundles with a message signature: a signature over an artifact that is not in the bundle (sigstore/protobuf-specs
 * sigstore_common.proto `MessageSignature`). They say who signed these bytes and nothing else; an attestation is in an
 * envelope, and `verifyBundle` takes no other.
 */
import { createHash, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { CountersignError } from '../../src/errors.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { verifiesEcdsaDigest } from '../../src/embedded/ecdsa-digest.ts'
import type { Trust } from '../../src/sigstore/verify/trusted-root.ts'
import { refused, verifyContent } from '../../src/sigstore/verify/verify-bundle.ts'
import type { Proof, Refused } from '../../src/sigstore/verify/verify-bundle.ts'
import { readMessageSignature } from './message-signature.ts'

/** The artifact itself, or the 32 bytes of its SHA-256. */
export type Artifact = { readonly bytes: Uint8Array } | { readonly sha256: Uint8Array }

/** Either everything held, or not. */
export type MessageResult = { readonly outcome: 'verified'; readonly proof: Proof } | Refused

/**
 * Verifies a message signature over an artifact with the steps of `verifyBundle`, and that the digest which the bundle names
 * is the artifact's. Over a digest alone only ECDSA (P-256, P-384) can be verified; other keys need the artifact. Throws
 * `bundle-malformed` (also for a bundle without a message signature) and `key-malformed`.
 */
export function verifyMessage(bundle: Bundle, trust: Trust, artifact: Artifact, key?: string): MessageResult {
  if (bundle.envelope !== undefined) {
    throw new CountersignError('bundle-malformed', 'the bundle holds an envelope and no message signature')
  }
  const { signature, digest } = readMessageSignature(bundle)
  if (digest !== undefined && digestOf(artifact, digest.hash)?.equals(digest.value) !== true) {
    return refused('signature', 'signature-invalid', 'the bundle names another digest than that of the artifact', [])
  }
  const content = {
    signature,
    holds: (by: KeyObject, hash: string | null) => signatureHolds(artifact, signature, by, hash),
    logged: { signature, digest: (hash: string) => digestOf(artifact, hash) },
  }
  const proof = verifyContent(content, bundle, trust, key)
  return 'outcome' in proof ? proof : { outcome: 'verified', proof }
}

function signatureHolds(artifact: Artifact, signature: Uint8Array, key: KeyObject, hash: string | null): boolean {
  if ('bytes' in artifact) return verify(hash, artifact.bytes, key, signature)
  return hash === 'sha256' && key.asymmetricKeyType === 'ec' && verifiesEcdsaDigest(key, artifact.sha256, signature)
}

/** Undefined if it cannot be known. */
function digestOf(artifact: Artifact, hash: string): Buffer | undefined {
  if ('bytes' in artifact) return createHash(hash).update(artifact.bytes).digest()
  return hash === 'sha256' ? Buffer.from(artifact.sha256) : undefined
}
