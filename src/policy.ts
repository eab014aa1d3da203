/**
 * Policies: what a release must satisfy, read from a file and applied to verified evidence. See the package's root for the whole library.
 *
 * @module
 */
export type { Policy } from './model/policy.ts'
export type { PolicyCheck, PolicyReport } from './model/policy-report.ts'
export type { ApprovedPolicySource } from './verify/approved-policy.ts'
export type { PolicyLint } from './model/policy-lint.ts'
export type { PolicyInput } from './model/policy-input.ts'
export type { AskedRule } from './model/policy-report.ts'
export { policyFromRelease, starterPolicies, starterPolicy } from './verify/draft-policy.ts'
export type { DraftRequest, StarterPolicy } from './verify/draft-policy.ts'
export { explain } from './verify/explain-policy.ts'
export type { Explanation } from './verify/explain-policy.ts'
export { lintPolicy } from './verify/lint-policy.ts'
export type { PolicyText } from './verify/lint-policy.ts'
export { openPolicy } from './verify/open-policy.ts'
export type { PolicySource } from './verify/open-policy.ts'
export type { PolicyTestReport } from './model/policy-tests.ts'
export { testPolicy } from './verify/test-policy.ts'
