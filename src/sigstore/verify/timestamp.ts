/** RFC 3161 timestamps: a CMS SignedData (RFC 5652) over a TSTInfo, signed by a timestamp authority of the trusted root. */
import { createHash } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { limits } from '../../model/limits.ts'
import {
  DerError,
  childAt,
  childrenOf,
  contextTag,
  expectTag,
  integerOf,
  oidOf,
  readDer,
  tags,
  timeOf,
} from './asn1.ts'
import type { Element } from './asn1.ts'
import { hasStrongKey, isForTimestampsOnly, isSignature, keyOf, signatureAlgorithms } from './certificate.ts'
import type { SignatureAlgorithm } from './certificate.ts'
import { isWithin, issuerOf } from './chain.ts'
import type { Authority } from './chain.ts'

const signedData = '1.2.840.113549.1.7.2'
const tstInfo = '1.2.840.113549.1.9.16.1.4'
const contentType = '1.2.840.113549.1.9.3'
const messageDigest = '1.2.840.113549.1.9.4'

const hashes = new Map<string, 'sha256' | 'sha384' | 'sha512'>([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
])

/** A timestamp as it was parsed; nothing is verified yet. */
export interface Timestamp {
  readonly time: Date
  /** Hash and digest of what was stamped. */
  readonly imprint: { readonly hash: string; readonly digest: Buffer }
  readonly info: Buffer
  readonly signer: { readonly issuer: Buffer; readonly serialNumber: Buffer }
  readonly digestHash: 'sha256' | 'sha384' | 'sha512'
  /** DER of the signed attributes, as a SET. */
  readonly attributes: Buffer
  readonly attributeDigest: Buffer
  readonly signatureAlgorithm: string
  readonly signature: Buffer
}

/** TimeStampResp in DER (RFC 3161 §2.4.2) → timestamp. Throws DerError. */
export function parseTimestamp(bytes: Uint8Array): Timestamp {
  if (bytes.length > limits.timestampBytes) {
    throw new DerError(`the timestamp has ${bytes.length} bytes, more than ${limits.timestampBytes}`)
  }
  const response = childrenOf(readDer(bytes))
  const status = childrenOf(childAt(response, 0, tags.sequence))
  // granted and grantedWithMods; whatever else has no token
  if (integerOf(childAt(status, 0, tags.integer)) > 1) throw new DerError('the timestamp was not granted')
  const content = childrenOf(childAt(response, 1, tags.sequence))
  requireOid(childAt(content, 0, tags.oid), signedData)
  const data = childrenOf(childAt(childrenOf(childAt(content, 1, contextTag(0))), 0, tags.sequence))
  const encapsulated = childrenOf(childAt(data, 2, tags.sequence))
  requireOid(childAt(encapsulated, 0, tags.oid), tstInfo)
  const info = childAt(childrenOf(childAt(encapsulated, 1, contextTag(0))), 0, tags.octetString).content
  const signers = childrenOf(childAt(data, data.length - 1, tags.set))
  const [signer] = signers
  if (signer === undefined || signers.length !== 1) throw new DerError('a timestamp has one signer')
  return { ...readInfo(info), info, ...readSigner(signer) }
}

/** TSTInfo: version, policy, messageImprint, serialNumber, genTime, … */
function readInfo(bytes: Buffer): Pick<Timestamp, 'time' | 'imprint'> {
  const parts = childrenOf(readDer(bytes))
  if (integerOf(childAt(parts, 0, tags.integer)) !== 1) throw new DerError('the timestamp is not version 1')
  const imprint = childrenOf(childAt(parts, 2, tags.sequence))
  return {
    time: timeOf(childAt(parts, 4, tags.generalizedTime)),
    imprint: {
      hash: hashOf(childAt(imprint, 0, tags.sequence)),
      digest: childAt(imprint, 1, tags.octetString).content,
    },
  }
}

