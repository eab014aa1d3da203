/** What became of a record that is signed, in words: who took something out of it, when and why. */
import type { Replacement } from '../../model/session-redaction.ts'
import { unsteering } from '../../one-line.ts'

/**
 * Of one step from an old record to a newer one, on one line.
 *
 * @example
 * ```ts
 * import { replacementWords } from 'countersign/report'
 *
 * const words = replacementWords({
 *   ...{ replaces: 'a'.repeat(64), earlier: [], digest: 'b'.repeat(64), level: 'signed', reason: 'A name', by: 'ann@example.org' },
 *   ...{ tool: 'claude-code', session: '0b1c' },
 *   ...{ redactedAt: '2026-03-01T10:00:00Z', removed: { secrets: 0, words: 1, rows: 0 } },
 * })
 * console.log(words.includes('signed by ann@example.org')) // true
 * ```
 */
export function replacementWords({ replaces, digest, redactedAt, reason, by, removed }: Replacement): string {
  const { secrets, words, rows } = removed
  const day = redactedAt.slice(0, 10)
  return `Record sha256:${replaces} was replaced by sha256:${digest} on ${day}, signed by ${unsteering(by)}, for this reason: ${unsteering(reason)} (taken out: ${secrets} secrets, ${words} words, ${rows} rows).`
}

/**
 * Of a record that claims it: it explains nothing.
 *
 * @example
 * ```ts
 * import { unsignedWords } from 'countersign/report'
 *
 * console.log(unsignedWords('ab'.repeat(32)).includes('ab'.repeat(32))) // true
 * ```
 */
export function unsignedWords(digest: string): string {
  return `NOT EXPLAINED: record sha256:${digest} says that it replaces this one, and nobody whose signature counts signed that (session-record-redaction-unsigned).`
}
