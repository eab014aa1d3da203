/** External parameters: whoever starts a build chooses them, and a verifier must know each (SLSA 1.2, verifying artifacts). */
import { unseen } from '../row.ts'
import type { PolicyRule } from '../row.ts'
import { namedResults } from './named-values.ts'

export const parameters: PolicyRule = {
  id: 'provenance/parameters',
  hint: 'build it with the parameters that the policy lets pass',
  check({ provenance: asked }, { provenance: { predicate } }) {
    if (asked?.parameters === undefined) return undefined
    const expected = 'external parameters'
    if (predicate.kind !== 'build-provenance') return [unseen(expected, 'no build provenance')]
    const { externalParameters } = predicate
    // Provenance of level 1 has some (SLSA 1.2): none at all is silence.
    if (Object.keys(externalParameters).length === 0) return [unseen(expected, 'none is named')]
    return namedResults(asked.parameters, externalParameters, 'parameter')
  },
}
