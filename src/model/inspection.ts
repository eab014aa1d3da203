/** What a bundle claims, read and not verified. Published as `schemas/inspection/v1`. */
import * as z from 'zod/mini'
import { aiConfiguration } from './ai-configuration.ts'
import { contextCounts } from './context-counts.ts'
import { deploymentSummary } from './deployment-summary.ts'
import { signedReasoningLog } from './reasoning-log.ts'
import { rebuildSummary } from './rebuild-summary.ts'
import { recordFateShown } from './record-fate.ts'
import { attributionSummary, session } from './session.ts'
import { digestSet } from './digest.ts'
import { sourceAnnotation } from './source-tree.ts'

export const inspectionType = 'https://w3id.org/countersign/inspection/v1'

// The schemas are functions, because nothing is parsed with them at run time: they are for types and for the published JSON
// Schema, and making them would be a part of every start-up.

const signer = () =>
  z.object({
    kind: z.enum(['certificate', 'key', 'none']),
    identity: z.optional(z.string()),
    fingerprint: z.optional(z.string()),
    serialNumber: z.optional(z.string()),
    notBefore: z.optional(z.string()),
    notAfter: z.optional(z.string()),
    /** Fulcio's extensions by name, in the order of their numbers. */
    extensions: z.optional(z.record(z.string(), z.string())),
    keyHint: z.optional(z.string()),
  })

export const inspection = () =>
  z.object({
    type: z.literal(inspectionType),
    /** Always: whoever needs a yes asks `verify`. */
    verified: z.literal(false),
    bundle: z.string(),
    /** Where the bundle was found beside an artifact: that, and whether the statement names it. */
    artifact: z.optional(z.object({ name: z.string(), digest: z.record(z.string(), z.string()), named: z.boolean() })),
    format: z.string(),
    signer: signer(),
    signatures: z.number(),
    times: z.array(z.object({ source: z.string(), time: z.string() })),
    logEntries: z.array(
      z.object({
        logId: z.string(),
        logIndex: z.string(),
        kind: z.string(),
        inclusion: z.array(z.enum(['promise', 'proof', 'checkpoint'])),
      }),
    ),
    payloadType: z.optional(z.string()),
    statement: z.optional(
      z.object({
        type: z.string(),
        predicateType: z.string(),
        /** With all that stands in them. */
        subjects: z.array(z.looseObject({ name: z.optional(z.string()), digest: digestSet })),
        predicate: z.optional(z.record(z.string(), z.unknown())),
        /** Members of the statement beside these, which nothing here reads. */
        others: z.optional(z.record(z.string(), z.unknown())),
      }),
    ),
    buildType: z.optional(z.string()),
    builderId: z.optional(z.string()),
    invocationId: z.optional(z.string()),
    /** What the work tree was like, which commit the job made and built, and which attempt prepared this. */
    tree: z.optional(sourceAnnotation),
    builtCommit: z.optional(z.string()),
    preparedIn: z.optional(z.string()),
    /** A log of what was asked and decided, by its digest. */
    reasoningLog: z.optional(signedReasoningLog),
    sessions: z.array(session),
    attribution: z.optional(attributionSummary),
    /** What steered agents in the tree that was built. */
    aiConfiguration: z.optional(aiConfiguration),
    /** Of change provenance: its context by counts. */
    context: z.optional(contextCounts),
    /** Of a deployment: what was done where, and when. */
    deployment: z.optional(deploymentSummary()),
    /** Of a rebuild comparison: whether somebody says that they got the same bytes again. */
    rebuild: z.optional(rebuildSummary()),
    /** What became of the records that its sessions name, where somebody was named whose redactions count. */
    records: z.optional(z.array(recordFateShown)),
    /** Parts that could not be read, a line each. */
    problems: z.array(z.string()),
  })
export type Inspection = z.infer<ReturnType<typeof inspection>>
