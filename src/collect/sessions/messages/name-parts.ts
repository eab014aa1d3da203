/** Words that name tools and models → the names in them, each with what ties it to the others. */
import { claude } from '../model-families.ts'
import { isFamily } from '../model-words.ts'
import { isProvider, knownModelName, modelName } from '../models.ts'
import type { Place } from '../models.ts'
import { knownTools } from '../tools.ts'
import type { ToolTable } from '../tools.ts'

/** One of the names that `via`, `with`, `and` and the like join. */
export interface Part {
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

const joints = / (via|through|using|with|inside|in|on|from|running|and|[&+/|-]) /i

export function partsIn(text: string, place: Place, tools: ToolTable): Part[] {
  const plain = text
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    // Tools that a kernel developer ran besides.
    .replace(/(?: \[[a-z0-9 ._/-]{2,40}\])+$/i, (it) => (/\d|via|through/i.test(it) ? it : ''))
    .replace(/ ?[([](via|through) ([^()[\]]+)[)\]]/gi, ' $1 $2')
  const texts = plain.split(joints)
  const hasTool = place.besideTool === true || texts.some((it) => tools.id(it) !== undefined)
  return texts.flatMap((part, at) =>
    at % 2 === 1
      ? []
      : [partOf(part, at === 0 ? '' : (texts[at - 1] ?? '').toLowerCase(), { ...place, besideTool: hasTool }, tools)],
  )
}

function partOf(written: string, joint: string, place: Place, tools: ToolTable): Part {
  const text = written.trim().replace(/[.,;:]+$/, '')
  const part = { joint, name: text, tool: undefined, models: [], isTied: false, isAside: false }
  // AGENT:MODEL
  const [, agent = '', behind = ''] = /^([^:()]{1,60}?) ?: ?(?!\/\/)(.+)$/.exec(text) ?? []
  const speaker = tools.id(agent)
  if (speaker !== undefined) {
    return { ...part, name: agent, tool: speaker, models: listOf(modelBehindColon(behind)), isTied: true }
  }
  const ofSlash = besideSlash(text, part, tools)
  if (ofSlash !== undefined) return ofSlash
  const tool = tools.id(text)
  // `Claude 4.5` of Anthropic's own address is a generation of models, `Claude Code 2.1` a version of the tool.
  const model = tool !== undefined && place.byVendor !== true ? undefined : knownModelName(text, place)
  if (model !== undefined) return { ...part, models: [model] }
  const variant = variantIn(text)
  if (tool === undefined && variant !== undefined) return { ...part, models: [variant] }
  if (tool !== undefined) return { ...part, tool, isTied: /\d/.test(text) }
  return (
    bracketed(text, part, place, tools) ??
    besideModel(text, part, tools) ?? { ...part, isAside: isProvider(text) || /^\(?v?\d[\w.+-]*\)?$/i.test(text) }
  )
}

/** `Claude Sonnet`, `AWS Claude Sonnet`: a line of models, in the form of an id. */
function variantIn(text: string): string | undefined {
  const [, before = '', variant = ''] = /^(.{0,40} )?claude[ -]([a-z]{3,16})$/i.exec(text) ?? []
  const isNamed = claude.variants.some((it) => it === variant.toLowerCase())
  return isNamed && (before === '' || isProvider(before)) ? `claude-${variant.toLowerCase()}` : undefined
}

/**
 * `qwen/qwen3-coder` (OpenRouter), `Qwen/Qwen3-Coder-…` (Hugging Face), `gemini/gemini-2.5-pro` (LiteLLM): ids of models, which name
 * their vendor by a word that is a tool's name as well.
 */
export function isModelOfVendor(name: string, behind: string): boolean {
  return isFamily(name) && behind.toLowerCase().startsWith(name.toLowerCase())
}

/** `Crush/AWS Claude Opus 4.6`; a version behind the slash is the tool's. */
function besideSlash(text: string, part: Part, tools: ToolTable): Part | undefined {
  const [, name = '', behind = ''] = /^([^/()]{1,60})\/([^/].*)$/.exec(text) ?? []
  if (isModelOfVendor(name, behind)) return undefined
  const tool = tools.id(name)
  const model = tool === undefined ? undefined : knownModelName(behind, { besideTool: true })
  return tool === undefined || model === undefined ? undefined : { ...part, name, tool, models: [model], isTied: true }
}

/** `A (B)`: a tool with its model or version, or another name with a model. */
function bracketed(text: string, part: Part, place: Place, tools: ToolTable): Part | undefined {
  const [, name = '', inner = ''] = /^([^()[\]]+?) ?[([](.*)[)\]]/.exec(text) ?? []
  const tool = tools.id(name)
  const models = listOf(knownModelName(inner, { besideTool: tool !== undefined || place.besideTool === true }))
  if (tool !== undefined) {
    return { ...part, name, tool, models, isTied: models.length > 0 || /^v?\d[\w.+-]*$/i.test(inner) }
  }
  return models.length > 0 ? { ...part, models } : undefined
}

/** `Claude Code Opus 4.6`: a tool, then its model, with a blank between them. */
function besideModel(text: string, part: Part, tools: ToolTable): Part | undefined {
  const words = text.trim().split(' ')
  for (let count = Math.min(words.length - 1, 4); count > 0; count -= 1) {
    const name = words.slice(0, count).join(' ')
    const tool = tools.id(name)
    const model = tool === undefined ? undefined : knownModelName(words.slice(count).join(' '), { besideTool: true })
    if (tool !== undefined && model !== undefined) return { ...part, name, tool, models: [model], isTied: true }
  }
  return undefined
}

/** The model in `Copilot Claude Opus 4.6`, where who ran it is said already. */
function withoutTool(text: string): string | undefined {
  const part = { joint: '', name: '', tool: undefined, models: [], isTied: false, isAside: false }
  return besideModel(text, part, knownTools)?.models[0]
}

/**
 * What stands behind `AGENT:`. Where it is of no known family the convention says that it is a model, but only what has the
 * form of an id can be one: `Claude:Monet` names nobody's model.
 */
export function modelBehindColon(text: string): string | undefined {
  const known = knownModelName(text, { besideTool: true }) ?? withoutTool(text)
  if (known !== undefined) return known
  // What Claude Code calls its newest ones.
  if (claude.alone.some((it) => it === text.trim())) return text.trim()
  const [first = ''] = text.trim().split(/[ ,;]/)
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(first)) return undefined // the id of a session
  const name = /^(?=.*[\d-])[a-z][a-z0-9]*(?:[._:/@+-][a-z0-9]+)*$/i.test(first) ? modelName(first) : undefined
  return name !== undefined && (/\d/.test(name) || name === name.toLowerCase()) ? name : undefined
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value]
}
