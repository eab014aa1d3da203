/** The predicate types that we read, one row each. */
import type { Provenance } from '../model/evidence.ts'
import { provenanceV02, provenanceV1, readProvenanceV02, readProvenanceV1 } from './provenance.ts'

interface PredicateRow {
  readonly type: string
  read(predicate: unknown): Provenance
}

export const predicateRows: readonly PredicateRow[] = [
  { type: provenanceV1, read: readProvenanceV1 },
  { type: provenanceV02, read: readProvenanceV02 },
]

/** The view of a predicate; undefined for a type without a row. Error: `predicate-malformed`. */
export function readPredicate(type: string, predicate: unknown): Provenance | undefined {
  return predicateRows.find((row) => row.type === type)?.read(predicate)
}
