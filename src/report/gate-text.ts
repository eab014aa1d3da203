/** What the gate says of a change, for a person: what refuses it and what to do, then what was looked at, and what was not. */
import type { GateMark, GateNote, GateReport } from '../model/gate-report.ts'
import { refusing } from '../model/policy-report.ts'
import { policyRows } from './check-rows.ts'
import type { CheckRow } from './check-rows.ts'
import { outcomeLines, policyFailedLines, policyFields, rulesWords } from './policy-lines.ts'
import type { Style } from './style.ts'
import { cell, fields } from './table.ts'
import { unseenLines } from './unseen-lines.ts'
import { outcomeWord } from './verdict.ts'

export function gateText(report: GateReport, style: Style): string {
  const { outcome, base, head, commits, lines, labels, policy, policyFrom, unseen, marks = [] } = report
  const range = `${base.commit.slice(0, 12)}..${head.slice(0, 12)}`
  const rows = policyRows(policy)
  const check = marks.filter(({ mark }) => mark === 'check-run')
  return [
    `${outcomeWord(outcome, style)}  ${style.strong(range)}${outcome === 'pass' ? '' : `  ${gateFailure(report)}`}`,
    ...policyFailedLines(policy, style),
    ...(['set-aside', 'warned', 'waived', 'overridden'] as const).flatMap((it) => outcomeLines(it, rows, style)),
    ...notesBeside(report).flatMap(({ code, text, hint }) => [
      `  ${style.bad('note')}  ${style.options(cell(text))} (${code})`,
      ...(hint === undefined ? [] : [`        ${style.options(cell(hint))}`]),
    ]),
    ...fields(
      [
        ['range', `${cell(base.commit)}..${cell(head)} (${cell(base.said)})`],
        ['changes', changesWords(commits, report)],
        ...(lines === undefined ? [] : [['added lines', linesWords(lines)] as const]),
        ...(labels.length === 0 ? [] : [['labels', `${labels.join(', ')}; ${labelsWords(marks)}`] as const]),
        ...check.map((it) => ['check run', markWords(it)] as const),
        ...policyFields(policy).map(
          ([name, value], at) =>
            [
              name,
              at === 0
                ? `${value}, ${policyFrom === 'base' ? 'the version on the target branch' : 'from outside of the repository'}`
                : value,
            ] as const,
        ),
        ['rules', gateRules(rows)],
      ],
      '  ',
      'added lines'.length,
    ),
    ...unseenLines({ outcome, unseen: unseen.filter(isNotInRow(policy)) }, style),
    '',
  ].join('\n')
}

/** Why it fails, in a line: what nobody looked at is no fault of the change. */
export function gateFailure({ failedFor, policy }: Pick<GateReport, 'failedFor' | 'policy'>): string {
  const failing = refusing(policy)
  const names = [...new Set(failing.map(({ rule }) => rule))]
  const rest = names.length - shownNames
  const rules = `${names.slice(0, shownNames).map(cell).join(', ')}${rest > 0 ? ` and ${rest} more rules` : ''}`
  if (failedFor === 'not-seen')
    return `not decided: what ${rules} ${names.length === 1 ? 'asks' : 'ask'} for was not looked at`
  const mayTurn = failing.length > 0 && failing.every(({ unseen = [] }) => unseen.length > 0)
  const turn = mayTurn ? '; what was not looked at may change that' : ''
  return `${rules} ${names.length === 1 ? 'fails' : 'fail'}${turn}`
}

const shownNames = 3

/** Notes that no row says already. */
export function notesBeside({ notes, policy }: Pick<GateReport, 'notes' | 'policy'>): readonly GateNote[] {
  const hints = new Set(policy.checks.flatMap((it) => (it.outcome === 'fail' ? (it.note ?? []) : [])))
  return notes.filter(({ code, hint }) => code !== 'reviews-not-looked-at' || hint === undefined || !hints.has(hint))
}

const shownSessions = 3

function changesWords(
  { total, claimed }: GateReport['commits'],
  { sessions, named = [] }: Pick<GateReport, 'sessions' | 'named'>,
): string {
  const names = named.slice(0, shownSessions).map(({ uri, level }) => `${uri} (${level})`)
  const rest = sessions - names.length
  const which = names.length === 0 ? '' : `: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  const count = claimed === 0 ? 'none names' : claimed === 1 ? '1 names' : `${claimed} name`
  return cell(`${total}; ${count} AI${which}`)
}

function linesWords({ ai, human, unknown, generated }: NonNullable<GateReport['lines']>): string {
  return `${ai} by AI, ${human} by persons, ${unknown} by nobody knows whom, ${generated} generated`
}

/** They decide nothing, whatever they are. */
function labelsWords(marks: readonly GateMark[]): string {
  const mark = marks.find((it) => it.mark === 'labels')
  return mark === undefined ? 'suggested, not set; they change no verdict' : markWords(mark)
}

function markWords({ outcome, code }: GateMark): string {
  const words = { set: 'set', unchanged: 'set before', 'not-set': 'not set' }[outcome]
  return `${words}${code === undefined ? '' : ` (${code})`}`
}

const shownRules = 10

/** Outcomes that there are, by rules; what is asked of a release alone has no part in this answer. */
function gateRules(rows: readonly CheckRow[]): string {
  const later = rows.filter(({ outcome }) => outcome === 'skipped').map(({ rule }) => rule)
  const rest = later.length - shownRules
  const names = `${later.slice(0, shownRules).map(cell).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  const asked = rows.filter(({ outcome }) => outcome !== 'skipped')
  const counts = rulesWords(asked)
    .split(', ')
    .filter((it) => !it.startsWith('0 '))
    .join(', ')
  return `${counts}${later.length === 0 ? '' : `; asked of the release alone: ${names}`}`
}

/** A row that fails says itself what nobody looked at. */
function isNotInRow({ checks }: GateReport['policy']): (unseen: GateReport['unseen'][number]) => boolean {
  const told = new Set(
    checks.flatMap((it) => (it.outcome === 'fail' ? (it.unseen ?? []).map(({ reader }) => reader) : [])),
  )
  return ({ reader }) => !told.has(reader)
}
