/**
 * What a transcript says of its session: its id, models, versions and times. Nothing that anybody typed or that a model answered
 * is kept. The shapes of four tools, told apart by their members:
 *
 * - Claude Code, rows: `sessionId`, `uuid`, `timestamp`, `version`, `message.model`
 * - Gemini CLI, one document: `sessionId`, `projectHash`, `startTime`, `lastUpdated`, `messages[]{timestamp, model}`; or rows: a
 *   header with `sessionId`, then `type: gemini` with `model`
 * - Codex, rows: `type: session_meta` with `payload{id, cli_version}`, `type: turn_context` with `payload.model`. A thread that another
 *   one started says so in its `payload` (`parent_thread_id`, `source.subagent`; openai/codex `codex-rs/protocol`), and one that goes on
 *   from a copy of another names that (`forked_from_id`) and holds the rows of it, too
 * - Copilot CLI, rows: `type: session.start` with `data.sessionId`, `type: session.model_change` with `data.newModel`
 */
import { limits } from '../../../model/limits.ts'
import { modelName } from '../models.ts'
import { timeIn } from '../record-time.ts'
import { newMemberScan } from './json-members.ts'

export interface TranscriptFacts {
  /** Every id by which a row names its session, but for those of sessions of which it holds a copy. */
  readonly ids: ReadonlySet<string>
  /** Ids, as they were said, of sessions that started this one; none where nothing is said. */
  readonly parents: ReadonlySet<string>
  /** What it was started for, in the tool's words. */
  readonly roles: ReadonlySet<string>
  /** The tool that writes this shape; undefined for another shape, or several. */
  readonly tool: string | undefined
  /** Names that can be those of models, as they were said. */
  readonly models: ReadonlySet<string>
  /** Of the tool. */
  readonly versions: ReadonlySet<string>
  /** RFC 3339, as `Date.toISOString` gives it; the first and last time that a row has. */
  readonly startedAt: string | undefined
  readonly endedAt: string | undefined
  /** Rows that were cut off or are no JSON; what they say does not count. */
  readonly brokenRows: number
}

export interface TranscriptScan {
  write(bytes: Uint8Array): void
  end(): TranscriptFacts
}

const times: readonly string[] = ['timestamp', 'startTime', 'lastUpdated', 'messages[].timestamp']
const paths: ReadonlySet<string> = new Set([
  ...['sessionId', 'type', 'uuid', 'version', 'message.model'],
  ...['projectHash', 'messages[].model', 'model'],
  ...['payload.id', 'payload.cli_version', 'payload.model'],
  ...['payload.parent_thread_id', 'payload.forked_from_id', 'payload.agent_role', 'payload.source.subagent'],
  ...['parent_thread_id', 'agent_role'].map((it) => `payload.source.subagent.thread_spawn.${it}`),
  ...['data.sessionId', 'data.newModel'],
  ...times,
])

/** Different texts of one member in one row: a document may have a model for each of its messages. */
const mostTexts = 64

/** One transcript, its bytes in order. Never throws. */
export function newTranscriptScan(): TranscriptScan {
  const ids = new Set<string>()
  const tools = new Set<string>()
  const saidModels = new Set<string>() // nearly all rows say the same
  const versions = new Set<string>()
  const origins = new Map<string, Origin>()
  let first = Infinity
  let last = -Infinity
  let brokenRows = 0
  let row = newRow()

  function endRow(): void {
    if (row.first < first) first = row.first
    if (row.last > last) last = row.last
    for (const { tool, id, model, version, origin } of factsOf(row)) {
      if (tool !== undefined) addUpTo(tools, tool)
      if (id !== undefined) addUpTo(ids, id)
      if (version !== undefined) addUpTo(versions, version)
      if (model !== undefined) addUpTo(saidModels, model)
      if (id !== undefined && origin !== undefined) addOrigin(origins, id, origin)
    }
  }

  const scan = newMemberScan(paths, {
    member(path, text) {
      if (text === undefined) return
      if (times.includes(path)) addTime(row, text)
      else addText(row, path, text)
    },
    end(isWhole) {
      if (isWhole) endRow()
      else brokenRows += 1
      row = newRow()
    },
  })

  return {
    write: (bytes) => scan.write(bytes),
    end() {
      scan.end()
      const models = [...saidModels].map(modelName).filter((it) => it !== undefined)
      const own = withoutCopied(ids, origins)
      const [id = ''] = own.size === 1 ? own : []
      const { parents = none, roles = none } = origins.get(id) ?? {}
      return {
        ...{ ids: own, parents, roles },
        tool: tools.size === 1 ? [...tools][0] : undefined,
        models: new Set(models),
        versions,
        startedAt: first === Infinity ? undefined : new Date(first).toISOString(),
        endedAt: last === -Infinity ? undefined : new Date(last).toISOString(),
        brokenRows,
      }
    },
  }
}

