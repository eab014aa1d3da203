/**
 * X.509 certificates (RFC 5280) as far as Sigstore uses them, and the identity that Fulcio writes into one
 * (sigstore/fulcio docs/certificate-specification.md). Reading only; chains are verified in `chain.ts`.
 */
import { createPublicKey, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { CountersignError } from '../../errors.ts'
import { sha256Hex } from '../../model/digest.ts'
import { extensionTable, fulcioArc } from '../../model/identity.ts'
import type { CertificateIdentity, ExtensionName, Extensions } from '../../model/identity.ts'
import { limits } from '../../model/limits.ts'
import {
  DerError,
  bitsOf,
  booleanOf,
  childAt,
  childrenOf,
  contextTag,
  expectTag,
  integerOf,
  oidOf,
  readDer,
  tags,
  timeOf,
  unsignedOf,
} from './asn1.ts'
import type { Element } from './asn1.ts'

const oids = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  anyPurpose: '2.5.29.37.0',
  fulcioOtherName: `${fulcioArc}.7`,
} as const

/** Extensions that we understand; an unknown critical one must be refused (RFC 5280 §4.2). */
const understood: readonly string[] = [
  oids.subjectKeyIdentifier,
  oids.keyUsage,
  oids.subjectAlternativeName,
  oids.basicConstraints,
  oids.authorityKeyIdentifier,
  oids.extendedKeyUsage,
]

/** A signature algorithm: the kind of key that it is of (as Node names it), and its hash; null where it has its own. */
export interface SignatureAlgorithm {
  readonly key: 'ec' | 'rsa' | 'ed25519'
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null
}

/** Signature algorithms of certificates and timestamps, by OID. */
export const signatureAlgorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map<string, SignatureAlgorithm>([
  ['1.2.840.10045.4.3.2', { key: 'ec', hash: 'sha256' }],
  ['1.2.840.10045.4.3.3', { key: 'ec', hash: 'sha384' }],
  ['1.2.840.10045.4.3.4', { key: 'ec', hash: 'sha512' }],
  ['1.2.840.113549.1.1.11', { key: 'rsa', hash: 'sha256' }],
  ['1.2.840.113549.1.1.12', { key: 'rsa', hash: 'sha384' }],
  ['1.2.840.113549.1.1.13', { key: 'rsa', hash: 'sha512' }],
  ['1.3.101.112', { key: 'ed25519', hash: null }],
])

interface CertificateExtension {
  readonly critical: boolean
  /** What the octet string holds. */
  readonly value: Buffer
}

/** A parsed certificate. `tbs` are the signed bytes as they stand. */
export interface Certificate {
  readonly der: Buffer
  readonly tbs: Element
  readonly serialNumber: Buffer
  readonly issuer: Buffer
  readonly subject: Buffer
  readonly notBefore: Date
  readonly notAfter: Date
  /** DER of SubjectPublicKeyInfo. */
  readonly publicKey: Buffer
  readonly signatureAlgorithm: string
  readonly signature: Buffer
  readonly extensions: ReadonlyMap<string, CertificateExtension>
}

/** Bytes → certificate. Throws DerError. */
export function parseCertificate(bytes: Uint8Array): Certificate {
  if (bytes.length > limits.certificateBytes) {
    throw new DerError(`the certificate has ${bytes.length} bytes, more than ${limits.certificateBytes}`)
  }
  const whole = readDer(bytes)
  const outer = childrenOf(whole)
  const tbs = childAt(outer, 0, tags.sequence)
  const algorithm = childAt(outer, 1, tags.sequence)
  const signature = childAt(outer, 2, tags.bitString)
  if (outer.length > 3) throw new DerError('a certificate has three parts')
  const parts = childrenOf(tbs)
  // v3 alone has extensions, and alone is used by Sigstore.
  const version = childrenOf(childAt(parts, 0, contextTag(0)))
  if (integerOf(childAt(version, 0, tags.integer)) !== 2) throw new DerError('the certificate is not version 3')
  const inner = childAt(parts, 2, tags.sequence)
  if (!inner.bytes.equals(algorithm.bytes)) throw new DerError('the two signature algorithms differ')
  const validity = childrenOf(childAt(parts, 4, tags.sequence))
  const [notBefore, notAfter] = validity
  if (notBefore === undefined || notAfter === undefined) throw new DerError('the validity is cut')
  return {
    der: whole.bytes,
    tbs,
    serialNumber: unsignedOf(childAt(parts, 1, tags.integer)),
    issuer: childAt(parts, 3, tags.sequence).bytes,
    subject: childAt(parts, 5, tags.sequence).bytes,
    notBefore: timeOf(notBefore),
    notAfter: timeOf(notAfter),
    publicKey: childAt(parts, 6, tags.sequence).bytes,
    signatureAlgorithm: oidOf(childAt(childrenOf(algorithm), 0, tags.oid)),
    signature: bitsOf(signature),
    extensions: extensionsOf(parts),
  }
}

