/** Annotations: commands in the log of a GitHub job, the only ones that we write ourselves, with everything in them escaped. */
import { limits } from '../../model/limits.ts'
import { cut, short } from './job-report.ts'
import type { JobReport, ReportedCheck, VerifyReport } from './job-report.ts'

/** A line for each thing that is wrong, at most as many as are shown; warnings where the step does not fail by it. */
export function annotations(report: JobReport, kind: 'error' | 'warning'): readonly string[] {
  const { command, failure } = report
  const lines = failure === undefined ? [] : [annotation(kind, command, `${failure.message} (${failure.code})`)]
  if (report.command === 'attest') return lines
  if (report.command === 'gate') return [...lines, ...checkAnnotations(report, limits.stepAnnotations - lines.length)]
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

/**
 * Of a change a line for each rule that fails, at the file that it looked at: errors, and as many warnings beside them, because a runner counts
 * the two apart.
 */
function checkAnnotations({ checks, checkCounts }: VerifyReport, room: number): readonly string[] {
  return (
    [
      ['error', 'failed'],
      ['warning', 'warned'],
    ] as const
  ).flatMap(([kind, outcome]) => {
    const all = checks.filter((it) => it.of === 'policy' && it.outcome === outcome)
    const count = checkCounts[outcome]
    const shown = count > room ? all.slice(0, room - 1) : all
    return [
      ...shown.map((it) => annotation(kind, it.rule, wordsOf(it), it.path)),
      ...(count > shown.length ? [annotation(kind, 'gate', `and ${count - shown.length} more`)] : []),
    ]
  })
}

function wordsOf({ code, place, expected, found, hint, unseen }: ReportedCheck): string {
  const parts = [
    ...(place === '' ? [] : [`at ${place}`]),
    ...(expected === '' ? [] : [`expected ${expected}`]),
    ...(found === '' ? [] : [`found ${found}`]),
    ...(unseen === '' ? [] : [`not seen: ${unseen}`]),
    ...(hint === '' ? [] : [hint]),
  ]
  return `${parts.join('; ')} (${code ?? ''})`
}

function annotation(kind: 'error' | 'warning', title: string, message: string, file?: string): string {
  const place = file === undefined ? '' : `file=${escapedProperty(short(file))},`
  return `::${kind} ${place}title=${escapedProperty(`countersign ${short(title)}`)}::${escapedData(cut(message, messageCharacters))}`
}

/** Parts of a message are cut before; a page of a change shows some thousands of letters. */
const messageCharacters = 3_000

/** As actions/toolkit does it (packages/core/src/command.ts). */
function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
