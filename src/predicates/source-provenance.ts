/** Source provenance of the commit of a branch, as the SLSA source tools write it into git notes. */
import type { PredicateRow } from './row.ts'
import { readSourceFields } from './source-fields.ts'

export const sourceProvenance: PredicateRow = {
  type: 'https://github.com/slsa-framework/slsa-source-poc/source-provenance/v1-draft',
  read: (predicate) => ({ kind: 'source-provenance', ...readSourceFields(predicate) }),
}
