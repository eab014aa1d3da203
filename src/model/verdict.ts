/**
 * The answer of a verifier: `pass`, `fail` or `undecided`, made of checks; never a boolean. Published as `schemas/verdict/v1`.
 *
 * The schemas are functions, because nothing is parsed with them at run time: they are for types and for the published JSON
 * Schema, and making them would be a part of every start-up.
 */
import * as z from 'zod/mini'
import { errorCodes, optionNames } from '../errors.ts'
import type { CountersignError } from '../errors.ts'
import { aiConfiguration } from './ai-configuration.ts'
import { contextCounts } from './context-counts.ts'
import { deploymentSummary } from './deployment-summary.ts'
import { policyReport } from './policy-report.ts'
import { signedReasoningLog } from './reasoning-log.ts'
import { rebuildSummary } from './rebuild-summary.ts'
import { attributionSummary, session } from './session.ts'
import { sourceAnnotation } from './source-tree.ts'

export const verdictType = 'https://w3id.org/countersign/verdict/v1'

/** In which part two identities, addresses or values differ. */
export const differingParts = ['owner', 'name', 'path', 'ref', 'case', 'value'] as const
export type DifferingPart = (typeof differingParts)[number]

/**
 * One row: what was asked, how it came out. A check that failed says where the two differ, and never the value that would
 * have passed: that would be a hint for whoever wants the wrong thing to pass.
 */
export const check = () =>
  z.discriminatedUnion('outcome', [
    z.object({
      rule: z.string(),
      outcome: z.literal('pass'),
      expected: z.optional(z.string()),
      found: z.optional(z.string()),
    }),
    z.object({
      rule: z.string(),
      outcome: z.literal('fail'),
      code: z.enum(errorCodes),
      expected: z.optional(z.string()),
      found: z.optional(z.string()),
      /** `option`: the part of the question that was not met. */
      differs: z.optional(z.object({ option: z.enum(optionNames), part: z.enum(differingParts) })),
      /** What a person can do. */
      note: z.optional(z.string()),
    }),
    z.object({
      rule: z.string(),
      outcome: z.literal('skipped'),
      /** Why. */
      note: z.string(),
    }),
  ])
export type Check = z.infer<ReturnType<typeof check>>
export type FailedCheck = Extract<Check, { outcome: 'fail' }>

