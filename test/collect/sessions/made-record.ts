/** Records as readers give them, made up for tests. */
import type { Linkage, PartInChange, SessionRecord } from '../../../src/model/record.ts'
import { sha256Hex } from '../../../src/model/digest.ts'

export const commit = (number: number): string => number.toString(16).padStart(40, '0')

/** The part in a commit, by its number. */
export function change(number: number, linesAdded?: number, linkage: Linkage = 'direct'): PartInChange {
  return { commit: commit(number), linkage, edits: linesAdded === undefined ? undefined : { linesAdded } }
}

/** A claim of the trailer reader for commit 1 that names Claude Code and no session, but for what is said. */
export function record(said: Partial<SessionRecord>): SessionRecord {
  return {
    reader: 'trailer',
    place: { kind: 'message' },
    tool: 'claude-code',
    session: undefined,
    toolVersion: undefined,
    models: [],
    change: change(1),
    ...said,
  }
}

/** The place of a record whose bytes are these. */
export function bytes(text: string): SessionRecord['place'] {
  return { kind: 'record', digest: sha256Hex(text) }
}

/** What a reader of transcripts gives: bytes, times, a parent; the commit is named elsewhere. */
export function transcript(said: Partial<SessionRecord>): SessionRecord {
  return record({ reader: 'transcript', place: bytes('a transcript'), session: 's', change: undefined, ...said })
}
