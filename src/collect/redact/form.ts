/** A form in which secrets stand in text, and the search for it. */

/** From, to: places in the text. */
export type Place = readonly [number, number]

export interface Form {
  /** With the flags `dg`; the secret is its last group that matched, or the whole. Each begins with text that makes its search a linear one. */
  readonly pattern: RegExp
  /** False only of a text in which there is none, where that is told faster than by the search. */
  readonly mayHold?: (text: string) => boolean
  readonly isSecret?: (secret: string, match: readonly (string | undefined)[]) => boolean
  /** Where the secret ends that begins at a place, if it goes on. */
  readonly reach?: (text: string, place: Place, match: readonly (string | undefined)[]) => number
}

export function placesOf({ pattern: search, mayHold, isSecret, reach }: Form, text: string): Place[] {
  const places: Place[] = []
  if (mayHold?.(text) === false) return places
  search.lastIndex = 0
  for (let found = search.exec(text); found !== null; found = search.exec(text)) {
    const groups = (found.indices ?? []).filter((it) => it !== undefined)
    const place = groups.at(-1)
    if (place === undefined) continue
    const [from, to] = place
    if (isSecret?.(text.slice(from, to), found) === false) {
      // Behind a name that is none there may be another: `secret: password=…`.
      if (groups.length > 1) search.lastIndex = from
    } else if (to > from) {
      const end = reach?.(text, place, found) ?? to
      places.push([from, end])
      search.lastIndex = Math.max(search.lastIndex, end)
    }
  }
  return places
}
