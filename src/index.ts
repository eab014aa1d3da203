/**
 * Countersign as a library: the same functions that the command line calls.
 *
 * `attest` makes and signs provenance, `verify` gives evidence or throws, `judge` gives the verdict, `inspect` reads without
 * verifying, `parseBundle` and `render` are the first and the last step. Errors are `CountersignError`s with a code of the
 * closed union `ErrorCode`.
 *
 * @module
 */
import type { Attestation, AttestRequest } from './attest/attest.ts'

export type { Attestation, AttestRequest }
export { CountersignError, errorCodes, exitCodeOf, oneLine } from './errors.ts'
export type { ErrorCode } from './errors.ts'
export { inspect } from './inspect/inspect.ts'
export {
  localStateFolder,
  localTrust,
  mintLocalJobToken,
  nearestLocalState,
  signWithLocal,
  startLocalSigstore,
} from './embedded/project.ts'
export type { LocalSigstore } from './embedded/project.ts'
export { parseBundle } from './model/bundle.ts'
export type { Bundle } from './model/bundle.ts'
export type { Evidence, Provenance, Signed } from './model/evidence.ts'
export type { Inspection } from './model/inspection.ts'
export type { QuestionOptions } from './model/question.ts'
export type { Session } from './model/session.ts'
export type { Statement } from './model/statement.ts'
export type { TrustReport } from './model/trust-report.ts'
export { exitCodeOfOutcomes } from './model/verdict.ts'
export type { Check, Verdict } from './model/verdict.ts'
export { formats, render } from './report/index.ts'
export type { Format } from './report/index.ts'
export type { Style } from './report/style.ts'
export type { SigstoreChoice } from './attest/signer.ts'
export type { TrustSource } from './sigstore/verify/trusted-root.ts'
export { importTrust, importedTrust, showTrust, updateTrust } from './trust/trust.ts'
export type { ImportRequest } from './trust/trust.ts'
export { VerificationError, judge, judgeAll, verify } from './verify/verify.ts'
export type { VerifyRequest } from './verify/verify.ts'
export { version } from './version.ts'

/** See `attest.ts`. Loaded at the first call, because whoever only verifies should not pay for git, JOSE and HTTP. */
export async function attest(request: AttestRequest): Promise<Attestation> {
  return (await import('./attest/attest.ts')).attest(request)
}
