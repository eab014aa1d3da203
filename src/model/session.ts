/** AI sessions and the claims that name them (DESIGN §1, §4). Only digests, ids, counts and times: never a prompt. */
import * as z from 'zod/mini'

/** How far a claim was checked, weakest first. */
export const levels = ['claimed', 'recorded', 'signed', 'vouched'] as const

/** How a claim came to its commit: named there, by way of a squashed pull request, or by a note that was copied. */
export const linkages = ['direct', 'squash', 'note-copied'] as const

/** Readers of AI records; one row each in `collect/sessions`. */
export const readerIds = ['trailer', 'git-ai-note'] as const
export type ReaderId = (typeof readerIds)[number]

/** Lines of the range that a reader attributes, by who wrote them; what nobody attributes is unknown, never human. */
export interface AttributedLines {
  readonly ai: number
  readonly human: number
}

/**
 * "This session took part in this change", with the place where that was said. `session` is undefined where a record names a
 * tool and no session (a `Co-authored-by` of an assistant).
 */
export interface Claim {
  readonly reader: ReaderId
  readonly commit: string
  readonly tool: string
  readonly session: string | undefined
  readonly toolVersion: string | undefined
  readonly models: readonly string[]
  /** AI lines that this claim counts, each checked to be an added line of the commit; undefined if it counts none. */
  readonly linesAdded: number | undefined
  readonly linkage: (typeof linkages)[number]
}

/** Something in a record that does not count, and why; a commit stays unknown rather than be guessed. */
export interface Finding {
  readonly reader: ReaderId
  readonly code: FindingCode
  readonly commit: string | undefined
  /** One line, no content of the record beyond ids, paths inside the repository and numbers. */
  readonly detail: string
}

export const findingCodes = [
  'note-malformed',
  'note-too-large',
  'note-commit-missing',
  'note-base-mismatch',
  'note-line-outside-diff',
  'note-session-unknown',
  'note-simulated',
  'message-truncated',
  'message-not-utf8',
  'session-id-invalid',
] as const
export type FindingCode = (typeof findingCodes)[number]

/** Whether a reader ran and what came of it: "not collected" is not "none". */
export interface ReaderReport {
  readonly reader: ReaderId
  readonly outcome: 'found' | 'nothing' | 'could-not-look'
  readonly claims: number
  readonly detail?: string
}

/** `annotations.countersign` of a session's ResourceDescriptor; unknown members are tolerated (SLSA extension rules). */
export const sessionAnnotation = z.looseObject({
  level: z.enum(levels),
  tool: z.string(),
  toolVersion: z.optional(z.string()),
  models: z.array(z.string()),
  startedAt: z.optional(z.string()),
  endedAt: z.optional(z.string()),
  /** Session that started this one; null: it is known to have none; absent: unknown. */
  parent: z.optional(z.nullable(z.string())),
  role: z.optional(z.string()),
  iterations: z.optional(z.number()),
  commits: z.array(z.string()),
  lines: z.optional(z.object({ added: z.number() })),
  linkage: z.enum(linkages),
  readers: z.array(z.string()),
  receipt: z.optional(
    z.object({ sha256: z.string(), issuer: z.optional(z.string()), jwksThumbprint: z.optional(z.string()) }),
  ),
})

/** A session: its annotation and its id, which the wire form carries in `name` and `uri`; absent where none was named. */
export const session = z.extend(sessionAnnotation, { id: z.optional(z.string()) })
export type Session = z.infer<typeof session>

/** Counts over the released range, written into `byproducts`; `unknown` commits have no claim. */
export const attributionSummary = z.looseObject({
  range: z.object({ since: z.nullable(z.string()), until: z.string() }),
  commits: z.object({ total: z.number(), claimed: z.number(), unknown: z.number() }),
  /** Added lines that notes attribute, within the commits that have a note. */
  lines: z.optional(z.object({ ai: z.number(), human: z.number() })),
  readers: z.array(
    z.looseObject({
      reader: z.string(),
      outcome: z.enum(['found', 'nothing', 'could-not-look']),
      claims: z.number(),
      detail: z.optional(z.string()),
    }),
  ),
  findings: z.record(z.string(), z.number()),
})
export type AttributionSummary = z.infer<typeof attributionSummary>
