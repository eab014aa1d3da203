/**
 * AI sessions and how far each was checked, as they are signed and shown (DESIGN §1, §4). Only digests, ids, counts and times:
 * never a prompt.
 */
import * as z from 'zod/mini'
import { configInForce } from './evidence-config.ts'
import { linkages } from './record.ts'
import { submodules } from './source-tree.ts'

/** How far a claim was checked, weakest first; `collect/sessions/level.ts` decides. */
export const levels = ['claimed', 'recorded', 'signed', 'vouched'] as const
export type Level = (typeof levels)[number]

/** Whose key signed something. A forge signs whatever text the person types who merges on its page. */
export const signers = ['person', 'agent-platform', 'forge'] as const
export type Signer = (typeof signers)[number]

/** Lines of a commit or range that records attribute, by who wrote them; what nobody attributes is unknown, never human. */
export interface AttributedLines {
  readonly ai: number
  readonly human: number
}

/** Something in a record that does not count, and why; a commit stays unknown rather than be guessed. */
export interface Finding {
  /** Id of the reader; undefined where the records of several readers were joined. */
  readonly reader: string | undefined
  /** One that the row of the reader, or `join`, declares. */
  readonly code: string
  readonly commit: string | undefined
  /** One line, no content of the record beyond ids, paths inside the repository and numbers. */
  readonly detail: string
}

/**
 * What came of a reader; "not looked at" is not "nothing" (DESIGN rule 16):
 *
 * - `found`: records that count
 * - `nothing`: it saw all that it reads, and nothing there counts
 * - `not-fetched`: the place of its records is not in this clone, or is older there than at the remote; whether that has any, or nobody
 *   said. What was found all the same counts
 * - `could-not-look`: the place is there and cannot be read, and what was read of it by then does not count; or it was to be fetched, and
 *   that failed: then what was found counts
 * - `not-collected`: it was not asked
 */
export const readerOutcomes = ['found', 'nothing', 'not-fetched', 'could-not-look', 'not-collected'] as const
export type ReaderOutcome = (typeof readerOutcomes)[number]

export interface ReaderReport {
  readonly reader: string
  readonly outcome: ReaderOutcome
  /** Records that count. */
  readonly claims: number
  readonly detail?: string
}

/**
 * How many added lines of its changes stand in what a session wrote, as its transcripts tell: each line that counts once, at the first
 * of these places where it is. What is nowhere is the rest. Lines that a program made, or that were typed, stand in no transcript:
 * a low number refutes nothing.
 */
export const corroboration = z.looseObject({
  /** Added lines with ten letters and digits or more, outside generated files. */
  counted: z.number(),
  /** In an edit of the same file that was applied; of another file. */
  sameFile: z.number(),
  otherFile: z.number(),
  /** Removed in the same commit elsewhere; in a command of a shell; in edits that were refused, failed or taken back. */
  moved: z.number(),
  shell: z.number(),
  rejected: z.number(),
})
export type Corroboration = z.infer<typeof corroboration>

const countOf = z.optional(z.number())
/** A number below nothing would take others away where they are summed. */
const amount = () => z.number().check(z.minimum(0))

/** What the transcripts of a session tell; no text of them. */
export const toldByTranscript = z.looseObject({
  /** Id of their format. */
  format: z.string(),
  /** How many there are: one, and those of its agents and of runs that went on. */
  files: z.number(),
  /** Secrets that were taken out before the digest was made, and by which rules. Absent where it is of the bytes as a store has them. */
  redaction: z.optional(
    z.looseObject({
      rules: z.string(),
      /** Over the rules and their versions. Absent before version 2 of the rules. */
      ruleSet: z.optional(z.looseObject({ sha256: z.string() })),
      count: z.number(),
    }),
  ),
  /** Where there were several, in their order. */
  toolVersions: z.optional(z.array(z.string())),
  /** How often a person asked something. */
  turns: z.number(),
  /** Over all answers. */
  tokens: z.optional(z.looseObject({ input: countOf, output: countOf, cacheRead: countOf, cacheWrite: countOf })),
  /** Over what was asked, under a salt that is kept with the record: `hmac-sha256:<64 hex digits>`. */
  prompts: z.optional(z.string()),
  /** Edits by what became of them. */
  edits: z.looseObject({
    applied: z.number(),
    rejected: countOf,
    failed: countOf,
    undone: countOf,
    unanswered: countOf,
  }),
  /** Of those that were applied: let by a person who was asked, or by a setting. Of the rest nothing is said. */
  accepted: z.optional(z.looseObject({ person: countOf, setting: countOf })),
  /** Agents that it started and that have no session of their own. */
  agents: z.optional(
    z.array(
      z.looseObject({
        id: z.string(),
        role: z.optional(z.string()),
        models: z.array(z.string()),
        digest: z.object({ sha256: z.string() }),
      }),
    ),
  ),
})
export type ToldByTranscript = z.infer<typeof toldByTranscript>

