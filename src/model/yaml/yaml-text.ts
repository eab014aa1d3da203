/**
 * Bytes of a configuration or a policy → the value in them, and where each part stands. A small part of YAML 1.2: what would make one node of
 * another (anchors, aliases, merges), choose a type (tags) or begin another document is refused by the words of the language, before
 * anything is built.
 */
import { isUtf8 } from 'node:buffer'
import { CST, Lexer, isMap, isScalar, isSeq, parseDocument, visit } from 'yaml'
import type { Document } from 'yaml'
import { holdsUnseen } from '../../one-line.ts'
import { limits } from '../limits.ts'
import type { Malformed, Place } from './place.ts'

export interface YamlText {
  /** Of plain objects, arrays, texts, numbers, booleans and null. */
  readonly value: unknown
  /** Where a member or an item stands, or what of the way to it there is: line and column from 1. */
  placeOf(path: readonly PropertyKey[]): Place
}

/** Bytes of a text, and its lexical parts. */
export interface YamlBounds {
  readonly bytes: number
  readonly parts: number
}

const ofConfiguration: YamlBounds = { bytes: limits.configBytes, parts: limits.configParts }

/** What stands for something else, or for nothing that can be seen: controls, and marks that turn the direction of a line. */
const unseen = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069]|(?<!^)\ufeff/

/**
 * Errors: those that `malformed` makes, with the place. Linear in the text, but for keys of one mapping, of which
 * `limits` allows few.
 */
export function parseYamlText(bytes: Buffer, malformed: Malformed, bounds: YamlBounds = ofConfiguration): YamlText {
  if (bytes.length > bounds.bytes) throw malformed(undefined, `it has more than ${bounds.bytes} bytes`)
  if (!isUtf8(bytes)) throw malformed(undefined, 'it is not UTF-8')
  const text = bytes.toString('utf8')
  const at = (offset: number): Place => placeIn(text, offset)

  const hidden = unseen.exec(text)
  if (hidden !== null) throw malformed(at(hidden.index), 'a character that cannot be seen')
  refuseWords(text, at, malformed, bounds)
  refuseIndents(text, at, malformed)
  const document = parsed(text, malformed)
  const [problem] = [...document.errors, ...document.warnings]
  if (problem?.code === 'DUPLICATE_KEY') throw malformed(at(problem.pos[0]), twiceWords(document, at, problem.pos[0]))
  if (problem !== undefined) throw malformed(at(problem.pos[0]), problem.message)
  refuseTexts(document, at, malformed)
  return {
    // A file of comments alone says nothing, and that is no slip.
    value: (document.toJS({ maxAliasCount: 0 }) as unknown) ?? {},
    placeOf: (path) => at(offsetOf(document, path)),
  }
}

/** Which key stands twice, and where. Of a key only what is a plain name is told: nothing else of the file stands in a message. */
function twiceWords(document: Document.Parsed, at: (offset: number) => Place, offset: number): string {
  let words = 'a key stands twice'
  visit(document, {
    Map(_, { items }) {
      const same = items.find(({ key }) => isScalar(key) && key.range?.[0] === offset)
      if (same === undefined || !isScalar(same.key)) return undefined
      const { value } = same.key
      const first = items.find(({ key }) => isScalar(key) && key.value === value)
      const start = isScalar(first?.key) ? first.key.range?.[0] : undefined
      if (start === undefined) return visit.BREAK
      const name = /^[A-Za-z][\w-]{0,59}$/.test(String(value)) ? `"${String(value)}"` : 'a key'
      words = `${name} stands twice, in lines ${at(start).line} and ${at(offset).line}: put what is under the second under the first`
      return visit.BREAK
    },
  })
  return words
}

/** The parser goes down what is open, and slips keep much open that no count of ours knows. */
function parsed(text: string, malformed: Malformed): Document.Parsed {
  try {
    return parseDocument(text, {
      ...{ version: '1.2', schema: 'core', merge: false, strict: true, uniqueKeys: true, stringKeys: true },
      // Silent would be silent about a second document.
      ...{ prettyErrors: false, logLevel: 'error' },
    })
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    throw malformed(undefined, 'too much in it is open at a time')
  }
}

