/** Which AI configurations may have steered the agents, by their digests. */
import type { AiRule } from '../row.ts'
import { unseen } from '../row.ts'
import { steeringOf } from './steering.ts'

export const configurations: AiRule = {
  id: 'ai/configurations',
  hint: 'look at what changed in the AI configuration, and write its new digest into the policy',
  check({ ai: asked }, { ai }) {
    if (asked?.configurations === undefined) return undefined
    const steering = steeringOf(ai)
    const expected = `one of ${asked.configurations.length} digests`
    if ('missing' in steering) return [unseen(expected, steering.missing)]
    const { configuration } = steering
    if (configuration === undefined) return [{ outcome: 'pass', expected, found: 'there is no AI configuration' }]
    const found = configuration.digest.sha256
    return asked.configurations.includes(found)
      ? [{ outcome: 'pass', expected, found }]
      : [{ outcome: 'fail', code: 'configuration-refused', expected, found }]
  },
}
