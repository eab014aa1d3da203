/** Who is named by `Co-authored-by`, `Assisted-by` and their like, where it is a tool and not a person. */
import type { Role } from '../../../model/record.ts'
import { knownTools, unknownTool } from '../tools.ts'
import type { Owner, ToolTable } from '../tools.ts'
import { partsIn } from './name-parts.ts'
import type { Part } from './name-parts.ts'
import { canBeOf, isBeside } from './own-models.ts'

export interface Agent {
  readonly tool: string
  /** As they were said. */
  readonly models: readonly string[]
  /** What it did, where that is known. */
  readonly role?: Role | undefined
}

/** Longer than any that names a tool, a model and a site. */
const longestText = 200

/**
 * `Name <address>`: a tool by its address alone, for there are people called Claude and Devin. The name may tell the model
 * (`aider (gpt-5.4)`, `Claude Opus 4.6`), and `via` the harness that ran it, which can have the address of the model's vendor.
 */
export function agentsOfPerson(text: string, tools: ToolTable = knownTools): Agent[] {
  if (!text.includes('@')) return agentsWithoutAddress(text, tools)
  const person = personIn(text)
  const owner = person === undefined ? undefined : tools.ofAddress(person.address, person.name)
  if (person === undefined || owner === undefined) return []
  const parts = partsOfName(owner, person.name, tools)
  const agent = agentOfParts(owner, parts, tools)
  const others = parts.filter((part) => isOther(part.joint, part, agent.tool))
  const own = parts.find((part) => isHarness(part) && part.tool !== undefined && tools.isOwnName(part.name))
  return [
    { ...agent, role: owner.role },
    ...(own?.tool === undefined || own.tool === agent.tool ? [] : [{ tool: own.tool, models: [] }]),
    ...agentsOfModels(others),
  ]
}

/**
 * A co-author without an address (`Claude`, `Codex <agent>`): no forge can tell whose commit that is, and people have one there.
 * Where the whole of it is tools and models, it is taken for them; not a first name that more people than tools bear.
 */
function agentsWithoutAddress(text: string, tools: ToolTable): Agent[] {
  const name = nameBeside(text.replace(/ ?<[^<>]{0,60}>$/, ''))
  if (name === '' || name.length > longestText) return []
  const parts = partsIn(name, {}, tools)
  if (!parts.every((it) => it.tool !== undefined || it.models.length > 0 || it.isAside)) return []
  return agentsIn(parts, tools, (part) => isNamedAsTool(part, tools))
}

/** The same where it is known whose the address is; it alone, without what it did. */
export function agentOfOwner(owner: Owner, name: string, tools: ToolTable): Agent {
  return agentOfParts(owner, partsOfName(owner, name, tools), tools)
}

function partsOfName(owner: Owner, name: string, tools: ToolTable): Part[] {
  return partsIn(name.slice(0, longestText), { besideTool: true, byVendor: owner.tool === 'claude-code' }, tools)
}

function agentOfParts(owner: Owner, parts: readonly Part[], tools: ToolTable): Agent {
  const harness = harnessIn(parts, tools)
  if (harness !== undefined) return { tool: harness, models: modelsIn(parts) }
  return { tool: owner.tool, models: modelsIn(parts.filter((part) => !isOther(part.joint, part, owner.tool))) }
}

/** `Claude & GPT-5`: a model of another vendor, which nothing ties to the tool, is another assistant. */
function isOther(joint: string, { tool, models }: Part, than: string): boolean {
  return tool === undefined && isBeside(joint) && models.some((it) => !canBeOf(than, it))
}

/** What is known of a text in words: `ai`, that it names an AI tool and nobody else. */
export interface Words {
  readonly ai: boolean
}

/**
 * Tools in words, maybe with their models: `AGENT:MODEL [tool] …` (Linux Documentation/process/coding-assistants.rst),
 * `A / B`, `A (B)`, `MODEL via TOOL` (Crush), `A`, or only a model. People and other tools (coccinelle) are ignored:
 * what is not known to be a tool or a model is never recorded, for it could be a name.
 */
export function agentsInWords(text: string, { ai }: Words = { ai: false }, tools: ToolTable = knownTools): Agent[] {
  if (text.length > longestText) return []
  const account = tools.ofAccount(text)
  if (account !== undefined) return [{ tool: account, models: [] }]
  const site = /https?:\/\/[^\s<>()[\]]+/i.exec(text)?.[0]
  if (site === undefined && /<[^>]*@|\S@\S+\.[a-z]{2,}/i.test(text)) return agentsOfPerson(text, tools)
  const name = nameBeside(text)
  const owner = site === undefined ? undefined : tools.ofSite(site)
  return agentsIn(partsIn(name, {}, tools), tools, (part) => ai || owner === part.tool || isNamedAsTool(part, tools))
}

/**
 * `[Claude Code](https://claude.com/claude-code)` or plain words behind "generated with" and the like. A sentence can name
 * anybody, so all of it must be understood, and a name that people bear counts only with a link to the tool's own site, or where
 * something else says that it is no person (`isRobot`).
 */
