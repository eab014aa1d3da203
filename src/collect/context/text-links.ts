/** Sessions that the text of a request links to. Whoever may edit it may add one at any time, so they are links and no claims. */
import { limits } from '../../model/limits.ts'
import { linkedSessions, mayHoldLink } from '../sessions/messages/session-links.ts'
import type { LinkedSession } from '../sessions/messages/session-links.ts'

/** Longer lines are no text that somebody wrote. */
const longestLine = 4_096

/** Each once, in their order. The caller has bounded the text. */
export function linksIn(text: string | undefined): readonly LinkedSession[] {
  if (text === undefined || !mayHoldLink(text)) return []
  const found = new Map<string, LinkedSession>()
  for (const line of text.split(/\r\n|[\r\n]/)) {
    if (line.length > longestLine) continue
    for (const it of linkedSessions(line)) found.set(`${it.tool}\n${it.id}`, it)
    if (found.size >= limits.sessionsPerCommit) break
  }
  return [...found.values()].slice(0, limits.sessionsPerCommit)
}
