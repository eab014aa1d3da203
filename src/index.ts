/**
 * Countersign as a library: the same functions that the command line calls.
 *
 * `openVerifier` holds trust and answers about bytes; `judge` and `verify` are the same over files. `attest` makes and signs
 * provenance, `resume` signs what an outage kept, `inspect` reads without verifying. Errors are `CountersignError`s with a code
 * of the closed union `ErrorCode`. Subpaths hold the rest: countersign/verify, /attest, /inspect, /trust, /report, /store, /vouch, /embedded.
 *
 * @module
 */
import type { Attestation, AttestRequest, ResumeRequest } from './attest/request.ts'

export type { Attestation, AttestRequest, ResumeRequest }
export type { SigstoreChoice } from './attest/sigstore.ts'
export { CountersignError, errorCodes } from './errors.ts'
export type { ErrorCode, FailureKind, OptionName } from './errors.ts'
export { inspect } from './inspect/inspect.ts'
export type { ArtifactInput } from './model/artifact.ts'
export { parseBundle } from './model/bundle.ts'
export type { Bundle } from './model/bundle.ts'
export type { Subject } from './model/digest.ts'
export type { Evidence, Signed, VerifiedStatement } from './model/evidence.ts'
export type { CertificateIdentity } from './model/identity.ts'
export type { Inspection } from './model/inspection.ts'
export type { ChangeProvenance, Predicate, Provenance, VerificationSummary } from './model/predicate.ts'
export type { QuestionOptions } from './model/question.ts'
export type { AttributionSummary, Session } from './model/session.ts'
export type { ResourceDescriptor, Statement } from './model/statement.ts'
export type { TrustReport } from './model/trust-report.ts'
export type { TrustSource } from './model/trust-source.ts'
export type { AttestationVerdict, Check, Verdict } from './model/verdict.ts'
export type { World } from './platform/world.ts'
export { render } from './report/index.ts'
export type { BundleInput } from './verify/candidates.ts'
export { VerificationError, openVerifier } from './verify/verifier.ts'
export type { Verifier, VerifierOptions } from './verify/verifier.ts'
export { judge, verify } from './verify/verify.ts'
export type { VerifyRequest } from './verify/verify.ts'
export { version } from './version.ts'

/** See countersign/attest. Loaded at the first call, because those who only verify should not pay for git, JOSE and HTTP. */
export async function attest(request: AttestRequest): Promise<Attestation> {
  return (await import('./attest/attest.ts')).attest(request)
}

/** See countersign/attest. */
export async function resume(request: ResumeRequest): Promise<Attestation> {
  return (await import('./attest/resume.ts')).resume(request)
}
