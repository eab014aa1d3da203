/** The predicate of a statement, whatever its type. */
import type { Predicate } from '../model/predicate.ts'
import { predicateRows } from './index.ts'
import { provenanceV02 } from './provenance-v02.ts'
import { provenance } from './provenance.ts'

/** What a predicate says; of a type without a row it is kept as it is. Error: `predicate-malformed`. */
export function readPredicate(type: string, predicate: unknown): Predicate {
  const row = predicateRows.find((it) => it.type === type)
  return row === undefined ? { kind: 'other', type, content: predicate } : row.read(predicate)
}

/** What a verifier asks for unless it says otherwise. */
export const buildProvenanceTypes: readonly string[] = [provenance.type, provenanceV02.type]
