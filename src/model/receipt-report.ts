/** What `receipt verify` answers of one receipt. Published as `schemas/receipt-report/v1`. */
import * as z from 'zod/mini'

export const receiptReportType = 'https://w3id.org/countersign/receipt-report/v1'

export const receiptReport = () =>
  z.object({
    type: z.literal(receiptReportType),
    outcome: z.enum(['pass', 'fail', 'undecided']),
    /** Of its bytes. */
    sha256: z.string(),
    /** Why it is not `pass`: codes as findings have them (schemas/attribution/v1.md); absent of one that passes. */
    refusals: z.optional(z.array(z.object({ code: z.string(), detail: z.string() }))),
    /** Why nobody can tell: the keys of the issuer could not be had. */
    undecided: z.optional(z.string()),
    /** What was not asked, or cannot be without commits. */
    skipped: z.array(z.enum(['repository', 'session', 'user', 'time', 'commits'])),
    /** As the receipt says; of one that does not pass anybody may have written it. Absent where it cannot be read. */
    says: z.optional(
      z.object({
        issuer: z.string(),
        key: z.string(),
        audiences: z.array(z.string()),
        /** RFC 3339. */
        issuedAt: z.string(),
        tool: z.string(),
        session: z.string(),
        startedAt: z.string(),
        endedAt: z.string(),
        models: z.array(z.string()),
        commits: z.optional(z.array(z.string())),
        /** Members of the receipt that its issuer has from whoever asked for it. */
        holderSaid: z.optional(z.array(z.string())),
      }),
    ),
    /** RFC 7638, of the key that it was verified with. */
    jwksThumbprint: z.optional(z.string()),
  })
export type ReceiptReport = z.infer<ReturnType<typeof receiptReport>>
