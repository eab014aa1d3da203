/**
 * The types that carry the proof: Bundle (parsed) → Signed (made only by `sigstore/verify`) → Evidence (only with a matched
 * subject). `policy/` accepts nothing earlier than Evidence.
 */
import type { Envelope } from './envelope.ts'
import type { CertificateIdentity } from './identity.ts'
import type { Session, AttributionSummary } from './session.ts'
import type { ResourceDescriptor, Statement } from './statement.ts'
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
  readonly checks: readonly Check[]
}

/** Provenance of either version in one view; `undefined` is "not said". */
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
}

/** A signed statement about the artifact in question. `provenance` is undefined for a predicate that is no provenance. */
export interface Evidence {
  readonly signed: Signed
  readonly statement: Statement
  /** Index of the subject that the artifact's digest matched. */
  readonly subjectIndex: number
  readonly provenance: Provenance | undefined
}
