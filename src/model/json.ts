/**
 * JSON from outside. A strict reading (RFC 8259, as I-JSON RFC 7493 asks): bounded depth, no duplicate member, no
 * `__proto__`. Duplicates matter here: Go's protojson refuses them, JavaScript takes the last and others the first, so a
 * signed statement with a duplicate would say different things to different verifiers.
 */
import { CountersignError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { limits } from './limits.ts'

/** A JSON value after parsing; still of unknown shape. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Bytes → JSON value. Errors: `input-too-large`, `json-malformed` (also: not UTF-8), `json-too-deep`,
 * `json-duplicate-key`, `json-forbidden-key`.
 */
export function parseJson(bytes: Uint8Array, what: string, maxBytes: number): Json {
  if (bytes.byteLength > maxBytes) {
    throw new CountersignError('input-too-large', `${what} has ${bytes.byteLength} bytes, more than ${maxBytes}`)
  }
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    throw new CountersignError('json-malformed', `${what} is not UTF-8`)
  }
  return parseJsonText(text, what)
}

/** The same for text that is already decoded; the caller has bounded its length. */
export function parseJsonText(text: string, what: string): Json {
  checkStructure(text, what)
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
 * is for JSON.parse) but never misses a member name of one that is.
 */
function checkStructure(text: string, what: string): void {
  const members: (Set<string> | null)[] = [] // a Set for an object that is open, null for an array
  let expectsName = false
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
        enter(members, new Set(), what)
        expectsName = true
        break
      case 0x5b: // [
        enter(members, null, what)
        expectsName = false
        break
      case 0x7d: // }
      case 0x5d: // ]
        members.pop()
        expectsName = false
        break
      case 0x2c: // ,
        expectsName = members.at(-1) instanceof Set
        break
      case quote: {
        const end = endOfString(text, at)
        if (end < 0) return // unterminated: JSON.parse says so
        const open = members.at(-1)
        if (expectsName && open) addMember(open, text.slice(at + 1, end), what)
        expectsName = false
        at = end
        break
      }
      default:
        break
    }
  }
}

function enter(members: (Set<string> | null)[], value: Set<string> | null, what: string): void {
  members.push(value)
  if (members.length > limits.jsonDepth) {
    throw new CountersignError('json-too-deep', `${what} is nested deeper than ${limits.jsonDepth} levels`)
  }
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

function addMember(open: Set<string>, raw: string, what: string): void {
  let name = raw
  if (raw.includes('\\')) {
    try {
      name = JSON.parse(`"${raw}"`) as string
    } catch {
      return // not JSON: JSON.parse says so
    }
  }
  if (name === '__proto__') throw new CountersignError('json-forbidden-key', `${what} has a member named __proto__`)
  if (open.has(name)) {
    throw new CountersignError(
      'json-duplicate-key',
      `${what} has the member ${JSON.stringify(name.slice(0, 80))} twice`,
    )
  }
  open.add(name)
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
export function isObject(value: unknown): value is { readonly [member: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