/** Where a session comes from, as its own row says. */
interface Origin {
  readonly parents: Set<string>
  readonly roles: Set<string>
  /** Sessions whose rows it holds a copy of. */
  readonly copied: Set<string>
}

const none: ReadonlySet<string> = new Set()

function addOrigin(origins: Map<string, Origin>, id: string, said: Origin): void {
  const known = origins.get(id)
  if (known === undefined) {
    if (origins.size < limits.modelsPerSession) origins.set(id, said)
    return
  }
  for (const name of ['parents', 'roles', 'copied'] as const) for (const it of said[name]) addUpTo(known[name], it)
}

/** A copy begins with the row of the session that it is of. Of sessions that are each a copy of the other, none is. */
function withoutCopied(ids: ReadonlySet<string>, origins: ReadonlyMap<string, Origin>): ReadonlySet<string> {
  const copied = new Set([...origins].flatMap(([id, it]) => [...it.copied, ...it.parents].filter((one) => one !== id)))
  const own = new Set([...ids].filter((it) => !copied.has(it)))
  return own.size === 0 ? ids : own
}

interface Row {
  readonly texts: Map<string, Set<string>>
  first: number
  last: number
}

function newRow(): Row {
  return { texts: new Map(), first: Infinity, last: -Infinity }
}

function addText({ texts }: Row, path: string, text: string): void {
  const known = texts.get(path)
  if (known === undefined) texts.set(path, new Set([text]))
  else if (known.size < mostTexts) known.add(text)
}

function addTime(row: Row, text: string): void {
  const time = timeIn(text)
  if (time === undefined) return
  if (time < row.first) row.first = time
  if (time > row.last) row.last = time
}

interface RowFacts {
  readonly tool?: string
  readonly id?: string | undefined
  readonly model?: string | undefined
  readonly version?: string | undefined
  /** Of `id`. */
  readonly origin?: Origin
}

/** A member that stands twice in a row gives all of its texts. */
function* factsOf({ texts }: Row): Generator<RowFacts, void, undefined> {
  const all = (path: string): Iterable<string> => texts.get(path) ?? []
  const isType = (type: string): boolean => texts.get('type')?.has(type) === true
  for (const id of all('sessionId')) yield { id }
  if (texts.has('projectHash') || isType('gemini')) {
    yield { tool: 'gemini' }
    for (const path of ['messages[].model', 'model']) for (const model of all(path)) yield { model }
  } else if (isType('session_meta')) {
    yield { tool: 'codex' }
    const spawn = 'payload.source.subagent.thread_spawn'
    const origin = (): Origin => ({
      parents: new Set([...all('payload.parent_thread_id'), ...all(`${spawn}.parent_thread_id`)]),
      roles: new Set([...all('payload.source.subagent'), ...all('payload.agent_role'), ...all(`${spawn}.agent_role`)]),
      copied: new Set(all('payload.forked_from_id')),
    })
    for (const id of all('payload.id')) yield { id, origin: origin() }
    for (const version of all('payload.cli_version')) yield { version }
  } else if (isType('turn_context')) {
    for (const model of all('payload.model')) yield { tool: 'codex', model }
  } else if (isType('session.start')) {
    for (const id of all('data.sessionId')) yield { tool: 'copilot', id }
  } else if (isType('session.model_change')) {
    for (const model of all('data.newModel')) yield { tool: 'copilot', model }
  } else if (texts.has('uuid') && texts.has('sessionId')) {
    yield { tool: 'claude-code' }
    for (const version of all('version')) yield { version }
    for (const model of all('message.model')) yield { model }
  }
}

/** A transcript with more different ids, models or versions than these is none of one session. */
function addUpTo(set: Set<string>, text: string): void {
  if (set.size < limits.modelsPerSession) set.add(text)
}
