// Made by scripts/tables.ts (npm run tables) from the files of this folder: a row is added by its file alone.
import { changeProvenance } from './change-provenance.ts'
import { deployment } from './deployment.ts'
import { policyApproval } from './policy-approval.ts'
import { provenanceV02 } from './provenance-v02.ts'
import { provenance } from './provenance.ts'
import { rebuildComparison } from './rebuild-comparison.ts'
import { sessionRedaction } from './session-redaction.ts'
import { sourceProvenance } from './source-provenance.ts'
import { tagProvenance } from './tag-provenance.ts'
import { verificationSummary } from './verification-summary.ts'
import { waiver } from './waiver.ts'
import type { PredicateRow } from './row.ts'

export const predicateRows: readonly PredicateRow[] = [
  changeProvenance,
  deployment,
  policyApproval,
  provenanceV02,
  provenance,
  rebuildComparison,
  sessionRedaction,
  sourceProvenance,
  tagProvenance,
  verificationSummary,
  waiver,
]
