/** The views of the gate by their names: the command line names them before anything is drawn. */

/**
 * The views of a report of the gate: text, a line of JSON, Markdown for a comment, SARIF 2.1.0, JUnit XML, GitLab's code quality.
 *
 * @example
 * ```ts
 * import { gateFormats } from 'countersign/report'
 *
 * console.log(gateFormats.includes('codequality')) // true
 * ```
 */
export const gateFormats = ['text', 'json', 'markdown', 'sarif', 'junit', 'codequality'] as const
export type GateFormat = (typeof gateFormats)[number]
