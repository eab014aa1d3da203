/** What one commit message claims. */
import type { Role } from '../../../model/record.ts'
import { knownModelName } from '../models.ts'
import { sessionId, withoutDay } from '../session-id.ts'
import { toolVersion } from '../tool-version.ts'
import { knownTools, unknownTool } from '../tools.ts'
import type { ToolTable } from '../tools.ts'
import { agentsInWords } from './agent-name.ts'
import type { Agent } from './agent-name.ts'
import { agentsSaid } from './agents-said.ts'
import { goesOn, isFooter, mayHoldFooter, modelsInSettings } from './footers.ts'
import { mergedBranch } from './merged-branch.ts'
import { isModelOfVendor, modelBehindColon } from './name-parts.ts'
import { linkedSessions, mayHoldLink } from './session-links.ts'
import { toolOfSessionId, trailerForms } from './trailer-forms.ts'
import { readTrailers } from './trailers.ts'
import type { Trailer } from './trailers.ts'

/** A tool that the message names, with its session if it names one. */
export interface Mention {
  readonly tool: string
  readonly session: string | undefined
  readonly toolVersion: string | undefined
  /** As they were said. */
  readonly models: readonly string[]
  /** Undefined where nobody says it, or two say different things. */
  readonly role: Role | undefined
}

export interface MessageClaims {
  readonly mentions: readonly Mention[]
  /** Ids that can be none. */
  readonly invalidIds: number
}

interface NamedSession {
  readonly key: string
  readonly tool: string | undefined
  readonly id: string
}

interface Version {
  readonly tool: string | undefined
  readonly version: string | undefined
  readonly model: string | undefined
}

export interface MessageContext {
  readonly tools?: ToolTable
  /** The commit has several parents: only then its subject names a branch. */
  readonly isMerge?: boolean
}

/** Reads every form of `trailer-forms.ts`. Tools are told apart; a session is listed once. Linear in the message. */
export function readMessageClaims(
  message: string,
  { tools = knownTools, isMerge = false }: MessageContext = {},
): MessageClaims {
  const merged = isMerge ? mergedBranch(message) : undefined
  const maker = merged === undefined ? undefined : tools.ofBranch(merged)
  const trailers = readTrailers(
    message,
    isKey,
    mayHoldFooter(message) || mayHoldLink(message) ? isLine : undefined,
    goesOn,
  )
  return remembered(trailers, maker, tools)
}

function isKey(key: string): boolean {
  return trailerForms.has(key)
}

function isLine(line: string): boolean {
  return isFooter(line) || mayHoldLink(line)
}

/** The messages of a history say the same few things over and over, so the last answers are kept, for each table. */
const keptFor = new WeakMap<ToolTable, Map<string, MessageClaims>>()
const mostKept = 2_048
const longestKept = 1_000

function remembered(trailers: readonly Trailer[], maker: string | undefined, tools: ToolTable): MessageClaims {
  // No key holds a colon, and neither of both a line end.
  const said = trailers.reduce((text, { key, value }) => `${text}\n${key}:${value}`, maker ?? '')
  if (said.length > longestKept) return claimsOf(trailers, maker, tools)
  const kept = keptFor.get(tools) ?? new Map<string, MessageClaims>()
  keptFor.set(tools, kept)
  const known = kept.get(said)
  if (known !== undefined) return known
  // Strings of their own: a part of a string keeps all of it in memory, here a whole message.
  const own = trailers.map(({ key, value }) => ({ key, value: Buffer.from(value).toString() }))
  const claims = claimsOf(own, maker, tools)
  if (kept.size === mostKept) kept.clear()
  kept.set(Buffer.from(said).toString(), claims)
  return claims
}

/** `maker`: the tool of the branch that a merge names. */
function claimsOf(trailers: readonly Trailer[], maker: string | undefined, tools: ToolTable): MessageClaims {
  const agents: Agent[] = []
  const sessions: NamedSession[] = []
  const versions: Version[] = []
  const team: { executor?: string; hasPlace?: true } = {}
  let sessionTool: string | undefined
  let invalidIds = 0

  if (maker !== undefined) agents.push({ tool: maker, models: [] })
  for (const { key, value } of trailers) {
    const form = trailerForms.get(key)
    switch (form?.value) {
      case undefined:
        agents.push(...agentsSaid('footer', value, tools))
        sessions.push(...linkedSessions(value).map((it) => ({ key, ...it })))
        break
      case 'person':
      case 'surfaces':
      case 'yes':
        agents.push(...agentsSaid(form.value, value, tools))
        break
      case 'agents':
        agents.push(...agentsSaid(key.startsWith('ai-') ? 'ai-agents' : 'agents', value, tools))
        break
      case 'author':
        if (form.tool !== undefined && form.values?.includes(value.toLowerCase()) === true) {
          agents.push({ tool: form.tool, models: [] })
        }
        break
      case 'settings':
        agents.push({ tool: form.tool ?? unknownTool, models: modelsInSettings(value) })
        break
      case 'executor':
        team.executor = value
        break
      case 'place':
        team.hasPlace = true
        break
      case 'tool':
        sessionTool = tools.id(value) ?? sessionTool
        break
      case 'version':
        versions.push(versionOf(value, tools))
        break
      case 'sessions':
        for (const item of listOf(value)) {
          const [tool, text] = form.tool === undefined ? toolAndId(item, tools) : [form.tool, item]
          const id = sessionId(key === 'entire-session' ? withoutDay(text) : text)
          if (id === undefined) invalidIds += 1
          else sessions.push({ key, tool: tool ?? toolOfSessionId(id), id })
        }
        break
    }
  }
  if (isTeam(team)) agents.push({ tool: 'gas-town', models: [], role: 'orchestration' })
  return { mentions: mentionsOf(agents, sessions, versions, sessionTool), invalidIds }
}

