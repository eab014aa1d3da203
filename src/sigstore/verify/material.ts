/**
 * The verification material of a bundle (sigstore/protobuf-specs sigstore_bundle.proto), read by the rules of its version:
 * v0.1 needs a promise with each log entry, v0.2 and v0.3 a proof with its checkpoint, v0.3 has no chain.
 */
import { CountersignError } from '../../errors.ts'
import { isBase64 } from '../../model/bundle.ts'
import type { Bundle } from '../../model/bundle.ts'
import { isObject } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'

/** A log entry as the bundle gives it. */
export interface LogEntryMaterial {
  readonly logId: Buffer
  readonly logIndex: number
  readonly kind: string
  readonly version: string
  /** Seconds since 1970; 0 for Rekor v2, which tells no time. */
  readonly integratedTime: number
  /** What was logged: canonical JSON, hashed into the tree as it stands. */
  readonly body: Buffer
  /** Signed entry timestamp. */
  readonly promise: Buffer | undefined
  readonly proof:
    { readonly logIndex: bigint; readonly hashes: readonly Buffer[]; readonly checkpoint: string } | undefined
}

/** Everything in a bundle beside what was signed. */
export interface Material {
  /** DER of the leaf certificate, or the hint of a bare key. */
  readonly signer:
    { readonly kind: 'certificate'; readonly der: Buffer } | { readonly kind: 'key'; readonly hint: string }
  readonly entries: readonly LogEntryMaterial[]
  /** RFC 3161 responses in DER. */
  readonly timestamps: readonly Buffer[]
}

/** Error: `bundle-malformed`, naming the member. */
export function readMaterial({ json, version }: Bundle): Material {
  const material = objectAt(json, 'verificationMaterial')
  const timestampData = material['timestampVerificationData'] ?? null
  return {
    signer: readSigner(material, version),
    entries: listOf(material['tlogEntries'], 'tlogEntries').map((entry, at) =>
      readEntry(itemOf(entry, `tlogEntries[${at}]`), version),
    ),
    timestamps:
      timestampData === null
        ? []
        : listOf(asObject(timestampData, 'timestampVerificationData')['rfc3161Timestamps'], 'rfc3161Timestamps').map(
            (it, at) => bytesAt(itemOf(it, `rfc3161Timestamps[${at}]`), 'signedTimestamp'),
          ),
  }
}

function readSigner(material: JsonObject, version: string): Material['signer'] {
  const { certificate = null, x509CertificateChain = null, publicKey = null } = material
  if ([certificate, x509CertificateChain, publicKey].filter((it) => it !== null).length !== 1) {
    throw malformed('verificationMaterial needs exactly one of certificate, x509CertificateChain and publicKey')
  }
  if (certificate !== null) {
    return { kind: 'certificate', der: bytesAt(asObject(certificate, 'certificate'), 'rawBytes') }
  }
  if (publicKey !== null) {
    const { hint } = asObject(publicKey, 'publicKey')
    return { kind: 'key', hint: typeof hint === 'string' ? hint : '' }
  }
  if (version === '0.3') throw malformed('a bundle v0.3 has no certificate chain')
  const [leaf] = listOf(asObject(x509CertificateChain, 'x509CertificateChain')['certificates'], 'certificates')
  if (leaf === undefined) throw malformed('the certificate chain is empty')
  return { kind: 'certificate', der: bytesAt(itemOf(leaf, 'certificates[0]'), 'rawBytes') }
}

function readEntry(entry: JsonObject, version: string): LogEntryMaterial {
  const kindVersion = objectAt(entry, 'kindVersion')
  const promise = entry['inclusionPromise'] ?? null
  const proof = entry['inclusionProof'] ?? null
  if (version === '0.1' ? promise === null : proof === null) {
    throw malformed(`a log entry of a bundle v${version} needs an inclusion ${version === '0.1' ? 'promise' : 'proof'}`)
  }
  return {
    logId: bytesAt(objectAt(entry, 'logId'), 'keyId'),
    logIndex: Number(integerAt(entry, 'logIndex')),
    kind: textAt(kindVersion, 'kind'),
    version: textAt(kindVersion, 'version'),
    integratedTime: Number(integerAt(entry, 'integratedTime')),
    body: bytesAt(entry, 'canonicalizedBody'),
    promise: promise === null ? undefined : bytesAt(asObject(promise, 'inclusionPromise'), 'signedEntryTimestamp'),
    proof: proof === null ? undefined : readProof(asObject(proof, 'inclusionProof'), version),
  }
}

function readProof(proof: JsonObject, version: string): LogEntryMaterial['proof'] {
  const checkpoint = proof['checkpoint'] ?? null
  // Bundles v0.1 may hold a proof without checkpoint, which proves nothing: their promise counts.
  if (checkpoint === null && version === '0.1') return undefined
  const hashes = listOf(proof['hashes'], 'hashes')
  if (hashes.length > limits.proofHashes) throw malformed('a proof has more hashes than a tree can be high')
  return {
    logIndex: integerAt(proof, 'logIndex'),
    hashes: hashes.map((it, at) => decode(it, `hashes[${at}]`)),
    checkpoint: textAt(asObject(checkpoint, 'checkpoint'), 'envelope'),
  }
}

type JsonObject = { readonly [member: string]: Json }

function objectAt(from: JsonObject, member: string): JsonObject {
  return asObject(from[member] ?? null, member)
}

function asObject(value: Json, what: string): JsonObject {
  if (!isObject(value)) throw malformed(`${what} is missing or no object`)
  return value
}

/** What stands in a list is there, and null is nothing that could stand in one. */
function itemOf(value: Json, what: string): JsonObject {
  if (!isObject(value)) throw malformed(`${what} is no object`)
  return value
}

/** Protobuf JSON leaves an empty list out, or says null. */
function listOf(value: Json | undefined, what: string): readonly Json[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw malformed(`${what} is no list`)
  return value as readonly Json[]
}

function textAt(from: JsonObject, member: string): string {
  const value = from[member]
  if (typeof value !== 'string' || value === '') throw malformed(`${member} is missing or no text`)
  return value
}

function bytesAt(from: JsonObject, member: string): Buffer {
  const bytes = decode(from[member] ?? null, member)
  if (bytes.length === 0) throw malformed(`${member} is empty`)
  return bytes
}

/** With line ends between, which Python's protobuf takes and Go's does not: nothing that is read depends on them. */
function decode(value: Json, what: string): Buffer {
  if (typeof value !== 'string') throw malformed(`${what} is missing or no text`)
  const text = value.replaceAll('\n', '').replaceAll('\r', '')
  if (!isBase64(text)) throw malformed(`${what} is no base64`)
  return Buffer.from(text, 'base64')
}

/** An int64 of protobuf JSON: decimal text or a number, and 0 if it is left out. */
function integerAt(from: JsonObject, member: string): bigint {
  const value = from[member] ?? '0'
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  if (typeof value === 'string' && /^\d{1,18}$/.test(value)) return BigInt(value)
  throw malformed(`${member} is no whole number`)
}

function malformed(reason: string): CountersignError {
  return new CountersignError('bundle-malformed', `the bundle is malformed: ${reason}`)
}
