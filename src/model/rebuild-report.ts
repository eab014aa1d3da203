/** How two builds of one source compare. Published as `schemas/rebuild-report/v1`. */
import * as z from 'zod/mini'

export const rebuildReportType = 'https://w3id.org/countersign/rebuild-report/v1'

/** How a member of an archive, or the archive around its members, differs. */
export const differenceKinds = ['content', 'metadata', 'order', 'only-in-a', 'only-in-b', 'compression'] as const
export type DifferenceKind = (typeof differenceKinds)[number]

/** Why members, or one of them, could not be compared: then nothing is said to be equal. */
export const notComparedCodes = [
  'archive-malformed',
  'archive-too-large',
  'archive-too-many-members',
  'bytes-outside-members',
  'member-duplicate',
  'member-encrypted',
  'member-sparse',
  'member-unsupported',
] as const
export type NotComparedCode = (typeof notComparedCodes)[number]

export const memberDifference = z.object({
  kind: z.enum(differenceKinds),
  /** Name in the archive; absent: it is about the artifact as a whole. */
  name: z.optional(z.string()),
  /** Name of the archive within the archive that has this member. */
  within: z.optional(z.string()),
  /** Of `metadata`: what differs, as `mtime`, `mode`, `owner`. */
  fields: z.optional(z.array(z.string())),
})
export type MemberDifference = z.infer<typeof memberDifference>

export const notCompared = z.object({
  side: z.enum(['a', 'b']),
  code: z.enum(notComparedCodes),
  name: z.optional(z.string()),
  within: z.optional(z.string()),
})
export type NotCompared = z.infer<typeof notCompared>

export const membersOutcome = z.enum(['equal', 'differ', 'not-compared'])
export type MembersOutcome = z.infer<typeof membersOutcome>

const side = () =>
  z.object({
    /** Of its bytes, lower-case hex. */
    sha256: z.string(),
    /** In bytes. */
    size: z.number(),
  })

export const rebuildReport = () =>
  z.object({
    type: z.literal(rebuildReportType),
    /** `same`: every artifact is there on both sides, with the same bytes. */
    outcome: z.enum(['same', 'differs']),
    artifacts: z.array(
      z.object({
        /** Base name of A, or the path in both folders. */
        name: z.string(),
        outcome: z.enum(['same', 'differs']),
        /** Absent where that side has no such artifact. */
        a: z.optional(side()),
        b: z.optional(side()),
        /** Of two archives that differ: whether all members are there on both sides with equal contents. */
        members: z.optional(membersOutcome),
        /** All of them; empty where the bytes are the same. */
        differences: z.array(memberDifference),
        notCompared: z.array(notCompared),
      }),
    ),
    /** Files of the folders that are no artifacts: bundles, checksum files and the like. */
    leftOut: z.number(),
  })
export type RebuildReport = z.infer<ReturnType<typeof rebuildReport>>
export type ArtifactComparison = RebuildReport['artifacts'][number]

/** How many differences there are of each kind that there is. */
export function countKinds(differences: readonly Pick<MemberDifference, 'kind'>[]): {
  [kind in DifferenceKind]?: number
} {
  const counts: { [kind in DifferenceKind]?: number } = {}
  for (const kind of differenceKinds) {
    const count = differences.filter((it) => it.kind === kind).length
    if (count > 0) counts[kind] = count
  }
  return counts
}
