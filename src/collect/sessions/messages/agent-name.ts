/** Who is named by `Co-authored-by`, `Assisted-by` and their like, where it is a tool and not a person. */
import { claude } from '../model-families.ts'
import { isProvider, knownModelName, modelName } from '../models.ts'
import { kindOfName, toolId, toolOfAddress, toolOfSite, unknownTool } from '../tools.ts'

export interface Agent {
  readonly tool: string
  /** As they were said. */
  readonly models: readonly string[]
}

/** Longer than any that names a tool, a model and a site. */
const longestText = 200

/**
 * `Name <address>`: a tool by its address alone, for there are people called Claude and Devin. The name may tell the model
 * (`aider (gpt-5.4)`, `Claude Opus 4.6`), and `via` the harness that ran it, which can have the address of the model's vendor.
 */
export function agentOfPerson(text: string): Agent | undefined {
  const person = personIn(text)
  const owner = person === undefined ? undefined : toolOfAddress(person.address)
  if (person === undefined || owner === undefined) return undefined
  const parts = partsIn(person.name, { besideTool: true, byVendor: owner === 'claude-code' })
  return { tool: harnessIn(parts) ?? owner, models: modelsIn(parts) }
}

/** What is known of a text in words: `ai`, that it names an AI tool and nobody else. */
export interface Words {
  readonly ai: boolean
}

/**
 * Tools in words, maybe with their models: `AGENT:MODEL [tool] …` (Linux Documentation/process/coding-assistants.rst),
 * `A / B`, `A (B)`, `MODEL via TOOL` (Crush), `A`, or only a model. Somebody or something else (a person, coccinelle) is none:
 * what is not known to be a tool or a model is never recorded, for it could be a name.
 */
export function agentsInWords(text: string, { ai }: Words = { ai: false }): Agent[] {
  if (text.length > longestText) return []
  const site = /https?:\/\/[^\s<>()[\]]+/i.exec(text)?.[0]
  if (site === undefined && /<[^>]*@|\S@\S+\.[a-z]{2,}/i.test(text)) return listOf(agentOfPerson(text))
  const name = nameBeside(text)
  const owner = site === undefined ? undefined : toolOfSite(site)
  return agentsIn(partsIn(name, {}), (part) => ai || owner === part.tool || isNamedAsTool(part))
}

/**
 * `[Claude Code](https://claude.com/claude-code)` or plain words behind "generated with" and the like. A sentence can name
 * anybody, so all of it must be understood, and a name that people bear counts only with a link to the tool's own site.
 */
export function agentsInProse(text: string): Agent[] {
  if (text.length > 4 * longestText) return []
  const [, label, target = ''] =
    /^\[([^\]]{1,80})\](?:\(\s*(https?:[^\s)]{1,400})[^)]{0,100}\))?/.exec(text.trim()) ?? []
  const site =
    label === undefined ? /(?:https?:\/\/)?[a-z0-9-]+\.[a-z0-9.-]*[a-z][^\s<>()[\]]*/i.exec(text)?.[0] : target
  const owner = site === undefined ? undefined : toolOfSite(site)
  const name = nameBeside(label ?? text)
  if (name === '' && owner !== undefined) return [{ tool: owner, models: [] }]
  if (name.length > longestText) return []
  const parts = partsIn(name, {})
  const isUnderstood = parts.every(
    (part, at) => part.tool !== undefined || part.models.length > 0 || part.isAside || (at > 0 && isAddition(part)),
  )
  if (!isUnderstood) return []
  return agentsIn(parts, ({ name, tool }) => owner === tool || kindOfName(name) === 'product')
}

