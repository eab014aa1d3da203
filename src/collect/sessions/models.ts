/**
 * Names of models as records write them, and the one name that stands for all of them: `Claude Opus 4.6 (1M context)`,
 * `claude-4.6-opus-high-thinking` and `us.anthropic.claude-opus-4-6-v1` are `claude-opus-4-6`.
 */
import { isUnpublishable } from '../redact/unpublishable.ts'
import { noModels } from './model-families.ts'
import { areSettings, providerEnd, readModelWords, wordsIn } from './model-words.ts'
import { toolId } from './tools.ts'

/** The longest seen, an inference profile of Bedrock, has 60. */
const maxCharacters = 96

/**
 * The name in text that stands where a model is named, as it was said. Undefined for "unknown", for a provider, a tool or a
 * version alone, and for what can be no name of a model (too long, an address, a path, a sentence). What is of no family that
 * is known must look like an id.
 */
export function modelName(text: string): string | undefined {
  const name = cleaned(cleaned(text)?.replace(/ ?\([^()]*\)$/, '') ?? '')
  const known = readModel(text, false) ?? readModel(name ?? '', false)
  if (known !== undefined) return known.said
  if (name === undefined || !mayBeSigned(name)) return undefined
  if (!/^[A-Za-z0-9][A-Za-z0-9._:/@+[\]-]*$/.test(name)) return undefined
  const isPath = name.split('/').length > 4 || name.includes(':/')
  const isSite =
    /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\.(?:ai|app|chat|cn|co|com|dev|io|net|org|sh)(?:\/|$)/i.test(name)
  const isVersion = /^v?\d[\w.+-]*$/i.test(name)
  const isOther = noModels.includes(name.toLowerCase()) || isProvider(name) || toolId(name) !== undefined
  return isPath || isSite || isVersion || isOther ? undefined : name
}

/** What is known of the place where a text stands. */
export interface Place {
  /** A tool is named beside it; else `Composer 2` and the like are other programs. */
  readonly besideTool?: boolean
  /** Its vendor says it, so that a variant of Claude may be one which this version does not know. */
  readonly byVendor?: boolean
}

/** The same for text that may be anything: only what is of a family that is known. */
export function knownModelName(text: string, { besideTool = false, byVendor = false }: Place = {}): string | undefined {
  const model = readModel(text, byVendor)
  return model === undefined || (model.needsTool && !besideTool) ? undefined : model.said
}

/** Stands for a model that nobody can name any more, as where a redaction took its name. */
export const unknownModel = 'unknown'

/** Whether a text is what {@link modelName} or {@link knownModelName} gave. */
export function isModelName(text: string): boolean {
  return modelName(text) === text || knownModelName(text, { besideTool: true, byVendor: true }) === text
}

/** The normal form of a name that {@link modelName} gave; the name itself where none is known. */
export function normalModel(name: string): string {
  const id = readModel(name, true)?.id
  return id !== undefined && readModel(id, true)?.id === id && modelName(id) === id ? id : name
}

/** Whether text names who serves a model, and no model: `AWS`, `Vertex AI`. */
export function isProvider(text: string): boolean {
  const words = wordsIn(text)
  return words.length > 0 && providerEnd(words) === words.length
}

interface Model {
  readonly said: string
  readonly id: string
  readonly needsTool: boolean
}

/**
 * What stands before a name: who speaks (`Crush:`, `bedrock:`), and the region and vendor of an id on Bedrock
 * (`us.anthropic.`).
 */
const prefix = /^(?:([A-Za-z0-9._ -]{1,40}?):(?!\/\/) ?)?((?:[a-z][a-z0-9-]{1,15}\.){0,2})(?=[a-z])/i

/** A history says the same few names again and again; for each whether it was read `open`. */
const kept = { open: new Map<string, Model | undefined>(), closed: new Map<string, Model | undefined>() }
const mostKept = 1_000

function readModel(text: string, open: boolean): Model | undefined {
  // No name is so long, and nothing that long is worth keeping.
  if (text.length > 4 * maxCharacters) return undefined
  const known = open ? kept.open : kept.closed
  const before = known.get(text)
  if (before !== undefined || known.has(text)) return before
  // A string of its own: a part of a string keeps all of it in memory, here a whole message.
  const own = Buffer.from(text).toString()
  const model = readUntilSame(own, open)
  if (known.size === mostKept) known.clear()
  known.set(own, model)
  return model
}

/** Until what was said reads as itself: brackets that are none and the like leave a text that is shorter once more. */
function readUntilSame(text: string, open: boolean): Model | undefined {
  let read = text
  for (let times = 0; times < 4; times += 1) {
    const model = readOnce(read, open)
    if (model === undefined || model.said === read) return model
    read = model.said
  }
  return undefined
}

function readOnce(text: string, open: boolean): Model | undefined {
  const clean = cleaned(text)
  if (clean === undefined || clean.includes(':/')) return undefined
  return readSteps(clean, [clean], open) ?? readSteps(clean, clean.split('/'), open)
}

