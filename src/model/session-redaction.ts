/**
 * A redaction that came later: a signed statement that a session record stands in the place of an older one, from which something had to
 * go (schemas/session-redaction/v1). It names the old digest, since releases have signed that; of what was taken out it says how many
 * things, and nothing else. Unknown members are ignored, so that later versions may say more.
 */
import * as z from 'zod/mini'
import { holdsUnseen } from '../one-line.ts'
import { limits } from './limits.ts'
import type { Signer } from './session.ts'
import { editVerdicts } from './transcript.ts'
import type { EditVerdict } from './transcript.ts'

export const sessionRedactionType = 'https://w3id.org/countersign/session-redaction/v1'

const sha256 = z.looseObject({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) })
const count = z.number().check(z.int(), z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))

/** Far more often than anybody redacts one record. */
export const mostSteps = 16

const name = (most: number) => z.string().check(z.minLength(1), z.maxLength(most))
const time = z.optional(z.nullable(z.string().check(z.maxLength(40))))

/** What the old record told that a policy judges. Counts are absent where nobody knows them any more. */
const factsBefore = z.looseObject({
  /** `unknown` in the place of one whose name had to go. */
  models: z.array(name(200)).check(z.maxLength(limits.modelsPerSession + 1)),
  /** Answers of models, and how often somebody asked. */
  iterations: z.optional(count),
  turns: z.optional(count),
  /** By what became of them. */
  edits: z.optional(z.partialRecord(z.enum(editVerdicts), count)),
  /** Null: it told one that must not be shown. */
  startedAt: time,
  endedAt: time,
  /** What started it; null: it is known that nothing did. */
  parent: z.optional(z.nullable(name(512))),
})

export const sessionRedactionPredicate = z.looseObject({
  /** The old record: `signed`, where whoever redacted it found it signed by somebody who counts. */
  replaces: z.looseObject({ digest: sha256, level: z.enum(['recorded', 'signed']) }),
  /** Of which session both records are; the first statements did not say it. */
  of: z.optional(z.looseObject({ tool: name(100), session: name(512), agent: z.optional(name(512)) })),
  /** What the old record told, and what those told that it had replaced: the most of each. The first statements did not say it. */
  before: z.optional(factsBefore),
  /** What the old record replaced in turn, where that counted: its own redaction goes with it. */
  earlier: z.optional(z.array(sha256).check(z.maxLength(mostSteps))),
  /** Why, for people; it is shown wherever the old record is missing. */
  reason: z.string().check(
    z.maxLength(limits.waiverReasonCharacters),
    z.refine((it) => /\p{L}{2}/u.test(it) && !holdsUnseen(it)),
  ),
  /** RFC 3339, UTC. */
  redactedAt: z.string().check(
    z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/),
    z.refine((it) => !Number.isNaN(Date.parse(it))),
  ),
  /** How much: secrets that the rules found, named words, whole rows. */
  removed: z.looseObject({ secrets: count, words: count, rows: count }),
  /** The rules that went over it. */
  redaction: z.looseObject({ rules: z.string().check(z.maxLength(200)), ruleSet: sha256 }),
  tool: z.optional(z.looseObject({ countersign: z.string().check(z.maxLength(100)) })),
})
export type SessionRedactionPredicate = z.infer<typeof sessionRedactionPredicate>

/** A session, or an agent within it. */
export interface RecordedOf {
  readonly tool: string
  readonly session: string
  readonly agent?: string | undefined
}

/** What a record told that a policy judges; counts are undefined where nobody knows them any more. */
export interface FactsBefore {
  /** `unknown` in the place of one whose name had to go. */
  readonly models: string[]
  readonly iterations?: number | undefined
  readonly turns?: number | undefined
  readonly edits?: { readonly [verdict in EditVerdict]?: number } | undefined
  /** Null: there was one that must not be shown. */
  readonly startedAt?: string | null | undefined
  readonly endedAt?: string | null | undefined
  readonly parent?: string | null | undefined
}

/** What such a statement says of a record. */
export interface SessionRedaction {
  /** Undefined in the first statements, as `before` is. */
  readonly of?: RecordedOf | undefined
  readonly before?: FactsBefore | undefined
  /** SHA-256 of the old record, lower-case hex. */
  readonly replaces: string
  /** Of those that it had replaced in turn. */
  readonly earlier: readonly string[]
  /** The most that the new record can be by this signature: what the old one was. */
  readonly level: 'recorded' | 'signed'
  readonly reason: string
  /** RFC 3339, UTC. */
  readonly redactedAt: string
  readonly removed: { readonly secrets: number; readonly words: number; readonly rows: number }
}

export function redactionSaid(said: SessionRedactionPredicate): SessionRedaction {
  const { replaces, earlier = [], reason, redactedAt, removed, of, before } = said
  const { secrets, words, rows } = removed
  return {
    ...{ replaces: replaces.digest.sha256, earlier: earlier.map((it) => it.sha256), level: replaces.level },
    ...{ reason, redactedAt, removed: { secrets, words, rows } },
    ...(of === undefined ? {} : { of: { tool: of.tool, session: of.session, agent: of.agent } }),
    ...(before === undefined ? {} : { before }),
  }
}

/** Who signed a redaction: their kind, and their name as the certificate or the list of allowed signers has it. */
export interface Redactor {
  readonly signer: Signer
  readonly name: string
}

/** A newer record in the place of one or more, signed by somebody who counts. */
export interface Replacement extends SessionRedaction {
  /** SHA-256 of the new record. */
  readonly digest: string
  readonly by: string
  /** Of which session the new record is, as its bytes and its commit say. */
  readonly tool: string
  readonly session: string
}

/** What became of a record. */
export interface Followed {
  /** All that are named on the way, also those that rival each other; in their order from the old record on, each of the one that it replaces there. */
  readonly replacements: readonly Replacement[]
  /** Digest of the newest; undefined where the way has no end: a loop, or too many steps. */
  readonly newest: string | undefined
}

/**
 * Follows a record to the newest that replaces it; undefined where nothing does. Of rivals for one record the later one is followed, by what
 * they say, and all are told.
 */
export function followReplacements(digest: string, all: readonly Replacement[]): Followed | undefined {
  const replacements: Replacement[] = []
  const seen = new Set([digest])
  let at = digest
  for (let step = 0; step <= mostSteps; step += 1) {
    const next = all.filter((it) => doesReplace(it, at)).toSorted(byTime)
    const last = next.at(-1)
    if (last === undefined) return step === 0 ? undefined : { replacements, newest: at }
    const replaces = at
    replacements.push(...next.map((it) => ({ ...it, replaces })))
    if (seen.has(last.digest)) break
    seen.add(last.digest)
    at = last.digest
  }
  return { replacements, newest: undefined }
}

export function doesReplace({ replaces, earlier }: SessionRedaction, digest: string): boolean {
  return replaces === digest || earlier.includes(digest)
}

function byTime(a: Replacement, b: Replacement): number {
  return Date.parse(a.redactedAt) - Date.parse(b.redactedAt) || (a.digest < b.digest ? -1 : 1)
}
