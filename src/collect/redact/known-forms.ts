/**
 * Secrets by their form, beside those that secretlint's preset knows: private keys of every kind, tokens by what they begin with,
 * and whatever stands behind a name that says it is a secret. What is signed stays for ever, so this one would rather take out a
 * word too many.
 */
import { tokenStart } from '../../one-line.ts'
import { placesOf } from './form.ts'
import type { Place } from './form.ts'
import { charactersOf, longRuns, runEnd, runStart } from './long-runs.ts'
import type { Characters } from './long-runs.ts'
import { forms, headerWords, secretWordsIn, tokenWords } from './secret-words.ts'
import type { WordPlaces } from './word-places.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const word = `${letters}0123456789_`

/** Where secrets of these forms stand in a text that the caller has bounded; places may overlap. */
export function knownForms(text: string, found = secretWordsIn(text)): Place[] {
  return [...unencoded(text, found), ...encoded(text)]
}

function unencoded(text: string, found: WordPlaces): Place[] {
  const places: Place[] = []
  for (const form of forms) for (const it of placesOf(form, text, found)) places.push(it)
  return [...places, ...tokens(text, found)]
}

/**
 * Text in base64 that holds a secret, on one line or broken into lines: the key of a service account, the configuration of a
 * client. What it would be without its encoding is looked at, so it does not matter how it begins.
 */
function encoded(text: string): Place[] {
  const places: Place[] = []
  let end = 0
  for (const [from, to] of longRuns(text, ofBase64, leastEncoded)) {
    // Within what was looked at as lines of another.
    if (from < end) continue
    const isBinary = holdsControl(text, from)
    // Most stand alone, and are pictures, digests and paths.
    end = to
    if (isBinary && !/[\r\n]/.test(text.charAt(to))) continue
    encodedLines.lastIndex = from
    const [run = ''] = encodedLines.exec(text) ?? []
    end = from + run.length
    if (isBinary) continue
    const plain = Buffer.from(run, 'base64').toString('latin1')
    if (isControl.test(plain.slice(0, 64))) continue
    if (unencoded(plain, secretWordsIn(plain)).length > 0) places.push([from, end])
  }
  return places
}

const ofBase64 = charactersOf(`${word}+/-`)
const encodedLines = /[\w+/-]{32,}(?:\r?\n[ \t]{0,16}[\w+/-]{32,}){0,1000}(?:\r?\n[\w+/-]{1,76}(?==|\s|$))?={0,2}/y
const isControl = /[\0-\x08\x0e-\x1f]/

const leastEncoded = 32
/** What each character of base64 stands for, in either alphabet. */
const sixBits = new Uint8Array(0x80)
for (const [at, it] of Array.from(`${letters}0123456789+/`).entries()) sixBits[it.charCodeAt(0)] = at
sixBits['-'.charCodeAt(0)] = 62
sixBits['_'.charCodeAt(0)] = 63

/** Whether the first bytes of such a run have a control character among them, without making anything of it. */
function holdsControl(text: string, from: number): boolean {
  for (let at = from; at < from + leastEncoded; at += 4) {
    const bits =
      (bitsAt(text, at) << 18) | (bitsAt(text, at + 1) << 12) | (bitsAt(text, at + 2) << 6) | bitsAt(text, at + 3)
    if (isControlCode(bits >> 16) || isControlCode((bits >> 8) & 0xff) || isControlCode(bits & 0xff)) return true
  }
  return false
}

function bitsAt(text: string, at: number): number {
  return sixBits[text.charCodeAt(at)] ?? 0
}

/** The same as `isControl`. */
function isControlCode(code: number): boolean {
  return code < 0x09 || (code > 0x0d && code < 0x20)
}

/** Tokens that error messages are kept free of, and every JWT: base64url parts, the first of which is a JSON object. */
function tokens(text: string, found: WordPlaces): Place[] {
  const places: Place[] = []
  for (const [from, to] of runsAt(found.of(tokenWords), text, ofMarked)) {
    const start = tokenStart(text.slice(from, to))
    if (start !== undefined) places.push([from + start, to])
  }
  for (const [from, to] of runsAt(
    found.of(headerWords).filter((at) => isHeaderAt(text, at)),
    text,
    ofDotted,
  )) {
    const parts = text.slice(from, to).split('.')
    const first = parts.findIndex((part, at) => at + 2 < parts.length && isHeader(part))
    if (first >= 0) places.push([from, to])
  }
  return places
}

const ofMarked = charactersOf(`${word}.=%-`)
const ofDotted = charactersOf(`${word}.-`)
/** And two dots further on. */
const header = /(?<![\w-])[\w-]+\.[\w-]*\./y

function isHeaderAt(text: string, at: number): boolean {
  header.lastIndex = at
  return header.test(text)
}

/** The runs in which these places stand, each once. */
function* runsAt(
  places: readonly number[],
  text: string,
  within: Characters,
): Generator<readonly [number, number], void, undefined> {
  let to = 0
  for (const at of places) {
    if (at < to) continue
    to = runEnd(text, within, at)
    yield [runStart(text, within, at), to]
  }
}

function isHeader(part: string): boolean {
  const json = Buffer.from(part, 'base64url').toString('utf8')
  return /^\s*\{/.test(json) && isJson(json)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
