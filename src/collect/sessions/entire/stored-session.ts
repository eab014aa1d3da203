/** One session of a checkpoint: its metadata and its transcript, judged together. Pure. */
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
  return { session: storedSession(metadata, session, transcript, isRecord, tools), problems }
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
  { agent, model, createdAt }: SessionMetadata,
  session: string,
  transcript: Transcript | undefined,
  isRecord: boolean,
  tools: ToolTable,
): StoredSession {
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
