/** The tools that one value of a message names, by its form. */
import { knownModelName } from '../models.ts'
import { unknownTool } from '../tools.ts'
import type { ToolTable } from '../tools.ts'
import { agentsInWords, agentsOfPerson } from './agent-name.ts'
import type { Agent } from './agent-name.ts'
import { agentsInFooter } from './footers.ts'
import { canBeOf } from './own-models.ts'

const agentsBy = {
  footer: agentsInFooter,
  person: (value: string, tools: ToolTable) => agentsOfPerson(value, tools),
  agents: (value: string, tools: ToolTable) => agentsInList(value.replace(/ on behalf of .*$/i, ''), false, tools),
  'ai-agents': (value: string, tools: ToolTable) => agentsInList(value, true, tools),
  surfaces: agentInSurfaces,
  yes: (value: string, tools: ToolTable) =>
    /^(?:true|yes|y|1)$/i.test(value) ? { tool: unknownTool, models: [] } : agentsInList(value, true, tools),
} as const

/** The messages of a history say the same few things over and over, so the last answers are kept, for each table. */
const keptFor = new WeakMap<ToolTable, Map<string, readonly Agent[]>>()
const mostKept = 512
const longestKept = 200

export function agentsSaid(form: keyof typeof agentsBy, value: string, tools: ToolTable): readonly Agent[] {
  if (value.length > longestKept) return [agentsBy[form](value, tools)].flat()
  const kept = keptFor.get(tools) ?? new Map<string, readonly Agent[]>()
  keptFor.set(tools, kept)
  const key = `${form} ${value}`
  const known = kept.get(key)
  if (known !== undefined) return known
  // A string of its own: a part of a string keeps all of it in memory, here a whole message.
  const agents = [agentsBy[form](Buffer.from(value).toString(), tools)].flat()
  if (kept.size === mostKept) kept.clear()
  kept.set(key, agents)
  return agents
}

/** `Claude Code (cli/claude-opus-4-5=90% web/claude-haiku-4-5=10%)`. */
function agentInSurfaces(value: string): Agent[] {
  const surfaces = /^[^()]{1,60}\(([^()]{1,400})\)$/.exec(value)?.[1]
  if (surfaces === undefined) return []
  const models = surfaces.split(/[ ,]+/).flatMap((it) => {
    const said = /^[\w-]{1,40}\/(.{1,96})=\d{1,3}%$/.exec(it)?.[1]
    return said === undefined ? [] : (knownModelName(said, { besideTool: true }) ?? [])
  })
  return [{ tool: 'claude-code', models }]
}

/** Where a tool and a model stand with a comma between them, that model is the tool's if it can be: `Claude Code, Opus 4.6`. */
function agentsInList(value: string, ai: boolean, tools: ToolTable): Agent[] {
  const agents: Agent[] = []
  for (const item of agentList(value.replace(/[,;] {0,4}(?=(?:via|through) )/gi, ' '))) {
    const named = agentsInWords(item, { ai }, tools)
    const before = agents.at(-1)
    const [only, ...others] = named
    const isOfBefore =
      before?.models.length === 0 &&
      only?.tool === unknownTool &&
      others.length === 0 &&
      (/^models?\b/i.test(item) || only.models.every((it) => canBeOf(before.tool, it)))
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
