/** Source provenance of a tag, which stands beside that of the branch in the note of the tagged commit. */
import type { PredicateRow } from './row.ts'
import { readSourceFields } from './source-fields.ts'

export const tagProvenance: PredicateRow = {
  type: 'https://github.com/slsa-framework/slsa-source-poc/tag-provenance/v1-draft',
  read: (predicate) => ({ kind: 'source-provenance', ...readSourceFields(predicate) }),
}
