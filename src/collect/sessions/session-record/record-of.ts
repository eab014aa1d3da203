/** What is told of a record, apart from how it is told: most repositories have none. */
import type { RecordOf } from '../../../model/record-attestation.ts'
import type { ToldSession } from '../../../model/transcript.ts'
import type { FoundRecord } from '../../session-records/read-record.ts'
import type { Lost } from '../../session-records/facts-before.ts'
import type { FoundRedaction } from '../../session-records/redactions.ts'

/** A record that is what it says. */
export interface ToldRecord {
  readonly found: FoundRecord
  readonly format: string
  readonly bytes: number
  readonly redactions: number
  readonly told: ToldSession
  /** The bytes tell it themselves, whatever their file was called. */
  readonly isTold: boolean
  /** SHA-256 of the card, where that alone says what the session was. */
  readonly card: string | undefined
  /** Bytes of the bundle over its digest. */
  readonly bundle: Buffer | undefined
  /** What it says that it replaces; who signed that is not judged here. */
  readonly redaction: FoundRedaction | undefined
  /** What the record that it replaces told beside `told`. */
  readonly lost: Lost
}

export function recordOf({ found: { digest, header }, format, told, isTold, card }: ToldRecord): RecordOf {
  return { digest, tool: header.tool, session: header.session, agent: told.agent, format, isTold, card }
}
