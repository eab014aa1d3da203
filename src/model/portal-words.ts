/** What a session has of a portal, in the same words in every view. Pure. */
import type { Session } from './session.ts'

export const portalColumns = ['portal', 'answer', 'agrees in', 'counts'] as const

/** A cell for each column, the digest by its beginning; undefined where there is none. */
export function portalCells({ level, portal }: Pick<Session, 'level' | 'portal'>): string[] | undefined {
  if (portal === undefined) return undefined
  const isWhole = ['user', 'repository', 'time'].every((it) => portal.agrees.includes(it))
  return [
    `${portal.host} (${portal.adapter})`,
    `sha256:${portal.sha256.slice(0, 12)}`,
    portal.agrees.join(', ') || 'nothing',
    // Of one of which the level was raised by somebody else its own links are all that can be said.
    isWhole && level === 'vouched' ? 'yes' : isWhole ? 'no: its record is not there, or not signed' : 'no',
  ]
}
