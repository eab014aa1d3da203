/**
 * A waiver: one rule of one policy need not hold for an artifact, for a reason and until a day (schemas/waiver/v1). Nothing in it says who
 * signs: that is in the certificate alone. Unknown fields are ignored, so that later versions may say more, but for those of a place: one
 * that a reader does not know would make the waiver wider.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'
import type { Waiver } from '../model/predicate.ts'
import { absent, issueText } from '../model/statement.ts'
import { holdsUnseen } from '../one-line.ts'
import type { PredicateRow } from './row.ts'

const text = z.string().check(
  z.minLength(1),
  z.maxLength(limits.identityCharacters),
  z.refine((it) => !holdsUnseen(it)),
)
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))

export const waiverPredicate = z.looseObject({
  /** Id of the rule, whole: `family/name`, or `rules/ID`. */
  rule: z.string().check(z.regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/), z.maxLength(128)),
  /** The file that has the rule, by the digest of its bytes. */
  policy: z.looseObject({ digest: z.looseObject({ sha256 }) }),
  /** Why, in at least 20 letters: it is shown wherever the verdict is. */
  reason: z.string().check(z.maxLength(limits.waiverReasonCharacters), z.refine(isReason)),
  /** RFC 3339, UTC: at most 90 days after it was signed. */
  expires: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/), z.refine(isTime)),
  /** The rule is waived only where it looked at all that stands here. */
  place: absent(
    z.strictObject({
      commit: absent(z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/))),
      path: absent(text),
      session: absent(text),
    }),
  ),
  tool: absent(z.looseObject({ countersign: text })),
})
export type WaiverPredicate = z.infer<typeof waiverPredicate>

/** Something that a person can read, and more than the id of a ticket. */
function isReason(reason: string): boolean {
  return (reason.match(/\p{L}/gu)?.length ?? 0) >= limits.waiverReasonLetters && !holdsUnseen(reason)
}

function isTime(time: string): boolean {
  return !Number.isNaN(Date.parse(time))
}

export const waiverV1 = 'https://w3id.org/countersign/waiver/v1'

export const waiver: PredicateRow = {
  type: waiverV1,
  read: (predicate) => ({ kind: 'waiver', ...readWaiver(predicate) }),
}

/** Predicate of `waiverV1` → view. Error: `predicate-malformed`. */
function readWaiver(predicate: unknown): Waiver {
  const parsed = waiverPredicate.safeParse(predicate)
  if (!parsed.success) {
    throw new CountersignError('predicate-malformed', `the waiver is malformed: ${issueText(parsed.error)}`)
  }
  const { rule, policy, reason, expires, place } = parsed.data
  const { commit, path, session } = place ?? {}
  return {
    ...{ rule, policy: policy.digest.sha256, reason, expires },
    place: {
      ...(commit === undefined || commit === null ? {} : { commit }),
      ...(path === undefined || path === null ? {} : { path }),
      ...(session === undefined || session === null ? {} : { session }),
    },
  }
}
