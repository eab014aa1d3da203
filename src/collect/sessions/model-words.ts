/** The words of a model's name → its normal form, by the tables of `model-families.ts`. */
import { anySettings, claude, families, providerWords, providers } from './model-families.ts'
import type { Family } from './model-families.ts'

/** A word of a text, in lower case. */
export interface Word {
  readonly text: string
  /** Where it ends in the text. */
  readonly end: number
  /** A hyphen or the like ties it to the word before. */
  readonly isJoined: boolean
  readonly isCapitalised: boolean
}

export interface NamedModel {
  /** The normal form. */
  readonly id: string
  /** How many of the words were understood. */
  readonly count: number
  /** Nothing but a model is called so, whatever goes on behind it. */
  readonly isCertain: boolean
  /** In `Composer 2` a model is meant only if a tool says it. */
  readonly needsTool: boolean
}

const variants: ReadonlySet<string> = new Set(claude.variants)
const variantsAlone: ReadonlySet<string> = new Set(claude.alone)
const products: ReadonlySet<string> = new Set(claude.products)
const claudeSettings: ReadonlySet<string> = new Set(claude.settings)
const settingsOfAll: ReadonlySet<string> = new Set(anySettings)
const providerNames: ReadonlySet<string> = new Set(providers)
const besideProvider: ReadonlySet<string> = new Set(providerWords)
const familyOf: ReadonlyMap<string, Family> = new Map(families.map((row) => [row.name, row]))

/** Whether a word is what the models of a family are called by, but for Claude's. */
export function isFamily(word: string): boolean {
  return familyOf.has(word.toLowerCase())
}

/** A family and a version in one word: `qwen3`, `gpt4o`, `opus4.6`, `deepseek.v3`. */
const gluedNames = [...familyOf.keys(), 'claude', ...claude.alone].filter((it) => !/\d$/.test(it)).join('|')
const glued = new RegExp(`^(${gluedNames})\\.?(v?\\d.*)$`)

/** Blanks, hyphens, underscores, colons, commas and `@` part words. */
export function wordsIn(text: string): Word[] {
  return [...text.matchAll(/[^\s_:,;@-]+/g)].flatMap(({ 0: written, index }) => {
    const word: Word = {
      text: written.toLowerCase(),
      end: index + written.length,
      isJoined: index > 0 && !/[\s,;]/.test(text[index - 1] ?? ''),
      isCapitalised: /^[A-Z]/.test(written),
    }
    const [, family, version] = glued.exec(word.text) ?? []
    if (family === undefined || version === undefined) return [word]
    return [
      { ...word, text: family },
      { ...word, text: version, isJoined: true },
    ]
  })
}

/** How many of the first words name who serves a model (`AWS Bedrock`, `Vertex AI`). */
export function providerEnd(words: readonly Word[]): number {
  let end = 0
  for (const { text } of words) {
    if (!providerNames.has(text) && !(end > 0 && besideProvider.has(text))) break
    end += 1
  }
  return end
}

/** Whether they say only how a model was run, or who served it. */
export function areSettings(words: readonly Word[]): boolean {
  return words.every(
    ({ text }) =>
      settingsOfAll.has(text) ||
      claudeSettings.has(text) ||
      providerNames.has(text) ||
      besideProvider.has(text) ||
      ['preview', 'beta'].includes(text) ||
      /^\d{1,8}[km]?$/.test(text),
  )
}

/** `open`: a variant of Claude counts that the table does not have. Undefined where the words name no model. */
export function readModelWords(all: readonly Word[], open: boolean): NamedModel | undefined {
  let start = providerEnd(all)
  // `DeepSeek DeepSeek V3.2`: the vendor, then the family.
  if (start + 1 < all.length && all[start]?.text === all[start + 1]?.text) start += 1
  const words = all.slice(start)
  const first = words[0]?.text ?? ''
  const family = familyOf.get(first)
  const isClaude = first === 'claude' || variantsAlone.has(first)
  const named = isClaude ? readClaude(words, open) : family === undefined ? undefined : readFamily(words, family)
  return named === undefined ? undefined : { ...named, count: start + named.count }
}

