/** Does a revocation hold at a time? Where it cannot be ruled out, it does. */
import type { Revocation } from '../../../model/policy.ts'
import type { Span } from '../../signed-time.ts'

/** NaN compares with nothing, so that an unknown time rules nothing out. */
export function holdsIn({ from, until }: Pick<Revocation, 'from' | 'until'>, { earliest, latest }: Span): boolean {
  const isBefore = from !== undefined && latest < Date.parse(from)
  const isAfter = until !== undefined && earliest > Date.parse(until)
  return !isBefore && !isAfter
}

/** For a reader: what is revoked, when, and why. */
export function revocationWords({ value, from, until, reason }: Revocation): string {
  const times = [...(from === undefined ? [] : [`from ${from}`]), ...(until === undefined ? [] : [`until ${until}`])]
  return `${[value, ...times].join(' ')}: ${reason}`
}
