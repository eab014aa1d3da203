/** The type of the statement that answers, whole. */
import type { PolicyRule } from '../row.ts'

export const predicateTypes: PolicyRule = {
  id: 'provenance/predicate-types',
  hint: 'give the bundle of a statement of this type',
  check({ provenance: asked }, { provenance: { statement } }) {
    if (asked?.predicateTypes === undefined) return undefined
    const { predicateType: found } = statement
    const expected = asked.predicateTypes.join(' or ')
    return [
      asked.predicateTypes.includes(found)
        ? { outcome: 'pass', expected, found }
        : { outcome: 'fail', code: 'predicate-type-mismatch', expected, found },
    ]
  },
}