function extensionsOf(parts: readonly Element[]): ReadonlyMap<string, CertificateExtension> {
  const found = new Map<string, CertificateExtension>()
  const wrapper = parts.find((part) => part.tag === contextTag(3))
  if (wrapper === undefined) return found
  for (const extension of childrenOf(readDer(wrapper.content))) {
    const fields = childrenOf(expectTag(extension, tags.sequence))
    const oid = oidOf(childAt(fields, 0, tags.oid))
    const flag = fields[1]?.tag === tags.boolean ? fields[1] : undefined
    const last = flag === undefined ? 1 : 2
    const value = childAt(fields, last, tags.octetString).content
    if (fields.length > last + 1) throw new DerError(`the extension ${oid} has more than its value`)
    if (found.has(oid)) throw new DerError(`the extension ${oid} stands twice`)
    found.set(oid, { critical: flag !== undefined && booleanOf(flag), value })
  }
  return found
}

const keys = new WeakMap<Certificate, KeyObject>()

/** The certificate's public key; made once. */
export function keyOf(certificate: Certificate): KeyObject {
  const known = keys.get(certificate)
  if (known !== undefined) return known
  const key = createPublicKey({ key: certificate.publicKey, format: 'der', type: 'spki' })
  keys.set(certificate, key)
  return key
}

/** True if `issuer`'s key, a strong one, signed `certificate`. Names and purposes are not looked at. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const algorithm = signatureAlgorithms.get(certificate.signatureAlgorithm)
  if (algorithm === undefined || !hasStrongKey(issuer)) return false
  return isSignature(algorithm, certificate.tbs.bytes, keyOf(issuer), certificate.signature)
}

/** OpenSSL goes by the key alone: what names the algorithm of another kind of key would hold. */
export function isSignature(
  { key: kind, hash }: SignatureAlgorithm,
  data: Uint8Array,
  key: KeyObject,
  signature: Uint8Array,
): boolean {
  if (key.asymmetricKeyType !== kind) return false
  try {
    return verify(hash, data, key, signature)
  } catch {
    return false // not of the shape of a signature
  }
}

const curves: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1']

/** True for a key of a kind and curve that Go's crypto/x509 knows; of RSA, for one that nobody is going to factor. */
export function hasStrongKey(certificate: Certificate): boolean {
  let key: KeyObject
  try {
    key = keyOf(certificate)
  } catch {
    return false // OpenSSL does not know it
  }
  if (key.asymmetricKeyType === 'ec') return curves.includes(key.asymmetricKeyDetails?.namedCurve)
  if (key.asymmetricKeyType === 'rsa') return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048
  return key.asymmetricKeyType === 'ed25519'
}

/**
 * True for an authority that may issue for certain names only. Go, and so sigstore-go, holds the names of a leaf against that,
 * also where the extension is not critical. No Sigstore has such an authority, so we refuse it instead of reading it otherwise.
 */
export function hasNameConstraints({ extensions }: Certificate): boolean {
  return extensions.has(oids.nameConstraints)
}

/** Critical extensions that we do not understand, by OID. */
export function unknownCritical({ extensions }: Certificate): string[] {
  return [...extensions].flatMap(([oid, { critical }]) => (critical && !understood.includes(oid) ? [oid] : []))
}

/**
 * basicConstraints: undefined for a certificate that is no authority, or whose keyUsage does not let it sign certificates
 * (RFC 5280 §6.1.4 k, n).
 */
export function authorityOf(certificate: Certificate): { readonly pathLength: number | undefined } | undefined {
  const extension = certificate.extensions.get(oids.basicConstraints)
  if (extension === undefined) return undefined
  const [first, second, ...rest] = childrenOf(readDer(extension.value))
  if (rest.length > 0) throw new DerError('the basic constraints have more than two parts')
  if (first?.tag !== tags.boolean || !booleanOf(first) || !hasUsage(certificate, 'keyCertSign')) return undefined
  return { pathLength: second === undefined ? undefined : integerOf(expectTag(second, tags.integer)) }
}

/** Bits 0 and 5 of keyUsage, in its first octet (RFC 5280 §4.2.1.3). */
const usages = { digitalSignature: 0x80, keyCertSign: 0x04 } as const

/** A certificate without the extension may do everything. */
function hasUsage({ extensions }: Certificate, usage: keyof typeof usages): boolean {
  const extension = extensions.get(oids.keyUsage)
  if (extension === undefined) return true
  const [, firstOctet = 0] = readDer(extension.value, tags.bitString).content
  return (firstOctet & usages[usage]) !== 0
}

const attributeNames: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.6', 'C'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
])

/** DER of a distinguished name → its attributes in order, as `O` and its text. Throws DerError. */
export function nameParts(name: Buffer): readonly (readonly [string, string])[] {
  return childrenOf(readDer(name)).flatMap((set) =>
    childrenOf(expectTag(set, tags.set)).map((attribute) => {
      const [type, value] = childrenOf(expectTag(attribute, tags.sequence))
      if (type === undefined || value === undefined) throw new DerError('the name is cut')
      const oid = oidOf(expectTag(type, tags.oid))
      return [attributeNames.get(oid) ?? oid, value.content.toString('utf8')] as const
    }),
  )
}

