/**
 * Change provenance: what a released range is made of, change by change (schemas/change-provenance/v1). Persons stand in it as
 * keyed hashes, texts not at all. Unknown fields are ignored, so that later versions may say more.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'
import { issueText, resourceDescriptor } from '../model/statement.ts'
import type { PredicateRow } from './row.ts'
import { readSession } from './session.ts'

const text = z.string().check(z.maxLength(8_192))
/** As a pattern, so that the published schema says it too. */
const commitId = z.string().check(z.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, { error: 'is no full commit id' }))
/** A keyed hash of a person: `hmac-sha256:<64 hex digits>`. */
const person = z.string().check(z.regex(/^hmac-sha256:[0-9a-f]{64}$/))

const lines = z.looseObject({
  ai: z.number(),
  human: z.number(),
  unknown: z.number(),
  generated: z.optional(z.number()),
})

const change = z.looseObject({
  commit: commitId,
  tree: z.optional(commitId),
  /** `git patch-id --stable`: the same change under another commit has the same one. */
  patchId: z.optional(commitId),
  parents: z.optional(z.array(commitId)),
  author: z.optional(person),
  committer: z.optional(person),
  /** URI of the pull or merge request. */
  pullRequest: z.optional(text),
  /** URIs. */
  tickets: z.optional(z.array(text)),
  reviews: z.optional(
    z.array(
      z.looseObject({
        by: person,
        role: z.optional(text),
        verdict: z.enum(['approved', 'changes-requested', 'commented', 'dismissed', 'unknown']),
        at: z.optional(text),
      }),
    ),
  ),
  /** Sessions that took part, by the `uri` of their descriptors below. */
  sessions: z.optional(
    z.array(
      z.looseObject({
        uri: text,
        role: z.optional(text),
        linkage: z.optional(text),
        /** Of the added lines; 0: it is named, and wrote none of them. */
        lines: z.optional(z.number()),
      }),
    ),
  ),
  /** Added lines by who wrote them; `unknown` is never rounded to `human`, and generated files are counted apart. */
  lines: z.optional(lines),
  files: z.optional(
    z.array(
      z.extend(lines, {
        path: text,
        sessions: z.optional(z.array(z.looseObject({ uri: text, lines: z.number() }))),
      }),
    ),
  ),
  /** What ran on it, and how it came out. */
  checks: z.optional(z.array(z.looseObject({ name: text, outcome: text }))),
})

export const changeProvenancePredicate = z.looseObject({
  range: z.looseObject({
    /** Commit before the first change; null where the range reaches the first commit. */
    since: z.nullable(commitId),
    until: commitId,
    /** Why the range begins there, in words: `the tag v1.1.0, the version before`. */
    reason: z.optional(text),
  }),
  /** Newest first. */
  changes: z.array(change).check(z.maxLength(limits.claims)),
  /** How many changes the range has, where not all are told: `ai`, those that name AI, and no others. */
  total: z.optional(z.number()),
  told: z.optional(z.enum(['all', 'ai'])),
  /** Under what people are hashed: the id of the organisation's key, or one that was made for this statement alone. */
  identityKey: z.optional(z.looseObject({ kind: z.enum(['organisation', 'statement']), id: z.optional(text) })),
  /** A ResourceDescriptor each, as in build provenance (schemas/ai-session/v1). */
  sessions: z.optional(z.array(resourceDescriptor).check(z.maxLength(limits.sessions))),
  /** Receipts of independent parties, and the keys that they were verified with (RFC 7638 thumbprints). */
  receipts: z.optional(z.array(z.looseObject({ sha256: text, issuer: text, jwksThumbprint: text }))),
  /** For every reader whether it ran, and what came of it: "not looked at" is not "nothing". */
  readers: z.array(
    z.looseObject({
      reader: text,
      outcome: z.enum(['found', 'nothing', 'not-fetched', 'could-not-look', 'not-collected']),
    }),
  ),
})

export const changeProvenanceV1 = 'https://w3id.org/countersign/change-provenance/v1'
export type ChangeProvenancePredicate = z.infer<typeof changeProvenancePredicate>

export const changeProvenance: PredicateRow = {
  type: changeProvenanceV1,
  read(predicate) {
    const parsed = changeProvenancePredicate.safeParse(predicate)
    if (!parsed.success) {
      const reason = issueText(parsed.error)
      throw new CountersignError('predicate-malformed', `the change provenance is malformed: ${reason}`)
    }
    const { range, changes, sessions, readers } = parsed.data
    return {
      kind: 'change-provenance',
      range: { since: range.since, until: range.until, reason: range.reason },
      changes: changes.map((it) => ({
        commit: it.commit,
        parents: it.parents,
        author: it.author,
        pullRequest: it.pullRequest,
        reviews: it.reviews?.map(({ by, verdict }) => ({ by, verdict })),
        sessions: it.sessions?.map(({ uri, role }) => ({ uri, role })),
      })),
      sessions: (sessions ?? []).flatMap((it) => readSession(it) ?? []),
      readers: readers.map(({ reader, outcome }) => ({ reader, outcome })),
    }
  },
}
