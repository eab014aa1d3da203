/**
 * What a later step or job can ask for, by name. Nothing of it is text that a stranger chose: counts, words and codes of ours,
 * and the path of a file that was written here. Scripts paste such values into their own lines.
 */
import { memberAt } from '../../model/json.ts'
import { unseenPlaces, wereLookedFor } from '../../model/session-words.ts'
import { outcomeOf, subjectsOf, totalOf } from './job-report.ts'
import type { AttestReport, JobReport, VerifyReport } from './job-report.ts'

/** `name` in the form of GitHub's outputs: `bundle-path`. A value may have several lines. */
export type Output = readonly [name: string, value: string]

export function outputsOf(report: JobReport): readonly Output[] {
  const { failure } = report
  return [
    ['outcome', outcomeOf(report)],
    ...(failure === undefined ? [] : ([['code', failure.code]] as const)),
    ...(report.command === 'attest' ? attestOutputs(report) : verifyOutputs(report)),
  ]
}

function verifyOutputs(report: VerifyReport): readonly Output[] {
  const { counts, codes } = report
  return [
    ['total', String(totalOf(report))],
    ['passed', String(counts.pass)],
    ['failed', String(counts.fail)],
    ['undecided', String(counts.undecided)],
    ...(codes.length === 0 ? [] : ([['codes', codes.join('\n')]] as const)),
  ]
}

function attestOutputs(report: AttestReport): readonly Output[] {
  const { signed, prepared } = report
  const kept = prepared === undefined ? [] : ([['prepared-path', linesOf(prepared)]] as const)
  const [first] = signed
  if (first === undefined) return kept
  // All of them are about one range of commits.
  const { sessions, commits, looked } = first
  const paths = linesOf(signed.flatMap((it) => it.written ?? []))
  const indexes = signed.flatMap((it) => logIndexOf(it.bundle) ?? [])
  const unseen = unseenPlaces(looked)
  const named = sessions.filter((it) => it.id !== undefined).length
  return [
    ...kept,
    ...(paths === '' ? [] : ([['bundle-path', paths]] as const)),
    ...(indexes.length === 0 ? [] : ([['log-index', indexes.join('\n')]] as const)),
    ['subjects', String(subjectsOf(report).length)],
    ['looked-at', unseen.length === 0 ? 'all' : wereLookedFor(looked) ? 'part' : 'nothing'],
    ...(unseen.length === 0 ? [] : ([['not-looked-at', unseen.map(({ name }) => name).join('\n')]] as const)),
    // A script would take 0 for an answer where nobody asked.
    ...(wereLookedFor(looked)
      ? ([
          ['commits', String(commits.total)],
          ['commits-claimed', String(commits.claimed)],
          ['sessions', String(named)],
          ['tools-without-session', String(sessions.length - named)],
        ] as const)
      : []),
  ]
}

/** One a line; of several, one with a line end would be two. */
function linesOf(paths: readonly string[]): string {
  return (paths.length === 1 ? paths : paths.filter((it) => !it.includes('\n'))).join('\n')
}

/** Where the signature stands in the transparency log; undefined for one that is in none. */
function logIndexOf(bundle: string): string | undefined {
  const entries = memberAt(JSON.parse(bundle), 'verificationMaterial', 'tlogEntries')
  const index = Array.isArray(entries) ? memberAt(entries[0], 'logIndex') : null
  return typeof index === 'string' && /^\d{1,20}$/.test(index) ? index : undefined
}
