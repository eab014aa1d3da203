/**
 * The gate: the rules about AI before a change is merged. See the package's root for the whole library.
 *
 * @module
 */
export { gate } from './gate/gate.ts'
export type { GateRequest } from './gate/gate.ts'
export { setMarks } from './marks/marks.ts'
export type { MarksRequest } from './marks/marks.ts'
export type { GateMark, GateReport } from './model/gate-report.ts'
