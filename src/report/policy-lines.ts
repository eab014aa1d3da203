/** What a policy made of the evidence, in lines of text. */
import type { PolicyReport } from '../model/policy-report.ts'
import {
  countRows,
  countRules,
  countWords,
  placeWords,
  policyIdentity,
  policyRows,
  unseenRowWords,
} from './check-rows.ts'
import type { CheckRow, RowOutcome } from './check-rows.ts'
import type { Style } from './style.ts'
import { cell, fields } from './table.ts'

/** Rows of one outcome that are shown in full; a policy may look at each file of each change. */
const shownRows = 50

const indent = '            '

/** Names and values: which policy, what it extends, until when it holds, who signed it. */
export function policyFields(policy: PolicyReport | undefined): (readonly [string, string])[] {
  if (policy === undefined) return []
  const { expires, signer, extends: bases = [] } = policy
  const rest = bases.length - shownRows
  return [
    ['policy', cell(policyIdentity(policy))],
    ...bases.slice(0, shownRows).map(({ file, sha256 }) => ['', cell(`extends ${file}, sha256:${sha256}`)] as const),
    ...(rest > 0 ? [['', `and ${rest} more`] as const] : []),
    ...(expires === undefined ? [] : [['', cell(`expires ${expires}`)] as const]),
    ...(signer === undefined ? [] : [['', cell(`signed by ${signer}`)] as const]),
  ]
}

/** What refuses the release. */
export function policyFailedLines(policy: PolicyReport | undefined, style: Style): string[] {
  return outcomeLines('failed', policyRows(policy), style)
}

/** Where something else says why nobody whom the policy names answered: without the row that would only repeat it. */
export function otherFailedLines(policy: PolicyReport | undefined, style: Style): string[] {
  return outcomeLines(
    'failed',
    policyRows(policy).filter((it) => !isUnanswered(it)),
    style,
  )
}

/** No signer of the policy answered, so that no other rule was looked at. */
export function isUnanswered({ rule, code }: { readonly rule: string; readonly code?: string }): boolean {
  return rule === 'identity/signers' && code === 'evidence-missing'
}

/** Counts, then what is warned of, waived and skipped. */
export function policyLines(policy: PolicyReport | undefined, style: Style): string[] {
  if (policy === undefined) return []
  const rows = policyRows(policy)
  return [
    `  rules   ${rulesWords(rows)}`,
    ...(['set-aside', 'warned', 'waived', 'overridden', 'skipped'] as const).flatMap((it) =>
      outcomeLines(it, rows, style),
    ),
  ]
}

/** How many rules there are of each outcome; one that fails in several ways says in how many. */
export function rulesWords(rows: readonly CheckRow[]): string {
  const { failed } = countRows(rows)
  const byRule = countRules(rows)
  return `${countWords(byRule)}${failed > byRule.failed ? ` (${failed} rows fail)` : ''}`
}

export function outcomeLines(outcome: RowOutcome, all: readonly CheckRow[], style: Style): string[] {
  const rows = all.filter((it) => it.outcome === outcome)
  return [
    ...rows.slice(0, shownRows).flatMap((it) => rowLines(it, style)),
    ...(rows.length > shownRows ? [`  ${outcome}  ${moreWords(rows.slice(shownRows))}`] : []),
  ]
}

/** By rule: one that looks at very many things must not hide another. */
function moreWords(rows: readonly CheckRow[]): string {
  const rules = [...Map.groupBy(rows, (it) => it.rule)].map(([rule, { length }]) => `${cell(rule)} ${length}`)
  const rest = rules.length - shownRows
  return `and ${rows.length} more: ${rules.slice(0, shownRows).join(', ')}${rest > 0 ? ` and ${rest} more rules` : ''}`
}

function rowLines(row: CheckRow, style: Style): string[] {
  const { outcome, rule, code, severity, at, more, expected, found, hint, alternatives = [], why, waiver } = row
  if (outcome === 'set-aside') {
    return [
      `  set aside  ${cell(why ?? '')}, ${cell(found ?? '')} (${code ?? ''})`,
      ...fields(hint === undefined ? [] : [['hint', style.options(cell(hint))] as const], indent),
    ]
  }
  const place = placeWords(at, more)
  const unseen = unseenRowWords(row.unseen)
  // What failed refuses; of the others it says what they would have done.
  const hasWeight = outcome === 'warned' || outcome === 'waived'
  const mark = outcome === 'failed' ? style.bad(outcome) : outcome === 'skipped' ? style.faint(outcome) : outcome
  return [
    `  ${mark}  ${cell(rule)}${code === undefined ? '' : ` (${code})`}${hasWeight ? `, ${severity}` : ''}`,
    ...fields(
      [
        ...(place === '' ? [] : [['at', cell(place)] as const]),
        ...(expected === undefined ? [] : [['expected', cell(expected)] as const]),
        ...(found === undefined ? [] : [['found', cell(found)] as const]),
        ...(why === undefined ? [] : [['reason', style.options(cell(why))] as const]),
        ...(waiver === undefined
          ? []
          : ([
              ['reason', cell(waiver.reason)],
              ['waived by', `${cell(waiver.signer)}, until ${cell(waiver.expires)}, sha256:${cell(waiver.sha256)}`],
            ] as const)),
        ...(hint === undefined ? [] : [['hint', style.options(cell(hint))] as const]),
        ...alternatives.map((it) => ['or', style.options(cell(it.replace(/^or /, '')))] as const),
        ...(unseen === '' ? [] : [['not seen', cell(unseen)] as const]),
      ],
      indent,
    ),
  ]
}
