/** Every view of a value, drawn from the value alone. */
import type { Inspection } from '../model/inspection.ts'
import { inspectionType } from '../model/inspection.ts'
import type { PolicyLint } from '../model/policy-lint.ts'
import { policyLintType } from '../model/policy-lint.ts'
import type { PolicyTestReport } from '../model/policy-tests.ts'
import { policyTestReportType } from '../model/policy-tests.ts'
import type { RebuildReport } from '../model/rebuild-report.ts'
import { rebuildReportType } from '../model/rebuild-report.ts'
import type { ReceiptReport } from '../model/receipt-report.ts'
import { receiptReportType } from '../model/receipt-report.ts'
import type { TrustReport } from '../model/trust-report.ts'
import { trustReportType } from '../model/trust-report.ts'
import type { Verdict } from '../model/verdict.ts'
import { verdictType } from '../model/verdict.ts'
import { jsonOf } from '../model/written-json.ts'
import { unsteeringJson } from '../one-line.ts'
import { fold } from './fold.ts'
import { inspectionText } from './inspection.ts'
import { policyLintText } from './policy-lint.ts'
import { policyTestsText } from './policy-tests.ts'
import { rebuildReportText } from './rebuild.ts'
import { receiptReportText } from './receipts.ts'
import { plainStyle } from './style.ts'
import type { Style } from './style.ts'
import { trustText } from './trust.ts'
import { verdictText } from './verdict.ts'

/**
 * The views that there are.
 *
 * @example
 * ```ts
 * import { formats } from 'countersign/report'
 *
 * console.log(formats.includes('json')) // true
 * ```
 */
export const formats = ['text', 'json'] as const
export type Format = (typeof formats)[number]

type Rendered = Verdict | Inspection | TrustReport | ReceiptReport | RebuildReport | PolicyLint | PolicyTestReport

/**
 * Verdict, inspection, or report of trust, a receipt, a rebuild, a policy or its cases → output that ends with a newline. JSON is one line, so several make a JSON Lines file.
 *
 * @example
 * ```ts
 * import { inspect, render } from 'countersign'
 * import { readFile } from 'node:fs/promises'
 *
 * for (const it of await inspect(await readFile('dist/app.tgz.sigstore.json'))) process.stdout.write(render(it, 'text'))
 * ```
 */
export function render(value: Rendered, format: Format, style: Style = plainStyle): string {
  if (format === 'json') return `${unsteeringJson(jsonOf(value))}\n`
  const text = textOf(value, style)
  return style.width === undefined ? text : fold(text, style.width)
}

function textOf(value: Rendered, style: Style): string {
  switch (value.type) {
    case verdictType:
      return verdictText(value, style)
    case inspectionType:
      return inspectionText(value, style)
    case trustReportType:
      return trustText(value, style)
    case policyLintType:
      return policyLintText(value, style)
    case policyTestReportType:
      return policyTestsText(value, style)
    case rebuildReportType:
      return rebuildReportText(value, style)
    case receiptReportType:
      return receiptReportText(value, style)
  }
}
