/** A summary for the page of a CI job, in Markdown. */
import { wereLookedFor } from '../../model/session-words.ts'
import { fittedTable } from '../fitted-table.ts'
import { code } from '../html-text.ts'
import { saidOfAiCell } from '../sessions-said.ts'
import { outcomeOf, short, subjectsOf } from './job-report.ts'
import type { AttestReport, JobReport, VerifyReport } from './job-report.ts'

/**
 * At most so many bytes of UTF-8, rows left out from the end, with a line that counts them; undefined where not even the heading
 * has room. It begins with an empty line and ends with one.
 */
export function summaryOf(report: JobReport, maxBytes: number): string | undefined {
  return report.command === 'verify' ? verifySummary(report, maxBytes) : attestSummary(report, maxBytes)
}

function verifySummary(report: VerifyReport, maxBytes: number): string | undefined {
  const { counts, rows } = report
  const total = counts.pass + counts.fail + counts.undecided
  return fittedTable(
    {
      heading: `Countersign verify: ${counts.pass} passed, ${counts.fail} failed, ${counts.undecided} undecided`,
      lines: failureLines(report),
      columns: ['outcome', 'artifact', 'reason', 'signed by', 'built from', 'AI sessions', 'digest'],
      rows: rows.map((it) =>
        [
          it.outcome,
          it.artifact,
          it.code === '' ? '' : `${it.reason} (${it.code})`,
          it.signer,
          it.source,
          it.sessions,
          it.digest,
        ].map(cellOf),
      ),
      total,
    },
    maxBytes,
  )
}

function attestSummary(report: AttestReport, maxBytes: number): string | undefined {
  const { signed, prepared } = report
  const [first] = signed
  const facts: (readonly [string, string])[] =
    first === undefined
      ? []
      : [
          ...(signed.length === 1 ? ([['bundle', first.written ?? '']] as const) : []),
          ['signed as', first.signer],
          ['AI sessions', saidOfAiCell(first)],
          // Of commits that nobody looked at a count would read as an answer.
          ...(wereLookedFor(first.looked)
            ? ([['commits that name AI', `${first.commits.claimed} of ${first.commits.total}`]] as const)
            : []),
        ]
  const kept = (prepared ?? []).map((it) => ['kept for later', it] as const)
  const subjects = subjectsOf(report)
  return fittedTable(
    {
      heading: `Countersign attest: ${outcomeOf(report)}`,
      lines: [...failureLines(report), ...[...facts, ...kept].map(([name, value]) => `${name}: ${code(short(value))}`)],
      columns: ['subject', 'digest'],
      rows: subjects.map(({ name, digest }) =>
        [
          short(name),
          short(
            Object.entries(digest)
              .map(([algorithm, value]) => `${algorithm}:${value}`)
              .join(' '),
          ),
        ].map(cellOf),
      ),
      total: subjects.length,
    },
    maxBytes,
  )
}

function failureLines({ failure }: JobReport): readonly string[] {
  return failure === undefined ? [] : [`${code(short(failure.message))} (${failure.code})`]
}

function cellOf(text: string): string {
  return text === '' ? '' : code(text)
}
