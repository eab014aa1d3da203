/**
 * Names of members in protobuf JSON: whoever reads it must take `lowerCamelCase` and the name of the field in its `.proto` file
 * (protobuf.dev, "ProtoJSON Format"), and some writers are told to keep the latter. Only members that are known are renamed.
 */
import { isList, isObject } from './json.ts'
import type { Json } from './json.ts'

/** Members of a message that have two names or hold others, by their JSON name. A list has the shape of its entries. */
export interface ProtoShape {
  readonly [member: string]: ProtoShape
}

const plain: ProtoShape = {}

/**
 * The same JSON under its JSON names; the very value where nothing is to be renamed. `refuse` makes the error for a member that
 * stands there under both, of which different readers would take different ones.
 */
export function withJsonNames(json: Json, shape: ProtoShape, refuse: (reason: string) => Error): Json {
  if (isList(json)) {
    const entries = json.map((it) => withJsonNames(it, shape, refuse))
    return entries.some((it, index) => it !== json[index]) ? entries : json
  }
  if (!isObject(json)) return json
  const changed = new Map<string, Json>()
  for (const [name, below] of Object.entries(shape)) {
    const written = protoName(name)
    const isWritten = written !== name && Object.hasOwn(json, written)
    if (isWritten && Object.hasOwn(json, name)) throw refuse(`it has both ${name} and ${written}`)
    const before = json[isWritten ? written : name]
    if (before === undefined) continue
    const value = withJsonNames(before, below, refuse)
    if (isWritten || value !== before) changed.set(isWritten ? written : name, value)
  }
  if (changed.size === 0) return json
  const jsonNames = new Map(Object.keys(shape).map((name) => [protoName(name), name]))
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      const replaced = changed.get(name)
      return replaced === undefined ? [name, value] : [jsonNames.get(name) ?? name, replaced]
    }),
  )
}

/** `x509CertificateChain` → `x509_certificate_chain`. */
export function protoName(jsonName: string): string {
  return jsonName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

const validity: ProtoShape = { start: plain, end: plain }
const certificate: ProtoShape = { rawBytes: plain }
const publicKey: ProtoShape = { rawBytes: plain, keyDetails: plain, validFor: validity }
const logId: ProtoShape = { keyId: plain }

const logEntry: ProtoShape = {
  logIndex: plain,
  logId,
  kindVersion: plain,
  integratedTime: plain,
  inclusionPromise: { signedEntryTimestamp: plain },
  inclusionProof: { logIndex: plain, rootHash: plain, treeSize: plain, checkpoint: plain },
  canonicalizedBody: plain,
}

/** sigstore_bundle.proto. The envelope's `payloadType` is called so in its .proto file too. */
export const bundleMembers: ProtoShape = {
  mediaType: plain,
  verificationMaterial: {
    publicKey: plain,
    x509CertificateChain: { certificates: certificate },
    certificate,
    tlogEntries: logEntry,
    timestampVerificationData: { rfc3161Timestamps: { signedTimestamp: plain } },
  },
  messageSignature: { messageDigest: plain },
  dsseEnvelope: plain,
}

const authority: ProtoShape = {
  subject: { commonName: plain },
  certChain: { certificates: certificate },
  validFor: validity,
}
const log: ProtoShape = { baseUrl: plain, hashAlgorithm: plain, publicKey, logId, checkpointKeyId: logId }

/** sigstore_trustroot.proto: TrustedRoot. */
export const trustedRootMembers: ProtoShape = {
  mediaType: plain,
  tlogs: log,
  certificateAuthorities: authority,
  ctlogs: log,
  timestampAuthorities: authority,
}

const service: ProtoShape = { majorApiVersion: plain, validFor: validity }

/** The same: SigningConfig. */
export const signingConfigMembers: ProtoShape = {
  mediaType: plain,
  caUrls: service,
  oidcUrls: service,
  rekorTlogUrls: service,
  rekorTlogConfig: plain,
  tsaUrls: service,
  tsaConfig: plain,
}

/** The same: ClientTrustConfig, whose parts are read by themselves. */
export const trustConfigMembers: ProtoShape = { mediaType: plain, trustedRoot: plain, signingConfig: plain }
