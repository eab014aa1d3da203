/** What was answered of receipts, for a person. */
import type { ReceiptReport } from '../model/receipt-report.ts'
import type { Style } from './style.ts'
import { cell, fields } from './table.ts'

export function receiptReportText(
  { outcome, sha256, refusals = [], undecided, skipped, says, jwksThumbprint }: ReceiptReport,
  style: Style,
): string {
  return [
    `${outcome === 'pass' ? style.good(outcome) : style.bad(outcome)}  receipt sha256:${cell(sha256)}`,
    ...fields([
      ...refusals.map(({ code, detail }) => ['refused', `${cell(code)}: ${cell(detail)}`] as const),
      ...(undecided === undefined ? [] : [['undecided', cell(undecided)] as const]),
      ...(says === undefined ? [] : saidFields(says, outcome === 'pass')),
      ...(jwksThumbprint === undefined ? [] : [['verified by', cell(jwksThumbprint)] as const]),
      ['not asked', skipped.join(', ')],
    ]),
    '',
  ].join('\n')
}

function saidFields(
  {
    issuer,
    key,
    audiences,
    issuedAt,
    tool,
    session,
    startedAt,
    endedAt,
    models,
    commits,
    holderSaid,
  }: NonNullable<ReceiptReport['says']>,
  isGood: boolean,
): (readonly [string, string])[] {
  return [
    [isGood ? 'issuer' : 'issuer, it says', `${cell(issuer)}, key ${cell(key)}`],
    ['session', `${cell(session)} of ${cell(tool)}`],
    ['from', `${cell(startedAt)} to ${cell(endedAt)}, issued ${cell(issuedAt)}`],
    ['models', listed(models)],
    ['for', listed(audiences)],
    ...(commits === undefined ? [] : [['commits', listed(commits)] as const]),
    ...(holderSaid === undefined ? [] : [['as asked for', listed(holderSaid)] as const]),
  ]
}

const most = 10

function listed(words: readonly string[]): string {
  const rest = words.length - most
  return `${words.slice(0, most).map(cell).join(', ') || 'none'}${rest > 0 ? ` and ${rest} more` : ''}`
}
