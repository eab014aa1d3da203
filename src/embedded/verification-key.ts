/**
 * The keys that clients bring: a certificate or a public key, with the one algorithm that belongs to its type
 * (sigstore/protobuf-specs PublicKeyDetails, as Fulcio and Rekor choose by default).
 */
import { constants, createPublicKey, publicDecrypt, verify, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { octetString, sequence } from './der.ts'
import { verifiesEcdsaDigest } from './ecdsa-digest.ts'
import { Refusal } from './refusal.ts'

interface Algorithm {
  readonly details: string
  /** undefined: the algorithm takes the data itself (Ed25519). */
  readonly hash: 'sha256' | 'sha384' | undefined
}

export interface VerificationKey {
  readonly kind: 'x509Certificate' | 'publicKey'
  /** DER of the certificate or of the SubjectPublicKeyInfo. */
  readonly der: Buffer
  readonly key: KeyObject
  readonly algorithm: Algorithm
}

const block = /^\s*-----BEGIN (CERTIFICATE|PUBLIC KEY)-----([A-Za-z0-9+/=\s]{1,20000})-----END \1-----/

/** The first PEM block: CERTIFICATE or PUBLIC KEY. Anything else, private keys above all, is a refusal (400). */
export function keyFromPem(pem: string): VerificationKey {
  const [, label, body] = block.exec(pem) ?? []
  if (body === undefined) throw new Refusal(400, 'expected a PEM public key or certificate')
  return keyFromDer(label === 'CERTIFICATE' ? 'x509Certificate' : 'publicKey', Buffer.from(body, 'base64'))
}

/** The same from DER, which must be the only encoding of its value. */
export function keyFromDer(kind: VerificationKey['kind'], der: Buffer): VerificationKey {
  try {
    if (kind === 'x509Certificate') {
      const certificate = new X509Certificate(der)
      if (!certificate.raw.equals(der)) throw new Refusal(400, 'the certificate is not DER')
      return { kind, der, key: certificate.publicKey, algorithm: algorithmOf(certificate.publicKey) }
    }
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    if (!key.export({ type: 'spki', format: 'der' }).equals(der)) throw new Refusal(400, 'the public key is not DER')
    return { kind, der, key, algorithm: algorithmOf(key) }
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown
    throw new Refusal(400, 'the public key or certificate cannot be read')
  }
}

/** ECDSA P-256 and P-384, Ed25519, RSA of 2048, 3072 and 4096 bits. */
function algorithmOf(key: KeyObject): Algorithm {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'ec':
      if (namedCurve === 'prime256v1') return { details: 'PKIX_ECDSA_P256_SHA_256', hash: 'sha256' }
      if (namedCurve === 'secp384r1') return { details: 'PKIX_ECDSA_P384_SHA_384', hash: 'sha384' }
      break
    case 'ed25519':
      return { details: 'PKIX_ED25519', hash: undefined }
    case 'rsa':
      if (modulusLength === 2048 || modulusLength === 3072 || modulusLength === 4096) {
        return { details: `PKIX_RSA_PKCS1V15_${modulusLength}_SHA256`, hash: 'sha256' }
      }
      break
    default:
      break
  }
  throw new Refusal(400, 'the key is not one of ECDSA P-256, P-384, Ed25519, RSA 2048, 3072, 4096')
}

/** PEM in Go's form (64 columns, newline at the end): what Rekor logs whatever form was submitted. */
export function canonicalPem({ kind, der }: Pick<VerificationKey, 'kind' | 'der'>): string {
  const label = kind === 'x509Certificate' ? 'CERTIFICATE' : 'PUBLIC KEY'
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** True if the signature is one of the key over the data. */
export function verifiesData({ key, algorithm }: VerificationKey, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(algorithm.hash ?? null, data, key, signature)
  } catch {
    return false // a signature that is no DER
  }
}

/** DigestInfo prefixes (RFC 8017 §9.2 note 1): the digest's algorithm identifier, NULL parameters included. */
const digestInfo = {
  sha256: Buffer.from('300d06096086480165030402010500', 'hex'),
  sha384: Buffer.from('300d06096086480165030402020500', 'hex'),
} as const

/** The same where only the digest, made by the key's own hash, is known. Ed25519 has none, so it never verifies. */
export function verifiesDigest(
  { key, algorithm: { hash } }: VerificationKey,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (hash === undefined || digest.length !== (hash === 'sha256' ? 32 : 48)) return false
  if (key.asymmetricKeyType === 'ec') return verifiesEcdsaDigest(key, digest, signature)
  try {
    const signed = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature)
    return signed.equals(sequence(digestInfo[hash], octetString(digest)))
  } catch {
    return false
  }
}
