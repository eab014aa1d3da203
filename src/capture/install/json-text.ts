/**
 * JSON with comments as a person wrote it, read with the place of each value, so that a text can be put in or taken out and every
 * other byte stays. Comments and commas behind the last member are let be, as editors' settings have them.
 */

export interface JsonNode {
  readonly kind: 'object' | 'array' | 'string' | 'other'
  /** First character, and the one behind the last. */
  readonly start: number
  readonly end: number
  /** Of a string. */
  readonly text?: string
  readonly members: readonly JsonMember[]
}

export interface JsonMember {
  /** Undefined in an array. */
  readonly key: string | undefined
  /** Of the key, or of the value in an array. */
  readonly start: number
  readonly value: JsonNode
}

const deepest = 64

/** Undefined for what is no JSON. */
export function readJsonText(text: string): JsonNode | undefined {
  const start = behindBlanks(text, text.startsWith('\ufeff') ? 1 : 0)
  const node = start === undefined ? undefined : valueAt(text, start, 0)
  return node !== undefined && behindBlanks(text, node.end) === text.length ? node : undefined
}

export function memberOf(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.members.findLast((it) => it.key === key)?.value
}

/** Puts a member or an element behind the last one. `written` is its text on one line; `indent` that of the lines around it. */
export function withMember(text: string, node: JsonNode, written: string): string {
  const last = node.members.at(-1)
  if (last === undefined) {
    const around = lineIndent(text, node.start)
    // A comment may stand between the brackets.
    const inner = text.slice(node.start + 1, node.end - 1)
    const kept = inner.trim() === '' ? '' : inner.trimEnd()
    return `${text.slice(0, node.start + 1)}${kept}\n${around}${unitOf(text)}${written}\n${around}${text.slice(node.end - 1)}`
  }
  const comma = behindBlanks(text, last.value.end)
  const hasComma = comma !== undefined && text[comma] === ','
  const isOneLine = !text.slice(node.start, last.start).includes('\n')
  const blank = isOneLine ? ' ' : `\n${lineIndent(text, last.start)}`
  const at = hasComma ? comma + 1 : last.value.end
  return `${text.slice(0, at)}${hasComma ? '' : ','}${blank}${written}${hasComma ? ',' : ''}${text.slice(at)}`
}

/** Takes one out again, with the comma and the blanks that it was put in with. */
export function withoutMember(text: string, node: JsonNode, member: JsonMember): string {
  const at = node.members.indexOf(member)
  const [before, after] = [node.members[at - 1], node.members[at + 1]]
  if (before !== undefined) {
    return text.slice(0, before.value.end) + text.slice(member.value.end)
  }
  if (after !== undefined) return text.slice(0, member.start) + text.slice(after.start)
  const behind = behindBlanks(text, member.value.end)
  const end = behind !== undefined && text[behind] === ',' ? behind + 1 : member.value.end
  return text.slice(0, member.start).trimEnd() + text.slice(end).trimStart()
}

/** The indentation that a document uses for one step. */
function unitOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
}

function lineIndent(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

function valueAt(text: string, at: number, depth: number): JsonNode | undefined {
  const first = text[at]
  if (first === '{' || first === '[') return depth > deepest ? undefined : containerAt(text, at, depth)
  if (first === '"') {
    const end = stringEnd(text, at)
    if (end === undefined) return undefined
    const value = stringOf(text.slice(at, end))
    return value === undefined ? undefined : { kind: 'string', start: at, end, text: value, members: [] }
  }
  const word = /^(?:true|false|null|-?\d[\d.eE+-]*)/.exec(text.slice(at, at + 400))?.[0]
  return word === undefined ? undefined : { kind: 'other', start: at, end: at + word.length, members: [] }
}

function containerAt(text: string, start: number, depth: number): JsonNode | undefined {
  const isObject = text[start] === '{'
  const close = isObject ? '}' : ']'
  const members: JsonMember[] = []
  let at = behindBlanks(text, start + 1)
  while (at !== undefined && at < text.length) {
    if (text[at] === close) {
      return { kind: isObject ? 'object' : 'array', start, end: at + 1, members }
    }
    const from = at
    let key: string | undefined
    if (isObject) {
      const end = text[at] === '"' ? stringEnd(text, at) : undefined
      key = end === undefined ? undefined : stringOf(text.slice(at, end))
      const colon = end === undefined ? undefined : behindBlanks(text, end)
      if (key === undefined || colon === undefined || text[colon] !== ':') return undefined
      at = behindBlanks(text, colon + 1)
    }
    const value = at === undefined ? undefined : valueAt(text, at, depth + 1)
    if (value === undefined) return undefined
    members.push({ key, start: from, value })
    at = behindBlanks(text, value.end)
    if (at !== undefined && text[at] === ',') at = behindBlanks(text, at + 1)
    else if (at === undefined || text[at] !== close) return undefined
  }
  return undefined
}

function stringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at + 1
    else if (text[at] === '\n') return undefined
  }
  return undefined
}

function stringOf(written: string): string | undefined {
  try {
    return JSON.parse(written) as string
  } catch {
    return undefined
  }
}

/** Behind blanks and comments; undefined where a comment has no end. */
function behindBlanks(text: string, start: number): number | undefined {
  let at = start
  for (;;) {
    while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at += 1
    if (text.startsWith('//', at)) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2)
      if (end < 0) return undefined
      at = end + 2
    } else return at
  }
}
