/** The build type says how everything else in the provenance is to be read. */
import { compilePattern } from '../../../model/identity.ts'
import { unseen } from '../row.ts'
import type { PolicyRule } from '../row.ts'

export const buildTypes: PolicyRule = {
  id: 'provenance/build-types',
  hint: 'build it in a way that the policy knows, or let the policy know this one',
  check({ provenance: asked }, { provenance: { predicate } }) {
    if (asked?.buildTypes === undefined) return undefined
    const expected = asked.buildTypes.join(' or ')
    if (predicate.kind !== 'build-provenance') return [unseen(expected, 'no build provenance')]
    const { buildType: found } = predicate
    const isAllowed = asked.buildTypes.some((it) => compilePattern(it, 'the build type').matches(found))
    return [
      isAllowed
        ? { outcome: 'pass', expected, found }
        : { outcome: 'fail', code: 'build-type-refused', expected, found },
    ]
  },
}
