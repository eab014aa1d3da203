/** The timestamp authority (RFC 3161, RFC 5816; sigstore/timestamp-authority): says that a digest was known now. */
import { createHash, randomBytes, sign } from 'node:crypto'
import type { X509Certificate } from 'node:crypto'
import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContent,
  EncapsulatedContentInfo,
  id_signedData,
  IssuerAndSerialNumber,
  SignatureAlgorithmIdentifier,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from '@peculiar/asn1-cms'
import { AsnConvert, AsnObjectIdentifierConverter, OctetString } from '@peculiar/asn1-schema'
import {
  Accuracy,
  id_ct_tstInfo,
  MessageImprint,
  PKIStatus,
  PKIStatusInfo,
  TimeStampReq,
  TimeStampResp,
  TimeStampToken,
  TSTInfo,
  TSTInfoVersion,
} from '@peculiar/asn1-tsp'
import { AlgorithmIdentifier, Certificate, Time } from '@peculiar/asn1-x509'
import * as z from 'zod/mini'
import type { Json } from '../model/json.ts'
import { derOf, ecdsaWithSha256 } from './certificate.ts'
import { arrayBuffer, tag, tlv, unsignedInteger } from './der.ts'
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

interface Question {
  readonly messageImprint: MessageImprint
  readonly nonce: ArrayBuffer | undefined
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
  const respond = (question: Question): Buffer =>
    derOf(
      new TimeStampResp({
        status: new PKIStatusInfo({ status: PKIStatus.granted }),
        timeStampToken: tokenOf(tstInfo(question, now()), question, material),
      }),
    )
  return {
    chain: `${timestamp.toString()}${timestampRoot.toString()}`,
    answer: (query) => respond(questionOf(query)),
    answerJson: (query) => respond(questionOfJson(query)),
  }
}

function questionOf(query: Uint8Array): Question {
  let request: TimeStampReq
  try {
    request = AsnConvert.parse(query, TimeStampReq)
  } catch {
    throw new Refusal(400, 'the timestamp query is no RFC 3161 request')
  }
  requirePolicy(request.reqPolicy)
  if (request.extensions !== undefined) throw new Refusal(400, 'extensions of a timestamp query are not supported')
  requireImprint(request.messageImprint)
  return { messageImprint: request.messageImprint, nonce: request.nonce, withCertificate: request.certReq }
}

function questionOfJson(query: Json): Question {
  const parsed = jsonShape.safeParse(query)
  if (!parsed.success) throw new Refusal(400, 'the timestamp query is malformed')
  const { artifactHash, hashAlgorithm, certificates, nonce, tsaPolicyOID } = parsed.data
  requirePolicy(tsaPolicyOID)
  const messageImprint = new MessageImprint({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: hashNames[hashAlgorithm] ?? '' }),
    hashedMessage: new OctetString(Buffer.from(artifactHash, 'base64')),
  })
  requireImprint(messageImprint)
  return {
    messageImprint,
    nonce: nonce === undefined ? undefined : arrayBuffer(unsignedInteger(BigInt(nonce))),
    withCertificate: certificates ?? false,
  }
}

function requirePolicy(asked: string | undefined): void {
  if (asked !== undefined && asked !== '' && asked !== policy) {
    throw new Refusal(400, 'this timestamp policy is not offered')
  }
}

function requireImprint({ hashAlgorithm, hashedMessage }: MessageImprint): void {
  if (digests[hashAlgorithm.algorithm] !== hashedMessage.byteLength) {
    throw new Refusal(400, 'expected a SHA-256, SHA-384 or SHA-512 digest')
  }
}

/** Whole seconds: one and two digit fractions are legal, but sigstore-js refuses them. The accuracy says so. */
function tstInfo({ messageImprint, nonce }: Question, now: Date): TSTInfo {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return new TSTInfo({
    version: TSTInfoVersion.v1,
    policy,
    messageImprint,
    serialNumber: arrayBuffer(serial),
    genTime: new Date(Math.floor(now.getTime() / 1_000) * 1_000),
    accuracy: new Accuracy({ seconds: 1 }),
    ...(nonce === undefined ? {} : { nonce }),
  })
}

function tokenOf(info: TSTInfo, { withCertificate }: Question, { keys, certificates }: Material): TimeStampToken {
  const content = derOf(info)
  const digestAlgorithm = new DigestAlgorithmIdentifier({ algorithm: sha256Id })
  const certificate = AsnConvert.parse(certificates.timestamp.raw, Certificate)
  const attributes = signedAttributes(content, info.genTime, certificates.timestamp)
  const signedData = new SignedData({
    version: CMSVersion.v3, // RFC 5652 §5.1: the content is no plain data
    digestAlgorithms: new DigestAlgorithmIdentifiers([digestAlgorithm]),
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: id_ct_tstInfo,
      eContent: new EncapsulatedContent({ single: new OctetString(content) }),
    }),
    ...(withCertificate ? { certificates: new CertificateSet([new CertificateChoices({ certificate })]) } : {}),
    signerInfos: new SignerInfos([
      new SignerInfo({
        version: CMSVersion.v1,
        sid: new SignerIdentifier({
          issuerAndSerialNumber: new IssuerAndSerialNumber({
            issuer: certificate.tbsCertificate.issuer,
            serialNumber: certificate.tbsCertificate.serialNumber,
          }),
        }),
        digestAlgorithm,
        signedAttrs: attributes,
        signatureAlgorithm: new SignatureAlgorithmIdentifier({ algorithm: ecdsaWithSha256.algorithm }),
        // RFC 5652 §5.4: signed as a SET OF, although they stand there under another tag
        signature: new OctetString(sign('sha256', tlv(tag.set, ...attributes.map(derOf)), keys.timestamp)),
      }),
    ]),
  })
  const { contentType, content: body } = new ContentInfo({
    contentType: id_signedData,
    content: arrayBuffer(derOf(signedData)),
  })
  return new TimeStampToken({ contentType, content: body })
}

/** In the order of their encodings, as DER wants a SET OF. */
function signedAttributes(content: Uint8Array, genTime: Date, signer: X509Certificate): Attribute[] {
  const attribute = (attrType: string, value: Uint8Array): Attribute =>
    new Attribute({ attrType, attrValues: [arrayBuffer(value)] })
  const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
  // SigningCertificateV2 (RFC 5035 §3): one ESSCertIDv2 with its default hash, SHA-256
  const certificateId = tlv(tag.sequence, tlv(tag.octetString, sha256(signer.raw)))
  return [
    attribute('1.2.840.113549.1.9.3', objectIdentifier(id_ct_tstInfo)),
    attribute('1.2.840.113549.1.9.4', tlv(tag.octetString, sha256(content))),
    attribute('1.2.840.113549.1.9.5', derOf(new Time(genTime))),
    attribute('1.2.840.113549.1.9.16.2.47', tlv(tag.sequence, tlv(tag.sequence, certificateId))),
  ].sort((left, right) => Buffer.compare(derOf(left), derOf(right)))
}

function objectIdentifier(oid: string): Buffer {
  return Buffer.from(AsnObjectIdentifierConverter.toASN(oid).toBER())
}
