/** Places in a text that a person wrote, and how a fault at one is thrown. */
import type { CountersignError } from '../../errors.ts'

/** Both from 1. */
export interface Place {
  readonly line: number
  readonly col: number
}

/** What is thrown for a fault at a place; undefined where it has none. `member`: it is a key that nothing could ever ask by. */
export type Malformed = (place: Place | undefined, reason: string, what?: 'member') => CountersignError