/** `Claude Code + a plugin v2.0.0`: whatever it is, it takes nothing from the tool before. */
function isAddition({ joint }: Part): boolean {
  return ['+', '&', 'and', 'plus', 'with', '/', '|'].includes(joint)
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

/** One of the names that `via`, `with`, `and` and the like join. */
interface Part {
  /** The word that joins it to the one before, in lower case; empty for the first. */
  readonly joint: string
  /** Without version and model. */
  readonly name: string
  readonly tool: string | undefined
  readonly models: readonly string[]
  /** A colon or bracket ties the model to the tool, or a version stands behind it: people have neither. */
  readonly isTied: boolean
  /** A provider or a version: nobody. */
  readonly isAside: boolean
}

const joints = / (via|through|using|with|inside|in|on|from|running|and|plus|[&+/|-]) /i

function partsIn(text: string, place: { readonly besideTool?: boolean; readonly byVendor?: boolean }): Part[] {
  const plain = text
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .replace(/(?: \[[a-z0-9 ._/-]{2,40}\])+$/i, (it) => (/\d/.test(it) ? it : ''))
  const texts = plain.split(joints)
  const hasTool = place.besideTool === true || texts.some((it) => toolId(it) !== undefined)
  return texts.flatMap((part, at) =>
    at % 2 === 1
      ? []
      : [partOf(part, at === 0 ? '' : (texts[at - 1] ?? '').toLowerCase(), { ...place, besideTool: hasTool })],
  )
}

function partOf(
  written: string,
  joint: string,
  place: { readonly besideTool: boolean; readonly byVendor?: boolean },
): Part {
  const text = written.trim().replace(/[.,;:]+$/, '')
  const part = { joint, name: text, tool: undefined, models: [], isTied: false, isAside: false }
  // AGENT:MODEL
  const [, agent = '', behind = ''] = /^([^:()]{1,60}?) ?: ?(?!\/\/)(.+)$/.exec(text) ?? []
  const speaker = toolId(agent)
  if (speaker !== undefined) {
    return { ...part, name: agent, tool: speaker, models: listOf(modelBehindColon(behind)), isTied: true }
  }
  const tool = toolId(text)
  // `Claude 4.5` of Anthropic's own address is a generation of models, `Claude Code 2.1` a version of the tool.
  const model = tool !== undefined && place.byVendor !== true ? undefined : knownModelName(text, place)
  if (model !== undefined) return { ...part, models: [model] }
  if (tool !== undefined) return { ...part, tool, isTied: /\d/.test(text) }
  // A (B)
  const [, name = '', inner = ''] = /^([^()]+?) ?\(([^()]*)\)$/.exec(text) ?? []
  if (name !== '') {
    const ofBrackets = toolId(name)
    const inBrackets = knownModelName(inner, { besideTool: ofBrackets !== undefined || place.besideTool })
    const models = listOf(inBrackets ?? knownModelName(name, place))
    if (ofBrackets !== undefined)
      return { ...part, name, tool: ofBrackets, models, isTied: models.length > 0 || /\d/.test(inner) }
    if (models.length > 0) return { ...part, models }
  }
  return besideModel(text, part) ?? { ...part, isAside: isProvider(text) || /^\(?v?\d[\w.+-]*\)?$/i.test(text) }
}

/** `Claude Code Opus 4.6`: a tool, then its model, with a blank between them. */
function besideModel(text: string, part: Part): Part | undefined {
  const words = text.split(' ')
  for (let count = Math.min(words.length - 1, 4); count > 0; count -= 1) {
    const name = words.slice(0, count).join(' ')
    const tool = toolId(name)
    const model = tool === undefined ? undefined : knownModelName(words.slice(count).join(' '), { besideTool: true })
    if (tool !== undefined && model !== undefined) return { ...part, name, tool, models: [model], isTied: true }
  }
  return undefined
}

/**
 * What stands behind `AGENT:`. Where it is of no known family the convention says that it is a model, but only what has the
 * form of an id can be one: `Claude:Monet` names nobody's model.
 */
export function modelBehindColon(text: string): string | undefined {
  const known = knownModelName(text, { besideTool: true })
  if (known !== undefined) return known
  // What Claude Code calls its newest ones.
  if (claude.alone.some((it) => it === text.trim())) return text.trim()
  const [first = ''] = text.trim().split(/[ ,;]/)
  const name = /^(?=.*[\d-])[a-z][a-z0-9]*(?:[._:/@+-][a-z0-9]+)*$/i.test(first) ? modelName(first) : undefined
  return name !== undefined && (/\d/.test(name) || name === name.toLowerCase()) ? name : undefined
}

function agentsIn(parts: readonly Part[], isTool: (part: Part) => boolean): Agent[] {
  const harness = harnessIn(parts)
  if (harness !== undefined) return [{ tool: harness, models: modelsIn(parts) }]
  const tools = parts.filter((part) => part.tool !== undefined && isTool(part))
  // `Claude in Cursor`: the vendor's name, and the tool that ran it.
  const own = tools.filter(
    (part) => tools.every((it) => it === part || it.joint !== 'in') || kindOfName(part.name) === 'product',
  )
  if (own.length === 0) return agentsOfModels(parts)
  const agents = own.map((part) => ({ tool: part.tool ?? unknownTool, models: [] as string[] }))
  for (const [at, part] of parts.entries()) {
    const before = own.filter((it) => parts.indexOf(it) <= at).length
    agents[Math.max(before - 1, 0)]?.models.push(...part.models)
  }
  return agents
}

/** `via` somebody: the tool that ran it, whoever made the model. Work can also come `via` a person of its name. */
function harnessIn(parts: readonly Part[]): string | undefined {
  const hasModel = parts.some(({ models }) => models.length > 0)
  return parts.findLast(
    ({ joint, name, tool }) =>
      ['via', 'through'].includes(joint) && tool !== undefined && (hasModel || kindOfName(name) !== 'first-name'),
  )?.tool
}

/** Only models: `Claude Opus 4.6` names the assistant with its model, unless it ran elsewhere; the others many tools use. */
function agentsOfModels(parts: readonly Part[]): Agent[] {
  const isElsewhere = parts.some(({ joint, isAside }) => ['via', 'through'].includes(joint) && !isAside)
  return parts.flatMap(({ models }) =>
    models.map((model) => ({
      tool: !isElsewhere && /^claude /i.test(model) ? 'claude-code' : unknownTool,
      models: [model],
    })),
  )
}

function modelsIn(parts: readonly Part[]): string[] {
  return parts.flatMap(({ models }) => models)
}

/** Where a tool is expected: a first name alone is none, unless the words around it are those that tools have. */
function isNamedAsTool({ name, joint, isTied }: Part): boolean {
  return kindOfName(name) !== 'first-name' || isTied || ['using', 'in', 'inside', 'on'].includes(joint)
}

function personIn(text: string): { readonly name: string; readonly address: string } | undefined {
  const open = text.lastIndexOf('<')
  const close = text.indexOf('>', open)
  if (open < 0 || close < 0) return undefined
  return { name: text.slice(0, open).trim().slice(0, longestText), address: text.slice(open + 1, close) }
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value]
}
