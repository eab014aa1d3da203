/**
 * What a policy made of the evidence, a row each time that one of its rules looked at something (DESIGN §1 "check"). Part of a verdict.
 * The schemas are functions for the reason that `verdict.ts` gives.
 */
import * as z from 'zod/mini'
import { errorCodes } from '../errors.ts'

/** What a rule that fails does: `error` fails the release; `warn` and `info` are shown, and never help anything to pass. */
export const severities = ['error', 'warn', 'info'] as const
export type Severity = (typeof severities)[number]

/** Part of a release that a rule looked at; empty: the release as a whole. */
const place = () =>
  z.object({
    /** Full id of a change. */
    commit: z.optional(z.string()),
    /** File of that change, from the root of the repository. */
    path: z.optional(z.string()),
    /** URI of a session. */
    session: z.optional(z.string()),
    /** Of a change under review alone: the first words of its subject, as everybody at its forge sees them. Nothing that is signed has any. */
    subject: z.optional(z.string()),
    /** The first files of the change that the rule is about, and how many more there are. */
    files: z.optional(z.array(z.string())),
    moreFiles: z.optional(z.number()),
  })
export type PolicyPlace = z.infer<ReturnType<typeof place>>

/** A signed statement that one rule need not hold for this artifact. */
const waiver = () =>
  z.object({
    reason: z.string(),
    /** Who signed it, as the certificate has it. */
    signer: z.string(),
    /** RFC 3339, UTC. */
    expires: z.string(),
    /** SHA-256 of the statement. */
    sha256: z.string(),
  })
export type PolicyWaiver = z.infer<ReturnType<typeof waiver>>

/** A place of evidence that nobody saw, or not all of it; `outcome` as for a reader, and of a later version it may be another one. */
const unseenReader = () => z.object({ reader: z.string(), outcome: z.string() })
export type UnseenReader = z.infer<ReturnType<typeof unseenReader>>

/** A change that names no session on purpose, for a reason that somebody answers for who may. */
const override = () =>
  z.object({
    /** Full id of the change. */
    commit: z.string(),
    /** `signed`: they signed the commit; `approved`: they approved this very commit at the forge. */
    proof: z.enum(['signed', 'approved']),
    /** As the policy names them. */
    by: z.string(),
    /** How the policy, or the forge, calls them; nothing was compared with it. */
    name: z.optional(z.string()),
    /** Of a change under review alone, as in `at`. */
    subject: z.optional(z.string()),
    /** The reason, of a change under review alone: nothing that is signed has its text. */
    reason: z.optional(z.string()),
  })
export type PolicyOverride = z.infer<ReturnType<typeof override>>

export const policyCheck = () => {
  const common = {
    /** Stable id, `family/name`; of a rule of the policy's own, `rules/ID`. */
    rule: z.string(),
    severity: z.enum(severities),
    at: z.optional(place()),
    expected: z.optional(z.string()),
    found: z.optional(z.string()),
  }
  const failed = {
    ...common,
    code: z.enum(errorCodes),
    /** What a person can do. */
    note: z.optional(z.string()),
    /** Other ways out, each for itself. */
    alternatives: z.optional(z.array(z.string())),
    /** What nobody looked at, and with which the rule might pass. */
    unseen: z.optional(z.array(unseenReader())),
  }
  return z.discriminatedUnion('outcome', [
    z.object({
      ...common,
      outcome: z.literal('pass'),
      /** It passes because of these; the first of them, and how many more there are. */
      overrides: z.optional(z.array(override())),
      moreOverrides: z.optional(z.number()),
    }),
    z.object({ ...failed, outcome: z.literal('fail') }),
    /** It fails, and somebody who may say so signed that it need not hold here. */
    z.object({ ...failed, outcome: z.literal('waived'), waiver: waiver() }),
    /** Weakened by the policy itself, which says so under a long name. */
    z.object({ ...common, outcome: z.literal('skipped'), note: z.string() }),
  ])
}
export type PolicyCheck = z.infer<ReturnType<typeof policyCheck>>

export const policyReport = () =>
  z.object({
    name: z.string(),
    /** Of the bytes of the file, and of each that it extends, in that order. */
    sha256: z.string(),
    extends: z.optional(z.array(z.object({ file: z.string(), sha256: z.string() }))),
    profile: z.optional(z.string()),
    /** RFC 3339, UTC: from then on it passes nothing. */
    expires: z.optional(z.string()),
    /** Who signed it, where that was asked for. */
    signer: z.optional(z.string()),
    /** Build level that its map gives the signer with the builder that the provenance names; absent where it has no map. */
    buildLevel: z.optional(z.number()),
    /** Waivers that were given and count for nothing here, at most as many as bundles are examined. */
    waiversSetAside: z.optional(
      z.array(
        z.object({
          code: z.enum(errorCodes),
          /** SHA-256 of the statement. */
          sha256: z.string(),
        }),
      ),
    ),
    /** In the order of the families; every rule that the policy has, at least once. */
    checks: z.array(policyCheck()),
  })
export type PolicyReport = z.infer<ReturnType<typeof policyReport>>

/** Rows that fail and pass all the same, because somebody signed that. */
export function waivedIn({ checks }: Pick<PolicyReport, 'checks'>): Extract<PolicyCheck, { outcome: 'waived' }>[] {
  return checks.filter((it) => it.outcome === 'waived')
}

/** What keeps a release from passing: rows that fail, are not waived, and are no mere warning. */
export function refusing({ checks }: Pick<PolicyReport, 'checks'>): Extract<PolicyCheck, { outcome: 'fail' }>[] {
  return checks.filter((it) => it.outcome === 'fail').filter((it) => it.severity === 'error')
}

/** What a policy asks by one rule, and where it does. */
export interface AskedRule {
  readonly rule: string
  /** Name of the policy, and behind a `:` of its profile. */
  readonly layer: string
  /** Path from the top of the policy, or of the profile. */
  readonly member: string
  readonly value: unknown
}
