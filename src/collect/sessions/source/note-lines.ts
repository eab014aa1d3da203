/**
 * A note of `refs/notes/commits` as lines of JSON. It is the ref that git itself takes for notes, so most of what stands there in
 * other projects is what people wrote to each other: a note without a line that could be JSON is none of ours.
 */
import { limits } from '../../../model/limits.ts'

export interface NoteLines {
  /** Lines that may be bundles, without the line ends: views of the note. */
  readonly bundles: readonly Uint8Array[]
  /** Of such, those beyond the most that are read. */
  readonly beyond: number
  /** Lines that can be none, in a note that has others. */
  readonly others: number
}

const lineFeed = 0x0a
const brace = 0x7b
const blanks: readonly number[] = [0x20, 0x09, 0x0d]

export function noteLines(note: Uint8Array): NoteLines {
  const bundles: Uint8Array[] = []
  let beyond = 0
  let others = 0
  for (let start = 0; start < note.length;) {
    const feed = note.indexOf(lineFeed, start)
    const end = feed < 0 ? note.length : feed
    let first = start
    while (first < end && blanks.includes(note[first] ?? 0)) first += 1
    if (first < end) {
      if (note[first] !== brace) others += 1
      else if (bundles.length < limits.sourceLines) bundles.push(note.subarray(first, end))
      else beyond += 1
    }
    start = end + 1
  }
  return { bundles, beyond, others: bundles.length === 0 ? 0 : others }
}
