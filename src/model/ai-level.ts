/**
 * What a verification summary says of AI: one level of our own, that of the session which was checked least. Never rounded up:
 * where somebody could not look, there may be a session that nobody knows.
 */
import type { VerifiedStatement } from './evidence.ts'
import type { Provenance } from './predicate.ts'
import { levels } from './session.ts'
import { unseenPlaces, wereLookedFor } from './session-words.ts'

/**
 * From the least to the most that is known: nobody looked; a reader could not look, or the range is cut; then the lowest level of
 * all sessions; last that every reader looked and found no session, which is not that there was none.
 */
const ladder = ['not-collected', 'unknown', ...levels, 'none-found'] as const
type Rung = (typeof ladder)[number]

/** `COUNTERSIGN_AI_…` for the statements that passed: the least of them. */
export function aiLevelOf(statements: readonly VerifiedStatement[]): string {
  const found = statements.flatMap(({ predicate }) =>
    predicate.kind === 'build-provenance' ? [rungOf(predicate)] : [],
  )
  const least = ladder.find((it) => found.includes(it)) ?? 'not-collected'
  return `COUNTERSIGN_AI_${least.toUpperCase().replaceAll('-', '_')}`
}

function rungOf({ sessions, attribution }: Provenance): Rung {
  if (attribution === undefined || !wereLookedFor(attribution)) {
    // Whoever says nothing of where it looked may name sessions all the same, and leave others out.
    return sessions.length === 0 ? 'not-collected' : 'unknown'
  }
  if (unseenPlaces(attribution).length > 0) return 'unknown'
  return levels.find((level) => sessions.some((it) => it.level === level)) ?? 'none-found'
}
