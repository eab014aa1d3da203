/**
 * Signed statements about records of sessions: an in-toto statement in a Sigstore bundle whose subjects are the records, by their
 * SHA-256 (DESIGN §4). What it says is that its signer stands for these bytes; its predicate says nothing further.
 */
import * as z from 'zod/mini'
import type { Redactor } from './session-redaction.ts'
import type { Signer } from './session.ts'

export const sessionRecordType = 'https://w3id.org/countersign/session-record/v1'

/** Whatever a signer adds is for others: no member is read here. */
export const sessionRecordPredicate = z.looseObject({})

/** Why a statement does not count. */
export type RecordRefusal =
  | 'record-attestation-malformed'
  | 'record-attestation-other-type'
  | 'record-attestation-unnamed'
  | 'record-attestation-unverified'

export interface VerifiedRecords {
  /** SHA-256 of a record, in lower-case hex → who signed it. */
  readonly signers: ReadonlyMap<string, Signer>
  /** `detail` holds codes and numbers of lines. */
  readonly refused: readonly { readonly code: RecordRefusal; readonly detail: string }[]
  /** Why some could not be judged: there was no trust to verify by. */
  readonly undecided: string | undefined
}

/**
 * Who signed these records (SHA-256 in lower-case hex), by statements that the caller has, and by further ones, each the bytes of a bundle.
 * Throws nothing that is ours.
 */
export interface VerifyRecords {
  (digests: ReadonlySet<string>, further?: readonly Uint8Array[]): Promise<VerifiedRecords>
  /** Whether the caller gave any; else those that lie beside records are all. */
  readonly wasAsked: boolean
  /** Who signed a redaction, by a bundle over this very statement; undefined: nobody who counts. Absent: nobody can say. */
  readonly redactor?: VerifyRedaction
}

/** Bytes of the bundle and of the statement. Throws nothing that is ours. */
export type VerifyRedaction = (bundle: Uint8Array, statement: Uint8Array) => Promise<Redactor | undefined>
