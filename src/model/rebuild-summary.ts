/** What a rebuild comparison says, as it stands in a verdict and in an inspection. */
import * as z from 'zod/mini'
import type { RebuildComparison } from './predicate.ts'
import { membersOutcome } from './rebuild-report.ts'

// A function, because nothing is parsed with it at run time: it is for types and for the published JSON Schema.
export const rebuildSummary = () =>
  z.object({
    outcome: z.enum(['same', 'differs']),
    /** SHA-256 of the rebuilt artifact, lower-case hex. */
    rebuilt: z.string(),
    source: z.optional(z.object({ uri: z.string(), commit: z.string() })),
    /** Who says the source: the certificate too, or the job alone; absent where nothing was verified. */
    sourceBy: z.optional(z.enum(['certificate', 'job'])),
    /** RFC 3339, by the clock of the job. */
    at: z.string(),
    members: z.optional(membersOutcome),
    /** Kind of difference → how many. */
    differences: z.record(z.string(), z.number()),
    /** How many members, or archives, could not be compared. */
    notCompared: z.number(),
  })
export type RebuildSummary = z.infer<ReturnType<typeof rebuildSummary>>

export function summariseRebuild(
  { outcome, rebuilt, source, at, members, differences, notCompared }: RebuildComparison,
  sourceBy?: RebuildSummary['sourceBy'],
): RebuildSummary {
  return {
    ...{ outcome, rebuilt: rebuilt.sha256 },
    ...(source === undefined ? {} : { source: { ...source } }),
    ...(source === undefined || sourceBy === undefined ? {} : { sourceBy }),
    at,
    ...(members === undefined ? {} : { members }),
    differences: { ...differences },
    notCompared: notCompared.members.length + notCompared.more,
  }
}
