/** Reader `commit-identity`: AI tools as authors and committers. */
import { partIn } from '../../change/visited.ts'
import type { Visited } from '../../change/visited.ts'
import { agentsOfIdentity, isTrialMerge } from '../identity.ts'
import { requesterIn } from '../requester.ts'
import { knownTools } from '../tools.ts'
import type { Look, SessionReader } from './row.ts'

export const commitIdentity: SessionReader<never> = {
  id: 'commit-identity',
  title: 'authors and committers',
  findings: {},
  open: (look) =>
    Promise.resolve({
      commit: (visited) => readIdentity(look, visited),
      finish: () => Promise.resolve(undefined),
    }),
}

function readIdentity(look: Look<never>, visited: Visited): void {
  const agents = agentsOfIdentity(visited, look.tools ?? knownTools)
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
