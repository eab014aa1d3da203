/**
 * JSON as it was written. JavaScript has no `12345678901234567890` and no `1e400`, makes `1` of `1.0`, `0` of `-0`, and puts
 * members called `2` and `1` before all others, in an order of its own: what was parsed and is printed again is another document.
 * So a value that is shown as a document carries its text where the two differ (DESIGN rule 15).
 *
 * Texts here are JSON: `parseJson` has read them, and so bounded their depth and parts.
 */

/** Under which a value carries its text. No enumerable member, so it neither counts in a comparison nor is copied with others. */
const written = Symbol('as it was written')

const quote = 0x22
const backslash = 0x5c

/** One member of an object, or one entry of a list (its name is empty), its value as it was written. */
export interface WrittenMember {
  readonly name: string
  readonly text: string
}

/** The same value; printed by `jsonOf`, it is as the text has it. */
export function asWritten<T extends object>(value: T, text: string | undefined): T {
  if (text === undefined || !isAltered(text)) return value
  return Object.defineProperty(value, written, { value: respelt(text, '') })
}

/**
 * What `JSON.stringify` gives, on one line and with whole numbers of any size, in which what was written otherwise is as it was written.
 *
 * @example
 * ```ts
 * import { jsonOf } from 'countersign/report'
 *
 * console.log(jsonOf({ run: 12345678901234567890n })) // {"run":12345678901234567890}
 * ```
 */
export function jsonOf(value: unknown): string {
  return printed(value) ?? 'null'
}

/**
 * JSON text over many lines, as `JSON.stringify` indents it, its numbers and the order of its members untouched.
 *
 * @example
 * ```ts
 * import { indentedJson } from 'countersign/report'
 *
 * console.log(indentedJson('{"2":1.0,"1":12345678901234567890}'))
 * ```
 */
export function indentedJson(text: string): string {
  return respelt(text, '  ')
}

/** The members of an object or the entries of a list, in their order; none of another value. */
export function membersIn(text: string): readonly WrittenMember[] {
  const members: WrittenMember[] = []
  let depth = 0
  let name = ''
  let start = 0
  let isName = false
  const end = (at: number): void => {
    const value = text.slice(start, at).trim()
    if (value !== '') members.push({ name, text: value })
    name = ''
  }
  for (const { kind, from, to } of tokens(text)) {
    if (kind === 'open') {
      depth += 1
      if (depth !== 1) continue
      isName = text.charCodeAt(from) === 0x7b
      start = to
    } else if (kind === 'close') {
      depth -= 1
      if (depth === 0) end(from)
    } else if (depth !== 1) continue
    else if (kind === 'comma') {
      end(from)
      start = to
    } else if (kind === 'colon' && isName) {
      name = JSON.parse(text.slice(start, from)) as string
      start = to
    }
  }
  return members
}

/** The text of the value at a path of members. */
export function writtenAt(text: string, ...path: readonly string[]): string | undefined {
  let current: string | undefined = text
  for (const member of path) {
    if (current === undefined) return undefined
    current = membersIn(current).find((it) => it.name === member)?.text
  }
  return current
}

/** The text of an object with just these members. */
export function objectOf(members: readonly WrittenMember[]): string {
  return `{${members.map(({ name, text }) => `${JSON.stringify(name)}:${text}`).join(',')}}`
}

function printed(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const text = (value as { readonly [written]?: string })[written]
  if (text !== undefined) return text
  if (Array.isArray(value)) return `[${value.map((it) => printed(it) ?? 'null').join(',')}]`
  const members = Object.entries(value).flatMap(([name, it]) => {
    const json = printed(it)
    return json === undefined ? [] : [`${JSON.stringify(name)}:${json}`]
  })
  return `{${members.join(',')}}`
}

/** Whether JavaScript would print it otherwise, but for blanks and for how strings are spelt, which say the same. */
function isAltered(text: string): boolean {
  let last: Token | undefined
  for (const token of tokens(text)) {
    const { kind, from, to } = token
    if (kind === 'word' && /^[-\d]/.test(text.slice(from, from + 1))) {
      const number = text.slice(from, to)
      if (JSON.stringify(Number(number)) !== number) return true
    }
    // What can be an index of an array comes first, and in the order of numbers.
    if (kind === 'colon' && last !== undefined && last.to - last.from < 64) {
      if (/^\d{1,10}$/.test(JSON.parse(text.slice(last.from, last.to)) as string)) return true
    }
    last = token
  }
  return false
}

/** The same values, with the blanks and the spelling of strings that `JSON.stringify` gives them. */
function respelt(text: string, indent: '' | '  '): string {
  const parts: string[] = []
  let depth = 0
  let isOpened = false
  const line = (): void => {
    if (indent !== '') parts.push('\n', indent.repeat(depth))
  }
  for (const { kind, from, to } of tokens(text)) {
    if (kind === 'close') depth -= 1
    // An empty object or list stays `{}` or `[]`.
    if (kind === 'close' ? !isOpened : isOpened) line()
    isOpened = kind === 'open'
    if (kind === 'open') depth += 1
    parts.push(kind === 'string' ? spelt(text.slice(from, to)) : text.slice(from, to))
    if (kind === 'comma') line()
    else if (kind === 'colon' && indent !== '') parts.push(' ')
  }
  return parts.join('')
}

function spelt(string: string): string {
  return string.includes('\\') ? JSON.stringify(JSON.parse(string)) : string
}

interface Token {
  readonly kind: 'open' | 'close' | 'comma' | 'colon' | 'string' | 'word'
  readonly from: number
  readonly to: number
}

function* tokens(text: string): Generator<Token> {
  for (let at = 0; at < text.length;) {
    const from = at
    const kind = kindOf(text.charCodeAt(at))
    at += 1
    if (kind === undefined) continue
    if (kind === 'string') at = endOfString(text, from)
    else if (kind === 'word') while (at < text.length && kindOf(text.charCodeAt(at)) === 'word') at += 1
    yield { kind, from, to: at }
  }
}

/** Undefined: a blank. */
function kindOf(character: number): Token['kind'] | undefined {
  switch (character) {
    case 0x7b: // {
    case 0x5b: // [
      return 'open'
    case 0x7d: // }
    case 0x5d: // ]
      return 'close'
    case 0x2c: // ,
      return 'comma'
    case 0x3a: // :
      return 'colon'
    case quote:
      return 'string'
    case 0x20:
    case 0x09:
    case 0x0a:
    case 0x0d:
      return undefined
    default:
      return 'word'
  }
}

/** Behind its closing quote. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const character = text.charCodeAt(at)
    if (character === quote) return at + 1
    if (character === backslash) at += 1
  }
  return text.length
}
