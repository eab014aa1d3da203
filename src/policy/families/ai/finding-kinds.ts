/** Findings of a release about claims, by what is wrong with the claim. The others are about what was not read, or was not verified. */

export type ClaimKind = 'dangling' | 'orphaned' | 'conflicting' | 'contradicting'

/** Every finding that this version knows (schemas/attribution/v1.md); `undefined`: it says nothing of that kind about a claim. */
export const findingKinds: ReadonlyMap<string, ClaimKind | undefined> = new Map([
  ...of('dangling', [
    ...['checkpoint-id-invalid', 'checkpoint-missing', 'checkpoint-transcript-missing', 'session-id-invalid'],
    ...['note-session-unknown', 'trace-commit-unknown', 'portal-unknown', 'attestation-unverified'],
  ]),
  ...of('orphaned', [
    ...['record-unclaimed', 'receipt-unclaimed', 'note-base-mismatch', 'note-line-outside-diff'],
    ...['transcript-session-missing', 'source-other-commit', 'source-other-repository', 'squash-unproved'],
  ]),
  ...of('conflicting', [
    ...['records-disagree', 'parent-loop', 'checkpoint-differs', 'checkpoint-session-mismatch'],
    ...['checkpoint-parent-unclear', 'transcript-parent-unclear', 'transcript-session-unclear', 'receipt-replayed'],
    ...['note-repeats-merged', 'session-record-mismatch', 'session-record-redaction-mismatch'],
  ]),
  ...of('contradicting', [
    ...['receipt-other-tool', 'receipt-other-repository', 'receipt-other-user', 'receipt-other-time'],
    ...['receipt-other-commits', 'receipt-other-models', 'receipt-untimely', 'portal-other-session'],
    ...['portal-other-user', 'portal-other-repository', 'portal-other-time', 'portal-other-commits', 'portal-untimely'],
    ...[
      'checkpoint-hash-stale',
      'session-record-other-digest',
      'source-contradicts-certificate',
      'signature-wrong',
      'note-simulated',
    ],
  ]),
  ...of(undefined, [
    ...['note-malformed', 'note-too-large', 'note-limit', 'message-truncated', 'message-not-utf8', 'message-limit'],
    ...[
      'squash-too-large',
      'checkpoint-malformed',
      'checkpoint-too-large',
      'checkpoint-limit',
      'checkpoint-row-broken',
    ],
    ...['checkpoint-origin-unknown', 'transcript-unknown', 'transcript-unreadable', 'transcript-malformed'],
    ...['transcript-too-large', 'transcript-row-broken', 'transcript-cut', 'transcript-name-unclear'],
    ...['transcript-edits-cut', 'transcript-incomplete', 'transcript-limit', 'source-malformed', 'source-too-large'],
    ...['source-limit', 'source-type-unknown', 'source-unverified', 'trace-malformed', 'trace-too-large'],
    ...['format-newer', 'signature-malformed', 'signature-not-verified', 'signature-unlogged', 'signature-untrusted'],
    ...['signature-weak', 'signature-unbound', 'record-attestation-malformed', 'record-attestation-other-type'],
    'record-attestation-other-session',
    ...['record-attestation-unnamed', 'record-attestation-unverified', 'allowed-signer-unused', 'receipt-malformed'],
    'allowed-signers-empty',
    ...['receipt-header-refused', 'receipt-issuer-unknown', 'receipt-key-unknown', 'receipt-key-revoked'],
    ...['receipt-signature-invalid', 'portal-malformed', 'portal-silent', 'portal-summary-refused'],
    ...['session-record-limit', 'session-record-malformed', 'session-record-outranked'],
    ...['session-record-too-large', 'session-record-untold', 'session-record-replaced'],
    ...['session-record-redaction-unsigned', 'session-record-redaction-loop'],
    ...['ai-configuration-broken', 'ai-configuration-other-form', 'ai-configuration-withheld'],
  ]),
])

function of(kind: ClaimKind | undefined, codes: readonly string[]): (readonly [string, ClaimKind | undefined])[] {
  return codes.map((code) => [code, kind] as const)
}
