/**
 * Findings about records, told apart: of most codes nothing that they are about counts; what the others are about counts wholly,
 * in part or as a mere claim, so that "did not count" would be untrue of it. A code of a later version is of the latter kind:
 * nobody here knows.
 */
import { counted } from './counted.ts'

const uncounted: ReadonlySet<string> = new Set([
  'note-malformed',
  'note-too-large',
  'note-base-mismatch',
  'note-simulated',
  'note-limit',
  'message-limit',
  'checkpoint-id-invalid',
  'checkpoint-missing',
  'checkpoint-limit',
  'session-record-malformed',
  'session-record-other-digest',
  'session-record-mismatch',
  'session-record-outranked',
  'session-record-replaced',
  'session-record-redaction-mismatch',
  'session-record-too-large',
  'session-record-limit',
  'source-malformed',
  'source-too-large',
  'source-limit',
  'source-type-unknown',
  'source-other-commit',
  'source-other-repository',
  'source-unverified',
  'source-contradicts-certificate',
  'trace-malformed',
  'trace-too-large',
  'trace-commit-unknown',
  'transcript-unknown',
  'transcript-unreadable',
  'transcript-malformed',
  'transcript-too-large',
  'transcript-limit',
  'record-unclaimed',
  'receipt-malformed',
  'receipt-header-refused',
  'receipt-issuer-unknown',
  'receipt-key-unknown',
  'receipt-key-revoked',
  'receipt-signature-invalid',
  'receipt-untimely',
  'receipt-replayed',
  'receipt-unclaimed',
  'receipt-other-tool',
  'receipt-other-repository',
  'receipt-other-user',
  'receipt-other-time',
  'receipt-other-commits',
  'portal-malformed',
  'portal-other-session',
  'portal-untimely',
  'portal-other-user',
  'portal-other-repository',
  'portal-other-time',
  'portal-other-commits',
  'portal-summary-refused',
])

/** Whether nothing that a finding of this code is about counts. */
export function isUncounted(code: string): boolean {
  return uncounted.has(code)
}

/** How many findings there are of either kind, in words; those that there are none of are left out. */
export function findingWords(findings: { readonly [code: string]: number }): string[] {
  const sum = (all: readonly (readonly [string, number])[]): number =>
    all.reduce((total, [, count]) => total + count, 0)
  const [without = [], remarks = []] = [true, false].map((kind) =>
    Object.entries(findings).filter(([code]) => isUncounted(code) === kind),
  )
  return [
    ...(sum(without) === 0 ? [] : [`${counted(sum(without), 'finding')} of what did not count`]),
    ...(sum(remarks) === 0 ? [] : [`${counted(sum(remarks), 'remark')} on records`]),
  ]
}
