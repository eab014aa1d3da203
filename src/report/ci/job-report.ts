/** What a job of a CI system is told of a command: counted and bounded while verdicts come, so that very many of them cost no memory. */
import type { ErrorCode } from '../../errors.ts'
import { claimedSourceWords } from '../../model/claimed-source.ts'
import { limits } from '../../model/limits.ts'
import type { Session } from '../../model/session.ts'
import type { Looked } from '../../model/session-words.ts'
import type { Subject } from '../../model/digest.ts'
import { decidingChecks, failedChecks } from '../../model/verdict.ts'
import type { AttestationSummary, Verdict, VerdictFailure } from '../../model/verdict.ts'
import { oneLine } from '../../one-line.ts'
import {
  checkRows,
  countRows,
  decisive,
  hintWords,
  notReached,
  placeWords,
  policyIdentity,
  rowOutcomes,
  unseenRowWords,
} from '../check-rows.ts'
import type { CheckRow, RowCounts, RowOutcome } from '../check-rows.ts'
import { plainStyle } from '../style.ts'
import type { Style } from '../style.ts'
import { mostSaidOfAi, saidOfAiCell } from '../sessions-said.ts'

/** One verdict. All text that comes from outside is one short line each, and still to be escaped by the view that shows it. */
export interface VerdictRow {
  readonly outcome: Verdict['outcome']
  readonly artifact: string
  readonly digest: string
  /** Empty for a pass. */
  readonly code: ErrorCode | ''
  readonly reason: string
  readonly signer: string
  readonly source: string
  readonly sessions: string
}

/** One check that a reader should see, and which policy's rows of any outcome; its text is like that of a verdict. */
export interface ReportedCheck extends Pick<CheckRow, 'of' | 'outcome' | 'severity' | 'code'> {
  /** Of which verdict, counted from 0; names of artifacts may be equal. */
  readonly verdict: number
  readonly artifact: string
  readonly rule: string
  /** Empty where there is nothing, as in all that follow. */
  readonly place: string
  /** File that the rule looked at, from the root of the repository, as it is called. */
  readonly path?: string
  readonly expected: string
  readonly found: string
  readonly hint: string
  /** What nobody looked at, and with which it might pass. */
  readonly unseen: string
  /** Why it was skipped, waived, or set aside. */
  readonly why: string
  /** Who waived it, and until when. */
  readonly waived: string
}

export interface VerifyReport {
  readonly command: 'verify' | 'gate'
  /** Things to know that are no check, a line each. */
  readonly notes?: readonly string[]
  readonly counts: { readonly [outcome in Verdict['outcome']]: number }
  /** Those that do not pass first; at most `limits.reportedVerdicts` of either kind. */
  readonly rows: readonly VerdictRow[]
  /** Which policies decided, in words; at most `limits.reportedPolicies`. */
  readonly policies: readonly string[]
  /** Of the rows of `checks` that there would be if all were kept. */
  readonly checkCounts: RowCounts
  /** By outcome, as `rowOutcomes` has them; at most `limits.reportedChecks` of each. */
  readonly checks: readonly ReportedCheck[]
  /** Codes of what did not pass, each once, in the order of the alphabet. */
  readonly codes: readonly ErrorCode[]
  /** What ended the command before all was judged. */
  readonly failure?: VerdictFailure
}

/** What was signed, as far as a job is told. */
export interface SignedReport {
  readonly subjects: readonly Subject[]
  readonly signer: string
  readonly sessions: readonly Session[]
  readonly commits: { readonly total: number; readonly claimed: number }
  /** Where sessions were looked for. */
  readonly looked: Looked
  readonly bundle: string
  /** Path of the bundle. */
  readonly written?: string
}

export interface AttestReport {
  readonly command: 'attest'
  /** Empty where nothing was signed; several where each file has a statement of its own. */
  readonly signed: readonly SignedReport[]
  /** Paths of what was kept for later. */
  readonly prepared?: readonly string[]
  readonly failure?: VerdictFailure
}

export type JobReport = VerifyReport | AttestReport

/** Takes verdicts as they come. */
export interface VerdictTally {
  readonly add: (verdict: Verdict) => void
  readonly report: (failure: VerdictFailure | undefined) => VerifyReport
}

/** Hints name options in the words of `style`. */
export function newVerdictTally(
  style: Pick<Style, 'options'> = plainStyle,
  command: VerifyReport['command'] = 'verify',
): VerdictTally {
  const counts = { pass: 0, fail: 0, undecided: 0 }
  const codes = new Set<ErrorCode>()
  const passing: VerdictRow[] = []
  const refused: VerdictRow[] = []
  const policies = new Set<string>()
  const checkCounts = { ...countRows([]) }
  const checks = new Map<RowOutcome, ReportedCheck[]>(rowOutcomes.map((it) => [it, []]))
  const addChecks = (verdict: Verdict, index: number): void => {
    for (const row of checkRows(verdict).filter(isReported)) {
      checkCounts[row.outcome] += 1
      const kept = checks.get(row.outcome)
      if (kept !== undefined && kept.length < limits.reportedChecks)
        kept.push(reportedCheck(row, verdict, { index, style }))
    }
  }
  return {
    add(verdict) {
      addChecks(verdict, counts.pass + counts.fail + counts.undecided)
      if (verdict.policy !== undefined && policies.size < limits.reportedPolicies) {
        policies.add(short(policyIdentity(verdict.policy)))
      }
      counts[verdict.outcome] += 1
      const kept = verdict.outcome === 'pass' ? passing : refused
      const code = codeOf(verdict)
      if (code !== '') codes.add(code)
      if (kept.length < limits.reportedVerdicts) kept.push(rowOf(verdict))
    },
    report: (failure) => ({
      command,
      counts: { ...counts },
      rows: [...refused, ...passing],
      policies: [...policies],
      checkCounts: { ...checkCounts },
      checks: [...checks.values()].flat(),
      codes: [...codes].sort(),
      ...(failure === undefined ? {} : { failure }),
    }),
  }
}

