/**
 * Text as it is without the encodings in which others pass it on: percent signs, entities of HTML, hex. Only what stands around an encoded
 * character is read, since most texts have a few of them and whatever has none was read already. Pure.
 */
import { charactersOf, longRuns } from './long-runs.ts'
import { newReading } from './readings.ts'
import type { Reading } from './readings.ts'

const names: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Characters of ASCII that are seen, and ends of lines; encoded again and again, or once. */
const escape =
  /(?<!\\)\\+x([2-7][0-9a-f])|%(?:25)*(0[ad]|[2-7][0-9a-f])|&(?:amp;)*(?:#0*(1[03]|3[2-9]|[4-9]\d|1[01]\d|12[0-6]);|#x0*(0?[ad]|[2-7][0-9a-f]);|(amp|lt|gt|quot|apos);)/gi

/** What is near enough to be of one secret with an encoded character; a name of it stands before. */
const around = 256

interface Piece {
  readonly from: number
  readonly to: number
  readonly by: string
}

/** Undefined for a text with nothing encoded; places of it are places of the text. */
export function decodedText(text: string): Reading | undefined {
  const pieces = inOrder([...escapesIn(text), ...hexIn(text)])
  if (pieces.length === 0) return undefined
  const made = newReading(text)
  /** Where the last piece ends, and where what is read of its line does. */
  let end = 0
  let behind = 0
  for (const { from, to, by } of pieces) {
    if (from < end) continue
    const start = Math.max(lineStart(text, from), end)
    if (start > behind) made.replace(behind, start, apart)
    made.replace(from, to, by)
    end = to
    behind = lineEnd(text, end)
  }
  if (behind < text.length) made.replace(behind, text.length, apart)
  return made.end()
}

/** No secret reaches over it but one that was cut off. */
const apart = '\n\n'

/** Not before what is near, or a line of very many of them would be searched for each. */
function lineStart(text: string, at: number): number {
  const least = Math.max(0, at - around)
  const end = text.slice(least, at).lastIndexOf('\n')
  return end < 0 ? least : least + end + 1
}

function lineEnd(text: string, at: number): number {
  const end = text.slice(at, at + around).indexOf('\n')
  return end < 0 ? Math.min(at + around, text.length) : at + end
}

function escapesIn(text: string): Piece[] {
  if (!/[%&]|\\x/.test(text)) return []
  const pieces: Piece[] = []
  for (const match of text.matchAll(escape)) {
    const [whole, program, percent, decimal, number, name] = match
    const hex = program ?? percent ?? number
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    const by = name === undefined ? String.fromCharCode(code) : (names[name.toLowerCase()] ?? '')
    pieces.push({ from: match.index, to: match.index + whole.length, by })
  }
  return pieces
}

const ofHex = charactersOf('0123456789abcdefABCDEF')
/** Of sixteen characters: a shorter secret is none of a known form. */
const leastHex = 32
const hexLines = /[0-9a-f]{32,}(?:\r?\n[0-9a-f]{2,})*/iy

/** Digits in hex that are text, also on several lines, as `xxd -p` writes them: a digest is none. */
function hexIn(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const [from] of longRuns(text, ofHex, leastHex)) {
    if (from < end || !isText(text, from, from + leastHex)) continue
    hexLines.lastIndex = from
    const [run = ''] = hexLines.exec(text) ?? []
    end = from + run.length
    for (const { 0: pair, index } of run.matchAll(/([0-9a-f]{2})(?:\r?\n(?=[0-9a-f]))?/gi)) {
      const code = Number.parseInt(pair.slice(0, 2), 16)
      if (!isTextCode(code)) break
      pieces.push({ from: from + index, to: from + index + pair.length, by: String.fromCharCode(code) })
    }
  }
  return pieces
}

function isText(text: string, from: number, to: number): boolean {
  for (let at = from; at + 1 < to; at += 2) if (!isTextCode(Number.parseInt(text.slice(at, at + 2), 16))) return false
  return true
}

function isTextCode(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || (code >= 0x09 && code <= 0x0d)
}

function inOrder(pieces: Piece[]): Piece[] {
  return pieces.sort((a, b) => a.from - b.from)
}
