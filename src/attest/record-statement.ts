/** What a developer signs of a record under an identity. */
import { createHash } from 'node:crypto'
import { sessionRecordType } from '../model/record-attestation.ts'
import type { SessionRecordPredicate } from '../model/record-attestation.ts'
import { cardText } from '../model/session-record.ts'
import type { RecordCard } from '../model/session-record.ts'

/** What is signed of a digest under an identity. */
export interface SpokenOfRecord {
  readonly predicateType: string
  readonly predicate: object
}

/** That its signer stands for these bytes, and of which session they are. */
export function spokenOfRecord(card: RecordCard): SpokenOfRecord {
  const { tool, session, agent, format } = card
  const predicate: SessionRecordPredicate = {
    ...{ tool, session, ...(agent === undefined ? {} : { agent }), format },
    card: { sha256: createHash('sha256').update(cardText(card)).digest('hex') },
  }
  return { predicateType: sessionRecordType, predicate }
}
