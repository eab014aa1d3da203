/**
 * What a predicate says, by kind, as rules, graph and reports read it. A value here was read and is well-formed; whether it
 * was signed, and by whom, is said by what holds it (`model/evidence`).
 */
import type { PolicyPlace } from './policy-report.ts'
import type { MemberDifference, MembersOutcome, NotCompared } from './rebuild-report.ts'
import type { SignedReasoningLog } from './reasoning-log.ts'
import type { AiConfiguration } from './ai-configuration.ts'
import type { SessionRedaction } from './session-redaction.ts'
import type { AttributionSummary, Session } from './session.ts'
import type { WrittenBranch, WrittenContext } from './signed-context.ts'
import type { SourceClaims } from './source-statement.ts'
import type { SourceAnnotation } from './source-tree.ts'
import type { ResourceDescriptor } from './statement.ts'

/** SLSA build provenance of either version in one view; `undefined` is "not said". */
export interface Provenance {
  readonly version: '1' | '0.2'
  readonly buildType: string
  readonly builderId: string
  readonly invocationId: string | undefined
  readonly externalParameters: { readonly [name: string]: unknown }
  readonly internalParameters: { readonly [name: string]: unknown }
  readonly resolvedDependencies: readonly ResourceDescriptor[]
  readonly startedOn: string | undefined
  readonly finishedOn: string | undefined
  readonly sessions: readonly Session[]
  readonly attribution: AttributionSummary | undefined
  /** What steered agents in the tree that was built; undefined where nothing is said of it. */
  readonly aiConfiguration: AiConfiguration | undefined
  /** SHA-256 of the statement that tells the range change by change; undefined where none is named. */
  readonly changeStatement: string | undefined
  /** What it says itself of the work tree; undefined where it says nothing. */
  readonly tree: SourceAnnotation | undefined
  /** Commit that the job made of the source's and built, as the job says; several that contradict each other in one text. */
  readonly builtCommit: string | undefined
  /** The run in which this was prepared, where another attempt of it signed. */
  readonly preparedIn: string | undefined
  /** A log of what was asked and decided, by its digest; undefined where none is named. */
  readonly reasoningLog: SignedReasoningLog | undefined
}

/** One commit on its way into a release. Persons are keyed hashes, never names (DESIGN rule 18). */
export interface Change {
  readonly commit: string
  readonly parents: readonly string[] | undefined
  readonly author: string | undefined
  readonly pullRequest: string | undefined
  /** Why it was asked for, who reviewed it, what ran on it and where it went, as it stands there. */
  readonly context: WrittenContext
  /** Sessions that took part, by the URIs of their descriptors. */
  readonly sessions: readonly ChangeSession[] | undefined
  /** Added lines by who wrote them. */
  readonly lines: ChangeLines | undefined
  /** The same file by file; some of them, or none, where not all could be told or named. */
  readonly files: readonly ChangeFile[] | undefined
  /** That it names no session on purpose; undefined where its message does not say so. */
  readonly override: ChangeOverride | undefined
  /** Signed statements about this commit that the job verified, each by whom; `signer` is a name, or a person's keyed hash. */
  readonly source: readonly ChangeSource[] | undefined
}

export interface ChangeLines {
  readonly ai: number
  readonly human: number
  readonly unknown: number
  /** In files that a program wrote, counted apart. */
  readonly generated: number
}

export interface ChangeFile extends ChangeLines {
  /** From the root of the repository. */
  readonly path: string
}

/** `AI-Provenance-Override: <reason>` in the message of a commit; of the reason no text. */
export interface ChangeOverride {
  /** Letters of the reason, without those of tickets and addresses. */
  readonly letters: number
  /** The reason is ids of tickets and nothing else. */
  readonly isTicketOnly: boolean
  /** Who signed this very commit, verified: `signer` is a URI, or a person's keyed hash. */
  readonly signedBy: { readonly signer: string; readonly issuer: string | undefined } | undefined
}

export interface ChangeSession {
  readonly uri: string
  readonly role: string | undefined
  /** Keyed hash of who asked the tool for this change. */
  readonly requester: string | undefined
  readonly linkage: string | undefined
  /** Of the added lines; 0: it is named, and wrote none of them; undefined: nobody can tell. */
  readonly lines: number | undefined
}

export interface ChangeSource {
  readonly predicateType: string
  readonly signer: string
  readonly issuer: string
  /** RFC 3339: the earliest time that somebody else vouches for. */
  readonly time: string
  readonly activity: string | undefined
  readonly actor: string | undefined
  readonly controls: readonly string[]
  readonly levels: readonly string[]
  /** Of a verification summary: what it came to. */
  readonly result?: 'PASSED' | 'FAILED'
}

