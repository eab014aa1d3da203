/**
 * Policies: what a release must satisfy, read from a file and applied to verified evidence. See the package's root for the whole library.
 *
 * @module
 */
export type { Policy } from './model/policy.ts'
export type { PolicyCheck, PolicyReport } from './model/policy-report.ts'
export type { ApprovedPolicySource } from './verify/approved-policy.ts'
export { openPolicy } from './verify/open-policy.ts'
export type { PolicySource } from './verify/open-policy.ts'
