/** Bundles as lines of a `.jsonl`: how one is written, when two are the same, and in which order they stand. */
import { CountersignError, attempt } from '../errors.ts'
import type { Bundle } from './bundle.ts'
import { sha256Hex } from './digest.ts'
import { isObject, memberAt, parseJson, textAt } from './json.ts'
import type { Json } from './json.ts'
import { limits } from './limits.ts'

/**
 * The bundle as one line of JSON, its content unchanged. Error: `bundle-malformed` (it holds a number that would not come out as
 * it was written; protobuf JSON writes those that could be that large as text).
 */
export function bundleLine({ json }: Bundle): string {
  refuseInexactNumbers(json)
  return JSON.stringify(json)
}

function refuseInexactNumbers(value: Json): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new CountersignError('bundle-malformed', 'the bundle holds a number that cannot be written again as it was')
  }
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) refuseInexactNumbers(part)
}

/**
 * Equal for two bundles that say the same, however they are formatted: spaces, the order of members, members that are null, the
 * alphabet and the padding of the base64 in the envelope, and the spelling of the media type make no difference. Lower-case hex.
 */
export function bundleKey({ version, json, envelope }: Bundle): string {
  const { mediaType: _mediaType, dsseEnvelope, ...others } = json
  // A bare envelope is its own document.
  const signed = version === 'dsse' ? json : dsseEnvelope
  const content =
    envelope === undefined
      ? others
      : {
          ...(version === 'dsse' ? {} : others),
          dsseEnvelope: {
            ...(isObject(signed) ? signed : {}),
            payload: base64Of(envelope.payload),
            signatures: envelope.signatures.map(({ sig, keyid }, index) => ({
              ...signatureAt(signed, index),
              sig: base64Of(sig),
              keyid,
            })),
          },
        }
  return sha256Hex(JSON.stringify([version, canonical(content)]))
}

function signatureAt(envelope: Json | undefined, index: number): { readonly [member: string]: Json } {
  const signatures = memberAt(envelope, 'signatures')
  const signature: unknown = Array.isArray(signatures) ? signatures[index] : undefined
  return isObject(signature) ? signature : {}
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** Members in the order of their names, and those that are null, which is absence in protobuf JSON, left out. */
function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical)
  if (!isObject(value)) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  // As pairs: an object would put names that are numbers first. Within an object, so that a list of pairs is another value.
  return { pairs: members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, canonical(member)]) }
}

/** What a bundle is sorted by: the least digest of its subjects, the type of its predicate, the line itself. */
export interface SortedLine {
  readonly digest: string
  readonly predicateType: string
  readonly line: string
}

/** Error: that of `bundleLine`. What is no statement has empty parts, and so stands first. */
export function sortedLine(bundle: Bundle): SortedLine {
  const payload = bundle.envelope?.payload
  const statement =
    payload === undefined ? undefined : attempt(() => parseJson(payload, 'the statement', limits.statementBytes))
  const subjects = memberAt(statement, 'subject')
  const digests = (Array.isArray(subjects) ? (subjects as readonly Json[]) : []).flatMap((it) => {
    const digest = memberAt(it, 'digest')
    return isObject(digest) ? Object.keys(digest).map((it) => `${it}:${textAt(digest, it) ?? ''}`) : []
  })
  return {
    digest: digests.reduce((least, it) => (least === '' || it < least ? it : least), ''),
    predicateType: textAt(statement, 'predicateType') ?? '',
    line: bundleLine(bundle),
  }
}

export function compareLines(a: SortedLine, b: SortedLine): number {
  return compare(a.digest, b.digest) || compare(a.predicateType, b.predicateType) || compare(a.line, b.line)
}

function compare(a: string, b: string): number {
  // By bytes, as every other program would: UTF-16 units have another order.
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}