export function agentsInProse(text: string, tools: ToolTable = knownTools, isRobot = false): Agent[] {
  if (text.length > 4 * longestText) return []
  const account = tools.ofAccount(text)
  if (account !== undefined) return [{ tool: account, models: [] }]
  const [, label, target = ''] =
    /^\[([^\]]{1,80})\](?:\(\s*(https?:[^\s)]{1,400})[^)]{0,100}\))?/.exec(text.trim()) ?? []
  const site =
    label === undefined ? /(?:https?:\/\/)?[a-z0-9-]+\.[a-z0-9.-]*[a-z][^\s<>()[\]]*/i.exec(text)?.[0] : target
  const owner = site === undefined ? undefined : tools.ofSite(site)
  const name = nameBeside(label ?? text)
  if (name === '' && owner !== undefined) return [{ tool: owner, models: [] }]
  if (name.length > longestText) return []
  const parts = partsIn(name, {}, tools)
  const isUnderstood = parts.every(
    (part, at) => part.tool !== undefined || part.models.length > 0 || part.isAside || (at > 0 && isAddition(part)),
  )
  if (!isUnderstood) return []
  return agentsIn(parts, tools, ({ name, tool }) => isRobot || owner === tool || tools.kindOfName(name) === 'product')
}

/** `Claude Code + a plugin v2.0.0`: whatever it is, it takes nothing from the tool before. */
function isAddition({ joint }: Part): boolean {
  return ['+', '&', 'and', 'with', '/', '|'].includes(joint)
}

/** The words without a site, in whatever brackets it stands. */
function nameBeside(text: string): string {
  return text
    .replace(/\[([^\]]{1,80})\]\([^)]*\)/, '$1')
    .replace(
      /[<([]?(?:https?:\/\/|(?<![^\s(<[])[a-z0-9-]{1,60}\.(?:ai|com|dev|chat|land|google)(?=[/\s)>\]]|$))[^\s<>()[\]]*[>)\]]?/i,
      '',
    )
    .trim()
    .replace(/[ :,.;]+$/, '')
}

function agentsIn(parts: readonly Part[], table: ToolTable, isTool: (part: Part) => boolean): Agent[] {
  const harness = harnessIn(parts, table)
  if (harness !== undefined) return [{ tool: harness, models: modelsIn(parts) }]
  const tools = parts.filter((part) => part.tool !== undefined && isTool(part))
  // `Claude in Cursor`: the vendor's name, and the tool that ran it.
  const own = tools.filter(
    (part) =>
      tools.every((it) => it === part || it.joint !== 'in' || table.isOwnName(it.name)) ||
      table.kindOfName(part.name) === 'product',
  )
  if (own.length === 0) return agentsOfModels(parts)
  const agents = own.map((part) => ({ tool: part.tool ?? unknownTool, models: [] as string[] }))
  const others: Part[] = []
  for (const [at, part] of parts.entries()) {
    const before = own.filter((it) => parts.indexOf(it) <= at).length
    const agent = agents[Math.max(before - 1, 0)]
    const joint = before === 0 ? (parts[at + 1]?.joint ?? '') : part.joint
    if (agent !== undefined && isOther(joint, part, agent.tool)) others.push(part)
    else agent?.models.push(...part.models)
  }
  return [...agents, ...agentsOfModels(others)]
}

/**
 * `via` somebody: the tool that ran it, whoever made the model. Work can also come `via` a person of its name. An organisation's
 * own takes nobody's place.
 */
function harnessIn(parts: readonly Part[], tools: ToolTable): string | undefined {
  const hasModel = parts.some(({ models }) => models.length > 0)
  return parts.findLast(
    (part) =>
      isHarness(part) &&
      part.tool !== undefined &&
      !tools.isOwnName(part.name) &&
      (hasModel || tools.kindOfName(part.name) !== 'first-name'),
  )?.tool
}

function isHarness({ joint }: Part): boolean {
  return joint === 'via' || joint === 'through'
}

/**
 * Only models, which many tools use: which of them it was nobody said. ChatGPT is the name of a tool and its model.
 */
function agentsOfModels(parts: readonly Part[]): Agent[] {
  return parts.flatMap(({ name, models }) =>
    models.map((model) => ({ tool: /^chatgpt/i.test(name) ? 'chatgpt' : unknownTool, models: [model] })),
  )
}

function modelsIn(parts: readonly Part[]): string[] {
  return parts.flatMap(({ models }) => models)
}

/** Where a tool is expected: a first name alone is none, unless the words around it are those that tools have. */
function isNamedAsTool({ name, joint, isTied }: Part, tools: ToolTable): boolean {
  return tools.kindOfName(name) !== 'first-name' || isTied || ['using', 'in', 'inside', 'on'].includes(joint)
}

/** `Name <address>`; some write the address without brackets, or forget the last one. */
function personIn(text: string): { readonly name: string; readonly address: string } | undefined {
  const open = text.lastIndexOf('<')
  const close = text.indexOf('>', open)
  const [, before = '', bare = ''] = /^([^<>@]{0,200}?)\s<?([^\s<>@]{1,64}@[^\s<>@]{1,255})$/.exec(text.trim()) ?? []
  if (bare !== '') return { name: before.trim(), address: bare }
  if (open < 0 || close < 0) return undefined
  return { name: text.slice(0, open).trim().slice(0, longestText), address: text.slice(open + 1, close) }
}
