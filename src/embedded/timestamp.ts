/** The timestamp authority (RFC 3161, RFC 5816; sigstore/timestamp-authority): says that a digest was known now. */
import { createHash, sign } from 'node:crypto'
import type { X509Certificate } from 'node:crypto'
import * as z from 'zod/mini'
import type { Json } from '../model/json.ts'
import {
  DerError,
  booleanOf,
  childAt,
  childrenOf,
  contextTag,
  encode,
  oidOf,
  readDer,
  tags,
} from '../sigstore/verify/asn1.ts'
import type { Element } from '../sigstore/verify/asn1.ts'
import { ecdsaWithSha256, newSerial } from './certificate.ts'
import { generalizedTime, integer, octetString, oid, sequence, setOf, time } from './der.ts'
import type { Material } from './material.ts'
import { Refusal } from './refusal.ts'

export interface TimestampAuthority {
  /** DER TimeStampReq → DER TimeStampResp. Refusal: 400. */
  answer(query: Uint8Array): Buffer
  /** The same for the JSON form of the request, which sigstore-js sends. */
  answerJson(query: Json): Buffer
  /** PEM, signer first. */
  readonly chain: string
}

interface TimestampOptions {
  readonly material: Material
  readonly now: () => Date
}

/** Policy of Sigstore's timestamp authorities (timestamp-authority pkg/api). */
const policy = '1.3.6.1.4.1.57264.2'

/** Digests that are timestamped, with their length in bytes. */
const digests: { readonly [oid: string]: number } = {
  '2.16.840.1.101.3.4.2.1': 32, // SHA-256
  '2.16.840.1.101.3.4.2.2': 48, // SHA-384
  '2.16.840.1.101.3.4.2.3': 64, // SHA-512
}
const sha256Id = '2.16.840.1.101.3.4.2.1'
const hashNames: { readonly [name: string]: string } = {
  sha256: sha256Id,
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
}

const signedDataId = '1.2.840.113549.1.7.2'
const tstInfoId = '1.2.840.113549.1.9.16.1.4'

/** DER of what is given back. */
interface Question {
  readonly messageImprint: Buffer
  readonly nonce: Buffer | undefined
  readonly withCertificate: boolean
}

const jsonShape = z.object({
  artifactHash: z.string().check(z.regex(/^[A-Za-z0-9+/]{1,100}={0,2}$/)),
  hashAlgorithm: z.string(),
  certificates: z.optional(z.boolean()),
  nonce: z.optional(z.int().check(z.nonnegative())),
  tsaPolicyOID: z.optional(z.string()),
})

export function createTimestampAuthority({ material, now }: TimestampOptions): TimestampAuthority {
  const { timestamp, timestampRoot } = material.certificates
  const granted = sequence(integer(0))
  const respond = (question: Question): Buffer => sequence(granted, tokenOf(question, material, wholeSeconds(now())))
  return {
    chain: `${timestamp.toString()}${timestampRoot.toString()}`,
    answer: (query) => respond(questionOf(query)),
    answerJson: (query) => respond(questionOfJson(query)),
  }
}

function questionOf(query: Uint8Array): Question {
  try {
    const [version, messageImprint, ...options] = childrenOf(readDer(query))
    if (version?.tag !== tags.integer || messageImprint?.tag !== tags.sequence)
      throw new DerError('it is another thing')
    const optional = (tag: number): Element | undefined => (options[0]?.tag === tag ? options.shift() : undefined)
    const reqPolicy = optional(tags.oid)
    const nonce = optional(tags.integer)
    const certReq = optional(tags.boolean)
    if (options.length > 0) throw new Refusal(400, 'extensions of a timestamp query are not supported')
    requirePolicy(reqPolicy === undefined ? undefined : oidOf(reqPolicy))
    const imprint = childrenOf(messageImprint)
    const algorithm = childAt(childrenOf(childAt(imprint, 0, tags.sequence)), 0, tags.oid)
    requireDigest(oidOf(algorithm), childAt(imprint, 1, tags.octetString).content)
    const withCertificate = certReq !== undefined && booleanOf(certReq)
    return { messageImprint: messageImprint.bytes, nonce: nonce?.bytes, withCertificate }
  } catch (thrown) {
    if (thrown instanceof DerError) throw new Refusal(400, 'the timestamp query is no RFC 3161 request')
    throw thrown
  }
}

