/**
 * What gitsign writes into a commit: a CMS signature (RFC 5652) under a certificate of Fulcio. The signature is over attributes,
 * which hold the digest of the commit. The entry of the log stands beside them in an attribute that nobody signed, as a
 * TransparencyLogEntry of protobuf-specs without its body, or, as gitsign does it by default, not at all: then the log alone
 * has it. Nothing is looked up here.
 */
import { createHash } from 'node:crypto'
import { CountersignError, reasonOf } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { DerError, childrenOf, expectTag, readDer, tags } from './asn1.ts'
import type { Element } from './asn1.ts'
import { parseCertificate, readCertificate } from './certificate.ts'
import type { SigningCertificate } from './certificate.ts'
import { attributeValues, isSignedWith, readSignedData } from './cms.ts'
import type { SignerInfo } from './cms.ts'
import type { LogEntryMaterial, Material } from './material.ts'
import { allBytesIn, bytesIn, fieldsOf, numberIn } from './protobuf.ts'
import { timestampResponse } from './timestamp.ts'
import type { Trust } from './trusted-root.ts'
import { refused, verifyMaterial } from './verify-bundle.ts'
import type { Proof, Refused } from './verify-bundle.ts'

const data = '1.2.840.113549.1.7.1'
/** OIDRekorTransparencyLogEntry of gitsign. */
const logEntry = '1.3.6.1.4.1.57264.3.1'
/** id-aa-timeStampToken (RFC 3161, appendix A). */
const timeStampToken = '1.2.840.113549.1.9.16.2.14'

/** As it was parsed; nothing is verified yet. */
export interface CertifiedSignature {
  readonly certificate: SigningCertificate
  readonly info: SignerInfo
  readonly material: Material
}

/** DER → signature. Error: `bundle-malformed`. */
export function parseCertifiedSignature(der: Uint8Array): CertifiedSignature {
  try {
    return parse(der)
  } catch (thrown) {
    throw new CountersignError('bundle-malformed', `the signature cannot be read: ${reasonOf(thrown)}`, {
      cause: thrown,
    })
  }
}

function parse(der: Uint8Array): CertifiedSignature {
  const { content, certificates, signer: info } = readSignedData(readDer(der), data)
  // What is signed is the commit. Something of its own would be what another program shows.
  if (content !== undefined) throw new DerError('it holds a content of its own')
  const own = certificates === undefined ? [] : childrenOf(certificates).filter((it) => isOf(it, info))
  const [certificate] = own
  if (certificate === undefined || own.length !== 1)
    throw new DerError('the certificate of its signer is not there once')
  const { unsigned } = info
  return {
    certificate: readCertificate(certificate.bytes),
    info,
    material: {
      signer: { kind: 'certificate', der: certificate.bytes },
      entries: valuesOf(unsigned, logEntry).map((it) =>
        entryIn(expectTag(it, tags.octetString).content, info, certificate),
      ),
      timestamps: valuesOf(unsigned, timeStampToken).map((it) => timestampResponse(it.bytes)),
    },
  }
}

function isOf(element: Element, { signer }: SignerInfo): boolean {
  const { issuer, serialNumber } = parseCertificate(expectTag(element, tags.sequence).bytes)
  return issuer.equals(signer.issuer) && serialNumber.equals(signer.serialNumber)
}

function valuesOf(attributes: Element | undefined, oid: string): readonly Element[] {
  const values = attributes === undefined ? [] : attributeValues(attributes, oid)
  if (values.length > limits.signatureProofs) throw new DerError('there are more proofs than anybody asks for')
  return values
}

/** The body was left out, since all of it stands elsewhere in the signature: it is written as Rekor writes it (hashedrekord 0.0.1). */
function entryIn(message: Buffer, { attributes, signature }: SignerInfo, certificate: Element): LogEntryMaterial {
  const entry = fieldsOf(message)
  const kindVersion = fieldsOf(bytesIn(entry, 3) ?? none)
  const promise = bytesIn(entry, 5)
  const proof = bytesIn(entry, 6)
  return {
    logId: bytesIn(fieldsOf(bytesIn(entry, 2) ?? none), 1) ?? none,
    logIndex: Number(numberIn(entry, 1)),
    kind: textOf(bytesIn(kindVersion, 1)),
    version: textOf(bytesIn(kindVersion, 2)),
    integratedTime: Number(numberIn(entry, 4)),
    body: bytesIn(entry, 7) ?? bodyOf(attributes, signature, certificate.bytes),
    promise: promise === undefined ? undefined : bytesIn(fieldsOf(promise), 1),
    proof: proof === undefined ? undefined : proofIn(proof),
  }
}

const none = Buffer.alloc(0)

function textOf(bytes: Buffer | undefined): string {
  return (bytes ?? none).toString('utf8')
}

function proofIn(message: Buffer): LogEntryMaterial['proof'] {
  const proof = fieldsOf(message)
  const hashes = allBytesIn(proof, 4)
  if (hashes.length > limits.proofHashes) throw new DerError('a proof has more hashes than a tree can be high')
  const checkpoint = textOf(bytesIn(fieldsOf(bytesIn(proof, 5) ?? none), 1))
  return { logIndex: numberIn(proof, 1), hashes, checkpoint }
}

function bodyOf(attributes: Buffer, signature: Buffer, certificate: Buffer): Buffer {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  const pem = ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
  // The order of the members is that of canonical JSON.
  const body = {
    apiVersion: '0.0.1',
    kind: 'hashedrekord',
    spec: {
      data: { hash: { algorithm: 'sha256', value: digestOf('sha256', attributes).toString('hex') } },
      signature: {
        content: signature.toString('base64'),
        publicKey: { content: Buffer.from(pem).toString('base64') },
      },
    },
  }
  return Buffer.from(JSON.stringify(body))
}

/**
 * Verified as a bundle is: the signature, a trusted time, the chain, the certificate log, the entry. Whether the signer may
 * sign is not asked. Error: `bundle-malformed`.
 */
export function verifyCertifiedSignature(
  { info, material }: CertifiedSignature,
  signed: Uint8Array,
  trust: Trust,
): Proof | Refused {
  const { attributes, signature, digestHash, attributeDigest } = info
  if (!digestOf(digestHash, signed).equals(attributeDigest)) {
    return refused('signature', 'signature-invalid', 'the signature is one of something else', [])
  }
  const content = {
    signature,
    holds: (key: Parameters<typeof isSignedWith>[1]) => isSignedWith(info, key),
    logged: { signature, digest: (hash: string) => digestOf(hash, attributes) },
  }
  const proof = verifyMaterial(content, material, trust)
  // Timestamps stand outside of what is signed, so that anybody can leave them out: without them the log must say when.
  const isOfOther = 'outcome' in proof && proof.code === 'trusted-time-invalid' && material.timestamps.length > 0
  return isOfOther ? verifyMaterial(content, { ...material, timestamps: [] }, trust) : proof
}

function digestOf(hash: string, bytes: Uint8Array): Buffer {
  return createHash(hash).update(bytes).digest()
}