export function subjectKeyIdentifier({ extensions }: Certificate): Buffer | undefined {
  const extension = extensions.get(oids.subjectKeyIdentifier)
  return extension === undefined ? undefined : readDer(extension.value, tags.octetString).content
}

export function authorityKeyIdentifier({ extensions }: Certificate): Buffer | undefined {
  const extension = extensions.get(oids.authorityKeyIdentifier)
  if (extension === undefined) return undefined
  return childrenOf(readDer(extension.value)).find((it) => it.tag === contextTag(0, 'primitive'))?.content
}

/** Purposes of extendedKeyUsage, as OIDs; empty without the extension. */
function purposesOf({ extensions }: Certificate): readonly string[] {
  const extension = extensions.get(oids.extendedKeyUsage)
  return extension === undefined ? [] : childrenOf(readDer(extension.value)).map((it) => oidOf(expectTag(it, tags.oid)))
}

/** What the certificates of a chain are for. */
export type Purpose = 'codeSigning' | 'timeStamping'

/**
 * True if an authority may issue for a purpose. One whose extendedKeyUsage names others only may not: RFC 5280 leaves this
 * open, Go (and so sigstore-go), OpenSSL and the browsers read it so.
 */
export function mayIssueFor(authority: Certificate, purpose: Purpose): boolean {
  const purposes = purposesOf(authority)
  return purposes.length === 0 || purposes.includes(oids[purpose]) || purposes.includes(oids.anyPurpose)
}

/** RFC 3161 §2.3: a timestamping certificate has this one purpose, and the extension is critical. */
export function isForTimestampsOnly(certificate: Certificate): boolean {
  const purposes = purposesOf(certificate)
  const critical = certificate.extensions.get(oids.extendedKeyUsage)?.critical === true
  return critical && purposes.length === 1 && purposes[0] === oids.timeStamping
}

/** A signing certificate with what we ask of it. */
export interface SigningCertificate {
  readonly certificate: Certificate
  readonly identity: CertificateIdentity
  /**
   * True if its extended key usage has codeSigning (Fulcio sets it, and a TLS certificate of the same authority lacks it), it
   * may make signatures, and it is no authority: these sign certificates and never an artifact.
   */
  readonly forCodeSigning: boolean
}

/** DER → signing certificate. Error: `bundle-malformed`. */
export function readCertificate(der: Uint8Array): SigningCertificate {
  try {
    const certificate = parseCertificate(der)
    return {
      certificate,
      identity: {
        subjectAlternativeName: alternativeName(certificate),
        extensions: fulcioExtensions(certificate),
        fingerprint: sha256Hex(certificate.der),
        serialNumber: certificate.serialNumber.toString('hex'),
        notBefore: certificate.notBefore.toISOString(),
        notAfter: certificate.notAfter.toISOString(),
      },
      forCodeSigning:
        purposesOf(certificate).includes(oids.codeSigning) &&
        hasUsage(certificate, 'digitalSignature') &&
        authorityOf(certificate) === undefined,
    }
  } catch (cause) {
    throw new CountersignError('bundle-malformed', 'the signing certificate cannot be read', { cause })
  }
}

/** The one general name. A certificate with several has no identity that could be matched whole: undefined. */
function alternativeName({ extensions }: Certificate): CertificateIdentity['subjectAlternativeName'] {
  const extension = extensions.get(oids.subjectAlternativeName)
  const names = extension === undefined ? [] : childrenOf(readDer(extension.value))
  const [name] = names
  if (name === undefined || names.length !== 1) return undefined
  switch (name.tag) {
    case contextTag(6, 'primitive'):
      return { kind: 'uri', value: name.content.toString('utf8') }
    case contextTag(1, 'primitive'):
      return { kind: 'email', value: name.content.toString('utf8') }
    case contextTag(0):
      return otherName(name)
    default:
      return undefined
  }
}

/** Fulcio's OtherName: its OID, [0] { UTF8String }. One of another OID is a name of another kind, such as a Windows account. */
function otherName(name: Element): CertificateIdentity['subjectAlternativeName'] {
  const parts = childrenOf(name)
  if (parts.length !== 2 || oidOf(childAt(parts, 0, tags.oid)) !== oids.fulcioOtherName) return undefined
  const values = childrenOf(childAt(parts, 1, contextTag(0)))
  if (values.length !== 1) return undefined
  return { kind: 'other', value: childAt(values, 0, 0x0c).content.toString('utf8') }
}

const names = Object.entries(extensionTable) as [ExtensionName, (typeof extensionTable)[ExtensionName]][]

function fulcioExtensions({ extensions }: Certificate): Extensions {
  const found: { [name in ExtensionName]?: string } = {}
  for (const [name, { number }] of names) {
    const extension = extensions.get(`${fulcioArc}.${number}`)
    if (extension === undefined) continue
    // 1–6 are raw text, the later ones a DER UTF8String.
    const text = number <= 6 ? extension.value : readDer(extension.value, 0x0c).content
    found[name] = text.toString('utf8')
  }
  return found
}
