/** Views that are one document about all verdicts, however many. */
import { limits } from '../model/limits.ts'
import { newVerdictTally } from './ci/job-report.ts'
import type { VerifyReport } from './ci/job-report.ts'
import { junitOf } from './ci/junit.ts'
import { summaryOf } from './ci/summary.ts'
import type { DocumentFormat } from './document-formats.ts'
import type { VerdictDocument } from './documents/document.ts'
import { newHtml } from './documents/html.ts'
import { newSarif } from './documents/sarif.ts'
import type { Style } from './style.ts'
import type { VerdictSeries } from './verdict-series.ts'

/** `version` is that of the program, which a document names. Nothing is written before the end. Error: `document-too-large`. */
export function documentOf(format: DocumentFormat, style: Style, version: string): VerdictSeries {
  const document = documents[format](style, version)
  return {
    add(verdict) {
      document.add(verdict)
      return ''
    },
    end: () => document.end(),
  }
}

const documents: { readonly [format in DocumentFormat]: (style: Style, version: string) => VerdictDocument } = {
  markdown: (style) => ofReport(style, (report) => `${(summaryOf(report, limits.commentBytes) ?? '').trim()}\n`),
  junit: (style) => ofReport(style, junitOf),
  sarif: newSarif,
  html: newHtml,
}

/** Drawn from what is counted and bounded while verdicts come, as the report of a CI job is. */
function ofReport(style: Style, draw: (report: VerifyReport) => string): VerdictDocument {
  const tally = newVerdictTally(style)
  return { add: (verdict) => tally.add(verdict), end: () => draw(tally.report(undefined)) }
}