/** Change provenance: what a released range is made of. `undefined` is "not said". */
export interface ChangeProvenance {
  readonly range: { readonly since: string | null; readonly until: string; readonly reason: string | undefined }
  /** Newest first; those that name AI, where there are more than are told one by one. */
  readonly changes: readonly Change[]
  /** How many changes the range has. */
  readonly total: number | undefined
  readonly sessions: readonly Session[]
  /** Rules of the branch that the release comes from. */
  readonly branch: WrittenBranch | undefined
  /** For every reader whether it ran and what came of it. */
  readonly readers: readonly { readonly reader: string; readonly outcome: string }[]
}

/** SLSA verification summary: what another verifier answered about the artifact. */
export interface VerificationSummary {
  readonly verifierId: string
  /** RFC 3339. */
  readonly timeVerified: string | undefined
  readonly resourceUri: string
  readonly policyUri: string | undefined
  /** SHA-256 of the policy. */
  readonly policySha256: string | undefined
  readonly result: 'PASSED' | 'FAILED'
  readonly verifiedLevels: readonly string[]
  /** Digests (`algorithm:hex`) of the attestations that it looked at. */
  readonly inputAttestations: readonly string[]
}

/** The job that did what a statement says, as the statement says; each member is held against the certificate. */
export interface AttestingJob {
  readonly signer: string
  readonly repository: string | undefined
  readonly ref: string | undefined
  readonly commit: string | undefined
  /** The workflow or pipeline definition that started the job, as the certificate's Build Config URI. */
  readonly config: string | undefined
  readonly run: string | undefined
  readonly trigger: string | undefined
  readonly runnerEnvironment: string | undefined
  readonly sourceRepositoryIdentifier: string | undefined
  readonly sourceRepositoryOwnerIdentifier: string | undefined
}

/** A signed statement about what was deployed, and who had signed it where the job verified that. */
export interface DeployedProvenance {
  readonly predicateType: string
  /** SHA-256 of the statement's bytes, lower-case hex. */
  readonly statement: string
  readonly verified: { readonly signer: string; readonly issuer: string | undefined } | undefined
}

/** An artifact was put into an environment, or taken out of it. */
export interface Deployment {
  readonly environment: string
  readonly state: 'deployed' | 'removed'
  /** When that was done, by the clock of the job: RFC 3339, UTC. */
  readonly at: string
  /** Address of the cluster or the service. */
  readonly target: string | undefined
  readonly job: AttestingJob
  readonly provenance: readonly DeployedProvenance[]
  /** The run in which this was prepared, where another attempt of it signed. */
  readonly preparedIn: string | undefined
}

/** What was built again. */
export interface RebuiltSource {
  /** URL of the repository. */
  readonly uri: string
  readonly commit: string
}

/** How a rebuilt artifact compares with the one that was released, which is the subject of the statement. */
export interface RebuildComparison {
  readonly outcome: 'same' | 'differs'
  readonly rebuilt: { readonly name: string; readonly sha256: string }
  readonly source: RebuiltSource | undefined
  readonly job: AttestingJob
  /** When the two were compared, by the clock of the job: RFC 3339, UTC. */
  readonly at: string
  readonly members: MembersOutcome | undefined
  /** Kind → number. */
  readonly differences: { readonly [kind: string]: number }
  readonly differing: { readonly members: readonly MemberDifference[]; readonly more: number }
  readonly notCompared: { readonly members: readonly NotCompared[]; readonly more: number }
}

/** One rule of one policy need not hold for an artifact, or for a part of it. Who says so, and since when, is in the signature. */
export interface Waiver {
  /** Id of the rule, whole. */
  readonly rule: string
  /** SHA-256 of the file of the policy that has the rule, lower-case hex: for another version of it this says nothing. */
  readonly policy: string
  readonly reason: string
  /** RFC 3339, UTC: from then on it counts no more. */
  readonly expires: string
  /** Where it holds; empty: wherever the rule looks. */
  readonly place: PolicyPlace
}

/** A policy was approved, whose file is the subject of the statement. */
export interface PolicyApproval {
  /** Name of the policy, as its file says. */
  readonly name: string | undefined
}

/** Source provenance of a branch or a tag: what whoever guards a repository says of one commit. */
export type SourceProvenance = Omit<SourceClaims, 'predicateType' | 'result' | 'levels'>

/** The union of predicates. A type without a reader is kept as it is, and no rule believes anything in it. */
export type Predicate =
  | ({ readonly kind: 'build-provenance' } & Provenance)
  | ({ readonly kind: 'change-provenance' } & ChangeProvenance)
  | ({ readonly kind: 'verification-summary' } & VerificationSummary)
  | ({ readonly kind: 'source-provenance' } & SourceProvenance)
  | ({ readonly kind: 'deployment' } & Deployment)
  | ({ readonly kind: 'rebuild-comparison' } & RebuildComparison)
  | ({ readonly kind: 'waiver' } & Waiver)
  | ({ readonly kind: 'policy-approval' } & PolicyApproval)
  | ({ readonly kind: 'session-redaction' } & SessionRedaction)
  | { readonly kind: 'other'; readonly type: string; readonly content: unknown }
