/** The answer of a verifier: `pass`, `fail` or `undecided`, made of checks; never a boolean. Published as `schemas/verdict/v1`. */
import * as z from 'zod/mini'
import { errorCodes, exitCodeOf } from '../errors.ts'
import type { CountersignError } from '../errors.ts'
import { attributionSummary, session } from './session.ts'

export const verdictType = 'https://w3id.org/countersign/verdict/v1'

// The schemas are functions, because nothing is parsed with them at run time: they are for types and for the published JSON
// Schema, and making them would be a part of every start-up.

/** One row: what was asked, how it came out, and what would have passed. */
export const check = () =>
  z.object({
    rule: z.string(),
    outcome: z.enum(['pass', 'fail', 'skipped']),
    /** Stands with every fail. */
    code: z.optional(z.enum(errorCodes)),
    expected: z.optional(z.string()),
    found: z.optional(z.string()),
    /** Why it was skipped, or what a person can do. */
    note: z.optional(z.string()),
  })
export type Check = z.infer<ReturnType<typeof check>>

const extensions = () => z.record(z.string(), z.string())

/** What the verified attestation says; present once its signature holds. */
export const attestationSummary = () =>
  z.object({
    signer: z.object({
      kind: z.enum(['certificate', 'key']),
      identity: z.optional(z.string()),
      issuer: z.optional(z.string()),
      fingerprint: z.string(),
      extensions: z.optional(extensions()),
    }),
    times: z.array(z.object({ source: z.string(), time: z.string() })),
    logEntries: z.array(z.object({ logId: z.string(), logIndex: z.string(), kind: z.string() })),
    predicateType: z.optional(z.string()),
    subjects: z.optional(z.number()),
    /** The name of the subject that matched; the artifact may lie under another one. */
    subjectName: z.optional(z.string()),
    buildType: z.optional(z.string()),
    builderId: z.optional(z.string()),
    source: z.optional(
      z.object({ repository: z.optional(z.string()), ref: z.optional(z.string()), commit: z.optional(z.string()) }),
    ),
    invocationId: z.optional(z.string()),
    externalParameters: z.optional(z.record(z.string(), z.unknown())),
    sessions: z.optional(z.array(session)),
    attribution: z.optional(attributionSummary),
  })
export type AttestationSummary = z.infer<ReturnType<typeof attestationSummary>>

const failure = () => z.object({ code: z.enum(errorCodes), message: z.string(), hint: z.optional(z.string()) })

export const verdict = () =>
  z.object({
    type: z.literal(verdictType),
    outcome: z.enum(['pass', 'fail', 'undecided']),
    artifact: z.object({ name: z.string(), digest: z.record(z.string(), z.string()) }),
    /** The question as it was understood, shorthands written out; a waived part is named as waived. */
    question: z.record(z.string(), z.string()),
    /** Where the trusted root came from. */
    trust: z.string(),
    /** Every check of the attestation that decided, in order. */
    checks: z.array(check()),
    attestation: z.optional(attestationSummary()),
    /** Why nothing could be decided, or why no attestation fits. */
    failure: z.optional(failure()),
    /** The other bundles that were given for this artifact, or cannot be read, each with its first reason; at most 50. */
    rejected: z.array(z.object({ bundle: z.string(), code: z.enum(errorCodes), message: z.string() })),
    /** How many bundles of the file are about other artifacts; they were not verified. */
    unrelated: z.optional(z.number()),
  })
export type Verdict = z.infer<ReturnType<typeof verdict>>

/** The stable part of an error, as it stands in a verdict. */
export function failureOf(error: CountersignError): NonNullable<Verdict['failure']> {
  return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }
}

/** 0 if and only if there are verdicts and all are pass; 1 if the answer is no for any; else 3 (DESIGN rule 11). */
export function exitCodeOfOutcomes(outcomes: readonly Verdict['outcome'][]): 0 | 1 | 2 | 3 {
  if (outcomes.length === 0) return exitCodeOf('attestation-none')
  if (outcomes.includes('fail')) return 1
  return outcomes.every((it) => it === 'pass') ? 0 : 3
}