/** What a verified attestation says; present once its signature holds. */
export const attestationSummary = () =>
  z.object({
    signer: z.object({
      kind: z.enum(['certificate', 'key']),
      identity: z.optional(z.string()),
      issuer: z.optional(z.string()),
      fingerprint: z.string(),
      extensions: z.optional(z.record(z.string(), z.string())),
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
    /** What the certificate does not say of the source, and the statement does: a claim of whoever signed. */
    claimedSource: z.optional(z.object({ uri: z.optional(z.string()), commit: z.optional(z.string()) })),
    invocationId: z.optional(z.string()),
    externalParameters: z.optional(z.record(z.string(), z.unknown())),
    sessions: z.optional(z.array(session)),
    attribution: z.optional(attributionSummary),
    /** What steered agents in the tree that was built; absent where nothing is said of it. */
    aiConfiguration: z.optional(aiConfiguration),
    /** What the work tree was like when this was built, as the builder says; absent where it says nothing. */
    tree: z.optional(sourceAnnotation),
    /** Commit that the job made of the source's and built, as it says itself. */
    builtCommit: z.optional(z.string()),
    /** The run in which the statement was prepared, where another attempt of it signed. */
    preparedIn: z.optional(z.string()),
    /** A log of what was asked and decided, by its digest: a claim of the job. */
    reasoningLog: z.optional(signedReasoningLog),
    /** The statement that tells the range change by change, and whether it was given here and is that one. */
    changeStatement: z.optional(z.object({ sha256: z.string(), given: z.boolean() })),
    /** Of change provenance: the range, and how many changes it names. */
    changes: z.optional(
      z.object({
        since: z.nullable(z.string()),
        until: z.string(),
        count: z.number(),
        /** What came of each reader of AI sessions. */
        readers: z.optional(z.array(z.object({ reader: z.string(), outcome: z.string() }))),
      }),
    ),
    /** Of change provenance: what it says of requests, reviews, checks and deployments, by counts; absent where it says nothing. */
    context: z.optional(contextCounts),
    /** Of a verification summary: who verified, with what result. */
    verified: z.optional(z.object({ verifierId: z.string(), result: z.string(), levels: z.array(z.string()) })),
    /** Of a deployment: what was done where, and when by the clock of the job. */
    deployment: z.optional(deploymentSummary()),
    /** Of a rebuild comparison: whether somebody got the same bytes again. */
    rebuild: z.optional(rebuildSummary()),
  })
export type AttestationSummary = z.infer<ReturnType<typeof attestationSummary>>

/** One attestation and how it came out, by checks of its own. */
const attestationVerdict = () => {
  const common = {
    /** Name of the bundle: its file, or `file:line` where the file holds several. */
    bundle: z.string(),
    /** The trusted root that these checks were made under. */
    trust: z.string(),
    checks: z.array(check()),
  }
  return z.discriminatedUnion('outcome', [
    z.object({ ...common, outcome: z.literal('pass'), summary: attestationSummary() }),
    z.object({ ...common, outcome: z.literal('fail'), summary: z.optional(attestationSummary()) }),
  ])
}
export type AttestationVerdict = z.infer<ReturnType<typeof attestationVerdict>>

export const verdictFindingCodes = [
  'commits-contradict',
  'sessions-contradict',
  'changes-contradict',
  'bundles-not-examined',
] as const

/** Something about the attestations as a set that no single one shows. */
const finding = () => z.object({ code: z.enum(verdictFindingCodes), message: z.string(), bundles: z.array(z.string()) })
export type VerdictFinding = z.infer<ReturnType<typeof finding>>

const failure = () => z.object({ code: z.enum(errorCodes), message: z.string(), hint: z.optional(z.string()) })
export type VerdictFailure = z.infer<ReturnType<typeof failure>>

export const verdict = () => {
  const attestations = () => z.array(attestationVerdict())
  const common = {
    type: z.literal(verdictType),
    artifact: z.object({ name: z.string(), digest: z.record(z.string(), z.string()) }),
    /** The question as it was understood, shorthands written out; a waived part is named as waived. */
    question: z.record(z.string(), z.string()),
    /** Where the trusted roots came from. */
    trust: z.string(),
    /** The policy that was asked for, and what each of its rules saw; absent where there was none. */
    policy: z.optional(policyReport()),
    findings: z.array(finding()),
    /** Bundles of the artifact that cannot be read, each with its reason. */
    unreadable: z.array(
      z.object({ bundle: z.string(), code: z.enum(errorCodes), message: z.string(), hint: z.optional(z.string()) }),
    ),
    /** How many bundles are about other artifacts; they were not verified. */
    unrelated: z.optional(z.number()),
  }
  return z.discriminatedUnion('outcome', [
    /** At least one attestation passes: those first, then what does not. */
    z.object({ ...common, outcome: z.literal('pass'), attestations: attestations() }),
    /** None passes, the nearest first; or there is none at all, they contradict each other, or the policy refuses, and `failure` says so. */
    z.object({
      ...common,
      outcome: z.literal('fail'),
      attestations: attestations(),
      failure: z.optional(failure()),
    }),
    /** Nothing was decided. */
    z.object({ ...common, outcome: z.literal('undecided'), attestations: z.array(z.never()), failure: failure() }),
  ])
}
export type Verdict = z.infer<ReturnType<typeof verdict>>

/** The stable part of an error, as it stands in a verdict. */
export function failureOf(error: CountersignError): VerdictFailure {
  return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }
}

/** The checks that decided: those of the attestation that passes, or else of the one that comes nearest. */
export function decidingChecks({ attestations }: Verdict): readonly Check[] {
  return attestations[0]?.checks ?? []
}

export function failedChecks(checks: readonly Check[]): readonly FailedCheck[] {
  return checks.filter((it) => it.outcome === 'fail')
}