/** Two digits with a point, or as Fireworks writes it: `4.6`, `4p6`; one letter before or behind: `k2.5`, `4o`. */
const versionShape = /^[a-z]?[1-9]\d?(?:[.p]\d{1,2})?[a-z]?$/
/** A size (`120b`, `a35b`), or the year and month that Mistral numbers by. */
const sizeShape = /^(?:[ae]?\d{1,4}(?:\.\d{1,2})?b|2\d[01]\d)$/

function readFamily(words: readonly Word[], family: Family): NamedModel | undefined {
  if (family.hasVersion === true) return readNumbered(words, family)
  let at = 1
  while (family.words.includes(words[at]?.text ?? '')) at += 1
  const [number, minor, day] = words.slice(at, at + 3)
  if (number === undefined || !isVersion(number, family)) return undefined
  const isMinor =
    /^[a-z]?\d{1,2}$/.test(number.text) &&
    isNumber(minor, /^\d{1,2}$/) &&
    minor?.isJoined === true &&
    !isNumber(day, /^\d+$/)
  const start = at + (isMinor ? 2 : 1)
  const count = tailEnd(words, start, family)
  const parts = [
    ...textsOf(words.slice(1, at)).filter((it) => !isUnsaid(it, number.text, family)),
    versionOf(number.text, isMinor ? minor.text : undefined, family),
    ...withoutSettings(textsOf(words.slice(start, count)), family),
  ]
  const id = `${family.name}${at === 1 ? family.join : '-'}${parts.join('-')}`
  return { id, count, isCertain: false, needsTool: family.needsTool === true }
}

function isUnsaid(word: string, version: string, { unsaid }: Family): boolean {
  return word === unsaid?.word && Number(/\d+/.exec(version)?.[0]) >= unsaid.from
}

/** `o4-mini-high`: the first word is the version. Such a short word is a model only if all others are of one, too. */
function readNumbered(words: readonly Word[], family: Family): NamedModel | undefined {
  const isOwn = words.slice(1).every(({ text }) => isTailWord(text, family) || /^\d+$/.test(text))
  if (!isOwn) return undefined
  const id = [family.name, ...withoutSettings(textsOf(words.slice(1)), family)].join('-')
  return { id, count: words.length, isCertain: false, needsTool: false }
}

const claudeTail: Pick<Family, 'words' | 'settings' | 'snapshot'> = {
  words: [],
  settings: claude.settings,
  // `claude-opus-4-6-v1` on Bedrock, `claude-3-5-sonnet-v2` on Vertex AI; a budget of tokens; `claude-sonnet-4-5-200k`.
  snapshot: /^(?:v\d{1,2}|\d{1,4}k)$/,
}

/** Variant and version in either order; the variants of old stand behind it in the normal form. */
function readClaude(words: readonly Word[], open: boolean): NamedModel | undefined {
  const isAlone = words[0]?.text !== 'claude'
  let at = isAlone ? 0 : 1
  let variant: string | undefined
  const isNext = (): boolean => variants.has(words[at]?.text ?? '')
  if (isNext()) variant = words[at++]?.text
  else if (open && isNewVariant(words.slice(at, at + 2))) variant = words[at++]?.text
  const [, major, minor] = claudeVersion.exec(words[at]?.text ?? '') ?? []
  if (major === undefined) return undefined
  const version = { major, minor }
  const isTied = words[at]?.isJoined === true
  at += 1
  const next = words[at]
  // `claude-opus-41` is Copilot's.
  if (/^[2-9]\d$/.test(major) && minor === undefined) {
    version.major = major.slice(0, 1)
    version.minor = major.slice(1)
  } else if (minor === undefined && next?.isJoined === true && isNumber(next, /^\d{1,2}$/)) {
    version.minor = next.text
    at += 1
  }
  if (variant === undefined && isNext()) variant = words[at++]?.text
  // `Claude 4.5` alone is a generation; `Claude 3 people` is none.
  if (variant === undefined && !words.slice(at).every((it) => it.isJoined || isTailWord(it.text, claudeTail)))
    return undefined
  if (isAlone && Number(version.major) < 3) return undefined
  if (variant === undefined && Number(version.major) < 3 && !isTied) return undefined
  const count = tailEnd(words, at, claudeTail)
  const tail = withoutSettings(textsOf(words.slice(at, count)), claudeTail)
  const id = [claudeId(variant, version.major, version.minor), ...tail].join('-')
  return { id, count, isCertain: variant !== undefined, needsTool: false }
}

