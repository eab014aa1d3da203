/** X.509 certificates (RFC 5280) as the authorities here issue them; always ECDSA P-256 with SHA-256. */
import { createHash, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { bitsOf, childAt, childrenOf, contextTag, encode, readDer, tags } from '../sigstore/verify/asn1.ts'
import { bitString, integer, octetString, oid, sequence, setOf, time, utf8String, yes } from './der.ts'
import { publicKeyDer } from './key-id.ts'
import { organization } from './names.ts'

/** AlgorithmIdentifier of ecdsa-with-SHA256 (RFC 5758 §3.2): parameters are absent. */
export const ecdsaWithSha256: Buffer = sequence(oid('1.2.840.10045.4.3.2'))

/** Extended key usages (RFC 5280 §4.2.1.12). */
export const codeSigning = '1.3.6.1.5.5.7.3.3'
export const timeStamping = '1.3.6.1.5.5.7.3.8'

/** DER of `O=countersign local, CN=<commonName>`; a test may be of another organization. */
export function authorityName(commonName: string, of: string = organization): Buffer {
  const attribute = (type: string, value: string): Buffer => setOf([sequence(oid(type), utf8String(value))])
  return sequence(attribute('2.5.4.10', of), attribute('2.5.4.3', commonName))
}

/** What a leaf of Fulcio is called: it has its name in an extension. */
export const noName: Buffer = sequence()

interface CertificateContent {
  /** DER of the names. */
  readonly subject: Buffer
  readonly issuer: Buffer
  readonly publicKey: KeyObject
  readonly notBefore: Date
  readonly notAfter: Date
  /** DER of each. */
  readonly extensions: readonly Buffer[]
  /** Default: a new one. */
  readonly serial?: Buffer
}

/** DER of a serial number: 159 random bits, positive (RFC 5280 §4.1.2.2). */
export function newSerial(bytes = 20): Buffer {
  const serial = randomBytes(bytes)
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return encode(tags.integer, serial)
}

/** DER of the part that is signed. */
export function toBeSigned(content: CertificateContent): Buffer {
  return sequence(
    encode(contextTag(0), integer(2)), // v3
    content.serial ?? newSerial(),
    ecdsaWithSha256,
    content.issuer,
    sequence(time(content.notBefore), time(content.notAfter)),
    content.subject,
    publicKeyDer(content.publicKey),
    encode(contextTag(3), sequence(...content.extensions)),
  )
}

/** DER of the certificate. */
export function signCertificate(signed: Uint8Array, signingKey: KeyObject): Buffer {
  return sequence(signed, ecdsaWithSha256, bitString(sign('sha256', signed, signingKey)))
}

/** DER of an extension with DER, or with the raw text of Fulcio's first six, as its value. */
export function extension(id: string, value: Uint8Array, mark?: 'critical'): Buffer {
  return sequence(oid(id), ...(mark === 'critical' ? [yes] : []), octetString(value))
}

/** Critical basicConstraints and keyUsage (keyCertSign, cRLSign) of an authority with at most `pathLength` authorities below it. */
export function authorityExtensions(pathLength: number): Buffer[] {
  return [extension('2.5.29.19', sequence(yes, integer(pathLength)), 'critical'), keyUsage(0b0000_0110, 1)]
}

/** Critical keyUsage digitalSignature. */
export function signerUsage(): Buffer {
  return keyUsage(0b1000_0000, 7)
}

/** The first bit is digitalSignature (RFC 5280 §4.2.1.3); DER has no zeros at the end. */
function keyUsage(bits: number, unused: number): Buffer {
  return extension('2.5.29.15', bitString(Buffer.of(bits), unused), 'critical')
}

/** extKeyUsage with this one purpose. */
export function purpose(id: string, mark?: 'critical'): Buffer {
  return extension('2.5.29.37', sequence(oid(id)), mark)
}

/** The names that a certificate is for; critical, since the subject is empty (RFC 5280 §4.2.1.6). */
export function alternativeNames(names: readonly { readonly kind: 'email' | 'uri'; readonly value: string }[]): Buffer {
  const written = names.map(({ kind, value }) =>
    encode(contextTag(kind === 'email' ? 1 : 6, 'primitive'), Buffer.from(value)),
  )
  return extension('2.5.29.17', sequence(...written), 'critical')
}

/** Subject and authority key identifiers; both, or OpenSSL's X509_STRICT (sigstore-python) refuses the chain. */
export function keyIdentifiers(subjectKey: KeyObject, authorityKey: KeyObject): Buffer[] {
  const authority = encode(contextTag(0, 'primitive'), keyIdentifier(authorityKey))
  return [extension('2.5.29.14', octetString(keyIdentifier(subjectKey))), extension('2.5.29.35', sequence(authority))]
}

/** RFC 7093 §2 method 1: the leftmost 160 bits of SHA-256 over the key's bits. */
function keyIdentifier(key: KeyObject): Uint8Array {
  const bits = bitsOf(childAt(childrenOf(readDer(publicKeyDer(key))), 1, tags.bitString))
  return createHash('sha256').update(bits).digest().subarray(0, 20)
}
