/** Which MCP servers the AI configuration may name. */
import type { AiRule, RuleResult } from '../row.ts'
import { unseen } from '../row.ts'
import { refuser } from './names.ts'
import { serversMissing, steeringOf } from './steering.ts'

export const mcpServers: AiRule = {
  id: 'ai/mcp-servers',
  hint: 'remove the server from the AI configuration, or let the policy name it',
  check({ ai: asked }, { ai }) {
    if (asked?.mcpServers === undefined) return undefined
    const expected = 'all MCP servers of the AI configuration'
    const steering = steeringOf(ai)
    if ('missing' in steering) return [unseen(expected, steering.missing)]
    const { configuration } = steering
    if (configuration === undefined) return [{ outcome: 'pass', found: 'there is no AI configuration' }]
    const refuse = refuser(asked.mcpServers)
    const failing = configuration.mcpServers.flatMap(({ name }): RuleResult[] => {
      const words = refuse(name)
      return words === undefined ? [] : [{ outcome: 'fail', code: 'mcp-server-refused', expected: words, found: name }]
    })
    const missing = serversMissing(configuration, ai.attribution?.findings)
    if (missing !== undefined) failing.push(unseen(expected, missing))
    const count = configuration.mcpServers.length
    return failing.length > 0 ? failing : [{ outcome: 'pass', found: `${count} servers` }]
  },
}
