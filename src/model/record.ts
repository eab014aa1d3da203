/**
 * What one reader of AI records read in one place (DESIGN §1, §4). A record is what somebody said, never a fact: `join` brings
 * the records of one session together, `level` decides how far they carry. Only digests, ids, counts and times: never a
 * prompt, a name or a path of a machine. A member that is absent or undefined was not said.
 */

import type { PersonHash } from './person.ts'

/**
 * How a record came to its commit, the strongest first:
 *
 * - `direct`: it stands in the commit, or names it
 * - `rebase`: it was made for a commit that was rewritten alone, and the change is the same
 * - `squash`: it was made for one of several commits that became this one; its lines are told where they could be followed
 * - `note-copied`: a tool copied it from another commit, and nothing but that copy ties the two together
 */
export const linkages = ['direct', 'rebase', 'squash', 'note-copied'] as const
export type Linkage = (typeof linkages)[number]

/** What a session did. */
export const roles = ['implementation', 'fix', 'review', 'orchestration', 'unknown'] as const
export type Role = (typeof roles)[number]

/** Where a record was read. A message, an identity, a file or a note is a claim and no more; a record has bytes of its own that can be pinned. */
export type Place =
  /** The message of the commit, or of one that went into it. */
  | { readonly kind: 'message' }
  /** Its author or committer. */
  | { readonly kind: 'identity' }
  /** A git note; the full name of its ref. `digest` is that of bytes in it which somebody signed, verified: SHA-256, lower-case hex. */
  | { readonly kind: 'note'; readonly ref: string; readonly digest?: string | undefined }
  /** A file in the tree of the release, to which others add. */
  | { readonly kind: 'file' }
  /** A transcript, a checkpoint, a receipt: SHA-256, in lower-case hex, of the bytes that were read. */
  | { readonly kind: 'record'; readonly digest: string; readonly seal?: Seal | undefined }

/** Whether it lies beside the commits of which it tells, so that who signed them has not said it. */
export function isBeside({ kind }: Place): boolean {
  return kind === 'note' || kind === 'file'
}

/**
 * What a signature over the bytes of a record would stand in: a commit that has them in its tree and brought them in, so that who
 * signed it has signed them. Statements about their digest come from elsewhere, and are found by it (`record-attestation.ts`).
 */
export interface Seal {
  /** `record`: the commit is nothing but the record, and names nobody: its key alone says who signed. */
  readonly kind: 'commit' | 'record'
  /** Full id. Nobody looked yet whether it is signed. */
  readonly commit: string
}

/** Lines of one commit that a record gives to a session. */
export interface Edits {
  /** Each was checked to be a line that the commit added. */
  readonly linesAdded: number
}

/** That the session took part in a change, as the record says. */
export interface PartInChange {
  /** Full id of a commit in the range. */
  readonly commit: string
  readonly linkage: Linkage
  /** The commit in whose message, author or committer that stands, where it is another one: it went into the change. */
  readonly saidIn?: string | undefined
  /** Undefined where the record gives no lines, or nobody can tell which lines the commit added. */
  readonly edits: Edits | undefined
}

/**
 * One reading. A reader checks each member where it enters (`session-id.ts`, `models.ts`, `tools.ts`, `tool-version.ts`),
 * and a gate behind all readers looks again (`sound-record.ts`). One that says more than one change gives a record for each.
 */
export interface SessionRecord {
  /** Id of the reader: the name of its file. */
  readonly reader: string
  readonly place: Place
  /** Id of the tool, `unknown` where only a session is named. */
  readonly tool: string
  /** Id of the session; undefined where a tool is named and no session (a `Co-authored-by` of an assistant). */
  readonly session: string | undefined
  readonly toolVersion: string | undefined
  /** As they were said; `join` finds the one name that stands for each. */
  readonly models: readonly string[]
  /** RFC 3339 in the form of `Date.toISOString`, so that texts compare as times do. */
  readonly startedAt?: string | undefined
  readonly endedAt?: string | undefined
  /** Id of the session of this tool that started it; null: it is known that none did. */
  readonly parent?: string | null | undefined
  readonly role?: Role | undefined
  /** Who asked: a keyed hash with 64 hex digits, never a name (DESIGN rule 18). */
  readonly requester?: PersonHash | undefined
  /** Undefined where the record names no commit; then it counts for a session that another record ties to one. */
  readonly change: PartInChange | undefined
}
