/**
 * An attestation of the run of an agent that made a commit: SLSA provenance of build type "Agent Commit" (Andrew McNamara,
 * refs.arewm.com/agent-commit/v0.1 to v0.3), in a Sigstore bundle or a bare envelope. The platform that ran the agent signs it, and
 * not the agent. It also holds the task, the prompt, and what was observed of files and servers; none of that is read.
 */
import { CountersignError, attempt } from '../../../errors.ts'
import { parseBundle } from '../../../model/bundle.ts'
import { inTotoPayloadType } from '../../../model/envelope.ts'
import { isList, memberAt, textAt } from '../../../model/json.ts'
import type { Json } from '../../../model/json.ts'
import { limits } from '../../../model/limits.ts'
import type { SessionRecord } from '../../../model/record.ts'
import { parseStatement } from '../../../model/statement.ts'
import { agentCommitVersion, subjectsOfCommit } from '../../../predicates/source-claims.ts'
import { agentRole } from '../agent-role.ts'
import { modelName } from '../models.ts'
import { isoTime } from '../record-time.ts'
import { sessionId } from '../session-id.ts'
import { toolVersion } from '../tool-version.ts'
import { unknownTool } from '../tools.ts'
import type { ToolTable } from '../tools.ts'

type Run = Omit<SessionRecord, 'reader' | 'place' | 'change'>

export interface AgentCommit {
  isAbout(commit: string): boolean
  readonly isNewer: boolean
  /** The run and those that it started, each member checked. */
  runs(tools: ToolTable): { readonly runs: readonly Run[]; readonly invalidIds: number; readonly beyond: number }
}

/** One attestation by its bytes, nothing verified; undefined for one of another kind. Never throws. */
export function readAgentCommit(bytes: Uint8Array): AgentCommit | undefined {
  const envelope = attempt(() => parseBundle(bytes).envelope)
  if (envelope === undefined || envelope instanceof CountersignError) return undefined
  if (envelope.payloadType !== inTotoPayloadType) return undefined
  const statement = attempt(() => parseStatement(envelope.payload))
  if (statement instanceof CountersignError) return undefined
  const version = agentCommitVersion(statement)
  if (version === undefined) return undefined
  return {
    isAbout: (commit) => subjectsOfCommit(statement, commit).length > 0,
    isNewer: !['0.1', '0.2', '0.3'].includes(version),
    runs: (tools) => runsIn(statement.predicate as Json, tools),
  }
}

function runsIn(predicate: Json, tools: ToolTable): ReturnType<AgentCommit['runs']> {
  const inner = memberAt(predicate, 'buildDefinition', 'internalParameters')
  const metadata = memberAt(predicate, 'runDetails', 'metadata')
  const listed = memberAt(inner, 'subagents')
  const all = isList(listed) ? listed : []
  const subagents = all.slice(0, limits.sessionsPerCommit - 1)
  const ownId = textAt(metadata, 'invocationId')
  const id = ownId === undefined ? undefined : sessionId(ownId)
  const times = [textAt(metadata, 'startedOn'), textAt(metadata, 'finishedOn')] as const
  const role = all.length > 0 ? 'orchestration' : undefined
  const runs: Run[] = [{ ...runOf(memberAt(inner, 'agent'), id, times, tools), role, parent: undefined }]
  let invalidIds = ownId !== undefined && id === undefined ? 1 : 0
  for (const subagent of subagents) {
    const said = textAt(subagent, 'invocationId')
    // The id of a subagent is one within its run.
    const own = said === undefined || id === undefined ? undefined : sessionId(`${id}/${said}`)
    if (said !== undefined && id !== undefined && own === undefined) invalidIds += 1
    const within = [textAt(subagent, 'start'), textAt(subagent, 'end')] as const
    const run = runOf(memberAt(subagent, 'agent'), own, within, tools)
    runs.push({ ...run, role: agentRole(textAt(subagent, 'role')), parent: own === undefined ? undefined : id })
  }
  return { runs, invalidIds, beyond: all.length - subagents.length }
}

function runOf(
  agent: Json,
  session: string | undefined,
  [start, end]: readonly [string | undefined, string | undefined],
  tools: ToolTable,
): Run {
  const [name, version] = [textAt(agent, 'runtime', 'name') ?? '', textAt(agent, 'runtime', 'version')]
  const model = modelName(textAt(agent, 'model', 'modelId') ?? '')
  const [startedAt, endedAt] = [isoTime(start), isoTime(end)]
  const isOrdered = startedAt === undefined || endedAt === undefined || startedAt <= endedAt
  return {
    tool: name === '' ? unknownTool : tools.slug(name),
    session,
    toolVersion: version === undefined ? undefined : toolVersion(version),
    models: model === undefined ? [] : [model],
    ...(isOrdered ? { startedAt, endedAt } : {}),
  }
}
