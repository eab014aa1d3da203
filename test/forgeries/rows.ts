/** The forgery table of docs/forgeries.md as data: each row makes its forgery with real cryptography, as somebody could. */
import { deploymentForgeries } from './deployment.ts'
import { handoverForgeries } from './handover.ts'
import { identityForgeries } from './identity.ts'
import { materialForgeries } from './material.ts'
import { policyForgeries } from './policy.ts'
import { rebuildForgeries } from './rebuild.ts'
import type { Forgery } from './row.ts'
import { statementForgeries } from './statement.ts'
import { summaryForgeries } from './summary.ts'

export { displays } from './displays.ts'
export { outOfReach } from './out-of-reach.ts'

export const forgeries: readonly Forgery[] = [
  ...identityForgeries,
  ...statementForgeries,
  ...materialForgeries,
  ...handoverForgeries,
  ...deploymentForgeries,
  ...rebuildForgeries,
  ...summaryForgeries,
  ...policyForgeries,
].toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
