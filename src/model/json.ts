/**
 * JSON from outside. A strict reading (RFC 8259, as I-JSON RFC 7493 asks): bounded depth, no duplicate member, no
 * `__proto__`. Duplicates matter here: Go's protojson refuses them, JavaScript takes the last and others the first, so a
 * signed statement with a duplicate would say different things to different verifiers.
 */
import { CountersignError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { limits } from './limits.ts'

/** A JSON value after parsing; still of unknown shape. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [member: string]: Json }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Bytes → JSON value. Errors: `input-too-large` (also: of more parts than a document has), `json-malformed` (also: not UTF-8), `json-too-deep`,
 * `json-duplicate-key`, `json-forbidden-key`.
 */
export function parseJson(bytes: Uint8Array, what: string, maxBytes: number, budget?: JsonBudget): Json {
  return parseJsonText(decode(bytes, what, maxBytes), what, budget)
}

function decode(bytes: Uint8Array, what: string, maxBytes: number): string {
  if (bytes.byteLength > maxBytes) {
    throw new CountersignError('input-too-large', `${what} has ${bytes.byteLength} bytes, more than ${maxBytes}`)
  }
  try {
    return decoder.decode(bytes)
  } catch {
    throw new CountersignError('json-malformed', `${what} is not UTF-8`)
  }
}

/** What the texts of one file may hold together; each that is read takes its part. */
export class JsonBudget {
  /** Brackets and commas that are left. */
  parts: number
  readonly #names = new Set<string>()

  constructor(fileBytes: number) {
    this.parts = limits.fileParts + Math.floor(fileBytes / limits.fileBytesPerPart)
  }

  /** Enters the name of a member. */
  name(name: string): void {
    if (this.#names.size <= limits.fileNames) this.#names.add(name)
  }

  get isSpent(): boolean {
    return this.parts < 0 || this.#names.size > limits.fileNames
  }
}

/** Takes a text off the budget of its file before it is parsed elsewhere. Errors: those of `parseJson`. */
export function spendJson(bytes: Uint8Array, what: string, maxBytes: number, budget: JsonBudget): void {
  checkStructure(decode(bytes, what, maxBytes), what, budget)
}

/** The same for text that is already decoded; the caller has bounded its length. */
export function parseJsonText(text: string, what: string, budget?: JsonBudget): Json {
  checkStructure(text, what, budget)
  if (text.trim() === '') throw new CountersignError('json-malformed', `${what} is empty`)
  try {
    return JSON.parse(text) as Json
  } catch (thrown) {
    const reason = thrown instanceof SyntaxError ? thrown.message : 'syntax error'
    // V8 quotes the input in its message; a token file or private text could be that input.
    throw new CountersignError('json-malformed', `${what} is not JSON: ${reason.replace(/,? ?"[\s\S]*$/, '')}`)
  }
}

const quote = 0x22
const backslash = 0x5c

/**
 * One pass over the text that looks only at strings, brackets, colons and commas. It accepts texts that are no JSON (that
 * is for JSON.parse) but never misses a member name of one that is. It makes nothing for an object but its names, and stops at
 * more brackets and commas than any document has: JSON.parse would make all of it before anybody could look at it.
 */
function checkStructure(text: string, what: string, budget: JsonBudget | undefined): void {
  const levels: Level[] = [] // kept for the next object at that depth
  let depth = 0
  let parts = 0
  let expectsName = false
  const part = (): void => {
    parts += 1
    if (budget !== undefined) budget.parts -= 1
    if (parts > limits.jsonParts || budget?.isSpent === true) throw tooManyParts(what)
  }
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    switch (character) {
      case 0x7b: // {
      case 0x5b: // [
        part()
        if (depth === limits.jsonDepth) {
          throw new CountersignError('json-too-deep', `${what} is nested deeper than ${limits.jsonDepth} levels`)
        }
        expectsName = character === 0x7b
        enter((levels[depth] ??= { isObject: false, names: [], count: 0, more: undefined }), expectsName)
        depth += 1
        break
      case 0x7d: // }
      case 0x5d: // ]
        depth = Math.max(depth - 1, 0)
        expectsName = false
        break
      case 0x2c: // ,
        part()
        expectsName = levels[depth - 1]?.isObject === true
        break
      case quote: {
        const end = endOfString(text, at)
        if (end < 0) return // unterminated: JSON.parse says so
        const open = levels[depth - 1]
        if (expectsName && open !== undefined) {
          const name = addMember(open, text.slice(at + 1, end), what)
          budget?.name(name)
        }
        expectsName = false
        at = end
        break
      }
      default:
        break
    }
  }
}

function tooManyParts(what: string): CountersignError {
  return new CountersignError('input-too-large', `${what} has more brackets, commas and names than is accepted`)
}

/** An object or array that is open. The names of most objects are few: a Set for each would cost more than the object. */
interface Level {
  isObject: boolean
  names: string[]
  /** How many of `names` are of this object, the others are left from one before. */
  count: number
  /** The names beyond `fewNames`. */
  more: Set<string> | undefined
}

const fewNames = 16

function enter(level: Level, isObject: boolean): void {
  level.isObject = isObject
  level.count = 0
  level.more = undefined
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    const end = text.indexOf('"', at)
    if (end < 0) return -1
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === backslash && end - 1 - slashes > start) slashes += 1
    if (slashes % 2 === 0) return end
    at = end + 1
  }
}

function addMember(open: Level, raw: string, what: string): string {
  let name = raw
  if (raw.includes('\\')) {
    try {
      name = JSON.parse(`"${raw}"`) as string
    } catch {
      return name // not JSON: JSON.parse says so
    }
  }
  if (name === '__proto__') throw new CountersignError('json-forbidden-key', `${what} has a member named __proto__`)
  if (hasMember(open, name)) {
    throw new CountersignError(
      'json-duplicate-key',
      `${what} has the member ${JSON.stringify(name.slice(0, 80))} twice`,
    )
  }
  if (open.count === fewNames) (open.more ??= new Set()).add(name)
  else {
    open.names[open.count] = name
    open.count += 1
  }
  return name
}

function hasMember({ names, count, more }: Level, name: string): boolean {
  for (let index = 0; index < count; index += 1) if (names[index] === name) return true
  return more?.has(name) === true
}

/** The error of a strict parse under the code of the thing that was parsed, its own code kept as the cause. */
export function renameFailure<T>(parse: () => T, code: ErrorCode): T {
  try {
    return parse()
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw new CountersignError(code, thrown.message, { cause: thrown })
    throw thrown
  }
}

/** True for a JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for a JSON array. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

/** The value at a path of members; null where there is none, as where it is null. */
export function memberAt(from: unknown, ...path: readonly string[]): Json {
  let current: unknown = from
  for (const member of path) {
    if (!isObject(current) || !Object.hasOwn(current, member)) return null
    current = current[member]
  }
  return (current ?? null) as Json
}

/** The text at a path of members; a number as text, all else undefined. */
export function textAt(from: unknown, ...path: readonly string[]): string | undefined {
  const value = memberAt(from, ...path)
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}
