/** Documents about verdicts as whoever has some asks for them. */
import type { DocumentFormat } from './report/document-formats.ts'
import { plainStyle } from './report/style.ts'
import type { Style } from './report/style.ts'
import { documentOf } from './report/verdict-document.ts'
import type { VerdictSeries } from './report/verdict-series.ts'
import { version } from './version.ts'

/**
 * One document about all verdicts that are added: Markdown that fits a comment (60,000 bytes), SARIF 2.1.0, JUnit XML, or an HTML file
 * without script. Each `add` gives an empty text, and `end` the document. Every check that fails, is waived or was skipped is in it, or
 * counted by it. Error of `end`: `document-too-large`, where SARIF or HTML would have more than 64 Mi characters.
 *
 * @example
 * ```ts
 * import { judge } from 'countersign'
 * import { newVerdictDocument } from 'countersign/report'
 *
 * const document = newVerdictDocument('sarif')
 * const trust = { kind: 'file', path: 'trusted_root.json' } as const
 * document.add(await judge({ artifact: 'dist/app.tgz', trust, question: { repo: 'acme/widget', workflow: 'release.yml' } }))
 * console.log(JSON.parse(document.end()).version) // 2.1.0
 * ```
 */
export function newVerdictDocument(format: DocumentFormat, style: Style = plainStyle): VerdictSeries {
  return documentOf(format, style, version)
}
