/** The shape of a predicate type in the table of `index.ts`. */
import type { Predicate } from '../model/predicate.ts'

export interface PredicateRow {
  /** URI of the type. */
  readonly type: string
  /** The predicate as it stands in a statement → what it says. Error: `predicate-malformed`. */
  read(predicate: unknown): Predicate
}
