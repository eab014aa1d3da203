/** One text read as another: pieces of it stand as they are, others are replaced, and each place of what is made is one of the text. Pure. */
import type { Place } from '../redact/form.ts'

export interface Reading {
  readonly text: string
  /** All that the characters of a place were made of, in the text that was read. */
  place(place: Place): Place
}

export interface ReadingInTheMaking {
  /** In the order of the text; what lies between two is as it is. An empty `by` takes it out. */
  replace(from: number, to: number, by: string): void
  /** What `by` would stand behind. */
  last(from: number): string
  /** Undefined where nothing was replaced. */
  end(): Reading | undefined
}

/** `shown`: what stands for the text where it is as it is, of the same length. */
export function newReading(text: string, shown = text): ReadingInTheMaking {
  /** Where a piece begins in what is made, where in the text, and where there it ends, if it was replaced; else -1. */
  const made: number[] = []
  const begins: number[] = []
  const ends: number[] = []
  const parts: string[] = []
  let length = 0
  let at = 0

  const add = (part: string, from: number, to: number): void => {
    if (part === '') return
    made.push(length)
    begins.push(from)
    ends.push(to)
    parts.push(part)
    length += part.length
  }
  const pieceOf = (place: number): number => {
    let low = 0
    let high = made.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((made[middle] ?? 0) <= place) low = middle
      else high = middle - 1
    }
    return low
  }

  return {
    replace(from, to, by) {
      add(shown.slice(at, from), at, -1)
      add(by, from, to)
      at = to
    },
    last: (from) => (from > at ? shown.charAt(from - 1) : (parts.at(-1)?.at(-1) ?? '')),
    end() {
      if (at === 0) return undefined
      add(shown.slice(at), at, -1)
      return {
        text: parts.join(''),
        place([from, to]) {
          const [first, last] = [pieceOf(from), pieceOf(to - 1)]
          const start = begins[first] ?? 0
          const end = ends[last] ?? -1
          return [
            (ends[first] ?? -1) < 0 ? start + from - (made[first] ?? 0) : start,
            end < 0 ? (begins[last] ?? 0) + to - (made[last] ?? 0) : end,
          ]
        },
      }
    },
  }
}
