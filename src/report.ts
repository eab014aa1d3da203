/**
 * Views of a verdict, an inspection, a trust report, a range of changes or a lineage, each drawn from the value alone.
 *
 * @module
 */
import type { CiOutput, CiOutputRequest } from './ci-output/ci-output.ts'
import type { Alerts, AlertsRequest } from './notify/alerts.ts'
import type { DocumentFormat } from './report/document-formats.ts'
import type { Style } from './report/style.ts'
import type { VerdictSeries } from './report/verdict-series.ts'

export type { Alerts, AlertsRequest, CiOutput, CiOutputRequest, DocumentFormat, Style, VerdictSeries }
export { alertFormats } from './report/alerts/formats.ts'
export type { AlertFormat } from './report/alerts/formats.ts'
export { changeFormats, renderChanges } from './report/changes.ts'
export type { ChangeFormat } from './report/changes.ts'
export { gateFormats } from './report/gate-formats.ts'
export type { GateFormat } from './report/gate-formats.ts'
export { reasoningFormats, renderReasoning } from './report/reasoning/render.ts'
export type { ReasoningFormat } from './report/reasoning/render.ts'
export { replacementWords, unsignedWords } from './report/reasoning/replacement-words.ts'
export { writeReasoningLog } from './reasoning/write-reasoning-log.ts'
export type { ReasoningOutput, WrittenReasoning } from './reasoning/write-reasoning-log.ts'
export { renderGate } from './render-gate.ts'
export { lineageFormats, renderLineage } from './report/lineage.ts'
export type { LineageFormat } from './report/lineage.ts'
export { renderHooks } from './report/hooks.ts'
export { formats, render } from './report/index.ts'
export type { Format } from './report/index.ts'
export { renderExplanation } from './report/policy-explained.ts'
export { similarWord } from './model/similar-word.ts'
export { oneLine, unsteering, unsteeringJson } from './one-line.ts'
export { indentedJson, jsonOf } from './model/written-json.ts'
export { sessionCount, wereLookedFor } from './model/session-words.ts'
export type { Looked } from './model/session-words.ts'
export { newVerdictSeries } from './report/verdict-series.ts'
export type { Detail } from './report/verdict-series.ts'
export { plainStyle } from './report/style.ts'
export { documentFormats } from './report/document-formats.ts'
export { newVerdictDocument } from './verdict-document.ts'

/**
 * What a CI system is told of a command: outputs or variables, a summary or a report, annotations. Nothing is written before
 * `write`, and where is told by the system's own variables. Errors: `usage` where those are missing, `output-failed`,
 * `symlink-in-checkout`.
 *
 * @example
 * ```ts
 * import { resolve } from 'node:path'
 * import { judge } from 'countersign'
 * import { openCiOutput } from 'countersign/report'
 *
 * const env = { CI_PROJECT_DIR: resolve('dist') } // in a job: leave `world` out
 * const ci = await openCiOutput({ system: 'gitlab', command: 'verify', world: { env } })
 * const question = { repo: 'acme/widget', workflow: 'release.yml' }
 * ci.verdict(await judge({ artifact: 'dist/app.tgz', trust: { kind: 'file', path: 'trusted_root.json' }, question }))
 * console.log(await ci.write()) // dist/countersign-verify.env and .xml
 * ```
 */
export async function openCiOutput(request: CiOutputRequest): Promise<CiOutput> {
  return (await import('./ci-output/ci-output.ts')).openCiOutput(request)
}

/**
 * Tells addresses of what is no pass, once the verdict has been said: each by one signed POST, all within 10 s. It changes nothing in a verdict,
 * and never rejects: `send` gives a line for each address that was not told. An address is `https://…`, or `env:NAME` for the variable that
 * holds it. Error: `usage`.
 *
 * @example
 * ```ts
 * import { judge } from 'countersign'
 * import { openAlerts } from 'countersign/report'
 *
 * const alerts = await openAlerts({ command: 'verify', notify: ['env:ALERTS_URL'], notifySecret: 'env:ALERTS_SECRET' })
 * const question = { repo: 'acme/widget', workflow: 'release.yml' }
 * alerts.verdict(await judge({ artifact: 'dist/app.tgz', trust: { kind: 'file', path: 'trusted_root.json' }, question }))
 * console.log(await alerts.send()) // [] where all were told, or there was nothing to tell
 * ```
 */
export async function openAlerts(request: AlertsRequest): Promise<Alerts> {
  return (await import('./notify/alerts.ts')).openAlerts(request)
}
