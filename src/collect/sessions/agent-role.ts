/** What a tool calls the part of an agent that another one started → its role. */
import type { Role } from '../../model/record.ts'

/**
 * Words of the example in the specification of "Agent Commit" and their like, and those of Codex: `worker` is its built-in agent that
 * implements and fixes, `review` the one that looks at a change. What any other one did, nobody knows.
 */
export function agentRole(said: string | undefined): Role {
  if (/^(?:implementer|implementation|coder|worker)$/i.test(said ?? '')) return 'implementation'
  if (/^(?:reviewer|review)$/i.test(said ?? '')) return 'review'
  return /^(?:coordinator|orchestrator|planner)$/i.test(said ?? '') ? 'orchestration' : 'unknown'
}
