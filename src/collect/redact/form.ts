/** A form in which secrets stand in text, and the search for it. */
import type { WordPlaces, Words } from './word-places.ts'

/** From, to: places in the text. */
export type Place = readonly [number, number]

export interface Form {
  /** With the flags `dg`; the secret is its last group that matched, or the whole. Each begins with text that makes its search a linear one. */
  readonly pattern: RegExp
  /** What stands in all that it finds. */
  readonly words: Words
  /**
   * Where it may begin that has its word at a place, a few places before it at most; `anywhere`: the whole text is searched in which one of the
   * words stands. Default: with the word.
   */
  readonly begins?: 'anywhere' | ((text: string, at: number) => readonly number[])
  readonly isSecret?: (secret: string, match: readonly (string | undefined)[]) => boolean
  /** Where the secret ends that begins at a place, if it goes on. */
  readonly reach?: (text: string, place: Place, match: readonly (string | undefined)[]) => number
}

/** The places that a search of the whole text finds, by a look only at those where the form may begin. */
export function placesOf(form: Form, text: string, found: WordPlaces): readonly Place[] {
  const { pattern, words, begins } = form
  const at = found.of(words)
  if (at.length === 0) return nothing
  if (begins === 'anywhere') return searched(form, text, (from) => execAt(pattern, text, from))
  const starts = begins === undefined ? at : inOrder(at.flatMap((it) => begins(text, it)))
  const sticky = stickyOf(pattern)
  let next = 0
  return searched(form, text, (from) => {
    for (let start = starts[next]; start !== undefined; start = starts[(next += 1)]) {
      if (start < from) continue
      const match = execAt(sticky, text, start)
      if (match !== null) return match
    }
    return null
  })
}

const nothing: readonly Place[] = []

function execAt(search: RegExp, text: string, from: number): RegExpExecArray | null {
  search.lastIndex = from
  return search.exec(text)
}

/** `next`: the first match that begins there or behind. */
function searched({ isSecret, reach }: Form, text: string, next: (from: number) => RegExpExecArray | null): Place[] {
  const places: Place[] = []
  for (let match = next(0); match !== null;) {
    let behind = match.index + match[0].length
    const groups = (match.indices ?? []).filter((it) => it !== undefined)
    const [from, to] = groups.at(-1) ?? [0, 0]
    if (isSecret?.(text.slice(from, to), match) === false) {
      // Behind a name that is none there may be another: `secret: password=…`.
      if (groups.length > 1) behind = from
    } else if (to > from) {
      const end = reach?.(text, [from, to], match) ?? to
      places.push([from, end])
      behind = Math.max(behind, end)
    }
    match = next(behind)
  }
  return places
}

const stickies = new WeakMap<RegExp, RegExp>()

/** The same pattern, which matches only where it is asked to. */
function stickyOf(pattern: RegExp): RegExp {
  const known = stickies.get(pattern)
  if (known !== undefined) return known
  const made = new RegExp(pattern.source, pattern.flags.replace('g', 'y'))
  stickies.set(pattern, made)
  return made
}

function inOrder(places: readonly number[]): readonly number[] {
  return [...new Set(places)].sort((a, b) => a - b)
}
