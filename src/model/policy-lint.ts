/** What `policy lint` answers of one file: what keeps it from being a policy, and what it should not be. Published as `schemas/policy-lint/v1`. */
import * as z from 'zod/mini'
import { errorCodes } from '../errors.ts'

export const policyLintType = 'https://w3id.org/countersign/policy-lint/v1'

/**
 * Of a policy that can be asked:
 *
 * - `expired`, `expires-soon`: it passes nothing, or will not in less than 30 days
 * - `id-missing`: a signer is told by names alone, which somebody else can register
 * - `part-waived`: it lets something pass under a long name
 * - `start-unknown`: it lets a range pass whose job did not have the tags, or could not look
 * - `levels-unused`: the map of build levels, and no rule that looks at it
 * - `never-fails`: all its rules are warnings
 * - `rule-not-asked`: a severity or a waiver of a rule that nothing asks for
 */
export const policyWarnings = [
  'expired',
  'expires-soon',
  'id-missing',
  'part-waived',
  'start-unknown',
  'levels-unused',
  'never-fails',
  'rule-not-asked',
] as const

const finding = () => {
  const common = {
    /** As it was named, or as the file that extends it names it. */
    file: z.string(),
    /** From 1; absent of the file as a whole. */
    line: z.optional(z.int()),
    column: z.optional(z.int()),
    message: z.string(),
    hint: z.optional(z.string()),
  }
  return z.discriminatedUnion('severity', [
    z.object({ ...common, severity: z.literal('error'), code: z.enum(errorCodes) }),
    z.object({ ...common, severity: z.literal('warning'), code: z.enum(policyWarnings) }),
  ])
}
export type PolicyLintFinding = z.infer<ReturnType<typeof finding>>
export type PolicyWarning = Extract<PolicyLintFinding, { severity: 'warning' }>

export const policyLint = () =>
  z.object({
    type: z.literal(policyLintType),
    file: z.string(),
    /** `fail`: there is an error, and it can be asked nothing. Warnings change nothing. */
    outcome: z.enum(['pass', 'fail']),
    /** Of the bytes of the file; absent where it cannot be read. */
    sha256: z.optional(z.string()),
    profiles: z.array(z.string()),
    findings: z.array(finding()),
  })
export type PolicyLint = z.infer<ReturnType<typeof policyLint>>