const claudeVersion = /^v?([1-9]\d?)(?:[.p](\d{1,2}))?$/

function isNewVariant([name, version]: readonly Word[]): boolean {
  return (
    name !== undefined &&
    /^[a-z]{3,16}$/.test(name.text) &&
    !products.has(name.text) &&
    /^[1-9](?:\.\d{1,2})?$/.test(version?.text ?? '')
  )
}

function claudeId(variant: string | undefined, major: string, minor: string | undefined): string {
  const isOld = Number(major) < 3
  const version = minor === undefined || (minor === '0' && !isOld) ? major : `${major}${isOld ? '.' : '-'}${minor}`
  if (variant === undefined) return `claude-${version}`
  return Number(major) > 3 || variant === 'instant' ? `claude-${variant}-${version}` : `claude-${version}-${variant}`
}

function isVersion({ text, isJoined }: Word, { letter }: Family): boolean {
  if (letter?.required === true) return text.startsWith(letter.sign) && versionShape.test(text)
  return versionShape.test(text) || (sizeShape.test(text) && isJoined)
}

/** As the vendor writes it. */
function versionOf(text: string, minor: string | undefined, { letter, versions = {} }: Family): string {
  const plain = minor === undefined ? text.replace(/(\d)p(\d)/, '$1.$2') : `${text}.${minor}`
  const own = letter?.sign === 'v' ? plain : plain.replace(/^v(?=\d)/, '')
  const written = Object.hasOwn(versions, own) ? (versions[own] ?? own) : own
  return letter !== undefined && /^\d{1,2}(?:\.\d{1,2})?$/.test(written) ? letter.sign + written : written
}

/**
 * Where the name ends. What a hyphen ties to it belongs to it; behind a blank only words of the family and settings do, or one
 * more word with a capital that ends the text (`GPT-5.7 Luna`), for a new variant is not another model's name.
 */
function tailEnd(words: readonly Word[], start: number, family: TailWords): number {
  let end = start
  for (const { text, isJoined, isCapitalised } of words.slice(start)) {
    const isNew = family.words.length > 0 && end === words.length - 1 && isCapitalised && /^[a-z]{2,12}$/.test(text)
    if (!/^[a-z0-9]+(?:\.[a-z0-9]+)*$/.test(text) || !(isJoined || isNew || isTailWord(text, family))) break
    end += 1
  }
  return end
}

type TailWords = Pick<Family, 'words' | 'settings' | 'snapshot'>

function isTailWord(text: string, { words, settings, snapshot }: TailWords): boolean {
  return (
    words.includes(text) ||
    settings.includes(text) ||
    settingsOfAll.has(text) ||
    snapshot?.test(text) === true ||
    /^[a-z]?\d{1,4}(?:\.\d{1,2})?[bkm]$/.test(text)
  )
}

const month = /^(?:0[1-9]|1[0-2])$/
const day = /^(?:0[1-9]|[12]\d|3[01])$/
const year = /^20[2-9]\d$/
const date = /^20[2-9]\d(?:0[1-9]|1[0-2])[0-3]\d$/

/** Without the settings and dates at their end. */
function withoutSettings(words: readonly string[], { settings, snapshot }: TailWords): string[] {
  const kept = [...words]
  for (let last = kept.at(-1); last !== undefined; last = kept.at(-1)) {
    const [third = '', second = ''] = [kept.at(-3), kept.at(-2)]
    // Cursor's "max mode" stands behind an effort; in `gpt-5.1-codex-max` it is the model.
    const isMaxMode = last === 'max' && settings.includes('high') && settings.includes(second)
    if (year.test(third) && month.test(second) && day.test(last)) kept.length -= 3
    else if (month.test(second) && (year.test(last) || (snapshot !== undefined && day.test(last)))) kept.length -= 2
    else if (date.test(last) || snapshot?.test(last) === true) kept.length -= 1
    else if (settings.includes(last) || settingsOfAll.has(last) || isMaxMode) kept.length -= 1
    else return kept
  }
  return kept
}

function isNumber(word: Word | undefined, shape: RegExp): boolean {
  return word !== undefined && shape.test(word.text)
}

function textsOf(words: readonly Word[]): string[] {
  return words.map((it) => it.text)
}
