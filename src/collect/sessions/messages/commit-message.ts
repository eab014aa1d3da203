/** What one commit message claims. */
import { agentInLink, agentInWords, agentOfPerson } from './agent-name.ts'
import type { Agent } from './agent-name.ts'
import { knownModelId, modelId } from '../models.ts'
import { sessionId } from '../session-id.ts'
import { toolId, toolSlug, unknownTool } from '../tools.ts'
import { generatedLine, toolOfSessionId, trailerForms } from './trailer-forms.ts'
import { readTrailers } from './trailers.ts'

/** A tool that the message names, with its session if it names one. */
export interface Mention {
  readonly tool: string
  readonly session: string | undefined
  readonly toolVersion: string | undefined
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
        agents.push(...present([agentInLink(generatedLine.exec(value)?.[1] ?? '')]))
        break
      case 'person':
        agents.push(...present([agentOfPerson(value)]))
        break
      case 'agents':
        agents.push(...present(listOf(value).map(agentInWords)))
        break
      case 'author':
        if (form.tool !== undefined && form.values?.includes(value.toLowerCase()) === true) {
          agents.push({ tool: form.tool, model: undefined })
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
  for (const { tool, model } of agents) mention(tool, undefined, [model])
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

/** `claude-code/2.1.240 (claude-opus-4-6)`, `claude-code/2.1.240`, or only a model. */
function versionOf(value: string): Version {
  const [, name, version, model] = /^([^/()]{1,60})\/(\S{1,40})(?: +\(([^()]{1,100})\))?$/.exec(value) ?? []
  const tool =
    name === undefined ? undefined : (toolId(name) ?? (knownModelId(value) === undefined ? toolSlug(name) : undefined))
  if (tool === undefined) {
    return { tool: toolId(value), version: undefined, model: knownModelId(value) }
  }
  const isVersion = version !== undefined && /^v?\d[\w.+-]*$/.test(version)
  return { tool, version: isVersion ? version : undefined, model: model === undefined ? undefined : modelId(model) }
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
