/** Cases that a policy is tried on, in files beside it (`policy test`). Published as `schemas/policy-tests/v1`. */
import * as z from 'zod/mini'
import { errorCodes } from '../errors.ts'
import { limits } from './limits.ts'

export const policyTestsVersion = 'countersign/policy-tests/v1'

const text = () => z.string().check(z.minLength(1), z.maxLength(2_048))

/** What each row of a rule must be: of all its rows `pass`; of one `skipped` or `waived`, and none fails; of one, that it fails with this code. */
const rowOutcome = () => z.enum(['pass', 'skipped', 'waived', ...errorCodes])

const policyCase = () =>
  z.strictObject({
    name: text(),
    /** Files are named from the folder of this one. Evidence that is signed: */
    artifact: z.optional(text()),
    bundle: z.optional(text()),
    trustedRoot: z.optional(text()),
    previous: z.optional(text()),
    /** What is asked beside the policy. */
    question: z.optional(z.record(text(), z.union([text(), z.literal(true), z.array(text())]))),
    /** RFC 3339: when it is asked; default now. */
    now: z.optional(z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/))),
    /** Or a document of `schemas/policy-input/v1`, which nobody signed: rules about AI, and those of the policy's own, are tried on it. */
    input: z.optional(text()),
    profile: z.optional(text()),
    expect: z.strictObject({
      /** Of evidence that is signed alone: where rules are left out there is no verdict. */
      outcome: z.optional(z.enum(['pass', 'fail', 'undecided'])),
      /** By the id of the rule. */
      rows: z.optional(z.record(text(), rowOutcome())),
    }),
  })
export type PolicyCase = z.infer<ReturnType<typeof policyCase>>

export const policyTestsFile = () =>
  z.strictObject({
    apiVersion: z.literal(policyTestsVersion),
    cases: z.array(policyCase()).check(z.minLength(1), z.maxLength(limits.policyItems)),
  })

/** What came of one case. */
export interface PolicyCaseResult {
  readonly name: string
  /** `document`: nobody signed it, so it proves nothing about signatures. */
  readonly evidence: 'bundle' | 'document'
  /** Empty: all is as expected. `what` is the id of a rule, or `outcome`. */
  readonly differences: readonly { readonly what: string; readonly expected: string; readonly found: string }[]
}