/** A person can execute something, too: the place, or a post that only this team has, must say that it was an agent. */
function isTeam({ executor, hasPlace }: { readonly executor?: string; readonly hasPlace?: true }): boolean {
  if (executor === undefined || !/^[\w./@-]{1,100}$/.test(executor)) return false
  return (
    hasPlace === true || /(?:^|\/)(?:mayor|deacon|boot|witness|refinery|crew|polecats?|dogs?)(?:\/|$)/.test(executor)
  )
}

interface Draft {
  readonly tool: string
  readonly session: string | undefined
  readonly models: Set<string>
  readonly roles: Set<Role | undefined>
}

function mentionsOf(
  agents: readonly Agent[],
  sessions: readonly NamedSession[],
  versions: readonly Version[],
  entireTool: string | undefined,
): Mention[] {
  const mentions = new Map<string, Draft>()
  const mention = (
    tool: string,
    session: string | undefined,
    models: readonly (string | undefined)[],
    role?: Role,
  ): void => {
    const key = `${tool}\n${session ?? ''}`
    const known = mentions.get(key) ?? { tool, session, models: new Set<string>(), roles: new Set<Role | undefined>() }
    mentions.set(key, known)
    for (const model of present(models)) known.models.add(model)
    known.roles.add(role)
  }
  const versionTools = new Set(present(versions.map((it) => it.tool)))
  const [onlyTool] = versionTools.size === 1 ? versionTools : []
  for (const { key, tool, id } of sessions) {
    // AI-Session-ID and AI-Tool-Version are written as a pair, and so are Entire-Session and Entire-Agent.
    const partner = key === 'ai-session-id' ? onlyTool : key === 'entire-session' ? entireTool : undefined
    mention(tool ?? partner ?? unknownTool, id, [])
  }
  for (const { tool, models, role } of agents) mention(tool, undefined, models, role)
  const sessionsOfTool = Map.groupBy(
    [...mentions.values()].filter((it) => it.session !== undefined),
    (it) => it.tool,
  )
  const versionsOfTool = new Map<string, Set<string>>()
  for (const { tool = unknownTool, version, model } of versions) {
    const named = sessionsOfTool.get(tool) ?? []
    if (named.length === 1) mention(tool, named[0]?.session, [model])
    else if (tool !== unknownTool || model !== undefined) mention(tool, undefined, [model])
    if (version !== undefined) versionsOfTool.set(tool, (versionsOfTool.get(tool) ?? new Set()).add(version))
  }
  return [...mentions.values()].map(({ tool, session, models, roles }) => {
    const said = versionsOfTool.get(tool)
    const [toolVersion] = said?.size === 1 ? said : []
    const [role] = roles.size === 1 ? roles : []
    return { tool, session, toolVersion, models: [...models].sort(), role }
  })
}

/** `tool:id` → both; a bare id, or a URL, names no tool. */
function toolAndId(item: string, tools: ToolTable): readonly [string | undefined, string] {
  const [, tool, id] = /^([A-Za-z][A-Za-z0-9_. -]{0,39}):(?!\/\/)(.+)$/.exec(item) ?? []
  return tool === undefined || id === undefined ? [undefined, item] : [tools.slug(tool), id.trim()]
}

/** `claude-code/2.1.240 (claude-opus-4-6)`, `claude-code/2.1.240`, or only a tool or a model. */
function versionOf(value: string, tools: ToolTable): Version {
  const [, name = '', version = '', model = ''] = /^([^/()]{1,60})\/(\S{1,40})(?: +\((.{1,100})\))?$/.exec(value) ?? []
  const isName = !isModelOfVendor(name, version) && (tools.id(name) !== undefined || /^[\w. -]+$/.test(name))
  if (isName && (tools.id(name) !== undefined || knownModelName(value) === undefined)) {
    return { tool: tools.slug(name), version: toolVersion(version), model: modelBehindColon(model) }
  }
  const [agent] = agentsInWords(value, { ai: true }, tools)
  const tool = agent?.tool === unknownTool ? undefined : agent?.tool
  return { tool, version: undefined, model: agent?.models[0] }
}

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined)
}
