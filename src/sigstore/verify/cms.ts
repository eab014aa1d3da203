/** CMS SignedData (RFC 5652 §5) with one signer who signed attributes: what timestamps and gitsign's signatures are. */
import type { KeyObject } from 'node:crypto'
import { DerError, childAt, childrenOf, contextTag, expectTag, oidOf, tags } from './asn1.ts'
import type { Element } from './asn1.ts'
import { isSignature, signatureAlgorithms } from './certificate.ts'
import type { SignatureAlgorithm } from './certificate.ts'

const signedData = '1.2.840.113549.1.7.2'
const contentType = '1.2.840.113549.1.9.3'
const messageDigest = '1.2.840.113549.1.9.4'

export type CmsHash = 'sha256' | 'sha384' | 'sha512'

const hashes = new Map<string, CmsHash>([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
])

/** As it was parsed; nothing is verified yet. */
export interface SignerInfo {
  readonly signer: { readonly issuer: Buffer; readonly serialNumber: Buffer }
  readonly digestHash: CmsHash
  /** DER of the signed attributes, as a SET. */
  readonly attributes: Buffer
  /** What they say that the digest of the content is. */
  readonly attributeDigest: Buffer
  readonly signatureAlgorithm: string
  readonly signature: Buffer
  /** The attributes that nobody signed. */
  readonly unsigned: Element | undefined
}

export interface SignedData {
  /** Undefined where it is elsewhere. */
  readonly content: Buffer | undefined
  /** As they are given; nobody says that they belong to the signer. */
  readonly certificates: Element | undefined
  readonly signer: SignerInfo
}

/** A ContentInfo whose content is of this type, by its OID. Throws DerError. */
export function readSignedData(contentInfo: Element, type: string): SignedData {
  const outer = childrenOf(contentInfo)
  requireOid(childAt(outer, 0, tags.oid), signedData)
  const data = childrenOf(childAt(childrenOf(childAt(outer, 1, contextTag(0))), 0, tags.sequence))
  const encapsulated = childrenOf(childAt(data, 2, tags.sequence))
  requireOid(childAt(encapsulated, 0, tags.oid), type)
  const signers = childrenOf(childAt(data, data.length - 1, tags.set))
  const [signer] = signers
  if (signer === undefined || signers.length !== 1) throw new DerError('it has not one signer')
  const certificates = data[3]?.tag === contextTag(0) ? data[3] : undefined
  return {
    content:
      encapsulated.length === 1
        ? undefined
        : childAt(childrenOf(childAt(encapsulated, 1, contextTag(0))), 0, tags.octetString).content,
    certificates,
    signer: readSigner(signer, type),
  }
}

/** SignerInfo: version, issuerAndSerialNumber, digestAlgorithm, [0] signedAttrs, signatureAlgorithm, signature, [1] unsignedAttrs */
function readSigner(signer: Element, type: string): SignerInfo {
  const parts = childrenOf(expectTag(signer, tags.sequence))
  const id = childrenOf(childAt(parts, 1, tags.sequence))
  const attributes = childAt(parts, 3, contextTag(0))
  requireOid(attributeOf(attributes, contentType, tags.oid), type)
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
    unsigned: parts.length > 6 ? childAt(parts, 6, contextTag(1)) : undefined,
  }
}

/** The one value of an attribute that stands exactly once. Throws DerError. */
function attributeOf(attributes: Element, oid: string, tag: number): Element {
  const values = attributeValues(attributes, oid)
  const [value] = values
  if (value === undefined || values.length !== 1) throw new DerError(`the attribute ${oid} has not one value`)
  return expectTag(value, tag)
}

/** The values of an attribute; empty without it. Throws DerError (it stands twice). */
export function attributeValues(attributes: Element, oid: string): readonly Element[] {
  const found = childrenOf(attributes).filter((it) => oidOf(childAt(childrenOf(it), 0, tags.oid)) === oid)
  const [attribute] = found
  if (attribute === undefined) return []
  if (found.length !== 1) throw new DerError(`the attribute ${oid} stands twice`)
  return childrenOf(childAt(childrenOf(attribute), 1, tags.set))
}

function requireOid(element: Element, oid: string): void {
  if (oidOf(element) !== oid) throw new DerError(`expected ${oid}, found ${oidOf(element)}`)
}

/** AlgorithmIdentifier of a hash → its name. Throws DerError. */
export function hashOf(algorithm: Element): CmsHash {
  const hash = hashes.get(oidOf(childAt(childrenOf(algorithm), 0, tags.oid)))
  if (hash === undefined) throw new DerError('the hash is not SHA-2')
  return hash
}

/** Some signers name only the kind of key: ecPublicKey, rsaEncryption. The hash is then that of the digest. */
const keyAlgorithms: ReadonlyMap<string, SignatureAlgorithm['key']> = new Map([
  ['1.2.840.10045.2.1', 'ec'],
  ['1.2.840.113549.1.1.1', 'rsa'],
])

/** True if the key signed the attributes. What they say of the content is another question. */
export function isSignedWith(
  {
    signatureAlgorithm,
    digestHash,
    attributes,
    signature,
  }: Pick<SignerInfo, 'signatureAlgorithm' | 'digestHash' | 'attributes' | 'signature'>,
  key: KeyObject,
): boolean {
  const kind = keyAlgorithms.get(signatureAlgorithm)
  const algorithm =
    kind === undefined ? signatureAlgorithms.get(signatureAlgorithm) : ({ key: kind, hash: digestHash } as const)
  return algorithm !== undefined && isSignature(algorithm, attributes, key, signature)
}
