/** Long runs of characters, as tokens and encoded text are, without a look at most of the others. */

/** Characters by their code: 1 for those of which a run is made. */
export type Characters = Uint8Array

/** `sample` has each of them. */
export function charactersOf(sample: string): Characters {
  const characters = new Uint8Array(0x1_0000)
  for (let at = 0; at < sample.length; at += 1) characters[sample.charCodeAt(at)] = 1
  return characters
}

/** From, to: each run that has at least so many characters. One that long covers one of the places that are looked at. */
export function* longRuns(
  text: string,
  within: Characters,
  least: number,
): Generator<readonly [number, number], void, undefined> {
  for (let at = least - 1; at < text.length; at += least) {
    if (within[text.charCodeAt(at)] !== 1) continue
    const from = runStart(text, within, at)
    const to = runEnd(text, within, at)
    if (to - from >= least) yield [from, to]
    at = to
  }
}

/** Where the run begins in which a place stands. */
export function runStart(text: string, within: Characters, at: number): number {
  let from = at
  while (from > 0 && within[text.charCodeAt(from - 1)] === 1) from -= 1
  return from
}

export function runEnd(text: string, within: Characters, at: number): number {
  let to = at
  while (to < text.length && within[text.charCodeAt(to)] === 1) to += 1
  return to
}
