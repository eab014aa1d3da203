/** Inputs of a run, as the provenance declares them: what a person typed who started it. */
import { isObject } from '../../../model/json.ts'
import { unseen } from '../row.ts'
import type { PolicyRule } from '../row.ts'
import { namedResults } from './named-values.ts'

export const inputs: PolicyRule = {
  id: 'provenance/inputs',
  hint: 'run it with the inputs that the policy lets pass, and let the job declare them when it attests',
  check({ provenance: asked }, { provenance: { predicate } }) {
    if (asked?.inputs === undefined) return undefined
    const expected = 'the inputs of the run'
    const declared = predicate.kind === 'build-provenance' ? predicate.externalParameters['inputs'] : undefined
    // Where nobody recorded them, there may have been any.
    if (!isObject(declared)) return [unseen(expected, 'the provenance declares none')]
    return namedResults(asked.inputs, declared, 'input')
  },
}
