/**
 * What the transcript of a session tells: who was asked, what answered, what it wrote where, and what became of that. Of texts only
 * hashes, counts and keys of lines are kept (`line-key.ts`); paths stay here and are held against the tree, never signed as they are.
 */
import type { Role } from './record.ts'

/**
 * What became of an edit that a tool wanted to make; only `applied` makes anybody an author:
 *
 * - `applied`: its result says so, or the format writes down only edits that were made
 * - `rejected`: a person refused it
 * - `failed`: the tool could not make it
 * - `undone`: the conversation was rolled back or rewound to before it
 * - `unanswered`: no result stands in the transcript, as where it was cut
 */
export const editVerdicts = ['applied', 'rejected', 'failed', 'undone', 'unanswered'] as const
export type EditVerdict = (typeof editVerdicts)[number]

/** Who let an edit be made, where the transcript says so: a person who was asked, or a setting under which nobody is. */
export type AcceptedBy = 'person' | 'setting'

export interface TranscriptEdit {
  /** As the tool named it, with `/`: often absolute, on a machine that nobody knows here. */
  readonly path: string
  readonly verdict: EditVerdict
  /** The id of the call that made it; undefined where the format has none. */
  readonly call: string | undefined
  readonly acceptedBy: AcceptedBy | undefined
  /** Keys of the lines that it wrote and that count: 8 bytes each, also where they come from another thread. */
  readonly lines: Float64Array
}

/** Sums over the answers of a session, each counted once; what the tool never says is absent. */
export interface TranscriptTokens {
  readonly input?: number | undefined
  readonly output?: number | undefined
  readonly cacheRead?: number | undefined
  readonly cacheWrite?: number | undefined
}

/** What one transcript tells of one session; a session has several, where subagents or a resumed run write their own. */
export interface ToldSession {
  /** Id of the tool. */
  readonly tool: string
  /** Undefined where none, or more than one that is its own, is said. */
  readonly session: string | undefined
  /** What it calls itself within the session that started it: the id of a subagent. Then `session` may be that of its parent. */
  readonly agent: string | undefined
  /** Versions of the tool, in the order in which they were met. */
  readonly toolVersions: readonly string[]
  /** Names of models as they were said, in the same order; what is no model (`<synthetic>`) is not among them. */
  readonly models: readonly string[]
  /** As `Date.toISOString` gives it. */
  readonly startedAt: string | undefined
  readonly endedAt: string | undefined
  /** Id of the session that started it; null: it is known that none did. */
  readonly parent: string | null | undefined
  readonly role: Role
  /** What a person asked, how often. */
  readonly turns: number
  /** Answers of a model, however many rows each has. */
  readonly iterations: number
  readonly tokens: TranscriptTokens | undefined
  /** The same one by one, so that of two transcripts with the same rows each counts once: what was asked, and answers with their tokens. */
  readonly asked: readonly string[]
  readonly answers: ReadonlyMap<string, TranscriptTokens | undefined>
  readonly edits: readonly TranscriptEdit[]
  /** Keys of lines in commands that it had a shell run. */
  readonly shellLines: Float64Array
  /** Commits that the tool itself says it made, as it names them: hex digits, often cut. */
  readonly commits: readonly string[]
  /** Hash over what was asked, under `salt`; undefined where nothing was. */
  readonly prompts: { readonly hash: string; readonly salt: string } | undefined
}

/** What is wrong in a transcript, with a code of `transcriptFindings`; the detail holds no text of it. */
export interface TranscriptProblem {
  readonly code: string
  readonly detail: string
}

/** One transcript as it was read: the bytes that were pinned, and the session of which they tell. */
export interface ReadTranscript {
  /** Id of its format. */
  readonly format: string
  /** SHA-256, in lower-case hex, of its redacted form: rows as they stand, but for those in which a secret stood. */
  readonly digest: string
  /** Of the redacted form. */
  readonly bytes: number
  /** Secrets that were taken out. */
  readonly redactions: number
  /** Paths of a machine that are told another way in it. */
  readonly paths: number
  /** The folder of the session as it was told, for whoever knows that machine: it is written nowhere. */
  readonly folder: string | undefined
  readonly session: ToldSession
  readonly problems: readonly TranscriptProblem[]
}
