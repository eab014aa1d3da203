/** What is trusted and why: the answer of `countersign trust`. Published as `schemas/trust-report/v1`. */
import * as z from 'zod/mini'

export const trustReportType = 'https://w3id.org/countersign/trust-report/v1'

// The schemas are functions, because nothing is parsed with them at run time: they are for types and for the published JSON
// Schema, and making them would be a part of every start-up.

/** One certificate authority, log or timestamp authority of a trusted root. */
const service = () =>
  z.object({
    role: z.enum(['certificate-authority', 'certificate-log', 'transparency-log', 'timestamp-authority']),
    /** Host of its address, as the root names it. */
    host: z.optional(z.string()),
    /** Subject of its certificate. */
    name: z.optional(z.string()),
    /** SHA-256 of its public key in DER, the first 16 hex digits; of a log that is the beginning of its id. */
    keyId: z.string(),
    algorithm: z.string(),
    /** Between these its statements count. */
    validFrom: z.string(),
    validUntil: z.optional(z.string()),
  })
export type TrustedService = z.infer<ReturnType<typeof service>>

export const trustReport = () =>
  z.object({
    type: z.literal(trustReportType),
    /** In the words that a verdict uses. */
    origin: z.string(),
    /** `file`: read from disk; `given`: the embedded Sigstore's or an imported root. */
    obtained: z.enum(['fetched', 'cache', 'seed', 'file', 'given']),
    /** SHA-256 of the trusted root. */
    digest: z.string(),
    tuf: z.optional(
      z.object({
        mirror: z.string(),
        rootVersion: z.number(),
        /** Whether a verification would take it: `aging` with a warning, `stale` not at all. */
        freshness: z.enum(['fresh', 'aging', 'stale']),
        refreshedAt: z.optional(z.string()),
        roles: z.array(z.object({ role: z.string(), version: z.number(), expires: z.string(), expired: z.boolean() })),
      }),
    ),
    services: z.array(service()),
    /** Of an update: what is not as it was, a line each. */
    changes: z.optional(z.array(z.string())),
    /** Of an import: under which name, and in which file. */
    imported: z.optional(z.object({ name: z.string(), path: z.string() })),
    warnings: z.array(z.string()),
  })
export type TrustReport = z.infer<ReturnType<typeof trustReport>>
