/** The gate's views as whoever has a report asks for them. */
import type { GateReport } from './model/gate-report.ts'
import { version } from './version.ts'
import { gateView } from './report/gate.ts'
import type { GateFormat } from './report/gate-formats.ts'
import { plainStyle } from './report/style.ts'
import type { Style } from './report/style.ts'

/**
 * What the gate says of a change, in one of its views; ends with a newline. Error: `document-too-large`.
 *
 * @example
 * ```ts
 * import { gate } from 'countersign/gate'
 * import { renderGate } from 'countersign/report'
 *
 * const report = await gate({ base: 'HEAD~1', policy: 'countersign.yaml', network: 'none' })
 * process.stdout.write(renderGate(report, 'markdown'))
 * ```
 */
export function renderGate(report: GateReport, format: GateFormat, style: Style = plainStyle): string {
  return gateView(report, format, style, version)
}
