/** Signed statements about records of sessions, from a file of bundles: which of them hold, and for which records. */
import { CountersignError, attempt } from '../errors.ts'
import { allowedSigner } from '../model/allowed-identity.ts'
import type { AllowedIdentity } from '../model/allowed-identity.ts'
import { signerName } from '../model/certified-name.ts'
import { parseBundle } from '../model/bundle.ts'
import type { Bundle } from '../model/bundle.ts'
import { inTotoPayloadType } from '../model/envelope.ts'
import { newDocumentCutter } from '../model/json-documents.ts'
import { limits } from '../model/limits.ts'
import { isAboutRecord, recordKey, sessionRecordPredicate, sessionRecordType } from '../model/record-attestation.ts'
import type {
  RecordOf,
  RecordRefusal,
  SessionRecordPredicate,
  VerifiedRecords,
  VerifyRecords,
} from '../model/record-attestation.ts'
import type { Redactor } from '../model/session-redaction.ts'
import type { Signer } from '../model/session.ts'
import { parseStatement } from '../model/statement.ts'
import { rootsAtHand, signedUnder } from './roots-at-hand.ts'
import type { RootAtHand, RootsAtHand } from './roots-at-hand.ts'

/** One of the file. */
export interface RecordBundle {
  readonly bytes: Uint8Array
  /** In the file, from 1. */
  readonly line: number
}

/** A bundle a line, or printed over many. Error: `input-too-large`. */
export function recordBundlesIn(file: Buffer): readonly RecordBundle[] {
  const bundles: RecordBundle[] = []
  const cutter = newDocumentCutter((start, end, line) => {
    if (bundles.length <= limits.recordBundles) bundles.push({ bytes: file.subarray(start, end), line })
  })
  cutter.push(file)
  cutter.end()
  if (bundles.length <= limits.recordBundles) return bundles
  throw new CountersignError('input-too-large', `there are more than ${limits.recordBundles} record attestations`)
}

/**
 * A statement counts for each record that is a subject of it by its SHA-256, and of the session that it says, where the identity of its
 * signer was named; who else signed it, a forge's workflow or the very job that attests, is nobody.
 */
export function recordVerifier(
  given: readonly RecordBundle[] | undefined,
  allowed: readonly AllowedIdentity[],
  roots: readonly RootAtHand[],
): VerifyRecords {
  const loaded = rootsAtHand(roots)
  const verify = async (
    records: readonly RecordOf[],
    further: readonly Uint8Array[] = [],
  ): Promise<VerifiedRecords> => {
    // One that lies beside a record has no line: it is told of as the last ones.
    const bundles = [...(given ?? []), ...further.map((bytes, at) => ({ bytes, line: (given?.length ?? 0) + at + 1 }))]
    const signers = new Map<string, Signer>()
    const refused: VerifiedRecords['refused'][number][] = []
    let undecided: string | undefined
    const byDigest = Map.groupBy(records, ({ digest }) => digest)
    for (const { bytes, line } of bundles) {
      // What can be seen without trust comes first: a statement about other records costs no signature.
      const read = attempt(() => readStatement(bytes, byDigest))
      if (read instanceof CountersignError) {
        refused.push({ code: 'record-attestation-malformed', detail: `line ${line}: ${read.code}` })
      } else if (read !== undefined) {
        const { said } = read
        const about = said === undefined ? [] : read.records.filter((it) => isAboutRecord(said, it))
        const answer =
          said === undefined
            ? otherType
            : about.length === 0
              ? otherSession
              : judge(read.bundle, allowed, await loaded())
        if ('undecided' in answer) undecided ??= answer.undecided
        else if ('code' in answer) refused.push({ code: answer.code, detail: `line ${line}: ${answer.detail}` })
        else {
          for (const key of about.map(recordKey)) signers.set(key, strongest(signers.get(key), answer.signer))
        }
      }
    }
    return { signers, refused, undecided }
  }
  const redactor = async (bytes: Uint8Array, statement: Uint8Array): Promise<Redactor | undefined> => {
    const bundle = attempt(() => parseBundle(bytes))
    if (bundle instanceof CountersignError || bundle.envelope?.payloadType !== inTotoPayloadType) return undefined
    if (!Buffer.from(statement).equals(bundle.envelope.payload)) return undefined
    const signed = signedUnder(bundle, await loaded())
    if (signed.outcome !== 'signed') return undefined
    const { signatory } = signed.proof
    if (signatory.kind !== 'certificate') return undefined
    const signer = allowedSigner(signatory.identity, allowed)
    // Who was not named is nobody here, as of a record.
    if (signer === undefined) return undefined
    return { signer, name: signerName(signatory.identity) ?? 'a certificate' }
  }
  return Object.assign(verify, { wasAsked: given !== undefined, redactor })
}

const otherType = { code: 'record-attestation-other-type', detail: 'the type of the predicate' } as const
const otherSession = { code: 'record-attestation-other-session', detail: 'of no session that was found' } as const

interface ReadStatement {
  readonly bundle: Bundle
  /** Those of the records that are subjects. */
  readonly records: readonly RecordOf[]
  /** Undefined for one of another type. */
  readonly said: SessionRecordPredicate | undefined
}

/** Undefined where it is about none of the records. Errors: those of bundles and statements. */
function readStatement(
  bytes: Uint8Array,
  byDigest: ReadonlyMap<string, readonly RecordOf[]>,
): ReadStatement | undefined {
  const bundle = parseBundle(bytes)
  const { envelope } = bundle
  if (envelope === undefined) throw new CountersignError('message-signature-only', 'a bare message signature')
  if (envelope.payloadType !== inTotoPayloadType) {
    throw new CountersignError('payload-type-mismatch', 'the payload is no in-toto statement')
  }
  const { subject, predicateType, predicate } = parseStatement(envelope.payload)
  const records = subject.flatMap(({ digest: { sha256 } }) =>
    sha256 === undefined ? [] : (byDigest.get(sha256) ?? []),
  )
  if (records.length === 0) return undefined
  if (predicateType !== sessionRecordType) return { bundle, records, said: undefined }
  const { data: said } = sessionRecordPredicate.safeParse(predicate)
  if (said === undefined) throw new CountersignError('predicate-malformed', 'the predicate is none of a record')
  return { bundle, records, said }
}

type Answer =
  | { readonly signer: Signer }
  | { readonly code: RecordRefusal; readonly detail: string }
  | { readonly undecided: string }

function judge(bundle: Bundle, allowed: readonly AllowedIdentity[], roots: RootsAtHand): Answer {
  const signed = signedUnder(bundle, roots)
  if (signed.outcome === 'undecided') return { undecided: signed.detail }
  if (signed.outcome === 'refused') return { code: 'record-attestation-unverified', detail: signed.code }
  const { signatory } = signed.proof
  const signer = signatory.kind === 'certificate' ? allowedSigner(signatory.identity, allowed) : undefined
  return signer === undefined ? { code: 'record-attestation-unnamed', detail: 'another identity' } : { signer }
}

/** A person, where one of several is, whichever stands first in the file. */
function strongest(known: Signer | undefined, signer: Signer): Signer {
  return known === 'person' ? known : signer
}
