/**
 * Verifying alone: nothing of git, HTTP clients or JOSE is loaded with it. See the package's root for the whole library.
 *
 * @module
 */
export { CountersignError, kindOf } from './errors.ts'
export type { ArtifactInput } from './model/artifact.ts'
export type { Bundle } from './model/bundle.ts'
export { parseBundle } from './model/bundle.ts'
export type { Evidence, Signed, VerifiedStatement } from './model/evidence.ts'
export type { SummaryQuestion } from './model/summary-question.ts'
export type { Predicate } from './model/predicate.ts'
export { independentRebuilders } from './policy/rebuilders.ts'
export type { Rebuilder, Rebuilders } from './policy/rebuilders.ts'
export { questionParts } from './model/question-parts.ts'
export type { LooseQuestion, QuestionOptions } from './model/question.ts'
export type { TrustSource } from './model/trust-source.ts'
export type { AttestationVerdict, Check, Verdict } from './model/verdict.ts'
export type { World } from './platform/world.ts'
export type { BundleInput } from './verify/candidates.ts'
export { findArtifacts } from './verify/find-artifacts.ts'
export type { FoundArtifacts, Saying } from './verify/find-artifacts.ts'
export { VerificationError, openVerifier } from './verify/verifier.ts'
export type { Verifier, VerifierOptions } from './verify/verifier.ts'
export { judgeSummary } from './verify/verify-summary.ts'
export type { SummaryVerification } from './verify/verify-summary.ts'
export { judge, judgeAll, verify } from './verify/verify.ts'
export type { BulkRequest, PolicyRequest, QuestionRequest } from './verify/asking.ts'
export type { VerifyRequest } from './verify/verify.ts'
