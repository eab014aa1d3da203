/** Commits as gitsign signs them: its CMS, put together from plain DER, over services of the embedded Sigstore. */
import { createHash } from 'node:crypto'
import { HashAlgorithm } from '@sigstore/protobuf-specs'
import type { TransparencyLogEntry } from '@sigstore/protobuf-specs'
import { FulcioSigner, RekorWitness, TSAWitness } from '@sigstore/sign'
import { providerClaims } from '../../src/embedded/claims.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import type { Claims } from '../../src/model/provider.ts'
import { childAt, childrenOf, encode, readDer, tags } from '../../src/sigstore/verify/asn1.ts'
import { parseCertificate } from '../../src/sigstore/verify/certificate.ts'
import { oidDer, oids } from './own-certificates.ts'
import { algorithm, attribute, attributeOids } from './own-timestamps.ts'

const dataOid = '1.2.840.113549.1.7.1'
const signedDataOid = '1.2.840.113549.1.7.2'
const logEntryOid = '1.3.6.1.4.1.57264.3.1'
const timeStampTokenOid = '1.2.840.113549.1.9.16.2.14'

export interface GitsignParts {
  /** Of the token; default: a person with the address `ann@example.org`. */
  readonly claims?: Claims
  /** Where the entry is logged; `none`: in no log, or in one that the signature does not tell (gitsign's default). */
  readonly log?: LocalSigstore | 'none'
  /** An authority that stamps the signature; default none. */
  readonly times?: LocalSigstore
  /** After the signature and before it is logged. */
  readonly between?: () => void
  /** Signed attributes before they are signed. */
  readonly attributes?: (attributes: Buffer[]) => Buffer[]
  /** DER of attributes that nobody signed. */
  readonly unsigned?: (attributes: Buffer[]) => Buffer[]
  /** The content, which gitsign leaves out. */
  readonly content?: Buffer
  /** DER of the certificates that are given. */
  readonly certificates?: (leaf: Buffer) => Buffer[]
}

export function personClaims(email = 'ann@example.org'): Claims {
  return providerClaims('generic', { email })
}

/** DER of the signature over `payload`. */
export async function gitsignSignature(
  sigstore: LocalSigstore,
  payload: Buffer | string,
  parts: GitsignParts = {},
): Promise<Buffer> {
  const { claims = personClaims(), log = sigstore, times } = parts
  const own = [
    attribute(attributeOids.contentType, oidDer(dataOid)),
    attribute(attributeOids.messageDigest, encode(tags.octetString, sha256(payload))),
  ]
  const signedAttributes = parts.attributes?.(own) ?? own
  const signed = encode(tags.set, ...signedAttributes)
  const signer = new FulcioSigner({
    identityProvider: { getToken: () => sigstore.mintToken(claims) },
    fulcioBaseURL: sigstore.url,
  })
  const { signature, key } = await signer.sign(signed)
  if (key.$case !== 'x509Certificate') throw new Error('Fulcio gave no certificate')
  const pem = key.certificate
  const leaf = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')
  parts.between?.()
  const content = {
    $case: 'messageSignature',
    messageSignature: { messageDigest: { algorithm: HashAlgorithm.SHA2_256, digest: sha256(signed) }, signature },
  } as const
  const unsigned: Buffer[] = []
  if (log !== 'none') {
    const { tlogEntries } = await new RekorWitness({ rekorBaseURL: log.url }).testify(content, pem)
    unsigned.push(attribute(logEntryOid, encode(tags.octetString, entryMessage(tlogEntries[0]!))))
  }
  if (times !== undefined) {
    const { rfc3161Timestamps } = await new TSAWitness({ tsaBaseURL: times.url }).testify(content)
    const response = readDer(rfc3161Timestamps[0]!.signedTimestamp)
    unsigned.push(attribute(timeStampTokenOid, childAt(childrenOf(response), 1, tags.sequence).bytes))
  }
  return signedData({ leaf, signedAttributes, signature, unsigned: parts.unsigned?.(unsigned) ?? unsigned }, parts)
}

interface Made {
  readonly leaf: Buffer
  readonly signedAttributes: readonly Buffer[]
  readonly signature: Buffer
  readonly unsigned: readonly Buffer[]
}

function signedData({ leaf, signedAttributes, signature, unsigned }: Made, parts: GitsignParts): Buffer {
  const { issuer, serialNumber } = parseCertificate(leaf)
  const info = encode(
    tags.sequence,
    encode(tags.integer, Buffer.of(1)),
    encode(tags.sequence, issuer, encode(tags.integer, serialNumber)),
    algorithm('sha256'),
    encode(0xa0, ...signedAttributes),
    encode(tags.sequence, oidDer(oids.ecdsaWithSha256)),
    encode(tags.octetString, signature),
    ...(unsigned.length === 0 ? [] : [encode(0xa1, ...unsigned)]),
  )
  const content = parts.content === undefined ? [] : [encode(0xa0, encode(tags.octetString, parts.content))]
  const data = encode(
    tags.sequence,
    encode(tags.integer, Buffer.of(1)),
    encode(tags.set, algorithm('sha256')),
    encode(tags.sequence, oidDer(dataOid), ...content),
    encode(0xa0, ...(parts.certificates?.(leaf) ?? [leaf])),
    encode(tags.set, info),
  )
  return encode(tags.sequence, oidDer(signedDataOid), encode(0xa0, data))
}

/** TransparencyLogEntry of protobuf-specs sigstore_rekor.proto, without its body, as gitsign keeps it. */
function entryMessage(entry: TransparencyLogEntry): Buffer {
  const { inclusionProof: proof, inclusionPromise: promise } = entry
  return Buffer.concat([
    number(1, BigInt(entry.logIndex)),
    bytes(2, bytes(1, entry.logId!.keyId)),
    bytes(3, Buffer.concat([bytes(1, entry.kindVersion!.kind), bytes(2, entry.kindVersion!.version)])),
    number(4, BigInt(entry.integratedTime)),
    bytes(5, bytes(1, promise!.signedEntryTimestamp)),
    bytes(
      6,
      Buffer.concat([
        number(1, BigInt(proof!.logIndex)),
        bytes(2, proof!.rootHash),
        number(3, BigInt(proof!.treeSize)),
        ...proof!.hashes.map((it) => bytes(4, it)),
        bytes(5, bytes(1, proof!.checkpoint!.envelope)),
      ]),
    ),
  ])
}

export function number(field: number, value: bigint): Buffer {
  return Buffer.concat([varint(BigInt(field) << 3n), varint(value)])
}

export function bytes(field: number, value: Buffer | string): Buffer {
  const content = Buffer.from(value as string)
  return Buffer.concat([varint((BigInt(field) << 3n) | 2n), varint(BigInt(content.length)), content])
}

function varint(value: bigint): Buffer {
  const digits: number[] = []
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return Buffer.from([...digits, Number(rest)])
    digits.push(Number(rest & 0x7fn) | 0x80)
  }
}

/** As it stands in the header of a commit. */
export function armoured(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN SIGNED MESSAGE-----', ...lines, '-----END SIGNED MESSAGE-----', ''].join('\n')
}

function sha256(content: Buffer | string): Buffer {
  return createHash('sha256').update(content).digest()
}
