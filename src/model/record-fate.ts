/** What became of records that a release pins, as a document shows it: whether each is here, and what replaces it under a signature that counts. */
import * as z from 'zod/mini'

export const recordFateShown = z.object({
  /** SHA-256 that the release names, and the session that it says it to be of. */
  digest: z.string(),
  tool: z.string(),
  session: z.string(),
  /** Whether the clone has a record of that name. */
  isHere: z.boolean(),
  /** Digest of the newest; absent where nothing replaces it, or nobody can say which is the newest. */
  newest: z.optional(z.string()),
  /** Each step, and those that rival each other. */
  replacements: z.array(
    z.object({
      replaces: z.string(),
      digest: z.string(),
      by: z.string(),
      reason: z.string(),
      redactedAt: z.string(),
      level: z.enum(['recorded', 'signed']),
      removed: z.object({ secrets: z.number(), words: z.number(), rows: z.number() }),
    }),
  ),
  /** Digests of records which say that they replace it, and nobody who counts signed that. */
  unsigned: z.array(z.string()),
})
