/** The names of the documents about verdicts, apart from what draws them. */

/**
 * The views of verdicts that are one document: Markdown that fits a comment of a forge, SARIF 2.1.0, JUnit XML, HTML.
 *
 * @example
 * ```ts
 * import { documentFormats, formats } from 'countersign/report'
 *
 * console.log([...formats, ...documentFormats].join()) // text,json,markdown,sarif,junit,html
 * ```
 */
export const documentFormats = ['markdown', 'sarif', 'junit', 'html'] as const
export type DocumentFormat = (typeof documentFormats)[number]
