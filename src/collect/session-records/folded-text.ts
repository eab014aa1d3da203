/**
 * A text as it is compared with words: no case, no forms of one letter, each run of blanks one blank, and nothing that nobody sees. Pure.
 */
import { newReading } from '../redact/readings.ts'
import type { Reading } from '../redact/readings.ts'

/** `shown`: as a terminal shows it; `loose`: also with blanks that are written as `\n` and `+`. */
export type Folding = 'plain' | 'shown' | 'loose'
export const foldings: readonly Folding[] = ['plain', 'shown', 'loose']

const blank = String.raw`[\t-\r \x85\p{Zs}\u2028\u2029]`
// So many marks on a letter are none of a language, and to put them into their order takes time.
const letter = String.raw`\\+|\p{M}{1,30}|[^ -~]\p{M}{0,30}`
const steering = String.raw`\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)`
const patterns: { readonly [folding in Folding]: RegExp } = {
  plain: new RegExp(`(?<blanks>${blank}+)|${letter}`, 'gu'),
  shown: new RegExp(`(?<steering>${steering})|(?<blanks>${blank}+)|${letter}`, 'gu'),
  loose: new RegExp(String.raw`(?<steering>${steering})|(?<blanks>(?:${blank}|\\+[nrtfv]|\+)+)|${letter}`, 'gu'),
}
const isApart: { readonly [folding in Folding]: RegExp } = { plain: /^/, shown: /\x1b/, loose: /[+\\]/ }

/** Undefined where it is the same as a plainer one. */
export function folded(text: string, folding: Folding): Reading | undefined {
  if (!isApart[folding].test(text)) return undefined
  const small = text.replaceAll(/[A-Z]+/g, (it) => it.toLowerCase())
  const made = newReading(text, small)
  for (const { 0: whole, index: from, groups } of text.matchAll(patterns[folding])) {
    const to = from + whole.length
    if (groups?.['steering'] !== undefined) made.replace(from, to, '')
    else if (groups?.['blanks'] !== undefined) {
      const isSecond = made.last(from) === ' '
      if (whole !== ' ' || isSecond) made.replace(from, to, isSecond ? '' : ' ')
    } else if (whole.startsWith('\\')) {
      if (whole.length > 1) made.replace(from, to, '\\')
    } else {
      const by = foldedLetter(whole)
      made.replace(from, to, by.startsWith(dot) && made.last(from) === 'i' ? by.slice(1) : by)
    }
  }
  return made.end() ?? { text: small, place: (it) => it }
}

const dot = '\u0307'

/** Upper case first: some letters have but that one in common. The dot of a Turkish capital I is no letter of its own. */
function foldedLetter(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{Cc}\p{Cf}\p{DI}]/gu, '')
    .replaceAll(/\P{M}/gu, (it) => it.toUpperCase().toLowerCase().normalize('NFKD'))
    .replaceAll(`i${dot}`, 'i')
}
