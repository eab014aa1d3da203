/** What a check says of a change: a line of counts, a summary in Markdown, and what stands beside files. */
import type { GateReport } from '../model/gate-report.ts'
import { limits } from '../model/limits.ts'
import { holdsUnseen } from '../one-line.ts'
import { summaryOf } from '../report/ci/summary.ts'
import type { ReportedCheck } from '../report/ci/job-report.ts'
import { gateFailure, gateJob } from '../report/gate.ts'
import type { CheckToSet } from './row.ts'
import type { MarkAnnotation } from './writes.ts'

export function checkOf(report: GateReport): CheckToSet {
  const { outcome, commits, labels } = report
  const job = gateJob(report)
  const words = [
    outcome === 'pass' ? 'passes' : gateFailure(report),
    `${commits.claimed} of ${commits.total} changes name AI`,
    ...labels,
  ]
  const all = job.checks.flatMap(annotationOf)
  const shown = all.slice(0, limits.markAnnotations)
  const more = all.length === shown.length ? '' : `<p>and ${all.length - shown.length} more beside files</p>\n`
  const summary = summaryOf(job, limits.checkRunSummaryBytes - Buffer.byteLength(more)) ?? ''
  return { passes: outcome === 'pass', title: words.join('; '), summary: `${summary}${more}`, annotations: shown }
}

/** What is about a commit, or all of them, stands in the summary alone. */
function annotationOf({
  of,
  outcome,
  path,
  rule,
  code,
  expected,
  found,
  unseen,
  hint,
}: ReportedCheck): MarkAnnotation[] {
  const level = outcome === 'failed' ? 'failure' : outcome === 'warned' ? 'warning' : undefined
  if (of !== 'policy' || level === undefined || path === undefined || !isPlain(path)) return []
  const parts = [
    ...(expected === '' ? [] : [`expected ${expected}`]),
    ...(found === '' ? [] : [`found ${found}`]),
    ...(unseen === '' ? [] : [`not seen: ${unseen}`]),
    ...(hint === '' ? [] : [hint]),
  ]
  return [{ path, level, title: `${rule} (${code ?? ''})`, text: parts.join('; ') || rule }]
}

/** With one path that is none a forge refuses all others. */
function isPlain(path: string): boolean {
  const isOdd = path === '' || path.length > 1_000 || path.startsWith('/') || holdsUnseen(path) || !path.isWellFormed()
  return !isOdd && !path.split('/').includes('..')
}
