/**
 * The certificate authority (sigstore/fulcio `POST /api/v2/signingCert`): a token of our issuer and proof of a key become a
 * certificate for ten minutes, with the identity that `tokenIdentity` reads from the claims.
 */
import * as z from 'zod/mini'
import { extensionTable, fulcioArc } from '../model/identity.ts'
import type { ExtensionName } from '../model/identity.ts'
import type { Json } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import type { Claims, TokenIdentity } from '../model/provider.ts'
import { tokenIdentity } from '../providers/token-identity.ts'
import { DerError, bitsOf, childAt, childrenOf, readDer, tags } from '../sigstore/verify/asn1.ts'
import {
  alternativeNames,
  authorityName,
  codeSigning,
  extension,
  keyIdentifiers,
  newSerial,
  noName,
  purpose,
  signCertificate,
  signerUsage,
  toBeSigned,
} from './certificate.ts'
import { certificateTimestamp, sctExtensionId } from './certificate-log.ts'
import { utf8String } from './der.ts'
import type { Issuer } from './issuer.ts'
import type { Material } from './material.ts'
import { Refusal } from './refusal.ts'
import { canonicalPem, keyFromDer, keyFromPem, verifiesData } from './verification-key.ts'
import type { VerificationKey } from './verification-key.ts'

export interface CertificateAuthority {
  /**
   * Body of the request → body of the answer; a Refusal (400, 401) where Fulcio refuses. The token is in the body, or it is
   * the `bearer` of the Authorization header (sigstore-python).
   */
  signingCertificate(request: unknown, bearer?: string): Promise<Json>
  /** PEM, intermediate first. */
  readonly chain: readonly string[]
}

const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]{0,20000}={0,2}$/))

const requestShape = z.object({
  credentials: z.optional(z.object({ oidcIdentityToken: z.string() })),
  publicKeyRequest: z.optional(
    z.object({
      publicKey: z.object({
        algorithm: z.optional(z.string()),
        content: z.string().check(z.maxLength(limits.keyBytes)),
      }),
      proofOfPossession: base64,
    }),
  ),
  certificateSigningRequest: z.optional(base64),
})

const lifetime = 10 * 60_000

interface AuthorityOptions {
  readonly material: Material
  readonly issuer: Issuer
  readonly now: () => Date
}

export function createAuthority({ material, issuer, now }: AuthorityOptions): CertificateAuthority {
  const { fulcioIntermediate, fulcioRoot } = material.certificates
  const chain = [fulcioIntermediate, fulcioRoot].map(({ raw }) => canonicalPem({ kind: 'x509Certificate', der: raw }))
  return {
    chain,
    async signingCertificate(request, bearer) {
      const parsed = requestShape.safeParse(request)
      if (!parsed.success) throw new Refusal(400, 'the certificate request is malformed')
      const claims = await issuer.verify(parsed.data.credentials?.oidcIdentityToken ?? bearer ?? '')
      const identity = certifiable(claims)
      const key = provenKey(parsed.data, claims)
      const leaf = issueCertificate({ material, identity, key, now: now() })
      const certificates = [canonicalPem({ kind: 'x509Certificate', der: leaf }), ...chain]
      return { signedCertificateEmbeddedSct: { chain: { certificates } } }
    },
  }
}

function certifiable(claims: Claims): TokenIdentity {
  const identity = tokenIdentity(claims)
  if (identity === undefined) {
    throw new Refusal(
      400,
      'the token has no identity to certify: a required claim is missing, its name is no URI, or the e-mail is unverified',
    )
  }
  return identity
}

/** The submitted public key, once its holder has signed the token's challenge (or its own CSR) with it. */
function provenKey(request: z.infer<typeof requestShape>, claims: Claims): VerificationKey {
  const { publicKeyRequest, certificateSigningRequest } = request
  if ((publicKeyRequest === undefined) === (certificateSigningRequest === undefined)) {
    throw new Refusal(400, 'expected either a public key or a certificate signing request')
  }
  if (certificateSigningRequest !== undefined)
    return keyOfSigningRequest(Buffer.from(certificateSigningRequest, 'base64'))
  const { publicKey, proofOfPossession } = publicKeyRequest as NonNullable<typeof publicKeyRequest>
  const key = keyFromPem(publicKey.content)
  if (key.kind !== 'publicKey') throw new Refusal(400, 'expected a public key, not a certificate')
  if (!verifiesData(key, Buffer.from(challenge(claims)), Buffer.from(proofOfPossession, 'base64'))) {
    throw new Refusal(400, 'the proof of possession does not verify with the public key')
  }
  return key
}

/** What clients sign: the e-mail address where the token has one, else the subject. */
function challenge({ email, sub }: Claims): string {
  const text = typeof email === 'string' && email !== '' ? email : sub
  if (typeof text !== 'string' || text === '') throw new Refusal(400, 'the token has no subject')
  return text
}

/** PKCS#10 (RFC 2986), PEM: only the key is taken from it, its signature is the proof. sigstore-python sends this. */
function keyOfSigningRequest(pem: Buffer): VerificationKey {
  const body = /-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END/.exec(pem.toString('latin1'))?.[1]
  if (body === undefined) throw new Refusal(400, 'expected a PEM certificate signing request')
  try {
    const request = childrenOf(readDer(Buffer.from(body, 'base64')))
    const info = childAt(request, 0, tags.sequence)
    const key = keyFromDer('publicKey', childAt(childrenOf(info), 2, tags.sequence).bytes)
    if (verifiesData(key, info.bytes, bitsOf(childAt(request, 2, tags.bitString)))) return key
  } catch (thrown) {
    if (!(thrown instanceof DerError)) throw thrown
  }
  throw new Refusal(400, 'the certificate signing request is not signed by its own key')
}

interface Leaf {
  readonly material: Material
  readonly identity: TokenIdentity
  readonly key: VerificationKey
  readonly now: Date
}

/** DER of the leaf, its SCT embedded: the log signs the certificate as it is without (RFC 6962 §3.1). */
function issueCertificate({ material, identity, key, now }: Leaf): Buffer {
  const { keys } = material
  const notBefore = new Date(Math.floor(now.getTime() / 1_000) * 1_000)
  const extensions = [
    signerUsage(),
    purpose(codeSigning),
    ...keyIdentifiers(key.key, keys.fulcio),
    alternativeNames([identity.subjectAlternativeName]),
    ...identityExtensions(identity),
  ]
  const content = {
    serial: newSerial(),
    subject: noName,
    issuer: authorityName('fulcio-intermediate'),
    publicKey: key.key,
    notBefore,
    notAfter: new Date(notBefore.getTime() + lifetime),
  }
  const precertificate = { toBeSigned: toBeSigned({ ...content, extensions }), issuerKey: keys.fulcio }
  const sct = extension(sctExtensionId, certificateTimestamp(precertificate, keys.ctlog, now))
  return signCertificate(toBeSigned({ ...content, extensions: [...extensions, sct] }), keys.fulcio)
}

/** Fulcio's extensions by number; 1–6 hold raw text, the others a DER UTF8String (fulcio docs/oid-info.md). */
function identityExtensions({ extensions }: TokenIdentity): Buffer[] {
  return (Object.entries(extensions) as [ExtensionName, string][])
    .map(([name, value]) => ({ number: extensionTable[name].number, text: value }))
    .sort((left, right) => left.number - right.number)
    .map(({ number, text }) => extension(`${fulcioArc}.${number}`, number <= 6 ? Buffer.from(text) : utf8String(text)))
}
