/** All of many words in a text, also where they overlap, in one pass over it (Aho and Corasick, "Efficient string matching", 1975). Pure. */
import type { Place } from '../redact/form.ts'

export interface WordSearch {
  /** What is covered by words, in order; places of words that overlap are one. `onFound` hears the number of each word, once or more often. */
  places(text: string): readonly Place[]
  /** Numbers of words that were found in no text so far. */
  unfound(): readonly number[]
}

/** Words are none twice, and none is empty. */
export function wordSearch(words: readonly string[]): WordSearch {
  const classes = new Map<number, number>()
  for (const word of words) {
    for (let at = 0; at < word.length; at += 1) {
      const code = word.charCodeAt(at)
      if (!classes.has(code)) classes.set(code, classes.size)
    }
  }
  const next = new Map<number, number>()
  const step = (state: number, of: number): number | undefined => next.get(state * classes.size + of)
  /** Of each state: the length of its word, that word, the longest ending of it that begins a word, and the next ending that is one. */
  const lengths = [0]
  const ends = [-1]
  const fails = [0]
  const shorter = [0]
  const parents: number[] = [0]
  const byClass: number[] = [0]
  const levels: number[][] = []
  for (const [index, word] of words.entries()) {
    let state = 0
    for (let at = 0; at < word.length; at += 1) {
      const of = classes.get(word.charCodeAt(at)) ?? 0
      let to = step(state, of)
      if (to === undefined) {
        to = lengths.push(0) - 1
        ends.push(-1)
        fails.push(0)
        shorter.push(0)
        parents.push(state)
        byClass.push(of)
        ;(levels[at] ??= []).push(to)
        next.set(state * classes.size + of, to)
      }
      state = to
    }
    ends[state] = index
    lengths[state] = word.length
  }
  const follow = (from: number, of: number): number => {
    let state = from
    for (;;) {
      const to = step(state, of)
      if (to !== undefined) return to
      if (state === 0) return 0
      state = fails[state] ?? 0
    }
  }
  for (const [depth, states] of levels.entries()) {
    for (const state of states) {
      const fail = depth === 0 ? 0 : follow(fails[parents[state] ?? 0] ?? 0, byClass[state] ?? 0)
      fails[state] = fail
      shorter[state] = (ends[fail] ?? -1) >= 0 ? fail : (shorter[fail] ?? 0)
    }
  }
  const heard = new Uint8Array(lengths.length)

  /** Whoever hears a word hears all that end with it, so what was heard once is not followed again. */
  function hear(from: number): void {
    for (let state = from; state !== 0 && heard[state] === 0; state = shorter[state] ?? 0) heard[state] = 1
  }

  function places(text: string): readonly Place[] {
    const covered: [number, number][] = []
    let state = 0
    for (let at = 0; at < text.length; at += 1) {
      const of = classes.get(text.charCodeAt(at))
      state = of === undefined ? 0 : follow(state, of)
      if (state === 0) continue
      const found = (ends[state] ?? -1) >= 0 ? state : (shorter[state] ?? 0)
      if (found === 0) continue
      hear(found)
      let from = at + 1 - (lengths[found] ?? 0)
      for (let last = covered.at(-1); last !== undefined && from < last[1]; last = covered.at(-1)) {
        from = Math.min(from, last[0])
        covered.pop()
      }
      covered.push([from, at + 1])
    }
    return covered
  }

  return {
    places,
    unfound: () => [...ends.entries()].flatMap(([state, word]) => (word >= 0 && heard[state] === 0 ? [word] : [])),
  }
}
