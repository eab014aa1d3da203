/**
 * Views of a verdict, an inspection or a trust report, each drawn from the value alone.
 *
 * @module
 */
export { formats, render } from './report/index.ts'
export type { Format } from './report/index.ts'
export { oneLine, unsteering, unsteeringJson } from './one-line.ts'
export { plainStyle } from './report/style.ts'
export type { Style } from './report/style.ts'
