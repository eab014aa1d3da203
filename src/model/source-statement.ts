/**
 * What is known of the way by which a change came into its repository: signed statements about the commit itself (SLSA source
 * track, slsa.dev/spec/v1.2/source-requirements), verified. Who signed is said, and judged by nobody here.
 */
import type { CertificateIdentity } from './identity.ts'

/** A rule that was in force for the branch or tag: a word such as `CONTINUITY_ENFORCED`. */
export interface SourceControl {
  readonly name: string
  /** RFC 3339, as the statement says. */
  readonly since: string | undefined
}

/** What a statement says of one commit; `undefined` is "not said". */
export interface SourceClaims {
  readonly predicateType: string
  /** The repository as the statement names it. */
  readonly repository: string | undefined
  /** Branches and tags for which it counts, whole (`refs/heads/main`). */
  readonly refs: readonly string[]
  /** How it came there: `pr_merge`. */
  readonly activity: string | undefined
  /** Who did it: the login of a person, as the statement has it. Never signed before it is hashed. */
  readonly actor: string | undefined
  /** What the branch pointed to before; a full id. */
  readonly previous: string | undefined
  readonly controls: readonly SourceControl[]
  /** Of a verification summary. */
  readonly result: 'PASSED' | 'FAILED' | undefined
  /** `SLSA_SOURCE_LEVEL_3`, and what an organisation calls its own; none where the result is no pass. */
  readonly levels: readonly string[]
}

/** The same, with who signed it and when: the signature holds, and the commit is a subject. */
export interface SourceStatement extends SourceClaims {
  /** SHA-256, in lower-case hex, of the bytes that were signed. */
  readonly digest: string
  readonly signer: {
    readonly name: NonNullable<CertificateIdentity['subjectAlternativeName']>
    readonly issuer: string
    /** Whose trusted root says so: public-good Sigstore's, or that of the Sigstore by which the release is signed. */
    readonly root: 'public-good' | 'own'
  }
  /** RFC 3339, UTC: the earliest moment that somebody other than the signer vouches for. */
  readonly time: string
}

/** Why a statement does not count. */
export type SourceRefusal =
  | 'source-malformed'
  | 'source-type-unknown'
  | 'source-other-commit'
  | 'source-other-repository'
  | 'source-unverified'
  | 'source-contradicts-certificate'

/**
 * What comes of one bundle. `undecided`: there is no trust to verify by. `detail` holds codes and nothing that stands in the
 * bundle.
 */
export type SourceAnswer =
  | { readonly outcome: 'verified'; readonly statement: SourceStatement }
  | { readonly outcome: 'refused'; readonly code: SourceRefusal; readonly detail: string }
  | { readonly outcome: 'undecided'; readonly detail: string }

/** Verifies one bundle, by its bytes, as a statement about this commit (full id). */
export type VerifySource = (bundle: Uint8Array, commit: string) => Promise<SourceAnswer>