/** `annotations.countersign` of a session's ResourceDescriptor; unknown members are tolerated (SLSA extension rules). */
export const sessionAnnotation = z.looseObject({
  level: z.enum(levels),
  tool: z.string(),
  toolVersion: z.optional(z.string()),
  /** Each under one name, whatever it was called: its normal form, or the words as said where none is known. */
  models: z.array(z.string()),
  /** What was said for one of these in another form. */
  modelsSaid: z.optional(z.array(z.string())),
  startedAt: z.optional(z.string()),
  endedAt: z.optional(z.string()),
  /** Session that started this one; null: it is known to have none; absent: unknown. */
  parent: z.optional(z.nullable(z.string())),
  /** One of `roles`; later versions may know more. */
  role: z.optional(z.string()),
  /** Keyed hash of who asked: `hmac-sha256:<64 hex digits>`. */
  requester: z.optional(z.string()),
  /** Answers of a model. */
  iterations: z.optional(amount()),
  transcript: z.optional(toldByTranscript),
  corroborated: z.optional(corroboration),
  commits: z.array(z.string()),
  lines: z.optional(z.object({ added: z.number() })),
  linkage: z.enum(linkages),
  readers: z.array(z.string()),
  /** Who signed commits that say so; of `signers`, sorted; later versions may know more. Raises no level by itself. */
  signers: z.optional(z.array(z.string())),
  /** Who signed the commit that brought its record in; of `signers`. */
  recordSigner: z.optional(z.string()),
  /** What a portal answered that was asked about it, where it contradicts nothing. It raises the level where it agrees in all, and the record is signed. */
  portal: z.optional(
    z.object({
      /** One of `portalAdapters`; later versions may know more. */
      adapter: z.string(),
      host: z.string(),
      /** Of the bytes of its answers, one after the other. */
      sha256: z.string(),
      askedAt: z.string(),
      /** Of `user`, `repository`, `time`: in what it agrees with every commit that names the session; of the rest it says nothing. */
      agrees: z.array(z.string()),
      /** Of a summary that it gave, without secrets. */
      summary: z.optional(z.object({ sha256: z.string() })),
    }),
  ),
  /** Of a receipt that agrees; it raises the level where the record is signed. */
  receipt: z.optional(
    z.object({ sha256: z.string(), issuer: z.optional(z.string()), jwksThumbprint: z.optional(z.string()) }),
  ),
  /** Of one with a receipt: whether its issuer names each of the models (`vouched`), or records alone do (`reported`). */
  model: z.optional(z.enum(['reported', 'vouched'])),
})

/** A session: its annotation, and what the wire form carries beside it. */
export const session = z.extend(sessionAnnotation, {
  /** In `name` and `uri`; absent where a tool was named and no session. */
  id: z.optional(z.string()),
  /** Of the bytes of its record as CI found them, from level `recorded` up. */
  digest: z.optional(z.object({ sha256: z.string() })),
})
export type Session = z.infer<typeof session>

/**
 * Why a range begins where it does:
 *
 * - `version-before`: with the version before the released one, in the same series of tags
 * - `last-version`: no version is released, so with the last one
 * - `asked`: somebody said so
 * - `adopted`: no earlier release is known, so with the first commit: sessions of all of it count as this release's
 * - `tags-not-fetched`: the same, because no tag is in this clone, and the remote has some
 * - `tags-unknown`: the same, because no tag is in this clone; whether the remote has any, nobody said
 * - `unknown`: the clone ends before an earlier release could be found
 * - `not-collected`: there was no checkout, and no commit was looked at
 */
export const rangeReasons = [
  'version-before',
  'last-version',
  'asked',
  'adopted',
  'tags-not-fetched',
  'tags-unknown',
  'unknown',
  'not-collected',
] as const
export type RangeReason = (typeof rangeReasons)[number]

/** Whether whoever said this reason had looked at what is before the range. */
export function isStartKnown(reason: RangeReason): boolean {
  return ['version-before', 'last-version', 'asked', 'adopted'].includes(reason)
}

/** Counts over the released range, written into `byproducts`; `unknown` commits have no claim. */
export const attributionSummary = z.looseObject({
  range: z.looseObject({
    since: z.nullable(z.string()),
    until: z.string(),
    /** What `since` is called: a tag. */
    sinceName: z.optional(z.string()),
    /** One of `rangeReasons`; later versions may know more. */
    reason: z.optional(z.string()),
    base: z.optional(z.string()),
    paths: z.optional(z.array(z.string())),
    /** Commits of the range are missing. */
    cut: z.optional(z.boolean()),
  }),
  commits: z.object({ total: amount(), claimed: amount(), unknown: amount() }),
  /**
   * Added lines by who wrote them, as records say; those of generated files are in `generated` alone. Absent where no record tells
   * of lines.
   */
  lines: z.optional(
    z.looseObject({
      ai: amount(),
      human: amount(),
      unknown: z.optional(amount()),
      generated: z.optional(amount()),
    }),
  ),
  readers: z.array(
    z.looseObject({
      reader: z.string(),
      outcome: z.enum(readerOutcomes),
      claims: z.number(),
      detail: z.optional(z.string()),
    }),
  ),
  findings: z.record(z.string(), amount()),
  /** The organisation's own configuration of what was read, as it stood in the commit; absent where it had none. */
  config: z.optional(configInForce),
  /** Repositories within the repository; absent where there are none. */
  submodules: z.optional(submodules),
})
export type AttributionSummary = z.infer<typeof attributionSummary>
