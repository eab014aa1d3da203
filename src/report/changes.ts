/** Views of what a range says of AI, each drawn from the same value. */
import type { RangeReport } from '../model/range-report.ts'
import { jsonOf } from '../model/written-json.ts'
import { unsteeringJson } from '../one-line.ts'
import { changesHtml } from './changes/html.ts'
import { changesMarkdown } from './changes/markdown.ts'
import { changesText } from './changes/text.ts'
import { plainStyle } from './style.ts'
import type { Style } from './style.ts'

/**
 * The views that there are of a range.
 *
 * @example
 * ```ts
 * import { changeFormats } from 'countersign/report'
 *
 * console.log(changeFormats.join()) // text,json,markdown,html
 * ```
 */
export const changeFormats = ['text', 'json', 'markdown', 'html'] as const
export type ChangeFormat = (typeof changeFormats)[number]

/**
 * What a range says of AI → output that ends with a newline. Text fits the width of the style, or 100 columns; Markdown fits a comment
 * of a forge; HTML is one file without script. What does not fit is counted; JSON (`schemas/sessions/v1`), one line, has all of it.
 *
 * @example
 * ```ts
 * import { collectRange } from 'countersign/attest'
 * import { renderChanges } from 'countersign/report'
 *
 * const report = await collectRange({ network: 'none' })
 * process.stdout.write(renderChanges(report, 'text'))
 * ```
 */
export function renderChanges(report: RangeReport, format: ChangeFormat, style: Style = plainStyle): string {
  const told = format === 'json' ? report : withOptions(report, style)
  switch (format) {
    case 'text':
      return changesText(told, style)
    case 'json':
      return `${unsteeringJson(jsonOf(report))}\n`
    case 'markdown':
      return changesMarkdown(told, style)
    case 'html':
      return changesHtml(told, style)
  }
}

/** What is missing is said in words of ours, which may name an option. */
function withOptions(report: RangeReport, style: Style): RangeReport {
  if (report.answers === undefined) return report
  const answers = report.answers.map((it) => ({ ...it, gaps: it.gaps.map((gap) => style.options(gap)) }))
  return { ...report, answers }
}
