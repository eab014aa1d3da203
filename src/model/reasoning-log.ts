/**
 * What was asked and decided in the sessions behind a release, told change by change, from redacted records alone. Texts are bounded; what is
 * left out of them is counted. Nothing of it is signed but its digest, where somebody asks for that.
 */
import * as z from 'zod/mini'
import type { Replacement } from './session-redaction.ts'
import type { AcceptedBy, EditVerdict } from './transcript.ts'

/** One thing of a session, in its order. */
export type LogEntry =
  | {
      /** What a person asked; the last words of a model before the next question. */
      readonly kind: 'prompt' | 'answer'
      readonly text: string
      /** Characters behind these that are left out. */
      readonly left: number
      /** The conversation went back to before it. */
      readonly undone: boolean
    }
  | {
      readonly kind: 'edit'
      readonly path: string
      readonly verdict: EditVerdict
      readonly acceptedBy: AcceptedBy | undefined
    }

/**
 * What became of a session's record:
 *
 * - `signed`: its digest is that of the signed statement
 * - `unpinned`: it says that it is of this session; no signed digest was there to hold it against
 * - `differs`: there are records that say so, and none has the digest: nothing of them is shown
 * - `missing`: nobody gave one, and none is in the clone
 * - `not-looked`: nobody gave one, and nobody could look into a clone for it
 * - `replaced`: somebody who counts signed that another record stands in its place, and that one is shown
 */
export const recordStates = ['signed', 'unpinned', 'differs', 'missing', 'not-looked', 'replaced'] as const
export type RecordState = (typeof recordStates)[number]

/**
 * Why nobody could look for records in refs of the clone: there is none, git does not trust its owner (`safe.directory`), or git failed. None of
 * its words, for there may be a path in them.
 */
export type NotLooked = 'no-repository' | 'not-trusted' | 'git-failed'

export interface LoggedSession {
  readonly tool: string
  /** Absent where a tool is named and no session. */
  readonly id: string | undefined
  readonly level: string
  readonly models: readonly string[]
  readonly startedAt: string | undefined
  /** SHA-256 of the record that is shown, or should be; of one that was replaced the old one's. */
  readonly digest: string | undefined
  readonly record: RecordState
  /** What replaced it, step by step, with those that rival each other; signed by somebody who counts. */
  readonly replacements?: readonly Replacement[]
  /** Digests of records which say that they replace it, and nobody who counts signed that. */
  readonly unsigned?: readonly string[]
  readonly entries: readonly LogEntry[]
  /** Entries behind these that are left out. */
  readonly left: number
  /** Agents of it that have transcripts of their own: nothing of these is here. */
  readonly agents: number
}

/** How a log is signed: by the end of its file's name. */
export const reasoningMediaTypes = { md: 'text/markdown', html: 'text/html', pdf: 'application/pdf' } as const

/** What provenance says of a log: nothing of what stands in it. */
export const signedReasoningLog = z.object({
  /** Of its bytes, in lower-case hex. */
  sha256: z.string(),
  /** Absent where it is none of those that we write. */
  mediaType: z.optional(z.enum(Object.values(reasoningMediaTypes))),
})
export type SignedReasoningLog = z.infer<typeof signedReasoningLog>

/** With what the log said of its range, before there was a bundle. */
export interface NamedLog extends SignedReasoningLog {
  /** The last commit. */
  readonly until: string
  readonly unclaimed: number
}

export interface ReasoningLog {
  /** What it is of: a range of commits, or a bundle; a bundle that nobody verified is a claim. */
  readonly of: { readonly kind: 'range' | 'bundle'; readonly name: string; readonly verified: boolean }
  /** In their order, with the places of their sessions in `sessions`. */
  readonly changes: readonly { readonly commit: string; readonly sessions: readonly number[] }[]
  readonly sessions: readonly LoggedSession[]
  /** Commits of a range that name no session; undefined: not known. */
  readonly unclaimed: number | undefined
  /** Of a bundle that names a log by its digest; undefined: none is named. */
  readonly signed?: NamedLog | undefined
  /** Undefined: somebody could look, or there was nothing to look for. */
  readonly notLooked?: NotLooked | undefined
  /** Records that were given and do not count: a name that is not the digest of its bytes, or that no format reads. */
  readonly refused: readonly { readonly name: string; readonly code: 'record-altered' | 'record-unreadable' }[]
}
