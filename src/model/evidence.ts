/**
 * The types that carry the proof: Bundle (parsed) → Signed (made only by `sigstore/verify`) → VerifiedStatement (only with a
 * matched subject) → Evidence (the set of them). `policy/` accepts nothing earlier than a VerifiedStatement.
 */
import type { Envelope } from './envelope.ts'
import type { CertificateIdentity } from './identity.ts'
import type { Predicate } from './predicate.ts'
import type { Statement } from './statement.ts'
import type { ArtifactDigests } from './subject-match.ts'
import type { Check } from './verdict.ts'

/** A moment that somebody other than the signer vouches for. `time` is RFC 3339, UTC. */
export interface TrustedTime {
  readonly source: 'transparency log' | 'timestamp authority'
  readonly time: string
}

/** A log entry that was verified to be in its log. */
export interface LogEntry {
  readonly logId: string
  readonly logIndex: string
  readonly kind: string
}

/** Who signed: a certificate's identity, or a bare key that the caller named. */
export type Signatory =
  | { readonly kind: 'certificate'; readonly identity: CertificateIdentity }
  | { readonly kind: 'key'; readonly fingerprint: string }

declare const proof: unique symbol

/** Bytes whose signature, certificate, log entry and time hold against a trusted root. Made by `sigstore/verify` alone. */
export interface Signed {
  readonly [proof]: 'signed'
  readonly envelope: Envelope
  readonly signatory: Signatory
  readonly times: readonly TrustedTime[]
  readonly logEntries: readonly LogEntry[]
  /** Logs that hold an entry, each once: SHA-256 of its key in hex, under whatever id the bundle names it. */
  readonly logs: readonly string[]
  /** Checkpoints of these logs up to which an entry was proved, each once, with all signatures that stand below them. */
  readonly checkpoints: readonly string[]
  /** Timestamp authorities that stamped the signature, each once: the address in the trusted root, else the name of its root certificate. */
  readonly authorities: readonly string[]
  readonly checks: readonly Check[]
}

/** A signed statement about the artifact in question, with what its predicate says. */
export interface VerifiedStatement {
  readonly signed: Signed
  readonly statement: Statement
  /** Index of the subject that the artifact's digest matched. */
  readonly subjectIndex: number
  readonly predicate: Predicate
}

/** Everything that was verified about one artifact and passes the question; at least one statement. */
export interface Evidence {
  readonly artifact: { readonly name: string; readonly digest: ArtifactDigests }
  readonly statements: readonly [VerifiedStatement, ...VerifiedStatement[]]
}
