/**
 * A DSSE envelope that was signed with a bare key, and neither logged nor stamped: as verifiers publish their summaries whose key is
 * known to those who ask. The key is the whole of the trust; when it was signed nobody says.
 */
import { constants, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { CountersignError } from '../../errors.ts'
import type { Bundle } from '../../model/bundle.ts'
import { sha256Hex } from '../../model/digest.ts'
import { preAuthEncoding } from '../../model/envelope.ts'
import type { Signed } from '../../model/evidence.ts'
import type { Check } from '../../model/verdict.ts'
import { hashesFor } from './key-hash.ts'
import { readMaterial } from './material.ts'
import { readKey, refused, signatureRules } from './verify-bundle.ts'
import type { SignatureResult } from './verify-bundle.ts'

/**
 * Verifies a bare envelope, or the one in a bundle that says it was signed with a key, by this key alone. ECDSA signatures may be
 * DER or r and s one after the other (IEEE P1363), RSA PKCS #1 v1.5 or PSS. Throws `bundle-malformed`, `message-signature-only`,
 * `key-malformed`; every other "no" is a result.
 */
export function verifyEnvelope(bundle: Bundle, pem: string): SignatureResult {
  const { envelope } = bundle
  if (envelope === undefined) {
    throw new CountersignError('message-signature-only', 'the bundle holds a bare message signature and no attestation')
  }
  const key = readKey(pem)
  if (bundle.version !== 'dsse' && readMaterial(bundle).signer.kind === 'certificate') {
    const reason = 'it was signed under a certificate, not with the key that was given'
    return refused('certificate-chain', 'key-mismatch', reason, [])
  }
  const [signature, ...more] = envelope.signatures
  // Of several, one that holds would speak for the rest, whoever made those.
  if (signature === undefined || more.length > 0) {
    const count = envelope.signatures.length
    return refused('signature', 'signature-invalid', `exactly one signature is expected, and there are ${count}`, [])
  }
  const encoding = preAuthEncoding(envelope.payloadType, envelope.payload)
  if (!holds(key, encoding, signature.sig)) {
    const reason = 'the signature does not cover these bytes, or was made with another key'
    return refused('signature', 'signature-invalid', reason, [])
  }
  const signed = {
    envelope,
    signatory: { kind: 'key', fingerprint: sha256Hex(key.export({ format: 'der', type: 'spki' })) },
    times: [],
    logEntries: [],
    checks: signatureRules.map(checkOf),
  }
  return { outcome: 'verified', signed: signed as unknown as Signed } // the other place where the proof is made
}

function checkOf(rule: (typeof signatureRules)[number]): Check {
  if (rule === 'signature') return { rule, outcome: 'pass' }
  return { rule, outcome: 'skipped', note: 'signed with the key that was given, which alone is asked' }
}

function holds(key: KeyObject, bytes: Uint8Array, sig: Uint8Array): boolean {
  return hashesFor(key).some((hash) =>
    formsOf(key).some((form) => {
      try {
        return verify(hash, bytes, { key, ...form }, sig)
      } catch {
        // OpenSSL throws at a signature that has not the shape of its key's.
        return false
      }
    }),
  )
}

type Form = { readonly dsaEncoding?: 'der' | 'ieee-p1363' } & { readonly padding?: number }

/** The forms in which signers write what such a key makes. */
function formsOf({ asymmetricKeyType }: KeyObject): readonly Form[] {
  switch (asymmetricKeyType) {
    case 'ec':
      return [{ dsaEncoding: 'der' }, { dsaEncoding: 'ieee-p1363' }]
    case 'rsa':
      return [{ padding: constants.RSA_PKCS1_PADDING }, { padding: constants.RSA_PKCS1_PSS_PADDING }]
    default:
      return [{}]
  }
}
