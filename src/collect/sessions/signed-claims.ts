/** Which commits speak of sessions, and which records were found, so that it matters who signed them: no others are looked at. */
import { isBeside } from '../../model/record.ts'
import type { RecordOf } from '../../model/record-attestation.ts'
import type { IdSet } from '../git/id-set.ts'
import type { Claim } from './readers/row.ts'
import type { RecordTable } from './record-table.ts'
import type { TranscriptTable } from './transcript-table.ts'

/**
 * Those that say it themselves, also behind a squash, those that brought records in, and those that say why they name none; without those of which it was seen that
 * nobody signed them. What a note says, its commit does not.
 */
export function commitsToVerify(
  records: RecordTable,
  overrides: ReadonlyMap<string, unknown>,
  unsigned: Pick<IdSet, 'has'>,
): ReadonlySet<string> {
  const commits = new Set<string>()
  const add = (commit: string): void => {
    if (!unsigned.has(commit)) commits.add(commit)
  }
  for (const { place } of records.contents()) {
    if (place.kind === 'record' && place.seal !== undefined) add(place.seal.commit)
  }
  for (const commit of records.sayers(({ place }) => !isBeside(place))) add(commit)
  for (const commit of overrides.keys()) add(commit)
  // In the order of the ids: what is beyond a limit must not depend on the order of the commits.
  return new Set([...commits].sort())
}

/** Of the commits that brought records in, those that are nothing else. */
export function recordCommitsIn(records: RecordTable): ReadonlySet<string> {
  return new Set(
    records.contents().flatMap(({ place }) => {
      return place.kind === 'record' && place.seal?.kind === 'record' ? [place.seal.commit] : []
    }),
  )
}

/** What was claimed so far: session → by whom, and whether a record of it was found. */
export function claimsIn(records: RecordTable): ReadonlyMap<string, Claim> {
  const claims = new Map<string, { readonly tools: Set<string>; isPinned: boolean }>()
  for (const { session, tool, place } of records.contents()) {
    if (session === undefined) continue
    const claim = claims.get(session) ?? { tools: new Set(), isPinned: false }
    claim.tools.add(tool)
    claim.isPinned ||= 'digest' in place && place.digest !== undefined
    claims.set(session, claim)
  }
  return claims
}

export interface FoundRecords {
  readonly all: readonly RecordOf[]
  of(record: Pick<RecordOf, 'digest' | 'tool' | 'session'>): RecordOf | undefined
}

/** The records that were found, each of the session that names it: none is that of an agent which a session started. */
export function recordsIn(records: RecordTable, transcripts: Pick<TranscriptTable, 'of'>): FoundRecords {
  const found = new Map<string, RecordOf>()
  for (const { place, tool, session } of records.contents()) {
    if (!('digest' in place) || place.digest === undefined) continue
    const { digest } = place
    const told = transcripts.of(tool, session).find((it) => it.digest === digest)
    found.set(nameOf({ digest, tool, session }), {
      ...{ digest, tool, session, agent: undefined },
      format: told?.format,
      isTold: told?.isTold === true && told.told.agent === undefined,
      card: told?.card,
    })
  }
  return { all: [...found.values()], of: (record) => found.get(nameOf(record)) }
}

function nameOf({ digest, tool, session }: Pick<RecordOf, 'digest' | 'tool' | 'session'>): string {
  return `${digest}\n${tool}\n${session ?? ''}`
}