/** SignerInfo: version, issuerAndSerialNumber, digestAlgorithm, [0] signedAttrs, signatureAlgorithm, signature */
function readSigner(signer: Element): Omit<Timestamp, 'time' | 'imprint' | 'info'> {
  const parts = childrenOf(expectTag(signer, tags.sequence))
  const id = childrenOf(childAt(parts, 1, tags.sequence))
  const attributes = childAt(parts, 3, contextTag(0))
  requireOid(attributeOf(attributes, contentType, tags.oid), tstInfo)
  return {
    signer: {
      issuer: childAt(id, 0, tags.sequence).bytes,
      serialNumber: childAt(id, 1, tags.integer).content,
    },
    digestHash: hashOf(childAt(parts, 2, tags.sequence)),
    // RFC 5652 §5.4: what is signed is the SET, not its [0].
    attributes: Buffer.concat([Buffer.of(tags.set), attributes.bytes.subarray(1)]),
    attributeDigest: attributeOf(attributes, messageDigest, tags.octetString).content,
    signatureAlgorithm: oidOf(childAt(childrenOf(childAt(parts, 4, tags.sequence)), 0, tags.oid)),
    signature: childAt(parts, 5, tags.octetString).content,
  }
}

/** The one value of a signed attribute that stands exactly once. */
function attributeOf(attributes: Element, oid: string, tag: number): Element {
  const found = childrenOf(attributes).filter((it) => oidOf(childAt(childrenOf(it), 0, tags.oid)) === oid)
  const [attribute] = found
  if (attribute === undefined || found.length !== 1) throw new DerError(`the signed attribute ${oid} is not there once`)
  const values = childrenOf(childAt(childrenOf(attribute), 1, tags.set))
  if (values.length !== 1) throw new DerError(`the signed attribute ${oid} has not one value`)
  return childAt(values, 0, tag)
}

function requireOid(element: Element, oid: string): void {
  if (oidOf(element) !== oid) throw new DerError(`expected ${oid}, found ${oidOf(element)}`)
}

function hashOf(algorithm: Element): 'sha256' | 'sha384' | 'sha512' {
  const hash = hashes.get(oidOf(childAt(childrenOf(algorithm), 0, tags.oid)))
  if (hash === undefined) throw new DerError('the hash of the timestamp is not SHA-2')
  return hash
}

/**
 * True if one of the authorities, believed and valid at the time that it states, stamped `data`. Its certificate must be one
 * for timestamps and nothing else (RFC 3161 §2.3; go-witness accepted others, GHSA-5qp5-ph6r-qj9f).
 */
export function isStampOf(timestamp: Timestamp, data: Uint8Array, authorities: readonly Authority[]): boolean {
  const { time, imprint, info, signer } = timestamp
  if (!digest(imprint.hash, data).equals(imprint.digest)) return false
  if (!digest(timestamp.digestHash, info).equals(timestamp.attributeDigest)) return false
  return authorities.some((authority) => {
    const [certificate] = authority.chain
    if (certificate === undefined || !isWithin(authority.validFor, time)) return false
    if (!certificate.issuer.equals(signer.issuer) || !certificate.serialNumber.equals(signer.serialNumber)) return false
    if (!isForTimestampsOnly(certificate) || !hasStrongKey(certificate)) return false
    if (issuerOf(certificate, [authority], time, 'timeStamping') === undefined) return false
    return isSignedWith(timestamp, keyOf(certificate))
  })
}

/** Some authorities name only the kind of key: ecPublicKey, rsaEncryption. The hash is then that of the digest. */
const keyAlgorithms: ReadonlyMap<string, SignatureAlgorithm['key']> = new Map([
  ['1.2.840.10045.2.1', 'ec'],
  ['1.2.840.113549.1.1.1', 'rsa'],
])

function isSignedWith({ signatureAlgorithm, digestHash, attributes, signature }: Timestamp, key: KeyObject): boolean {
  const kind = keyAlgorithms.get(signatureAlgorithm)
  const algorithm =
    kind === undefined ? signatureAlgorithms.get(signatureAlgorithm) : ({ key: kind, hash: digestHash } as const)
  return algorithm !== undefined && isSignature(algorithm, attributes, key, signature)
}

function digest(hash: string, data: Uint8Array): Buffer {
  return createHash(hash).update(data).digest()
}
