/** Sessions as far as the evidence tells, and when each was at work. */
import type { Session } from '../../../model/session.ts'
import { sessionUri } from '../../../predicates/session.ts'
import { signingSpan } from '../../signed-time.ts'
import type { Span } from '../../signed-time.ts'
import { sessionsMissing as whyMissing } from '../ai/looked.ts'
import type { RuleResult, Seen } from '../row.ts'
import { unseen } from '../row.ts'
import type { Found } from './rule.ts'

/** What a session says itself of its times; what it leaves out may have been at any time before the signature. */
export function sessionSpan({ startedAt, endedAt }: Session, seen: Seen): Span {
  const start = startedAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(startedAt)
  const end = endedAt === undefined ? signingSpan(seen.provenance.signed).latest : Date.parse(endedAt)
  // One that ends before it begins says nothing.
  return start > end ? { earliest: Number.NaN, latest: Number.NaN } : { earliest: start, latest: end }
}

export function placeOf({ tool, id }: Session): NonNullable<Found['at']> {
  return { session: sessionUri(tool, id) }
}

/** Where nobody looked, or not at all of it, an empty list of sessions is silence. */
export function sessionsMissing({ ai }: Seen): RuleResult[] {
  const missing = whyMissing(ai)
  return missing === undefined ? [] : [unseen('sessions of the range', missing)]
}
