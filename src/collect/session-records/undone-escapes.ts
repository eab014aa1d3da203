/**
 * A text without its escapes, as whoever reads it sees it: those of JSON and of programs, of addresses, of HTML. Texts lie in texts that lie in
 * texts, so it is asked once more of what comes of it. Each search begins at most once at a run of the same characters, so it takes linear time. Pure.
 */
import { entityNamed } from './html-entities.ts'
import { newReading } from '../redact/readings.ts'
import type { Reading } from '../redact/readings.ts'

/** What a row of escaped bytes is: letters of UTF-8 where they can be, or one letter each. */
export type Bytes = 'utf-8' | 'latin-1'

const hex = '[0-9a-fA-F]'
const escape = new RegExp(
  [
    `(?<!\\\\)\\\\+(?:U(?<long>00(?:0${hex}|10)${hex}{4})|[uU](?<unit>${hex}{4})|[ux]\\{0*(?<braced>${hex}{1,6})\\}`,
    `|x(?<byte>${hex}{2})|(?<octal>[0-3][0-7]{2})|(?<mark>["'\`/]))`,
    `|%(?:25)*(?<percent>${hex}{2})`,
    `|&(?:amp;)*(?:#0*(?<decimal>[0-9]{1,7});|#[xX]0*(?<number>${hex}{1,6});|(?<entity>[A-Za-z][A-Za-z0-9]{1,7});)`,
  ].join(''),
  'g',
)

interface EscapedByte {
  readonly from: number
  readonly to: number
  readonly byte: number
}

/** Undefined where there is none; `hasLetters`: bytes were taken together, so that it may be read otherwise. */
export function withoutEscapes(
  text: string,
  bytes: Bytes,
): { readonly reading: Reading; readonly hasLetters: boolean } | undefined {
  if (!/[\\%&]/.test(text)) return undefined
  const made = newReading(text)
  let hasLetters = false
  let waiting: EscapedByte[] = []

  const flush = (): void => {
    for (const it of waiting) made.replace(it.from, it.to, String.fromCharCode(it.byte))
    waiting = []
  }
  const hear = (it: EscapedByte): void => {
    const isNext = waiting.length > 0 && waiting.at(-1)?.to === it.from && it.byte >= 0x80 && it.byte < 0xc0
    if (!isNext) flush()
    waiting.push(it)
    const length = lengthOf(waiting[0]?.byte ?? 0)
    if (bytes === 'latin-1' || length === 1) flush()
    else if (waiting.length === length) {
      const letter = Buffer.from(waiting.map(({ byte }) => byte)).toString('utf8')
      if (letter.includes('\uFFFD')) flush()
      else {
        hasLetters = true
        made.replace(waiting[0]?.from ?? 0, it.to, letter)
        waiting = []
      }
    }
  }

  for (const { 0: whole, index: from, groups = {} } of text.matchAll(escape)) {
    const to = from + whole.length
    const byte = byteOf(groups)
    if (byte !== undefined) {
      hear({ from, to, byte })
      continue
    }
    flush()
    const letter = letterOf(groups)
    if (letter !== undefined) made.replace(from, to, letter)
  }
  flush()
  const reading = made.end()
  return reading === undefined ? undefined : { reading, hasLetters }
}

/** Of UTF-8, by its first byte. */
function lengthOf(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return 1
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
}

type Groups = Readonly<Record<string, string | undefined>>

function byteOf({ byte, octal, percent }: Groups): number | undefined {
  if (octal !== undefined) return Number.parseInt(octal, 8)
  const digits = byte ?? percent
  return digits === undefined ? undefined : Number.parseInt(digits, 16)
}

function letterOf({ long, unit, braced, mark, decimal, number, entity }: Groups): string | undefined {
  if (mark !== undefined) return mark
  if (entity !== undefined) return entityNamed(entity)
  // A half of a pair finds its other half behind it.
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16))
  const point = decimal === undefined ? Number.parseInt(long ?? braced ?? number ?? '', 16) : Number(decimal)
  return point <= 0x10ffff ? String.fromCodePoint(point) : undefined
}
