/** Which of several transcripts of one session goes furthest: that one is its record. */
import { byText } from '../../model/text-order.ts'

export interface Progress {
  readonly iterations: number
  readonly turns: number
  /** Of the redacted form. */
  readonly bytes: number
  readonly digest: string
}

/** The furthest last. By what stands in it: whoever writes a transcript can write any time. One that holds all of another has more of it. */
export function byProgress(a: Progress, b: Progress): number {
  return a.iterations - b.iterations || a.turns - b.turns || a.bytes - b.bytes || byText(a.digest, b.digest)
}
