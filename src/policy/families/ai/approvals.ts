/** Which accounts approve a change, of all that the forge says of their reviews. */
import type { Change } from '../../../model/predicate.ts'

type Review = NonNullable<Change['context']['reviews']>[number]

/** Comments decide nothing; a verdict that is not known may be any. */
const deciding: ReadonlySet<Review['verdict']> = new Set(['approved', 'changes-requested', 'dismissed', 'unknown'])

/** The approvals that stand: of each person the last verdict, where it can be told which one that is. Agents are no persons. */
export function standingApprovals(reviews: readonly Review[]): readonly Review[] {
  const byPerson = Map.groupBy(reviews, ({ by }) => by)
  return [...byPerson.values()].flatMap((own) => {
    const verdicts = own.filter(({ verdict }) => deciding.has(verdict))
    if (own.some(({ agent }) => (agent ?? undefined) !== undefined)) return []
    const times = verdicts.map(({ at }) => Date.parse(at ?? ''))
    const last = Math.max(...times)
    // Without its time, or with another at the same time, any of them may be the last: then all must approve.
    const latest = times.some(Number.isNaN) ? verdicts : verdicts.filter((_, index) => times[index] === last)
    const [approval] = latest
    return approval !== undefined && latest.every(({ verdict }) => verdict === 'approved') ? latest : []
  })
}