/** What the words do not show: an escape makes any character, and one key names what every object has. */
function refuseTexts(document: Document.Parsed, at: (offset: number) => Place, malformed: Malformed): void {
  visit(document, {
    Scalar(key, { value, range }) {
      if (typeof value !== 'string') return
      const place = at(range?.[0] ?? 0)
      // Its schema would leave the member out, and say nothing.
      if (key === 'key' && value === '__proto__') throw malformed(place, '__proto__ is no member of it', 'member')
      if (isUnseen(value)) throw malformed(place, 'a text in it holds a character that cannot be seen')
    },
  })
}

/** A line of several is one; half of a character is none. */
function isUnseen(text: string): boolean {
  return holdsUnseen(text.replace(/[\n\t]/g, '')) || !text.isWellFormed()
}

const refused: { readonly [type: string]: string } = {
  anchor: 'an anchor (&)',
  alias: 'an alias (*)',
  tag: 'a tag (!)',
  'directive-line': 'a directive (%)',
  'explicit-key-ind': 'a key behind ?',
  'doc-end': 'the end of a document before the end of the file',
  'flow-error-end': 'the end of something that did not begin',
}

/** What ends a pair within brackets. */
const separators: ReadonlySet<string> = new Set([
  ...['comma', 'flow-map-start', 'flow-seq-start', 'flow-map-end', 'flow-seq-end'],
])

/** The words of the language as the lexer cuts them, in one pass. Errors: those that `malformed` makes. */
function refuseWords(text: string, at: (offset: number) => Place, malformed: Malformed, bounds: YamlBounds): void {
  let offset = 0
  let parts = 0
  let [depth, inLine, documents] = [0, 0, 0]
  let isContent = false
  for (const word of new Lexer().lex(text)) {
    parts += 1
    if (parts > bounds.parts) throw malformed(at(offset), `it has more than ${bounds.parts} parts`)
    const type = isContent ? 'scalar' : CST.tokenType(word)
    // What stands behind this mark is text, whatever it begins with.
    isContent = word === CST.SCALAR && !isContent
    const why = type === null ? undefined : refused[type]
    if (why !== undefined) throw malformed(at(offset), `${why} is no part of it`)
    if (type === 'doc-mode') documents += 1
    if (documents > 1) throw malformed(at(offset), 'it is more than one document')
    if (type === 'newline' || (depth > 0 && separators.has(type ?? ''))) inLine = 0
    // A key behind a key of one line is one deeper: refused by the parser, which goes down all of them first.
    if (type === 'seq-item-ind' || type === 'map-value-ind') inLine += 1
    if (type === 'flow-map-start' || type === 'flow-seq-start') depth += 1
    if (type === 'flow-map-end' || type === 'flow-seq-end') depth -= 1
    if (Math.max(depth, inLine) > limits.configDepth) {
      throw malformed(at(offset), `it is nested more than ${limits.configDepth} deep`)
    }
    if (!isMark(word)) offset += word.length
  }
}

/** Lines that stand within each other by their indent: of a text in many lines too, which no file has so deep. */
function refuseIndents(text: string, at: (offset: number) => Place, malformed: Malformed): void {
  const open: number[] = []
  let offset = 0
  for (const line of text.split('\n')) {
    const indent = line.search(/[^ ]/)
    if (indent >= 0 && line.trim() !== '') {
      while ((open.at(-1) ?? -1) >= indent) open.pop()
      open.push(indent)
    }
    // A list and what is in it are one line deeper each.
    if (open.length > 2 * limits.configDepth) {
      throw malformed(at(offset), `it is nested more than ${limits.configDepth} deep`)
    }
    offset += line.length + 1
  }
}

/** Marks of the lexer, which stand nowhere in the text: controls were refused before. */
function isMark(word: string): boolean {
  return word === CST.SCALAR || word === CST.DOCUMENT || word === CST.FLOW_END
}

function offsetOf({ contents }: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: unknown = contents
  let offset = contents?.range[0] ?? 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step)
      if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset
      node = pair?.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = (node as { readonly range?: readonly number[] } | undefined)?.range?.[0] ?? offset
    } else break
  }
  return offset
}

function placeIn(text: string, offset: number): Place {
  const before = text.slice(0, offset).replace(/^\ufeff/, '')
  const lines = before.split('\n')
  return { line: lines.length, col: (lines.at(-1)?.length ?? 0) + 1 }
}
