/**
 * Text in which characters stand as escapes of JSON, as where one text holds another's source: a secret is one however it is written. Only
 * escapes of visible ASCII are of interest, which hardly anybody writes.
 */
import type { Place } from './form.ts'

export interface UnescapedText {
  readonly text: string
  /** The same place in the text as it is written. */
  place(place: Place): Place
}

const escape = /(?<!\\)\\+(?:u00([2-7][0-9a-f])|\/)/gi

/** Undefined for a text without such an escape. However many backslashes stand before one: texts lie in texts that lie in texts. */
export function unescapedText(text: string): UnescapedText | undefined {
  if (!text.includes('\\u00') && !text.includes('\\/')) return undefined
  /** Where each piece begins: in what is made, and in the text. */
  const made: number[] = [0]
  const written: number[] = [0]
  let plain = ''
  let end = 0
  for (const { 0: whole, 1: code, index } of text.matchAll(escape)) {
    plain += text.slice(end, index)
    made.push(plain.length)
    written.push(index)
    plain += code === undefined ? '/' : String.fromCharCode(Number.parseInt(code, 16))
    end = index + whole.length
    made.push(plain.length)
    written.push(end)
  }
  if (end === 0) return undefined
  plain += text.slice(end)
  const at = (place: number): number => {
    const piece = lastNotAfter(made, place)
    return (written[piece] ?? 0) + place - (made[piece] ?? 0)
  }
  return { text: plain, place: ([from, to]) => [at(from), to === 0 ? 0 : at(to - 1) + lengthAt(to - 1)] }

  /** Of the character in the text as it is written. */
  function lengthAt(place: number): number {
    return at(place + 1) - at(place)
  }
}

/** The last of these numbers, in their order, that is not greater. */
function lastNotAfter(numbers: readonly number[], most: number): number {
  let low = 0
  let high = numbers.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((numbers[middle] ?? 0) <= most) low = middle
    else high = middle - 1
  }
  return low
}
