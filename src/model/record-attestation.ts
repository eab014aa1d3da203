/**
 * Signed statements about records of sessions: an in-toto statement in a Sigstore bundle whose subjects are the records, by their
 * SHA-256 (DESIGN §4). What it says is that its signer stands for these bytes, and of which session they are: whoever may push can put the
 * same bytes beside another name.
 */
import * as z from 'zod/mini'
import type { Redactor } from './session-redaction.ts'
import type { Signer } from './session.ts'

export const sessionRecordType = 'https://w3id.org/countersign/session-record/v1'

const name = (most: number) => z.optional(z.string().check(z.maxLength(most)))

/** What else a signer adds is for others. */
export const sessionRecordPredicate = z.looseObject({
  tool: name(100),
  session: name(512),
  /** The id of a subagent within the session. */
  agent: name(512),
  /** Of the transcript. */
  format: name(100),
  /** The card beside it (`record.json`), by the SHA-256 of its bytes. */
  card: z.optional(z.looseObject({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) })),
})
export type SessionRecordPredicate = z.infer<typeof sessionRecordPredicate>

/** Bytes, and of which session they are taken for a record. */
export interface RecordOf {
  /** SHA-256, lower-case hex. */
  readonly digest: string
  readonly tool: string
  readonly session: string | undefined
  readonly agent: string | undefined
  /** Undefined where nobody could read them. */
  readonly format: string | undefined
  /** The bytes tell it all themselves, whatever a file is called that holds them. */
  readonly isTold: boolean
  /** SHA-256 of the card, where that alone says what the session was. */
  readonly card: string | undefined
}

/** One of the same bytes and session with another card is another one. */
export function recordKey({
  digest,
  tool,
  session,
  agent,
  card,
}: Pick<RecordOf, 'digest' | 'tool' | 'session'> & Partial<Pick<RecordOf, 'agent' | 'card'>>): string {
  return [digest, tool, session ?? '', agent ?? '', card ?? ''].join('\n')
}

/**
 * Whether a statement about these bytes is one about this session. One that names none, as all did at first, is that where the bytes
 * themselves name it; where a card says what the session was, the card has to be named too.
 */
export function isAboutRecord(said: SessionRecordPredicate, record: RecordOf): boolean {
  const differs = (mine: string | undefined, theirs: string | undefined): boolean =>
    mine !== undefined && mine !== theirs
  if (differs(said.tool, record.tool) || differs(said.session, record.session)) return false
  if (differs(said.agent, record.agent) || (record.format !== undefined && differs(said.format, record.format))) {
    return false
  }
  if (record.card !== undefined && said.card?.sha256 !== record.card) return false
  const isWhole = said.tool !== undefined && said.session !== undefined && said.format !== undefined
  return isWhole ? said.agent === record.agent : record.isTold
}

/** Why a statement does not count. */
export type RecordRefusal =
  | 'record-attestation-malformed'
  | 'record-attestation-other-session'
  | 'record-attestation-other-type'
  | 'record-attestation-unnamed'
  | 'record-attestation-unverified'

export interface VerifiedRecords {
  /** `recordKey` → who signed that record as one of that session. */
  readonly signers: ReadonlyMap<string, Signer>
  /** `detail` holds codes and numbers of lines. */
  readonly refused: readonly { readonly code: RecordRefusal; readonly detail: string }[]
  /** Why some could not be judged: there was no trust to verify by. */
  readonly undecided: string | undefined
}

/**
 * Who signed these records, by statements that the caller has, and by further ones, each the bytes of a bundle.
 * Throws nothing that is ours.
 */
export interface VerifyRecords {
  (records: readonly RecordOf[], further?: readonly Uint8Array[]): Promise<VerifiedRecords>
  /** Whether the caller gave any; else those that lie beside records are all. */
  readonly wasAsked: boolean
  /** Who signed a redaction, by a bundle over this very statement; undefined: nobody who counts. Absent: nobody can say. */
  readonly redactor?: VerifyRedaction
}

/** Bytes of the bundle and of the statement. Throws nothing that is ours. */
export type VerifyRedaction = (bundle: Uint8Array, statement: Uint8Array) => Promise<Redactor | undefined>