/** What was signed, each once: a statement of changes is about the same as the provenance that names it. */
export function subjectsOf({ signed }: AttestReport): readonly Subject[] {
  return [...new Map(signed.flatMap((it) => it.subjects).map((it) => [JSON.stringify(it), it])).values()]
}

/** The whole in one word: of verdicts the one that decides the exit code, else what became of the signing. */
export function outcomeOf(report: JobReport): string {
  if (report.command === 'attest') {
    if (report.prepared !== undefined) return 'deferred'
    if (report.failure !== undefined) return 'error'
    return report.signed.length === 0 ? 'dry-run' : 'signed'
  }
  const { counts, failure } = report
  if (counts.fail > 0) return 'fail'
  if (failure !== undefined) return 'error'
  if (counts.undecided > 0) return 'undecided'
  return counts.pass > 0 ? 'pass' : 'fail'
}

export function totalOf({ counts }: VerifyReport): number {
  return counts.pass + counts.fail + counts.undecided
}

function codeOf(verdict: Verdict): ErrorCode | '' {
  if (verdict.outcome === 'pass') return ''
  return verdict.failure?.code ?? failedChecks(decidingChecks(verdict))[0]?.code ?? 'verification-failed'
}

function rowOf(verdict: Verdict): VerdictRow {
  const { artifact, outcome } = verdict
  const summary = verdict.attestations[0]?.summary
  const [algorithm, value] = Object.entries(artifact.digest)[0] ?? []
  const { repository, ref, commit } = summary?.source ?? {}
  const claimed = claimedSourceWords(summary?.claimedSource ?? {})
  return {
    outcome,
    artifact: short(artifact.name),
    digest: short(algorithm === undefined ? '' : `${algorithm}:${value ?? ''}`),
    code: codeOf(verdict),
    reason: short(reasonOf(verdict)),
    signer: short(summary?.signer.identity ?? summary?.signer.fingerprint ?? ''),
    source: short(
      [repository, ref, commit, claimed === '' ? undefined : `claimed: ${claimed}`]
        .filter((it) => it !== undefined)
        .join(' '),
    ),
    sessions: summary === undefined ? '' : saidOfAiCell(mostSaidOfAi(deciding(verdict))),
  }
}

/** All that pass, or the nearest. */
function deciding(verdict: Verdict): readonly AttestationSummary[] {
  return decisive(verdict).flatMap(({ summary }) => summary ?? [])
}

/** That a part of the question is met, the verdict itself says; and what was not reached weakens nothing. */
function isReported({ of, outcome, why }: CheckRow): boolean {
  return of === 'policy' || (outcome !== 'passed' && why !== notReached)
}

function reportedCheck(
  row: CheckRow,
  { artifact }: Verdict,
  { index, style }: { readonly index: number; readonly style: Pick<Style, 'options'> },
): ReportedCheck {
  const { of, outcome, severity, code, rule, at, more, bundle, expected, found, differs, why, waiver } = row
  const unseen = unseenRowWords(row.unseen)
  return {
    ...{ of, outcome, severity, verdict: index },
    ...(code === undefined ? {} : { code }),
    ...(at?.path === undefined ? {} : { path: at.path }),
    artifact: short(artifact.name),
    rule: short(rule),
    place: short(placeWords(at, more) || (bundle ?? '')),
    expected: short(expected ?? ''),
    found: short(found ?? ''),
    hint: cut(style.options([differs, hintWords(row)].filter((it) => it !== undefined).join('; ')), hintCharacters),
    unseen: short(unseen),
    why: short(waiver?.reason ?? style.options(why ?? '')),
    waived: waiver === undefined ? '' : short(`${waiver.signer}, until ${waiver.expires}`),
  }
}

function reasonOf(verdict: Verdict): string {
  if (verdict.outcome === 'pass') return ''
  if (verdict.failure !== undefined) return verdict.failure.message
  const [first] = failedChecks(decidingChecks(verdict))
  if (first === undefined) return ''
  const { rule, expected, found } = first
  const parts = [
    ...(expected === undefined ? [] : [`expected ${cut(expected, partCharacters)}`]),
    ...(found === undefined ? [] : [`found ${cut(found, partCharacters)}`]),
  ]
  return parts.length === 0 ? rule : `${rule}: ${parts.join(', ')}`
}

const shownCharacters = 340
/** A hint is ours but for a login: each way out is whole, or the last of them would be half a command. */
const hintCharacters = 1_200
/** What was expected, or found: a sha512 with its name is whole, and neither of them hides the other. */
const partCharacters = 150
/** Room for the words that count what is cut off, so that what is short stays as it is. */
const countCharacters = 40
/** As long as the longest digest with its name: back to here a cut is moved so that it stands between words. */
const wordCharacters = 150

/** One line of bounded length: half a digest would be taken for a whole one, so it is cut between words where there are any. */
export function short(text: string): string {
  return cut(text, shownCharacters)
}

/** The same with another bound. */
export function cut(text: string, most: number): string {
  const line = oneLine(text).toWellFormed()
  if (line.length <= most) return line
  const room = most - countCharacters
  const blank = line.lastIndexOf(' ', room)
  const end = blank <= 0 || blank < room - wordCharacters ? room : blank
  const start = line.slice(0, end).replace(/[\uD800-\uDBFF]$/, '')
  return `${start}… and ${line.length - start.length} more characters`
}
