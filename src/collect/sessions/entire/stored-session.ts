/** One session of a checkpoint: its metadata and its transcript, judged together. Pure. */
import type { Role } from '../../../model/record.ts'
import { agentRole } from '../agent-role.ts'
import { modelName } from '../models.ts'
import { sessionId } from '../session-id.ts'
import { isoTime } from '../record-time.ts'
import { toolVersion } from '../tool-version.ts'
import { knownTools, unknownTool } from '../tools.ts'
import type { ToolTable } from '../tools.ts'
import type { CheckpointCode } from './findings.ts'
import type { SessionMetadata } from './metadata.ts'
import type { Transcript, TranscriptRead } from './transcripts.ts'

export interface StoredSession {
  readonly tool: string
  readonly session: string
  readonly toolVersion: string | undefined
  readonly models: readonly string[]
  readonly startedAt: string | undefined
  readonly endedAt: string | undefined
  /** Id of the session that started it; undefined where nothing is said. */
  readonly parent: string | undefined
  readonly role: Role | undefined
  /** The transcript, if it names this session; undefined where there is but the claim that there was one. */
  readonly record: Pick<Transcript, 'digest' | 'bytes'> | undefined
}

export interface Judged {
  readonly session: StoredSession | undefined
  readonly problems: readonly (readonly [CheckpointCode, string])[]
}

/** What is known of a session: `read` is undefined where the checkpoint holds no whole transcript. */
export interface Kept {
  readonly metadata: SessionMetadata
  readonly read: TranscriptRead | undefined
  readonly isCompact: boolean
  /** SHA-256 that Entire noted; null for a file that holds none. */
  readonly contentHash: string | null | undefined
}

/** Without a transcript that names the session, nothing that a transcript says counts, and there is no record. */
export function judgeSession({ metadata, read, isCompact, contentHash }: Kept, tools: ToolTable = knownTools): Judged {
  const problems: [CheckpointCode, string][] = []
  if (metadata.isNewer) problems.push(['format-newer', 'the metadata of a session'])
  const session = sessionId(metadata.session)
  if (session === undefined) {
    return { session: undefined, problems: [...problems, ['session-id-invalid', 'the id can be that of no session']] }
  }
  const transcript = typeof read === 'object' ? read : undefined
  if (read === 'too-large') problems.push(['checkpoint-too-large', `the transcript of ${session} was not read`])
  else if (transcript === undefined) {
    problems.push([
      'checkpoint-transcript-missing',
      `the transcript of ${session} is not ${read === undefined ? 'stored' : 'in this clone'}`,
    ])
  } else problems.push(...problemsOf(transcript, session, isCompact, contentHash))
  const isRecord = transcript !== undefined && namesOnly(transcript, session)
  const parent = transcript !== undefined && isRecord ? parentIn(transcript, session, problems) : undefined
  return { session: { ...storedSession(metadata, session, transcript, isRecord, tools), parent }, problems }
}

function parentIn({ facts }: Transcript, session: string, problems: [CheckpointCode, string][]): string | undefined {
  const [said, ...others] = facts.parents
  if (said === undefined) return undefined
  if (others.length > 0 || said === session) {
    const what = others.length > 0 ? `${facts.parents.size} sessions` : 'itself'
    problems.push(['checkpoint-parent-unclear', `the transcript of ${session} says that ${what} started it`])
    return undefined
  }
  const parent = sessionId(said)
  if (parent === undefined) {
    problems.push(['session-id-invalid', `the id of what started ${session} can be that of no session`])
  }
  return parent
}

/** Review is said by Entire of the whole session; else what the transcript says once. */
function roleIn({ isReview }: SessionMetadata, said: Iterable<string>): Role | undefined {
  if (isReview) return 'review'
  const roles = new Set([...said].map(agentRole).filter((it) => it !== 'unknown'))
  return roles.size === 1 ? [...roles][0] : undefined
}

function problemsOf(
  { digest, facts }: Transcript,
  session: string,
  isCompact: boolean,
  contentHash: string | null | undefined,
): [CheckpointCode, string][] {
  const problems: [CheckpointCode, string][] = []
  const { size } = facts.ids
  if (size !== 1 || !facts.ids.has(session)) {
    const said = size === 0 ? 'no session' : size === 1 ? 'another session' : `${size} sessions`
    problems.push(['checkpoint-session-mismatch', `the transcript of ${session} names ${said}`])
  }
  if (facts.brokenRows > 0) {
    problems.push(['checkpoint-row-broken', `${facts.brokenRows} rows of the transcript of ${session} do not count`])
  }
  // The hash is that of the tool's own transcript, not of the compact form.
  if (!isCompact && contentHash !== undefined && contentHash !== digest) {
    problems.push(['checkpoint-hash-stale', `the transcript of ${session} has another digest than the checkpoint says`])
  }
  return problems
}

function namesOnly({ facts }: Transcript, session: string): boolean {
  return facts.ids.size === 1 && facts.ids.has(session)
}

function storedSession(
  metadata: SessionMetadata,
  session: string,
  transcript: Transcript | undefined,
  isRecord: boolean,
  tools: ToolTable,
): Omit<StoredSession, 'parent'> {
  const { agent, model, createdAt } = metadata
  const facts = isRecord ? transcript?.facts : undefined
  const said = modelName(model ?? '')
  const created = isoTime(createdAt)
  const ofTranscript = [...(facts?.models ?? [])]
  const versions = [...(facts?.versions ?? [])]
  const version = versions.length === 1 ? versions[0] : undefined
  return {
    tool: toolOf(agent, transcript?.facts.tool, tools),
    session,
    toolVersion: version === undefined ? undefined : toolVersion(version),
    models: ofTranscript.length > 0 || said === undefined ? ofTranscript : [said],
    startedAt: facts?.startedAt ?? created,
    endedAt: facts?.endedAt ?? created,
    role: roleIn(metadata, facts?.roles ?? []),
    record: isRecord ? transcript : undefined,
  }
}

/** Agents of Entire that are known by another name. */
const toolOfAgent: ReadonlyMap<string, string> = new Map([
  ['Factory AI Droid', 'droid'],
  ['Antigravity', 'antigravity'],
  ['Pi', 'pi'],
])

/** Only names that are known: text of any other kind could be anything. */
function toolOf(agent: string | undefined, shape: string | undefined, tools: ToolTable): string {
  const named = agent === undefined ? undefined : (toolOfAgent.get(agent) ?? tools.id(agent))
  return named ?? shape ?? unknownTool
}
