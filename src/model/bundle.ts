/**
 * A file that holds an attestation: a Sigstore bundle (v0.1–v0.3, sigstore/protobuf-specs sigstore_bundle.proto) or a bare
 * DSSE envelope. This room reads the shape; what is cryptographically true is for `sigstore/verify`.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import type { Envelope } from './envelope.ts'
import { isObject, parseJson } from './json.ts'
import type { Json } from './json.ts'
import { limits } from './limits.ts'
import { bundleMembers, withJsonNames } from './proto-names.ts'
import { issueText } from './statement.ts'

export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'

/** Each version under the older spelling and the newer one: clients write both, and not only those of its time. */
const mediaTypes: ReadonlyMap<string, string> = new Map(
  ['0.1', '0.2', '0.3'].flatMap((version) => [
    [`application/vnd.dev.sigstore.bundle+json;version=${version}`, version],
    [`application/vnd.dev.sigstore.bundle.v${version}+json`, version],
  ]),
)

/**
 * Parsed, not verified. `json` is what the file held and is handed to `sigstore/verify`; `envelope` is undefined for a plain
 * message signature. A bare envelope has version `dsse` and carries no verification material at all. `form` is what the file
 * held where it was none of these, and `json` was written out of it. Members of a bundle have their JSON names, also where the
 * file had those of the .proto file (`proto-names.ts`).
 */
export interface Bundle {
  readonly version: string
  readonly json: { readonly [member: string]: Json }
  readonly envelope: Envelope | undefined
  readonly form?: 'PyPI attestation'
}

const base64Text = /^[A-Za-z0-9+/_-]*(={0,2})$/

/**
 * Base64 as Go's protobuf JSON takes it: either alphabet, with or without padding. Node would skip everything else, and a last
 * digit that stands for nothing, and so read what others refuse.
 */
export function isBase64(text: string): boolean {
  const [whole, padding = ''] = base64Text.exec(text) ?? []
  const isPadded = padding === '' || text.length % 4 === 0
  return whole !== undefined && isPadded && (text.length - padding.length) % 4 !== 1
}

const base64 = z.string().check(z.refine(isBase64, 'it is no base64'))

/** A list of unknown things: a list is bounded before anything is made of what it holds. */
const bounded = (max: number): z.ZodMiniArray<z.ZodMiniUnknown> => z.array(z.unknown()).check(z.maxLength(max))

/** A member that may be left out. In protobuf JSON null says the same. */
const absent = <T extends z.ZodMiniType>(member: T): z.ZodMiniOptional<z.ZodMiniNullable<T>> =>
  z.optional(z.nullable(member))

const signature = z.looseObject({
  sig: base64,
  keyid: absent(z.string().check(z.maxLength(4_096))),
})

const envelopeShape = z.looseObject({
  payload: base64,
  payloadType: z.string().check(z.maxLength(1_024)),
  signatures: z.pipe(bounded(limits.logEntries), z.array(signature)),
})

const bundleShape = z.looseObject({
  mediaType: z.string(),
  verificationMaterial: z.looseObject({
    x509CertificateChain: absent(z.looseObject({ certificates: absent(bounded(limits.certificates)) })),
    tlogEntries: absent(bounded(limits.logEntries)),
    timestampVerificationData: absent(z.looseObject({ rfc3161Timestamps: absent(bounded(limits.timestamps)) })),
  }),
  dsseEnvelope: absent(envelopeShape),
  messageSignature: absent(z.looseObject({})),
})

/**
 * Bytes of one bundle → Bundle. Errors: `input-too-large`, `json-*`, `bundle-malformed`, `bundle-version-unsupported`.
 * Nothing is verified.
 *
 * @example
 * ```ts
 * import { parseBundle } from 'countersign'
 * import { readFile } from 'node:fs/promises'
 *
 * const { version, envelope } = parseBundle(await readFile('dist/app.tgz.sigstore.json'))
 * console.log(version, envelope?.payloadType) // 0.3 application/vnd.in-toto+json
 * ```
 */
export function parseBundle(bytes: Uint8Array): Bundle {
  return bundleFromJson(parseJson(withoutMark(bytes), 'the bundle', limits.bundleBytes))
}

/** The bytes behind a byte order mark, which programs of Windows put before UTF-8. */
export function withoutMark(bytes: Uint8Array): Uint8Array {
  const [first, second, third] = bytes
  return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes
}

/** Whether an object is an envelope without a bundle around it. */
export function isBareEnvelope(json: { readonly [member: string]: Json }): boolean {
  const { mediaType, payload, signatures } = json
  return (mediaType ?? null) === null && payload !== undefined && signatures !== undefined
}

/** The same from JSON that was already read strictly (one line of a .jsonl). */
export function bundleFromJson(written: Json): Bundle {
  const json = withJsonNames(written, bundleMembers, malformed)
  if (!isObject(json)) throw malformed('it is no JSON object')
  if (isBareEnvelope(json)) {
    const parsed = envelopeShape.safeParse(json)
    if (!parsed.success) throw malformed(issueText(parsed.error))
    return { version: 'dsse', json, envelope: envelopeOf(parsed.data) }
  }
  const parsed = bundleShape.safeParse(json)
  if (!parsed.success) throw malformed(issueText(parsed.error))
  const { mediaType, dsseEnvelope = null, messageSignature = null } = parsed.data
  const version = mediaTypes.get(mediaType.replaceAll(' ', ''))
  if (version === undefined) {
    throw new CountersignError(
      'bundle-version-unsupported',
      `media type ${JSON.stringify(mediaType)} is not supported`,
      {
        hint: 'supported are Sigstore bundles 0.1, 0.2 and 0.3',
      },
    )
  }
  if ((dsseEnvelope === null) === (messageSignature === null)) {
    throw malformed('it needs exactly one of dsseEnvelope and messageSignature')
  }
  return { version, json, envelope: dsseEnvelope === null ? undefined : envelopeOf(dsseEnvelope) }
}

function envelopeOf(shape: z.infer<typeof envelopeShape>): Envelope {
  return {
    payloadType: shape.payloadType,
    payload: Buffer.from(shape.payload, 'base64'),
    signatures: shape.signatures.map(({ sig, keyid }) => ({ sig: Buffer.from(sig, 'base64'), keyid: keyid ?? '' })),
  }
}

function malformed(reason: string): CountersignError {
  return new CountersignError('bundle-malformed', `the bundle is malformed: ${reason}`)
}
