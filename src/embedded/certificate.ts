/** X.509 certificates (RFC 5280) as the authorities here issue them; always ECDSA P-256 with SHA-256. */
import { createHash, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'
import { arrayBuffer, tag, tlv } from './der.ts'
import { publicKeyDer } from './key-id.ts'
import { organization } from './names.ts'

/** ecdsa-with-SHA256 (RFC 5758 §3.2): parameters are absent. */
export const ecdsaWithSha256: AlgorithmIdentifier = new AlgorithmIdentifier({ algorithm: '1.2.840.10045.4.3.2' })

/** `O=countersign local, CN=<commonName>`; a test may be of another organization. */
export function authorityName(commonName: string, of: string = organization): Name {
  const attribute = (type: string, value: string): RelativeDistinguishedName =>
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String: value }) }),
    ])
  return new Name([attribute('2.5.4.10', of), attribute('2.5.4.3', commonName)])
}

interface CertificateContent {
  readonly subject: Name
  readonly issuer: Name
  readonly publicKey: KeyObject
  readonly notBefore: Date
  readonly notAfter: Date
  readonly extensions: readonly Extension[]
}

/** The part that is signed, with a serial number of its own: 159 random bits, positive (RFC 5280 §4.1.2.2). */
export function toBeSigned(content: CertificateContent): TBSCertificate {
  const serial = randomBytes(20)
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return new TBSCertificate({
    version: Version.v3,
    serialNumber: arrayBuffer(serial),
    signature: ecdsaWithSha256,
    issuer: content.issuer,
    subject: content.subject,
    validity: new Validity({ notBefore: content.notBefore, notAfter: content.notAfter }),
    subjectPublicKeyInfo: AsnConvert.parse(publicKeyDer(content.publicKey), SubjectPublicKeyInfo),
    extensions: new Extensions([...content.extensions]),
  })
}

/** DER of the certificate. */
export function signCertificate(tbsCertificate: TBSCertificate, signingKey: KeyObject): Buffer {
  // The very bytes that are signed: to encode them once more would take as long as all the rest.
  const signed = derOf(tbsCertificate)
  const signature = sign('sha256', signed, signingKey)
  return tlv(tag.sequence, signed, derOf(ecdsaWithSha256), tlv(tag.bitString, Buffer.of(0), signature))
}

/** DER of any value that has an ASN.1 schema. */
export function derOf(value: object): Buffer {
  return Buffer.from(AsnConvert.serialize(value))
}

/** An extension with DER, or with the raw text of Fulcio's first six, as its value. */
export function extension(extnID: string, value: Uint8Array, mark?: 'critical'): Extension {
  return new Extension({ extnID, critical: mark === 'critical', extnValue: new OctetString(value) })
}

/** Critical basicConstraints and keyUsage of an authority with at most `pathLength` authorities below it. */
export function authorityExtensions(pathLength: number): Extension[] {
  const constraints = new BasicConstraints({ cA: true, pathLenConstraint: pathLength })
  return [
    extension(id_ce_basicConstraints, derOf(constraints), 'critical'),
    keyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign),
  ]
}

/** Critical keyUsage digitalSignature. */
export function signerUsage(): Extension {
  return keyUsage(KeyUsageFlags.digitalSignature)
}

function keyUsage(flags: KeyUsageFlags): Extension {
  return extension(id_ce_keyUsage, derOf(new KeyUsage(flags)), 'critical')
}

/** extKeyUsage with this one purpose. */
export function purpose(oid: string, mark?: 'critical'): Extension {
  return extension(id_ce_extKeyUsage, derOf(new ExtendedKeyUsage([oid])), mark)
}

/** Subject and authority key identifiers; both, or OpenSSL's X509_STRICT (sigstore-python) refuses the chain. */
export function keyIdentifiers(subjectKey: KeyObject, authorityKey: KeyObject): Extension[] {
  const authority = new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(authorityKey)) })
  return [
    extension(id_ce_subjectKeyIdentifier, derOf(new SubjectKeyIdentifier(keyIdentifier(subjectKey)))),
    extension(id_ce_authorityKeyIdentifier, derOf(authority)),
  ]
}

/** RFC 7093 §2 method 1: the leftmost 160 bits of SHA-256 over the key's bits. */
function keyIdentifier(key: KeyObject): Uint8Array {
  const { subjectPublicKey } = AsnConvert.parse(publicKeyDer(key), SubjectPublicKeyInfo)
  return createHash('sha256').update(Buffer.from(subjectPublicKey)).digest().subarray(0, 20)
}
