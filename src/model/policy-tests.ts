/** Cases that a policy is tried on, in files beside it (`policy test`), and what came of them. Published as `schemas/policy-tests/v1` and `schemas/policy-test-report/v1`. */
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

export const policyTestReportType = 'https://w3id.org/countersign/policy-test-report/v1'

/** What came of one case. */
const caseResult = () =>
  z.object({
    name: z.string(),
    /** Where the case stands, without its folders. */
    file: z.string(),
    profile: z.optional(z.string()),
    /** `document`: nobody signed it, so it proves nothing about signatures. */
    evidence: z.enum(['bundle', 'document']),
    /** Empty: all is as expected. `what` is the id of a rule, or `outcome`. */
    differences: z.array(z.object({ what: z.string(), expected: z.string(), found: z.string() })),
  })
export type PolicyCaseResult = z.infer<ReturnType<typeof caseResult>>

export const policyTestReport = () =>
  z.object({
    type: z.literal(policyTestReportType),
    /** The policy, as it was named. */
    file: z.string(),
    /** Of the bytes of the policy. */
    sha256: z.string(),
    /** `pass`: of every case all is as expected. */
    outcome: z.enum(['pass', 'fail']),
    /** At least one, in the order in which they were run. */
    cases: z.array(caseResult()).check(z.minLength(1)),
  })
export type PolicyTestReport = z.infer<ReturnType<typeof policyTestReport>>
