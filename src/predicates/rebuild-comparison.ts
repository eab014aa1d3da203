/**
 * A rebuild comparison: somebody built the same source again, and says how the outcome compares with the artifact that was released
 * (schemas/rebuild-comparison/v1). Unknown fields are ignored, so that later versions may say more.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { limits } from '../model/limits.ts'
import type { RebuildComparison } from '../model/predicate.ts'
import { differenceKinds, memberDifference, membersOutcome, notCompared } from '../model/rebuild-report.ts'
import { absent, issueText } from '../model/statement.ts'
import { readJob, signingJob } from './job.ts'
import type { PredicateRow } from './row.ts'

const text = z.string().check(z.minLength(1), z.maxLength(limits.identityCharacters))
const count = z.number().check(z.int(), z.nonnegative())

/** A list that was cut says how many it lacks. */
const listed = <T extends z.ZodMiniType>(item: T) =>
  z.looseObject({ members: z.array(item).check(z.maxLength(limits.signedDifferences)), more: count })

export const rebuildComparisonPredicate = z.looseObject({
  /** `same`: the rebuilt artifact has the very bytes of the released one. */
  outcome: z.enum(['same', 'differs']),
  /** What came out of the rebuild; the subject of the statement is what was released. */
  rebuilt: z.looseObject({
    name: text,
    digest: z.looseObject({ sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  }),
  /** What was built again: the job's own repository and commit, or what the job says of another one. */
  source: absent(z.looseObject({ uri: text, commit: text })),
  job: signingJob,
  /** RFC 3339, UTC: when the two were compared, by the clock of the job. */
  at: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/)),
  /** Of two archives that differ: whether all members are on both sides, with equal contents. */
  members: absent(membersOutcome),
  /** How many differences there are of each kind. */
  differences: absent(
    z.looseObject({
      content: absent(count),
      metadata: absent(count),
      order: absent(count),
      'only-in-a': absent(count),
      'only-in-b': absent(count),
      compression: absent(count),
    }),
  ),
  differing: absent(listed(memberDifference)),
  /** Where and why members could not be compared. */
  notCompared: absent(listed(notCompared)),
  tool: absent(z.looseObject({ countersign: text })),
})
export type RebuildComparisonPredicate = z.infer<typeof rebuildComparisonPredicate>

export const rebuildComparisonV1 = 'https://w3id.org/countersign/rebuild-comparison/v1'

export const rebuildComparison: PredicateRow = {
  type: rebuildComparisonV1,
  read: (predicate) => ({ kind: 'rebuild-comparison', ...readRebuildComparison(predicate) }),
}

/** Predicate of `rebuildComparisonV1` → view. Error: `predicate-malformed`. */
function readRebuildComparison(predicate: unknown): RebuildComparison {
  const parsed = rebuildComparisonPredicate.safeParse(predicate)
  if (!parsed.success) {
    throw new CountersignError('predicate-malformed', `the rebuild comparison is malformed: ${issueText(parsed.error)}`)
  }
  const { outcome, rebuilt, source, job: by, at, members, differences, differing, notCompared: unread } = parsed.data
  return {
    ...{ outcome, at, rebuilt: { name: rebuilt.name, sha256: rebuilt.digest.sha256 }, job: readJob(by) },
    source: source === undefined || source === null ? undefined : { uri: source.uri, commit: source.commit },
    members: members ?? undefined,
    differences: Object.fromEntries(
      differenceKinds.flatMap((it) => (differences?.[it] ? [[it, differences[it]]] : [])),
    ),
    differing: { members: differing?.members ?? [], more: differing?.more ?? 0 },
    notCompared: { members: unread?.members ?? [], more: unread?.more ?? 0 },
  }
}
