/**
 * The commit of a record, in the one form that counts: no parent, neutral words for author and committer, the last time of the session. So
 * no commit that a person signed for another reason is ever taken for a record that this person signed. Pure.
 */
import { sessionId } from '../sessions/session-id.ts'

/** Nobody's name: who made the record is said by its signature alone. An address would make one record several commits. */
export const recordAuthor = 'countersign'

export interface RecordHeader {
  /** Full id. */
  readonly tree: string
  /** What it says to be of; its transcript must say the same. */
  readonly tool: string
  readonly session: string
}

export function recordMessage(tool: string, session: string): string {
  return `AI session record\n\nAI-Session-ID: ${tool}:${session}\n`
}

const form =
  /^tree ([0-9a-f]{40,64})\nauthor countersign <> (\d{1,12}) \+0000\ncommitter countersign <> \2 \+0000\n\nAI session record\n\nAI-Session-ID: ([a-z0-9-]{1,60}):([!-~]{1,512})\n$/

/** `payload`: the object of the commit without the headers of signatures. Undefined for what is no record. */
export function recordHeader(payload: Buffer): RecordHeader | undefined {
  const [, tree, , tool, session] = form.exec(payload.toString('latin1', 0, 2_048)) ?? []
  if (tree === undefined || tool === undefined || session === undefined || payload.length > 2_048) return undefined
  return sessionId(session) === session ? { tree, tool, session } : undefined
}
