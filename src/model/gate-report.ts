/**
 * What the rules about AI say of a change before it is merged. Published as `schemas/gate/v1`. The schemas are functions for the reason that
 * `verdict.ts` gives. Of people there are logins and nothing else, and of texts the first words of a subject and of a reason: what everybody
 * sees who sees the change. Nothing of that is in what is signed.
 */
import * as z from 'zod/mini'
import { policyReport } from './policy-report.ts'
import { levels, readerOutcomes } from './session.ts'

export const gateReportType = 'https://w3id.org/countersign/gate/v1'

/** By which a forge can tell changes apart: AI is named, nothing but a claim says so, and too much is written by nobody knows whom. */
export const gateLabels = ['ai-assisted', 'ai-unverified', 'origin-unknown'] as const

/** Things to know that are no rule. */
export const gateNoteCodes = [
  'policy-changed',
  'config-changed',
  'reviews-not-looked-at',
  'identity-key-not-there',
] as const

/** What is set at the forge, by name. */
export const gateMarks = ['labels', 'check-run'] as const

/** Why a mark was not set. */
export const gateMarkCodes = [
  'token-missing',
  'request-unknown',
  'request-differs',
  'not-at-this-forge',
  'mark-refused',
  'forge-unreachable',
] as const

const mark = () =>
  z.object({
    mark: z.enum(gateMarks),
    /** `unchanged`: it was there already. */
    outcome: z.enum(['set', 'unchanged', 'not-set']),
    /** Where it was not set. */
    code: z.optional(z.enum(gateMarkCodes)),
    detail: z.optional(z.string()),
    hint: z.optional(z.string()),
  })
export type GateMark = z.infer<ReturnType<typeof mark>>

const note = () =>
  z.object({
    code: z.enum(gateNoteCodes),
    text: z.string(),
    /** What a person can do. */
    hint: z.optional(z.string()),
  })
export type GateNote = z.infer<ReturnType<typeof note>>

export const gateReport = () =>
  z.object({
    type: z.literal(gateReportType),
    /** `pass` if and only if no row of the policy with the severity `error` fails. */
    outcome: z.enum(['pass', 'fail']),
    /** Where it fails. `not-seen`: every rule that fails asks for what nobody looked at, and none says that the change is wrong. */
    failedFor: z.optional(z.enum(['refused', 'not-seen'])),
    /** Policy and configuration are those of this commit; `said`: who says that the change begins there. */
    base: z.object({ commit: z.string(), said: z.string() }),
    head: z.string(),
    /** The open request that it is, where the job says so: `#12`, `!12`. */
    request: z.optional(z.string()),
    /** Of the range, as its provenance will count them; `claimed` name AI. */
    commits: z.object({ total: z.number(), claimed: z.number(), unknown: z.number() }),
    lines: z.optional(z.object({ ai: z.number(), human: z.number(), unknown: z.number(), generated: z.number() })),
    /** AI sessions and tools that it names. */
    sessions: z.number(),
    /** The first of them. */
    named: z.optional(z.array(z.object({ uri: z.string(), level: z.enum(levels) }))),
    labels: z.array(z.enum(gateLabels)),
    policy: policyReport(),
    /** `base`: a file of the base commit; `file`: one from outside of the repository. */
    policyFrom: z.enum(['base', 'file']),
    notes: z.array(note()),
    /** Readers that did not see all that they read: what they would have found is not known. */
    unseen: z.array(
      z.object({
        reader: z.string(),
        outcome: z.enum(readerOutcomes),
        /** Rules of this policy that may see something else once it looks; none: the verdict is the same whatever it finds. */
        rules: z.optional(z.array(z.string())),
        detail: z.optional(z.string()),
        /** The command that fetches what is missing. */
        fetch: z.optional(z.string()),
      }),
    ),
    /** What was to be set at the forge, and what became of it; the outcome is the same with it and without. */
    marks: z.optional(z.array(mark())),
  })
export type GateReport = z.infer<ReturnType<typeof gateReport>>
