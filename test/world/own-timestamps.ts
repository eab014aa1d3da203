/** RFC 3161 responses of any shape, right ones and wrong ones, put together from plain DER. */
import { createHash, sign } from 'node:crypto'
import { encode, tags } from '../../src/sigstore/verify/asn1.ts'
import { generalizedText, nameDer, oidDer, oids, ownCertificate } from './own-certificates.ts'
import type { CertificateShape, OwnCertificate } from './own-certificates.ts'

export const attributeOids = { contentType: '1.2.840.113549.1.9.3', messageDigest: '1.2.840.113549.1.9.4' } as const
export const tstInfoOid = '1.2.840.113549.1.9.16.1.4'
const hashOids: { readonly [hash: string]: string } = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
}

export interface TimestampShape {
  /** GeneralizedTime; default: now in whole seconds. */
  readonly time?: string
  readonly status?: number
  readonly version?: number
  /** Hash of the imprint; default sha256. */
  readonly imprintHash?: string
  /** Hash of the signed attribute messageDigest; default sha256. */
  readonly digestHash?: string
  /** In the SignerInfo; default ecdsa-with-SHA256. */
  readonly signatureAlgorithm?: string
  readonly contentType?: string
  readonly serialNumber?: Buffer
  readonly issuerName?: string
  /** Number of SignerInfos; default 1. */
  readonly signers?: number
  /** Changes the signed attributes before they are signed. */
  readonly attributes?: (attributes: Buffer[]) => Buffer[]
  /** The attribute messageDigest is over this instead of the TSTInfo. */
  readonly digestOf?: Buffer
}

/** DER of an attribute with one value. */
export function attribute(oid: string, ...values: readonly Buffer[]): Buffer {
  return encode(tags.sequence, oidDer(oid), encode(tags.set, ...values))
}

/** A response that stamps `data`, signed by `signer` under the name of `issuerName`. */
export function ownTimestamp(
  data: Uint8Array,
  signer: OwnCertificate,
  issuerName: string,
  shape: TimestampShape = {},
): Buffer {
  const { imprintHash = 'sha256', digestHash = 'sha256' } = shape
  const info = encode(
    tags.sequence,
    integer(shape.version ?? 1),
    oidDer('1.2.3.4'),
    encode(tags.sequence, algorithm(imprintHash), encode(tags.octetString, digest(imprintHash, data))),
    integer(77),
    encode(tags.generalizedTime, Buffer.from(shape.time ?? generalizedText(new Date()))),
  )
  const attributes = [
    attribute(attributeOids.contentType, oidDer(shape.contentType ?? tstInfoOid)),
    attribute(attributeOids.messageDigest, encode(tags.octetString, digest(digestHash, shape.digestOf ?? info))),
  ]
  const signed = shape.attributes?.(attributes) ?? attributes
  const signerInfo = encode(
    tags.sequence,
    integer(1),
    encode(
      tags.sequence,
      nameDer(shape.issuerName ?? issuerName),
      encode(tags.integer, shape.serialNumber ?? signer.serialNumber),
    ),
    algorithm(digestHash),
    encode(0xa0, ...signed),
    encode(tags.sequence, oidDer(shape.signatureAlgorithm ?? oids.ecdsaWithSha256)),
    encode(tags.octetString, sign('sha256', encode(tags.set, ...signed), signer.privateKey)),
  )
  const signedData = encode(
    tags.sequence,
    integer(3),
    encode(tags.set, algorithm(digestHash)),
    encode(tags.sequence, oidDer(tstInfoOid), encode(0xa0, encode(tags.octetString, info))),
    encode(tags.set, ...Array.from({ length: shape.signers ?? 1 }, () => signerInfo)),
  )
  const token = encode(tags.sequence, oidDer('1.2.840.113549.1.7.2'), encode(0xa0, signedData))
  return encode(tags.sequence, encode(tags.sequence, integer(shape.status ?? 0)), token)
}

/** A timestamp authority: the signer, and the root that issued it. */
export interface OwnTimestampAuthority {
  readonly signer: OwnCertificate
  readonly root: OwnCertificate
  stamp(data: Uint8Array, shape?: TimestampShape): Buffer
}

export function ownTimestampAuthority(shape: CertificateShape = {}): OwnTimestampAuthority {
  const root = ownCertificate({ subject: 'stamp root', authority: {} })
  const signer = ownCertificate({
    subject: 'stamp signer',
    issuer: root,
    purposes: [oids.timeStamping],
    purposesMark: 'critical',
    ...shape,
  })
  return { signer, root, stamp: (data, timestamp) => ownTimestamp(data, signer, root.subject, timestamp) }
}

function integer(value: number): Buffer {
  return encode(tags.integer, Buffer.of(value))
}

export function algorithm(hash: string): Buffer {
  return encode(tags.sequence, oidDer(hashOids[hash] ?? hash))
}

function digest(hash: string, data: Uint8Array): Buffer {
  return createHash(hash).update(data).digest()
}
