/** What one commit message claims. */
import { agentOfPerson, agentsInProse, agentsInWords } from './agent-name.ts'
import type { Agent } from './agent-name.ts'
import { knownModelName } from '../models.ts'
import { sessionId } from '../session-id.ts'
import { toolId, toolSlug, unknownTool } from '../tools.ts'
import { modelBehindColon } from './name-parts.ts'
import { generatedLine, toolOfSessionId, trailerForms } from './trailer-forms.ts'
import { readTrailers } from './trailers.ts'

/** A tool that the message names, with its session if it names one. */
export interface Mention {
  readonly tool: string
  readonly session: string | undefined
  readonly toolVersion: string | undefined
  /** As they were said. */
  readonly models: readonly string[]
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

/** Reads every form of `trailer-forms.ts`. Tools are told apart; a session is listed once. Linear in the message. */
export function readMessageClaims(message: string): MessageClaims {
  const agents: Agent[] = []
  const sessions: NamedSession[] = []
  const versions: Version[] = []
  let sessionTool: string | undefined
  let invalidIds = 0

  for (const { key, value } of readTrailers(
    message,
    (it) => trailerForms.has(it),
    (it) => generatedLine.test(it),
  )) {
    const form = trailerForms.get(key)
    switch (form?.value) {
      case undefined:
        agents.push(...agentsSaid('line', value))
        break
      case 'person':
        agents.push(...agentsSaid('person', value))
        break
      case 'agents':
        agents.push(...agentsSaid(key.startsWith('ai-') ? 'ai-agents' : 'agents', value))
        break
      case 'author':
        if (form.tool !== undefined && form.values?.includes(value.toLowerCase()) === true) {
          agents.push({ tool: form.tool, models: [] })
        }
        break
      case 'tool':
        sessionTool = toolId(value) ?? sessionTool
        break
      case 'version':
        versions.push(versionOf(value))
        break
      case 'sessions':
        for (const item of listOf(value)) {
          const [tool, text] = form.tool === undefined ? toolAndId(item) : [form.tool, item]
          const id = sessionId(text)
          if (id === undefined) invalidIds += 1
          else sessions.push({ key, tool: tool ?? toolOfSessionId(id), id })
        }
        break
    }
  }
  return { mentions: mentionsOf(agents, sessions, versions, sessionTool), invalidIds }
}

function mentionsOf(
  agents: readonly Agent[],
  sessions: readonly NamedSession[],
  versions: readonly Version[],
  entireTool: string | undefined,
): Mention[] {
  const mentions = new Map<string, { tool: string; session: string | undefined; models: Set<string> }>()
  const mention = (tool: string, session: string | undefined, models: readonly (string | undefined)[]): void => {
    const key = `${tool}\n${session ?? ''}`
    const known = mentions.get(key) ?? { tool, session, models: new Set<string>() }
    mentions.set(key, known)
    for (const model of present(models)) known.models.add(model)
  }
  const versionTools = new Set(present(versions.map((it) => it.tool)))
  const [onlyTool] = versionTools.size === 1 ? versionTools : []
  for (const { key, tool, id } of sessions) {
    // AI-Session-ID and AI-Tool-Version are written as a pair, and so are Entire-Session and Entire-Agent.
    const partner = key === 'ai-session-id' ? onlyTool : key === 'entire-session' ? entireTool : undefined
    mention(tool ?? partner ?? unknownTool, id, [])
  }
  for (const { tool, models } of agents) mention(tool, undefined, models)
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
  return [...mentions.values()].map(({ tool, session, models }) => {
    const said = versionsOfTool.get(tool)
    const [toolVersion] = said?.size === 1 ? said : []
    return { tool, session, toolVersion, models: [...models].sort() }
  })
}

/** `tool:id` → both; a bare id, or a URL, names no tool. */
function toolAndId(item: string): readonly [string | undefined, string] {
  const [, tool, id] = /^([A-Za-z][A-Za-z0-9_. -]{0,39}):(?!\/\/)(.+)$/.exec(item) ?? []
  return tool === undefined || id === undefined ? [undefined, item] : [toolSlug(tool), id.trim()]
}

/** `claude-code/2.1.240 (claude-opus-4-6)`, `claude-code/2.1.240`, or only a tool or a model. */
function versionOf(value: string): Version {
  const [, name = '', version = '', model = ''] = /^([^/()]{1,60})\/(\S{1,40})(?: +\((.{1,100})\))?$/.exec(value) ?? []
  const isName = toolId(name) !== undefined || /^[\w. -]+$/.test(name)
  if (isName && (toolId(name) !== undefined || knownModelName(value) === undefined)) {
    const isVersion = /^v?\d[\w.+-]*$/.test(version)
    return { tool: toolSlug(name), version: isVersion ? version : undefined, model: modelBehindColon(model) }
  }
  const [agent] = agentsInWords(value, { ai: true })
  const tool = agent?.tool === unknownTool ? undefined : agent?.tool
  return { tool, version: undefined, model: agent?.models[0] }
}

const agentsBy = {
  line: (value: string) => agentsInProse(generatedLine.exec(value)?.[1] ?? ''),
  person: (value: string) => present([agentOfPerson(value)]),
  agents: (value: string) => agentsInList(value, false),
  'ai-agents': (value: string) => agentsInList(value, true),
} as const

/** The messages of a history say the same few things over and over, so the last answers are kept. */
const kept = new Map<string, readonly Agent[]>()
const mostKept = 512
const longestKept = 200

function agentsSaid(form: keyof typeof agentsBy, value: string): readonly Agent[] {
  if (value.length > longestKept) return agentsBy[form](value)
  const key = `${form} ${value}`
  const known = kept.get(key)
  if (known !== undefined) return known
  // A string of its own: a part of a string keeps all of it in memory, here a whole message.
  const agents = agentsBy[form](Buffer.from(value).toString())
  if (kept.size === mostKept) kept.clear()
  kept.set(key, agents)
  return agents
}

/** Where a tool and a model stand with a comma between them, that model is the tool's: `Claude Code, Opus 4.6`. */
function agentsInList(value: string, ai: boolean): Agent[] {
  const agents: Agent[] = []
  for (const item of agentList(value.replace(/[,;] {0,4}(?=(?:via|through) )/gi, ' '))) {
    const named = agentsInWords(item, { ai })
    const before = agents.at(-1)
    const [only, ...others] = named
    const isOfBefore = before?.models.length === 0 && only?.tool === unknownTool && others.length === 0
    if (isOfBefore) agents.splice(-1, 1, { ...before, models: only.models })
    else agents.push(...named)
  }
  return agents
}

/** Split at commas, but not at those in brackets: `Claude Code (Opus 4.6, 1M context)`. */
function agentList(value: string): string[] {
  const items: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < value.length; at += 1) {
    const sign = value[at]
    if (sign === '(' || sign === '[') depth += 1
    else if (sign === ')' || sign === ']') depth = Math.max(depth - 1, 0)
    else if (depth === 0 && (sign === ',' || sign === ';')) {
      items.push(value.slice(start, at))
      start = at + 1
    }
  }
  return [...items, value.slice(start)].map((it) => it.trim()).filter((it) => it !== '')
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
