/** Reader `commit-identity`: AI tools as authors and committers. */
import { partIn } from '../../change/visited.ts'
import type { Visited } from '../../change/visited.ts'
import { identityReader, isTrialMerge } from '../identity.ts'
import type { Agent } from '../messages/agent-name.ts'
import { requesterIn } from '../requester.ts'
import { knownTools } from '../tools.ts'
import type { Look, SessionReader } from './row.ts'

export const commitIdentity: SessionReader<never> = {
  id: 'commit-identity',
  title: 'authors and committers',
  findings: {},
  open(look) {
    const agentsOf = identityReader(look.tools ?? knownTools)
    return Promise.resolve({
      commit: (visited) => readIdentity(look, visited, agentsOf(visited)),
      finish: () => Promise.resolve(undefined),
    })
  },
}

function readIdentity(look: Look<never>, visited: Visited, agents: readonly Agent[]): void {
  if (agents.length === 0 || isTrialMerge(visited, visited.message)) return
  for (const { tool, models, role } of agents) {
    look.record({
      place: { kind: 'identity' },
      tool,
      session: undefined,
      toolVersion: undefined,
      models,
      role,
      requester: requesterIn(visited, tool, look),
      change: partIn(visited),
    })
  }
}
