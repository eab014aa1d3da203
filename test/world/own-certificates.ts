/** Certificates of any shape (RFC 5280), right ones and wrong ones, put together from plain DER. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { encode, tags } from '../../src/sigstore/verify/asn1.ts'

export const oids = {
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  subjectAlternativeName: '2.5.29.17',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  anyPurpose: '2.5.29.37.0',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const

export const keyCertSign = 0x04
export const digitalSignature = 0x80

/** A certificate with the key that it certifies. */
export interface OwnCertificate {
  readonly der: Buffer
  readonly subject: string
  readonly serialNumber: Buffer
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export interface CertificateShape {
  /** Common name; default `leaf`. */
  readonly subject?: string
  /** Default: signs itself. */
  readonly issuer?: OwnCertificate
  /** Instead of the issuer's name. */
  readonly issuerName?: string
  readonly keys?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
  /** Default: an hour around now. */
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** Makes it an authority. */
  readonly authority?: { readonly pathLength?: number }
  /** First octet of the bits. */
  readonly keyUsage?: number
  readonly purposes?: readonly string[]
  readonly purposesMark?: 'critical'
  readonly subjectKeyIdentifier?: Buffer
  readonly authorityKeyIdentifier?: Buffer
  /** URI */
  readonly name?: string
  /** DER of further extensions, made by `extension`. */
  readonly more?: readonly Buffer[]
  /** Default: a random one. */
  readonly serialNumber?: Buffer
  /** What stands in the version; 2 is v3. */
  readonly version?: number
}

const hour = 3_600_000

/** So many milliseconds from now: when a certificate begins or ends, never how long something took. */
export function fromNow(milliseconds: number): Date {
  return new Date(new Date().getTime() + milliseconds)
}

export function ownCertificate(shape: CertificateShape = {}): OwnCertificate {
  const { publicKey, privateKey } = shape.keys ?? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const subject = shape.subject ?? 'leaf'
  const serialNumber = shape.serialNumber ?? Buffer.concat([Buffer.of(0x40), randomBytes(15)])
  const extensions = extensionsOf(shape)
  const tbs = encode(
    tags.sequence,
    encode(0xa0, encode(tags.integer, Buffer.of(shape.version ?? 2))),
    encode(tags.integer, serialNumber),
    signatureAlgorithm,
    nameDer(shape.issuerName ?? shape.issuer?.subject ?? subject),
    encode(tags.sequence, timeDer(shape.notBefore ?? fromNow(-hour)), timeDer(shape.notAfter ?? fromNow(hour))),
    nameDer(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [encode(0xa3, encode(tags.sequence, ...extensions))]),
  )
  const der = encode(
    tags.sequence,
    tbs,
    signatureAlgorithm,
    bitString(sign('sha256', tbs, shape.issuer?.privateKey ?? privateKey)),
  )
  return { der, subject, serialNumber, publicKey, privateKey }
}

/** DER of an extension with DER as its value. */
export function extension(oid: string, value: Uint8Array, mark?: 'critical'): Buffer {
  const critical = mark === undefined ? [] : [encode(tags.boolean, Buffer.of(0xff))]
  return encode(tags.sequence, oidDer(oid), ...critical, encode(tags.octetString, value))
}

export function oidDer(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc % 128]
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(0x80 + (left % 128))
    return digits
  })
  return encode(tags.oid, Buffer.from(octets))
}

/** `CN=…` */
export function nameDer(commonName: string): Buffer {
  const attribute = encode(tags.sequence, oidDer('2.5.4.3'), encode(0x0c, Buffer.from(commonName)))
  return encode(tags.sequence, encode(tags.set, attribute))
}

const signatureAlgorithm = encode(tags.sequence, oidDer(oids.ecdsaWithSha256))

function extensionsOf(shape: CertificateShape): Buffer[] {
  const { authority, keyUsage, purposes, subjectKeyIdentifier, authorityKeyIdentifier, name } = shape
  return [
    ...(authority === undefined
      ? []
      : [extension(oids.basicConstraints, constraintsDer(authority.pathLength), 'critical')]),
    ...(keyUsage === undefined
      ? []
      : [extension(oids.keyUsage, encode(tags.bitString, Buffer.of(0, keyUsage)), 'critical')]),
    ...(purposes === undefined
      ? []
      : [extension(oids.extendedKeyUsage, encode(tags.sequence, ...purposes.map(oidDer)), shape.purposesMark)]),
    ...(subjectKeyIdentifier === undefined
      ? []
      : [extension(oids.subjectKeyIdentifier, encode(tags.octetString, subjectKeyIdentifier))]),
    ...(authorityKeyIdentifier === undefined
      ? []
      : [extension(oids.authorityKeyIdentifier, encode(tags.sequence, encode(0x80, authorityKeyIdentifier)))]),
    ...(name === undefined
      ? []
      : [extension(oids.subjectAlternativeName, encode(tags.sequence, encode(0x86, Buffer.from(name))), 'critical')]),
    ...(shape.more ?? []),
  ]
}

function constraintsDer(pathLength: number | undefined): Buffer {
  const length = pathLength === undefined ? [] : [encode(tags.integer, Buffer.of(pathLength))]
  return encode(tags.sequence, encode(tags.boolean, Buffer.of(0xff)), ...length)
}

function bitString(bytes: Uint8Array): Buffer {
  return encode(tags.bitString, Buffer.of(0), bytes)
}

/** `YYYYMMDDHHMMSSZ` */
export function generalizedText(time: Date): string {
  return `${time.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`
}

function timeDer(time: Date): Buffer {
  return encode(tags.generalizedTime, Buffer.from(generalizedText(time)))
}

export function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