function questionOfJson(query: Json): Question {
  const parsed = jsonShape.safeParse(query)
  if (!parsed.success) throw new Refusal(400, 'the timestamp query is malformed')
  const { artifactHash, hashAlgorithm, certificates, nonce, tsaPolicyOID } = parsed.data
  requirePolicy(tsaPolicyOID)
  const algorithm = hashNames[hashAlgorithm] ?? ''
  const digest = Buffer.from(artifactHash, 'base64')
  requireDigest(algorithm, digest)
  return {
    messageImprint: sequence(sequence(oid(algorithm)), octetString(digest)),
    nonce: nonce === undefined ? undefined : integer(nonce),
    withCertificate: certificates ?? false,
  }
}

function requirePolicy(asked: string | undefined): void {
  if (asked !== undefined && asked !== '' && asked !== policy) {
    throw new Refusal(400, 'this timestamp policy is not offered')
  }
}

function requireDigest(algorithm: string, digest: Uint8Array): void {
  if (digests[algorithm] !== digest.length) throw new Refusal(400, 'expected a SHA-256, SHA-384 or SHA-512 digest')
}

/** One and two digit fractions are legal, but sigstore-js refuses them. The accuracy says so. */
function wholeSeconds(now: Date): Date {
  return new Date(Math.floor(now.getTime() / 1_000) * 1_000)
}

function tstInfo({ messageImprint, nonce }: Question, genTime: Date): Buffer {
  const accuracy = sequence(integer(1))
  const parts = [oid(policy), messageImprint, newSerial(16), generalizedTime(genTime), accuracy]
  return sequence(integer(1), ...parts, ...(nonce === undefined ? [] : [nonce]))
}

/** A ContentInfo with SignedData (RFC 5652 §5.1), version 3 because the content is no plain data. */
function tokenOf(question: Question, { keys, certificates }: Material, genTime: Date): Buffer {
  const content = tstInfo(question, genTime)
  const sha256Algorithm = sequence(oid(sha256Id))
  const attributes = setOf(signedAttributes(content, genTime, certificates.timestamp))
  const signerInfo = sequence(
    integer(1),
    issuerAndSerialNumber(certificates.timestamp),
    sha256Algorithm,
    // RFC 5652 §5.4: signed as a SET OF, although they stand here under another tag
    encode(contextTag(0), readDer(attributes, tags.set).content),
    ecdsaWithSha256,
    octetString(sign('sha256', attributes, keys.timestamp)),
  )
  const signedData = sequence(
    integer(3),
    setOf([sha256Algorithm]),
    sequence(oid(tstInfoId), encode(contextTag(0), octetString(content))),
    ...(question.withCertificate ? [encode(contextTag(0), certificates.timestamp.raw)] : []),
    setOf([signerInfo]),
  )
  return sequence(oid(signedDataId), encode(contextTag(0), signedData))
}

/** As they stand in the certificate: after the version, the serial number; after the algorithm, the issuer. */
function issuerAndSerialNumber({ raw }: X509Certificate): Buffer {
  const signed = childrenOf(childAt(childrenOf(readDer(raw)), 0, tags.sequence))
  return sequence(childAt(signed, 3, tags.sequence).bytes, childAt(signed, 1, tags.integer).bytes)
}

function signedAttributes(content: Uint8Array, genTime: Date, signer: X509Certificate): Buffer[] {
  const attribute = (type: string, value: Uint8Array): Buffer => sequence(oid(type), setOf([value]))
  const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
  // SigningCertificateV2 (RFC 5035 §3): one ESSCertIDv2 with its default hash, SHA-256
  const certificateId = sequence(octetString(sha256(signer.raw)))
  return [
    attribute('1.2.840.113549.1.9.3', oid(tstInfoId)),
    attribute('1.2.840.113549.1.9.4', octetString(sha256(content))),
    attribute('1.2.840.113549.1.9.5', time(genTime)),
    attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(certificateId))),
  ]
}
