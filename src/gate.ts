/**
 * The gate: the rules about AI before a change is merged. See the package's root for the whole library.
 *
 * @module
 */
export { gate } from './gate/gate.ts'
export type { GateRequest } from './gate/gate.ts'
export type { GateReport } from './model/gate-report.ts'
