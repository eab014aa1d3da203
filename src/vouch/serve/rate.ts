/** How often one session may ask. Bounded: of more sessions than are counted the one that asked first is forgotten. */
import { limits } from '../../model/limits.ts'

/** True where one more is granted; `elapsed` are milliseconds that only grow. */
export function newRate(elapsed: () => number): (session: string) => boolean {
  const counted = new Map<string, { readonly since: number; readonly times: number }>()
  return (session) => {
    const now = elapsed()
    const known = counted.get(session)
    const isOver = known === undefined || now - known.since >= limits.exchangeWindow
    const next = isOver ? { since: now, times: 1 } : { since: known.since, times: known.times + 1 }
    if (next.times > limits.exchangesPerSession) return false
    if (isOver) counted.delete(session)
    counted.set(session, next)
    const [oldest] = counted.keys()
    if (counted.size > limits.exchangeSessions && oldest !== undefined) counted.delete(oldest)
    return true
  }
}
