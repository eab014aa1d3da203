/**
 * Attesting: provenance for files, signed under the identity of the CI job.
 *
 * @module
 */
export { attest, attestEach, buildStatement } from './attest/attest.ts'
export { DeferredError } from './attest/deferred.ts'
export { attestDeployment, buildDeploymentStatement } from './attest/deployment.ts'
export type { DeploymentAttestation, DeploymentRequest, UnsignedDeployment } from './attest/deployment.ts'
export { attestRebuild, buildRebuildStatement } from './attest/rebuild.ts'
export type { RebuildAttestation, RebuildRequest, UnsignedRebuild } from './attest/rebuild.ts'
export { approvePolicy } from './attest/policy-approval.ts'
export type { PolicyApprovalRequest } from './attest/policy-approval.ts'
export type { SpokenAttestation, SpokenRequest } from './attest/spoken-statement.ts'
export { recordSessions, recordSignatures } from './attest/session-records.ts'
export type { Recorded, RecordedSession, RecordRequest } from './attest/session-records.ts'
export { attestWaiver } from './attest/waiver.ts'
export type { WaiverRequest } from './attest/waiver.ts'
export { compareBuilds } from './attest/compare-builds.ts'
export { collectLineage } from './attest/range-lineage.ts'
export { collectRange } from './attest/range.ts'
export type { RangeRequest } from './attest/asked-range.ts'
export type {
  Attestation,
  AttestRequest,
  OutputRequest,
  ResumeEachRequest,
  ResumeRequest,
  StatementRequest,
  UnsignedAttestation,
} from './attest/request.ts'
export { collectReasoningLog } from './attest/reasoning-log.ts'
export type { ReasoningLogRequest } from './attest/reasoning-log.ts'
export type { ReasoningLog } from './model/reasoning-log.ts'
export { redact } from './attest/redact.ts'
export type { Redaction, RedactRequest } from './attest/redact.ts'
export { recordFates } from './attest/record-fates.ts'
export type { FatesRequest, PinnedRecord, RecordFate } from './attest/record-fates.ts'
export { redactRecord } from './attest/redact-record.ts'
export type { RecordRedactionRequest, RedactedRecord } from './attest/redact-record.ts'
export { resume, resumeEach } from './attest/resume.ts'
export type { SummaryKey } from './attest/sign-summary.ts'
export { verifyForSummary } from './attest/verification-summary.ts'
export type {
  SignedSummary,
  SummaryPolicyResult,
  SummaryRequest,
  VerifiedForSummary,
} from './attest/verification-summary.ts'
export { signingKeyState } from './attest/signing-key-state.ts'
export type { SigningKeyState } from './model/signing-key.ts'
export type { SigningRequest, SigstoreAtHand, SigstoreChoice } from './attest/sigstore.ts'
export type { SubjectRequest } from './collect/subjects/subjects.ts'
export type { Subject } from './model/digest.ts'
export { portalAdapters } from './model/portal-adapters.ts'
export type { Lineage } from './model/lineage.ts'
export type { RedactionReport } from './model/redaction-report.ts'
export type { RangeReport } from './model/range-report.ts'
export { trackerSystems } from './model/context.ts'
export type { TrackerSystem } from './model/context.ts'
export type { World } from './platform/world.ts'
