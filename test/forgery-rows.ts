/** The forgery table of SECURITY.md as data: each row makes its forgery with real cryptography, as somebody could. */
import { handoverForgeries } from './forgeries/handover.ts'
import { identityForgeries } from './forgeries/identity.ts'
import { materialForgeries } from './forgeries/material.ts'
import type { Forgery } from './forgeries/row.ts'
import { statementForgeries } from './forgeries/statement.ts'

export { displays } from './forgeries/displays.ts'
export { outOfReach } from './forgeries/out-of-reach.ts'

export const forgeries: readonly Forgery[] = [
  ...identityForgeries,
  ...statementForgeries,
  ...materialForgeries,
  ...handoverForgeries,
].toSorted((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
