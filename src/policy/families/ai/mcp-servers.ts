/** Which MCP servers the AI configuration may name. */
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { refusedSteps, refuser } from './names.ts'
import { serversMissing, steeringOf } from './steering.ts'

const remedy = 'remove the server from the AI configuration of the repository'

export const mcpServers: AiRule = {
  id: 'ai/mcp-servers',
  hint: remedy,
  check({ ai: asked }, { ai }) {
    if (asked?.mcpServers === undefined) return undefined
    const expected = 'all MCP servers of the AI configuration'
    const steering = steeringOf(ai)
    if ('missing' in steering) return [unseen(expected, steering.missing)]
    const { configuration } = steering
    if (configuration === undefined) return [{ outcome: 'pass', found: 'there is no AI configuration' }]
    const refuse = refuser(asked.mcpServers)
    const failing = configuration.mcpServers.flatMap(({ name }): RuleResult[] => {
      const refused = refuse(name)
      if (refused === undefined) return []
      const steps = refusedSteps(refused, 'server', remedy)
      return [{ outcome: 'fail', code: 'mcp-server-refused', expected: refused.expected, found: name, ...steps }]
    })
    const missing = serversMissing(configuration, ai.attribution?.findings)
    if (missing !== undefined) failing.push(unseen(expected, missing))
    const count = configuration.mcpServers.length
    return failing.length > 0 ? failing : [{ outcome: 'pass', found: `${count} servers` }]
  },
}
