/** The tails of private keys that were cut off at their beginning, as a log or an output that a tool shortened has them. Pure. */
import type { Place } from './form.ts'
import { privateKey } from './plain-forms.ts'
import type { WordPlaces } from './word-places.ts'

/** With the line that ends them; of a whole key as well, but for its first line. */
export function keyTails(text: string, found: WordPlaces): Place[] {
  return found.of(privateKey).flatMap((at) => {
    const marker = beginsEnd.exec(text.slice(Math.max(0, at - 60), at))
    if (marker === null) return []
    const from = tailStart(text, at - marker[0].length)
    const behind = endsEnd.exec(text.slice(at, at + 40))?.[0].length ?? 0
    return from === undefined ? [] : [[from, at + behind] as const]
  })
}

const beginsEnd = /-{4,5} ?END [A-Z0-9 ]{0,40}$/
const endsEnd = /^PRIVATE KEY(?: BLOCK)?(?: ?-{4,5})?/
const isBase64 = /[A-Za-z0-9+/=]/
const lineBreak = /(?:\s|\\+[nr])+$/
const mostLines = 1_000
const mostOfLine = 256
/** Of all but the last two lines: a word alone in its line is hardly as long. */
const leastOfLine = 16

/** Lines of base64, the last of which ends at a place; the first may be cut. Undefined for none. */
function tailStart(text: string, end: number): number | undefined {
  let at = end
  let begins: number | undefined
  for (let line = 0; line < mostLines; line += 1) {
    const ending = lineBreak.exec(text.slice(Math.max(0, at - 16), at))?.[0].length ?? 0
    if (line > 0 && ending === 0) break
    const to = at - ending
    let from = to
    while (from > 0 && to - from <= mostOfLine && isBase64.test(text.charAt(from - 1))) from -= 1
    // The letter of an escaped line end looks like one of the line.
    if (text.charAt(from - 1) === '\\' && /[nr]/.test(text.charAt(from))) from += 1
    const length = to - from
    if (length < (line < 2 ? 1 : leastOfLine) || length > mostOfLine) break
    begins = from
    at = from
  }
  return begins
}
