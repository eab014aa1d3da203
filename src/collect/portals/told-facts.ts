/** What the entries of an answer say together of the one session that was asked about; or why they are no answer. Pure. */
import type { PortalFacts, PortalRefusal } from '../../model/portal.ts'
import type { AskedSession, Said } from './row.ts'

/** Milliseconds by which clocks may differ. */
export const portalSkew = 300_000

/**
 * Each entry has to be about that session, whole: a portal that answers about another one, or about several, may have mixed up whose
 * they are, and then none of it counts. `now` is the moment at which it was asked.
 */
export function toldFacts(said: readonly Said[], asked: AskedSession, now: number): PortalFacts | PortalRefusal {
  if (said.length === 0) return 'portal-unknown'
  const isAnother = ({ id, tool }: Said): boolean => id !== asked.id || (tool !== undefined && tool !== asked.tool)
  if (said.some(isAnother)) return 'portal-other-session'
  // Of several entries each that has a time says when something of it happened.
  const starts = said.flatMap(({ startedAt }) => startedAt ?? [])
  const ends = said.flatMap(({ endedAt, startedAt }) => endedAt ?? startedAt ?? [])
  const startedAt = starts.length === 0 ? undefined : starts.reduce((a, b) => Math.min(a, b))
  const isOpen = said.length === 1 && said[0]?.endedAt === undefined
  const lastEnd = ends.length === 0 ? undefined : ends.reduce((a, b) => Math.max(a, b))
  const endedAt = startedAt === undefined ? undefined : isOpen ? now : lastEnd
  if (startedAt !== undefined && endedAt !== undefined) {
    if (endedAt < startedAt || endedAt > now + portalSkew || startedAt > now + portalSkew) return 'portal-untimely'
  }
  const repositories = said.flatMap((it) => it.repositories ?? [])
  const [first] = said
  return {
    user: oneUser(said),
    repositories: said.every((it) => it.repositories === undefined) ? undefined : [...new Set(repositories)],
    ...{ startedAt, endedAt },
    commits: said.length === 1 ? first?.commits : undefined,
    summary: said.length === 1 ? first?.summary : undefined,
  }
}

function oneUser(said: readonly Said[]): PortalFacts['user'] {
  const users = said.flatMap(({ user }) => user ?? [])
  const names = new Set(users.map((it) => JSON.stringify(it).toLowerCase()))
  return names.size > 1 ? { kind: 'several' } : users[0]
}
