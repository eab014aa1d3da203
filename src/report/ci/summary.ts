/**
 * A summary for the page of a CI job. It is Markdown around a table in HTML: within an HTML block nothing is read as Markdown up
 * to the next empty line (CommonMark §4.6), so that a cell needs one kind of escaping, and all that means anything in either
 * language is escaped.
 */
import { wereLookedFor } from '../../model/session-words.ts'
import { saidOfAiCell } from '../sessions-said.ts'
import { outcomeOf, short } from './job-report.ts'
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
  return fitted(
    {
      heading: `Countersign verify: ${counts.pass} passed, ${counts.fail} failed, ${counts.undecided} undecided`,
      lines: failureLines(report),
      columns: ['outcome', 'artifact', 'reason', 'signed by', 'built from', 'AI sessions', 'digest'],
      rows: rows.map((it) => [
        it.outcome,
        it.artifact,
        it.code === '' ? '' : `${it.reason} (${it.code})`,
        it.signer,
        it.source,
        it.sessions,
        it.digest,
      ]),
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
  const kept: (readonly [string, string])[] = prepared === undefined ? [] : [['kept for later', prepared]]
  const subjects = signed.flatMap((it) => it.subjects)
  return fitted(
    {
      heading: `Countersign attest: ${outcomeOf(report)}`,
      lines: [...failureLines(report), ...[...facts, ...kept].map(([name, value]) => `${name}: ${code(short(value))}`)],
      columns: ['subject', 'digest'],
      rows: subjects.map(({ name, digest }) => [
        short(name),
        short(
          Object.entries(digest)
            .map(([algorithm, value]) => `${algorithm}:${value}`)
            .join(' '),
        ),
      ]),
      total: subjects.length,
    },
    maxBytes,
  )
}

function failureLines({ failure }: JobReport): readonly string[] {
  return failure === undefined ? [] : [`${code(short(failure.message))} (${failure.code})`]
}

interface Summary {
  readonly heading: string
  /** Escaped. */
  readonly lines: readonly string[]
  readonly columns: readonly string[]
  /** Short, and to be escaped. */
  readonly rows: readonly (readonly string[])[]
  /** Rows that there would be if all were kept. */
  readonly total: number
}

function fitted({ heading, lines, columns, rows, total }: Summary, maxBytes: number): string | undefined {
  const top = `\n### ${heading}\n\n${lines.map((it) => `<p>${it}</p>\n`).join('')}`
  const open = `<table>\n<tr>${columns.map((it) => `<th>${it}</th>`).join('')}</tr>\n`
  const close = '</table>\n'
  const more = (count: number): string => (count === 0 ? '\n' : `<p>and ${count} more</p>\n\n`)
  if (bytesOf(top) + bytesOf(more(total)) > maxBytes) return undefined
  const written: string[] = []
  let room = maxBytes - bytesOf(top) - bytesOf(open) - bytesOf(close) - bytesOf(more(total))
  for (const row of rows) {
    const line = `<tr>${row.map((it) => `<td>${it === '' ? '' : code(it)}</td>`).join('')}</tr>\n`
    room -= bytesOf(line)
    if (room < 0) break
    written.push(line)
  }
  const table = written.length === 0 ? '' : `${open}${written.join('')}${close}`
  return `${top}${table}${more(total - written.length)}`
}

function code(text: string): string {
  return `<code>${escaped(text)}</code>`
}

/** All of ASCII that means something in HTML or in Markdown, as a character reference, which is neither. */
function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9 .,/=+\-\u0080-\u{10ffff}]/gu, (mark) => `&#${mark.codePointAt(0) ?? 0};`)
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}