/** A path, as gateways write it: the last of its steps is the model. */
function readSteps(clean: string, steps: readonly string[], open: boolean): Model | undefined {
  if (steps.some((it, at) => it === '' || (at < steps.length - 1 && /[()[\]]/.test(it)))) return undefined
  // Two models, or a model and its effort: the first stands.
  const earlier = steps.slice(0, -1).find((it) => readName(it, open) !== undefined)
  if (earlier !== undefined) return readSteps(clean.slice(0, clean.indexOf(earlier) + earlier.length), [earlier], open)
  const last = steps.at(-1) ?? ''
  const [before = '', speaker, vendor = ''] = prefix.exec(last) ?? []
  const behindSpeaker = before.length - vendor.length
  for (const start of new Set([0, vendor.length === before.length ? before.length : behindSpeaker, before.length])) {
    const found = readName(last.slice(start), open)
    if (found === undefined) continue
    const offset = clean.length - last.length
    // A harness or a provider is said with the model; another name, a folder or an account (`arn:aws:…`) could be anybody's.
    const isSaid =
      speaker === undefined || start < behindSpeaker || isProvider(speaker) || toolId(speaker) !== undefined
    const arePlain = steps.length <= 4 && steps.slice(0, -1).every((it) => /^[@~]?[A-Za-z0-9._-]{1,40}$/.test(it))
    const said = clean.slice(isSaid ? (arePlain ? 0 : offset) : offset + behindSpeaker, offset + start + found.length)
    // Its normal form is in lower case, where no token is seen any more.
    if (isUnpublishable(last.slice(start, start + found.length))) return undefined
    const isSound = mayBeSigned(said) && /^[A-Za-z0-9@~][A-Za-z0-9 ._:,/@+[\]()~-]*$/.test(said)
    const id = found.id.length <= maxCharacters ? found.id : undefined
    const sound = isSound ? said : id
    if (sound === undefined) return undefined
    return { said: sound, id: id ?? sound, needsTool: found.needsTool }
  }
  return undefined
}

function mayBeSigned(name: string): boolean {
  return name.length <= maxCharacters && !isUnpublishable(name)
}

/** Where a name ends and the text goes on: `GLM-5 via Crush`, `Claude Opus 4.6 + a tool`. */
const goesOn = / (?:via|through|using|with|inside|in|on|from|by|and|for|running|[&+/|-]) /i

/** One line of visible ASCII with plain hyphens and single blanks, as far as a name can reach; undefined without any. */
function cleaned(text: string): string | undefined {
  if (text.length > 4 * maxCharacters) return undefined
  const line = text
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[ \t\u00a0\u2007\u2009\u202f]+/g, ' ')
    .replace(/^[ `*"']*(?:@ |models?:? )?/i, '')
  const name = line.slice(0, goesOn.exec(line)?.index ?? line.length).replace(/[ `*"',;.]+$/, '')
  return /^[ -~]+$/.test(name) && name.length <= 2 * maxCharacters ? name : undefined
}

interface Found {
  readonly id: string
  /** How much of the text is the name. */
  readonly length: number
  readonly needsTool: boolean
}

/** Brackets behind a name belong to it where they hold nothing but settings and providers: else they may be about a person. */
function readName(text: string, open: boolean): Found | undefined {
  const [all, main = '', brackets = ''] =
    /^([^()[\]]+)((?: ?(?:\([^()[\]]{0,60}\)|\[[^()[\]]{0,60}\])){0,4})/.exec(text) ?? []
  const inner = [...brackets.matchAll(/[([]([^()[\]]*)[)\]]/g)].map(([, it = '']) => it)
  // `-v1:0` ends the ids of Bedrock, with the context behind it; `:beta` is a variant of OpenRouter's, and `-beta` a model.
  const revision = /(?:[-:]v?\d{1,2}:\d{1,2}(?::\d{1,4}k)?|:beta)$/i.exec(main)?.index ?? main.length
  const words = wordsIn(main.slice(0, revision))
  const named = readModelWords(words, open)
  if (all === undefined || named === undefined) return undefined
  const isWhole = named.count === words.length
  // An id is not cut in its middle.
  if (words[named.count]?.isJoined === true) return undefined
  const end = words[named.count - 1]?.end ?? 0
  // Of a sentence that goes on behind a family and a number (`Gemini 3 weeks`) nothing is a model; `GPT-5 helped` has an id.
  if (!isWhole && !named.isCertain && !/\d/.test(main.trim().split(' ')[0] ?? '')) return undefined
  const isPreview =
    named.id.startsWith('gemini-') && !named.id.includes('preview') && /[([]preview[)\]]/i.test(brackets)
  const withBrackets = inner.length > 0 && inner.every(isAbout) ? all.length : main.trimEnd().length
  const length = isWhole ? withBrackets : end
  return { id: isPreview ? `${named.id}-preview` : named.id, length, needsTool: named.needsTool }
}

function isAbout(inBrackets: string): boolean {
  const words = wordsIn(inBrackets)
  return areSettings(words) || readModelWords(words, false)?.count === words.length
}
