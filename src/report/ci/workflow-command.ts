/** Annotations: commands in the log of a GitHub job, the only ones that we write ourselves, with everything in them escaped. */
import { limits } from '../../model/limits.ts'
import { short } from './job-report.ts'
import type { JobReport } from './job-report.ts'

/** A line for each thing that is wrong, at most as many as are shown; warnings where the step does not fail by it. */
export function annotations(report: JobReport, kind: 'error' | 'warning'): readonly string[] {
  const { command, failure } = report
  const lines = failure === undefined ? [] : [annotation(kind, command, `${failure.message} (${failure.code})`)]
  if (report.command === 'attest') return lines
  const refused = report.rows.filter((it) => it.outcome !== 'pass')
  const count = report.counts.fail + report.counts.undecided
  // The last place is for the number of those that have none.
  const room = limits.stepAnnotations - lines.length
  const shown = count > room ? refused.slice(0, room - 1) : refused
  return [
    ...lines,
    ...shown.map((it) => annotation(kind, `${command} ${it.artifact}`, `${it.outcome}: ${it.reason} (${it.code})`)),
    ...(count > shown.length ? [annotation(kind, command, `and ${count - shown.length} more`)] : []),
  ]
}

function annotation(kind: 'error' | 'warning', title: string, message: string): string {
  return `::${kind} title=${escapedProperty(`countersign ${short(title)}`)}::${escapedData(short(message))}`
}

/** As actions/toolkit does it (packages/core/src/command.ts). */
function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
