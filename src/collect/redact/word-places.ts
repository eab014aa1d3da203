/**
 * Where words stand in a text, told for many of them by one pass over it: of searches that all begin with a word each looks only
 * where its own stands. Most of a transcript holds none of any.
 */

/** Words of two characters or more. */
export interface Words {
  readonly words: readonly string[]
  /** Letters of ASCII may be in either case. Default: as they stand. */
  readonly anyCase?: boolean
}

export interface WordPlaces {
  /** Where one of them begins, each place once, in their order. */
  of(words: Words): readonly number[]
}

/** Characters of a word that are looked at in the pass; what is behind them is compared where they stand. */
const looked = 4
/** Kinds of characters, so few that four of them in a row are an index of 20 bits. */
const kindBits = 5
const kinds = 1 << kindBits
const mostRows = 1 << (looked * kindBits)

/** Letters by themselves, without their case; digits; three signs; other characters of ASCII that can be seen; and all others. */
const kindOf = new Uint8Array(0x100)
for (let code = 0x21; code < 0x7f; code += 1) kindOf[code] = kinds - 1
for (let at = 0; at < 26; at += 1) kindOf[0x41 + at] = kindOf[0x61 + at] = 1 + at
for (let at = 0; at < 10; at += 1) kindOf[0x30 + at] = 27
for (const [at, sign] of Array.from('_-.').entries()) kindOf[sign.charCodeAt(0)] = 28 + at

interface Entry {
  readonly group: number
  readonly word: string
  readonly anyCase: boolean
}

const none: readonly number[] = []

/** The search for all words of these groups. */
export function newWordSearch(groups: readonly Words[]): (text: string) => WordPlaces {
  const distinct = [...new Set(groups)]
  const groupOf = new Map(distinct.map((it, at) => [it, at] as const))
  let table: Table | undefined // made when the first text comes: most programs redact nothing
  return (text) => {
    table ??= tableOf(distinct)
    const found = placesIn(text, table, distinct.length)
    return { of: (words) => found[groupOf.get(words) ?? distinct.length] ?? none }
  }
}

interface Table {
  /** By four kinds in a row: 1 where a word may begin with such. */
  readonly marks: Uint8Array
  readonly entries: ReadonlyMap<number, readonly Entry[]>
}

function tableOf(groups: readonly Words[]): Table {
  const marks = new Uint8Array(mostRows)
  const entries = new Map<number, Entry[]>()
  for (const [group, { words, anyCase = false }] of groups.entries()) {
    for (const it of new Set(words)) {
      const entry = { group, word: anyCase ? it.toLowerCase() : it, anyCase }
      for (const row of rowsOf(it)) {
        marks[row] = 1
        const known = entries.get(row)
        if (known === undefined) entries.set(row, [entry])
        else known.push(entry)
      }
    }
  }
  return { marks, entries }
}

/** Four kinds in a row with which the word begins; behind a shorter one stands any. */
function rowsOf(word: string): number[] {
  let rows = [0]
  for (let at = 0; at < looked; at += 1) {
    const next =
      at < word.length ? [kindOf[word.charCodeAt(at)] ?? 0] : Array.from({ length: kinds }, (_, kind) => kind)
    rows = rows.flatMap((row) => next.map((kind) => row * kinds + kind))
  }
  return rows
}

/** Characters that are looked at together. Of each the lower byte: a loop over bytes is three times as fast, and what stands there is compared. */
const pieceCharacters = 64 * 1024
const piece = Buffer.alloc(pieceCharacters)

function placesIn(text: string, table: Table, groups: number): readonly (number[] | undefined)[] {
  const found = new Array<number[] | undefined>(groups)
  // Behind its end the text goes on with nothing, so that what stands there is looked at, too.
  const end = text.length + looked - 1
  for (let start = 0, row = 0; start < end; start += pieceCharacters) {
    const length = Math.min(pieceCharacters, end - start)
    const written = piece.write(text.slice(start, start + length), 'latin1')
    row = lookAt(text, { start, length, written, row }, table, found)
  }
  return found
}

interface Piece {
  readonly start: number
  readonly length: number
  readonly written: number
  /** Kinds of the last characters before it. */
  readonly row: number
}

function lookAt(
  text: string,
  { start, length, written, row: before }: Piece,
  { marks, entries }: Table,
  found: (number[] | undefined)[],
): number {
  piece.fill(0, written, length)
  let row = before
  for (let at = 0; at < length; at += 1) {
    row = ((row << kindBits) | (kindOf[piece[at] as number] as number)) & (mostRows - 1)
    if (marks[row] === 0) continue
    const from = start + at - looked + 1
    if (from >= 0) enter(text, from, entries.get(row) ?? [], found)
  }
  return row
}

function enter(text: string, from: number, entries: readonly Entry[], found: (number[] | undefined)[]): void {
  for (const { group, word, anyCase } of entries) {
    if (!(anyCase ? standsInAnyCase(text, word, from) : text.startsWith(word, from))) continue
    const places = (found[group] ??= [])
    if (places.at(-1) !== from) places.push(from)
  }
}

/** `word` is in lower case. */
function standsInAnyCase(text: string, word: string, from: number): boolean {
  for (let at = 0; at < word.length; at += 1) {
    const code = text.charCodeAt(from + at)
    const lower = code >= 0x41 && code <= 0x5a ? code + 0x20 : code
    if (lower !== word.charCodeAt(at)) return false
  }
  return true
}
