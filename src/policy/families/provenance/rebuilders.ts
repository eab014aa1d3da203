/** Others who built the same source and got the same bytes: whoever holds one builder in hand does not hold them all. */
import type { VerifiedStatement } from '../../../model/evidence.ts'
import { limits } from '../../../model/limits.ts'
import { independentRebuilders } from '../../rebuilders.ts'
import { unseen } from '../row.ts'
import type { PolicyRule } from '../row.ts'

/** The name under which their statements are gathered; no companion may have it. */
export const rebuildersName = 'rebuilders'

export const rebuilders: PolicyRule = {
  id: 'provenance/rebuilders',
  hint: 'let others build it again, each in a repository of its own, and give the bundles of their comparisons',
  check({ provenance: asked }, { companions, provenance }) {
    if (asked?.rebuilders === undefined) return undefined
    const { atLeast } = asked.rebuilders
    const expected = `the same bytes of at least ${atLeast} others`
    if (provenance.predicate.kind !== 'build-provenance') return [unseen(expected, 'no build provenance')]
    const given = companions.get(rebuildersName) ?? []
    if (given.length === 0) return [unseen(expected, 'no comparison by its signers')]
    const parties = distinct(provenance, given, atLeast)
    const found = `of ${parties.length}${parties.length === 0 ? '' : `: ${parties.join(', ')}`}`
    return [
      parties.length >= atLeast
        ? { outcome: 'pass', expected, found }
        : { outcome: 'fail', code: 'rebuilders-too-few', expected, found },
    ]
  },
}

/**
 * As many as are asked for of which no two have anything in common; fewer where there are none. Two that a third has something in common
 * with are still two: else who leaves the third out would be believed more.
 */
function distinct(provenance: VerifiedStatement, given: readonly VerifiedStatement[], atLeast: number): string[] {
  const alone = given.flatMap((it) => {
    const [party] = independentRebuilders([provenance, it]).independent
    return party === undefined ? [] : [{ it, name: party.signer }]
  })
  const apart = alone.map(({ it }) =>
    alone.map((other) => independentRebuilders([provenance, it, other.it]).independent.length === 2),
  )
  let steps: number = limits.policyRebuilderSteps
  let best: readonly number[] = []
  const extend = (chosen: readonly number[], next: number): void => {
    if (chosen.length > best.length) best = chosen
    for (let at = next; at < alone.length && best.length < atLeast && steps > 0; at += 1) {
      steps -= 1
      if (chosen.length + alone.length - at < atLeast && best.length > 0) return
      if (chosen.every((it) => apart[it]?.[at] === true)) extend([...chosen, at], at + 1)
    }
  }
  extend([], 0)
  return best.map((it) => alone[it]?.name ?? '')
}
