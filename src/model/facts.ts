/** Everything that an attestation is built from, each value with who said it. */
import type { CollectedAiConfiguration } from './ai-configuration.ts'
import type { Subject } from './digest.ts'
import type { ConfigInForce } from './evidence-config.ts'
import type { Claims, TokenIdentity } from './provider.ts'
import type { SignedReasoningLog } from './reasoning-log.ts'
import type { SparseFiles, Submodules, UntrackedFiles } from './source-tree.ts'
import type { AttributedLines, Finding, RangeReason, ReaderReport, Session } from './session.ts'

/** The token after its signature, issuer, audience and times were checked, and the identity that it will get. */
export interface VerifiedToken {
  /** The compact JWT. Secret: it goes to Fulcio and nowhere else. */
  readonly raw: string
  readonly issuer: string
  readonly claims: Claims
  readonly identity: TokenIdentity
}

/** The checkout that was built, as git tells it. */
export interface Source {
  /** Full commit id of HEAD. */
  readonly commit: string
  /** Symbolic ref of HEAD (`refs/heads/main`); undefined when detached. */
  readonly ref: string | undefined
  /** URL of the remote `origin` without credentials; undefined without such a remote. */
  readonly remote: string | undefined
  /** Tracked files differ from HEAD, or something hides whether they do. */
  readonly dirty: boolean
  /** The first of these files, as git names them. */
  readonly changed: readonly string[]
  /** How many they are. */
  readonly changedCount: number
  readonly untracked: UntrackedFiles
  /** Undefined where the checkout is whole. */
  readonly sparse: SparseFiles | undefined
  readonly submodules: Submodules
  readonly shallow: boolean
}

/** The commits that a release is made of: reachable from `until`, not from `since`. */
export interface ReleaseRange {
  /** Commit id; null when the range reaches as far as the clone does. */
  readonly since: string | null
  /** What the user or git called it (a tag). */
  readonly sinceName: string | undefined
  readonly until: string
  /** Why it begins there. */
  readonly reason: RangeReason
  /** Where the history of the two parts, if `since` is no ancestor of `until`. */
  readonly base: string | undefined
  /** Folders or files of the repository; only commits that change something there count. Empty: all do. */
  readonly paths: readonly string[]
  /** Commits of it are missing, because the clone is shallow; how many is unknown. */
  readonly cut: boolean
  /** Where no earlier release is known: the last tag in its history, which is of another series or of none. Not signed. */
  readonly otherTag?: string | undefined
}

/** What the session readers found in a range. */
export interface CollectedSessions {
  readonly range: ReleaseRange
  readonly commits: { readonly total: number; readonly claimed: number }
  /** Records joined by tool and session id, sorted by both. */
  readonly sessions: readonly Session[]
  /** The last two are absent in statements of 0.1.0. */
  readonly lines: (AttributedLines & { readonly [who in 'unknown' | 'generated']?: number | undefined }) | undefined
  readonly readers: readonly ReaderReport[]
  /** Undefined where the commit has no configuration of what is read. */
  readonly config?: ConfigInForce | undefined
  /** Of the last commit; undefined where it has none, or where nobody could look, which `readers` say. */
  readonly aiConfiguration?: CollectedAiConfiguration | undefined
  readonly findings: readonly Finding[]
  /** Findings by code, including those beyond the ones kept one by one. */
  readonly findingCounts: { readonly [code: string]: number }
}

/** All inputs of a build provenance. */
export interface Facts {
  readonly subjects: readonly Subject[]
  readonly token: VerifiedToken
  /** Undefined in a job without a checkout: then only the token says what was built. */
  readonly source: Source | undefined
  /** The run whose job prepared this, where another attempt of it signs. */
  readonly preparedIn?: string | undefined
  /** Declared, not proved: inputs of a dispatched run that were asked for by name. */
  readonly inputs: { readonly [name: string]: string } | undefined
  readonly sessions: CollectedSessions
  /** SHA-256, in lower-case hex, of the statement that tells the range change by change; undefined where none is made. */
  readonly changeStatement?: string | undefined
  /** A log of what was asked and decided; undefined where none is to be signed. */
  readonly reasoningLog?: SignedReasoningLog | undefined
}
