/**
 * Records of Agent Trace (cursor/agent-trace, RFC 0.1.0), a JSON object each:
 *
 *     {"version": "0.1.0", "id": "<uuid>", "timestamp": "…", "vcs": {"type": "git", "revision": "<commit>"}, "tool": {"name": "cursor"},
 *      "files": [{"path": "src/pay.ts", "conversations": [{"url": "https://…/conversations/12345",
 *        "contributor": {"type": "ai", "model_id": "openai/gpt-5.4"}, "ranges": [{"start_line": 3, "end_line": 9}]}]}]}
 *
 * The specification leaves open where they are kept. Its reference implementation appends them to a file, under version `1.0`, with
 * the commit that was there before the change; others write a note for the commit. Lines that a person and a tool made (`mixed`) are
 * neither's. Commands, and the places of transcripts on somebody's machine, stand in them too, and are not read.
 */
import { isList, isObject, memberAt, textAt } from '../../../model/json.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import { limits } from '../../../model/limits.ts'
import { draftClaims, human } from '../line-claims.ts'
import type { ClaimsDraft, LineClaims } from '../line-claims.ts'
import { modelName } from '../models.ts'
import { lineRange, recordJson } from '../record-json.ts'
import { sessionId } from '../session-id.ts'
import { toolVersion } from '../tool-version.ts'
import { unknownTool } from '../tools.ts'
import type { ToolTable } from '../tools.ts'

export interface TraceRecord {
  /** Full id of a commit, in lower case; undefined where it names none of git. */
  readonly revision: string | undefined
  /** As the reference implementation writes it: its commit is the one before. */
  readonly isOfReference: boolean
  readonly claims: LineClaims
}

export interface Traces {
  readonly records: readonly TraceRecord[]
  /** Parts that should be records and are none. */
  readonly malformed: number
  /** Records beyond the most that are read. */
  readonly beyond: number
}

/** One record, a list of them, or one a line; what others write in JSON is left to them. */
export function readTraces(contents: Buffer, tools: ToolTable): Traces {
  const whole = recordJson(contents, limits.traceBytes)
  const parts = 'json' in whole ? (isList(whole.json) ? whole.json : [whole.json]) : linesOf(contents)
  const records: TraceRecord[] = []
  let [malformed, beyond] = [0, 0]
  for (const part of parts) {
    const record = part === undefined ? 'malformed' : readTrace(part, tools)
    if (record === 'malformed') malformed += 1
    else if (record === undefined) continue
    else if (records.length < limits.traceRecords) records.push(record)
    else beyond += 1
  }
  // Text without a single record is somebody else's.
  return { records, malformed: records.length > 0 || 'json' in whole ? malformed : 0, beyond }
}

function* linesOf(contents: Buffer): Generator<Json | undefined> {
  for (let start = 0; start < contents.length;) {
    const feed = contents.indexOf(0x0a, start)
    const line = contents.subarray(start, feed < 0 ? contents.length : feed)
    start += line.length + 1
    if (line.every((it) => it === 0x20 || it === 0x0d || it === 0x09)) continue
    const read = recordJson(line, limits.traceBytes)
    yield 'json' in read ? read.json : undefined
  }
}

function readTrace(json: Json, tools: ToolTable): TraceRecord | 'malformed' | undefined {
  if (!isObject(json) || !Object.hasOwn(json, 'version') || !Object.hasOwn(json, 'files')) return undefined
  const [version, files] = [textAt(json, 'version') ?? '', memberAt(json, 'files')]
  if (!/^\d{1,5}(?:\.\d{1,5}){1,2}$/.test(version)) return 'malformed'
  const isNewer = !/^(?:0\.|1\.0(?:\.|$))/.test(version)
  const draft = draftClaims()
  if (isNewer) draft.newer()
  const isWhole = isList(files) && files.every((it) => readFile(it, json, draft, tools))
  if (!isWhole && !isNewer) return 'malformed'
  const revision = memberAt(json, 'vcs', 'type') === 'git' ? textAt(json, 'vcs', 'revision')?.toLowerCase() : undefined
  const isCommit = revision !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(revision)
  return { revision: isCommit ? revision : undefined, isOfReference: version === '1.0', claims: draft.claims() }
}

function readFile(file: Json, record: JsonObject, draft: ClaimsDraft, tools: ToolTable): boolean {
  const [path, conversations] = [memberAt(file, 'path'), memberAt(file, 'conversations')]
  if (typeof path !== 'string' || !isList(conversations)) return false
  return conversations.every((it) => readConversation(path, it, record, draft, tools))
}

/** What the reference implementation writes as paths where no file was edited. */
const noFiles = ['.sessions', '.shell-history', '.unknown']

function readConversation(
  path: string,
  conversation: Json,
  record: JsonObject,
  draft: ClaimsDraft,
  tools: ToolTable,
): boolean {
  const ranges = memberAt(conversation, 'ranges')
  if (!isList(ranges)) return false
  const contributor = memberAt(conversation, 'contributor')
  const parts = ranges.map((range) => ({ by: memberAt(range, 'contributor') ?? contributor, range }))
  const byAgents = [contributor, ...parts.map(({ by }) => by)].filter(isAgent)
  const owner = byAgents.length === 0 ? human : draft.agent(agentOf(conversation, record, byAgents, draft, tools))
  return parts.every(({ by, range }) => {
    const lines = lineRange(memberAt(range, 'start_line'), memberAt(range, 'end_line'))
    if (lines === undefined) return false
    const type = memberAt(by, 'type')
    if ((type !== 'ai' && type !== 'human') || noFiles.includes(path)) return true
    return draft.lines(path, type === 'ai' ? owner : human, ...lines)
  })
}

function isAgent(contributor: Json): boolean {
  return ['ai', 'mixed'].includes(textAt(contributor, 'type') ?? '')
}

function agentOf(
  conversation: Json,
  record: JsonObject,
  contributors: readonly Json[],
  draft: ClaimsDraft,
  tools: ToolTable,
): Parameters<ClaimsDraft['agent']>[0] {
  const [url, name] = [textAt(conversation, 'url') ?? '', textAt(record, 'tool', 'name') ?? '']
  const isOnline = /^https?:\/\//i.test(url)
  const id = isOnline
    ? url
    : (textAt(record, 'metadata', 'session_id') ?? textAt(record, 'metadata', 'conversation_id'))
  const session = id === undefined ? undefined : sessionId(id)
  if (id !== undefined && session === undefined) draft.invalidId()
  const version = textAt(record, 'tool', 'version')
  const isNamed = name !== '' && name !== unknownTool
  return {
    tool: isNamed ? tools.slug(name) : ((isOnline ? tools.ofSite(url) : undefined) ?? unknownTool),
    session,
    toolVersion: version === undefined ? undefined : toolVersion(version),
    models: [...new Set(contributors.flatMap((it) => modelName(textAt(it, 'model_id') ?? '') ?? []))],
  }
}
