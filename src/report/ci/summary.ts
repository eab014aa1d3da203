/** A summary for the page of a CI job, in Markdown. */
import { wereLookedFor } from '../../model/session-words.ts'
import type { RowOutcome } from '../check-rows.ts'
import { fittedTable } from '../fitted-table.ts'
import type { FittedTable } from '../fitted-table.ts'
import { code } from '../html-text.ts'
import { saidOfAiCell } from '../sessions-said.ts'
import { outcomeOf, short, subjectsOf, totalOf } from './job-report.ts'
import type { AttestReport, JobReport, ReportedCheck, VerifyReport } from './job-report.ts'

/**
 * At most so many bytes of UTF-8, rows left out from the end, with a line that counts them; undefined where not even the heading
 * has room. It begins with an empty line and ends with one.
 */
export function summaryOf(report: JobReport, maxBytes: number): string | undefined {
  return report.command === 'attest' ? attestSummary(report, maxBytes) : verifySummary(report, maxBytes)
}

function verifySummary(report: VerifyReport, maxBytes: number): string | undefined {
  const details = detailTables(report)
  const verdicts = verdictTable(report)
  if (details.length === 0) return fittedTable(verdicts, maxBytes)
  // Verdicts come first, and what they leave over is shared by what explains them.
  const most = maxBytes - moreBytes
  let text = fittedTable(verdicts, Math.ceil(most / 2)) ?? fittedTable(verdicts, most)
  if (text === undefined) return fittedTable(verdicts, maxBytes)
  let left = 0
  for (const [at, table] of details.entries()) {
    const share = Math.floor((most - Buffer.byteLength(text)) / (details.length - at))
    const part = fittedTable(table, share)
    if (part === undefined) left += table.total
    else text += part
  }
  return left === 0 ? text : `${text}<p>and ${left} more checks</p>\n\n`
}

/** Room for the line that counts what has none. */
const moreBytes = 50

function verdictTable(report: VerifyReport): FittedTable {
  const { counts, rows, policies } = report
  const all = ['outcome', 'artifact', 'reason', 'signed by', 'built from', 'AI sessions', 'digest']
  // Of a change nothing was signed: it is its range, and why.
  const shown = report.command === 'gate' ? 3 : all.length
  return {
    heading: `Countersign ${report.command}: ${counts.pass} passed, ${counts.fail} failed, ${counts.undecided} undecided`,
    lines: [
      ...failureLines(report),
      ...policies.map((it) => `policy: ${code(it)}`),
      ...(report.notes ?? []).map((it) => `note: ${code(short(it))}`),
    ],
    columns: all.slice(0, shown),
    rows: rows.map((it) =>
      [
        it.outcome,
        it.artifact,
        it.code === '' ? '' : `${it.reason} (${it.code})`,
        it.signer,
        it.source,
        it.sessions,
        it.digest,
      ]
        .slice(0, shown)
        .map(cellOf),
    ),
    total: totalOf(report),
  }
}

/** What fails, is warned of, waived, set aside or skipped; what a policy passes is counted. */
function detailTables({ checks, checkCounts }: VerifyReport): FittedTable[] {
  const rowsOf = (outcome: RowOutcome): ReportedCheck[] => checks.filter((it) => it.outcome === outcome)
  const fails = ['artifact', 'rule', 'at', 'expected', 'found', 'not seen', 'code', 'hint'] as const
  const failing = (it: ReportedCheck): string[] => [
    ...[it.artifact, it.rule, it.place, it.expected, it.found, it.unseen].map(cellOf),
    it.code ?? '',
    cellOf(it.hint),
  ]
  const tables: FittedTable[] = [
    {
      heading: 'Checks that fail',
      columns: fails,
      rows: rowsOf('failed').map(failing),
      total: checkCounts.failed,
      lines: [],
    },
    {
      heading: 'Warnings',
      columns: ['severity', ...fails],
      rows: rowsOf('warned').map((it) => [it.severity, ...failing(it)]),
      total: checkCounts.warned,
      lines: [],
    },
    {
      heading: 'Waived',
      columns: ['artifact', 'rule', 'at', 'reason', 'waived by', 'expected', 'found', 'code'],
      rows: rowsOf('waived').map((it) => [
        ...[it.artifact, it.rule, it.place, it.why, it.waived, it.expected, it.found].map(cellOf),
        it.code ?? '',
      ]),
      total: checkCounts.waived,
      lines: [],
    },
    {
      heading: 'Waivers set aside',
      columns: ['artifact', 'statement', 'why', 'code', 'hint'],
      rows: rowsOf('set-aside').map((it) => [
        ...[it.artifact, it.found, it.why].map(cellOf),
        it.code ?? '',
        cellOf(it.hint),
      ]),
      total: checkCounts['set-aside'],
      lines: [],
    },
    {
      heading: 'Overridden',
      columns: ['artifact', 'rule', 'at', 'why'],
      rows: rowsOf('overridden').map((it) => [it.artifact, it.rule, it.place, it.why].map(cellOf)),
      total: checkCounts.overridden,
      lines: [],
    },
    skippedTable(rowsOf('skipped'), checkCounts.skipped),
  ]
  return tables.filter(({ total }) => total > 0).map((it) => ({ ...it, level: 4 }))
}

/** Rules that were skipped for one reason stand together, and artifacts of which all is the same too: most are of every artifact. */
function skippedTable(rows: readonly ReportedCheck[], total: number): FittedTable {
  const byReason = Map.groupBy(rows, ({ verdict, of, why }) => JSON.stringify([verdict, of, why]))
  const groups = Map.groupBy([...byReason.values()], (some) =>
    JSON.stringify([some[0]?.of, some[0]?.why, ...some.map((it) => it.rule)]),
  )
  const cells = [...groups.values()].flatMap((alike) => {
    const [first = [], ...others] = alike
    const [head] = first
    if (head === undefined) return []
    const more = others.length === 0 ? '' : ` and ${others.length} more`
    return [[`${code(head.artifact)}${more}`, first.map((it) => code(it.rule)).join(', '), cellOf(head.why)]]
  })
  const left = total - rows.length
  return {
    heading: 'Skipped',
    columns: ['artifact', 'rules', 'why'],
    rows: cells,
    total: cells.length + left,
    lines: [],
  }
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
