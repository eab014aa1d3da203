/** What the gate says of a change, for a person: what refuses it and what to do, then what was looked at, and what was not. */
import type { GateReport } from '../model/gate-report.ts'
import { outcomeWord } from './verdict.ts'
import { policyFailedLines, policyFields, policyLines } from './policy-lines.ts'
import type { Style } from './style.ts'
import { cell, fields } from './table.ts'
import { unseenLines } from './unseen-lines.ts'

export function gateText(report: GateReport, style: Style): string {
  const { outcome, base, head, commits, lines, sessions, labels, policy, policyFrom, notes, unseen, marks } = report
  const range = `${base.commit.slice(0, 12)}..${head.slice(0, 12)}`
  return [
    `${outcomeWord(outcome, style)}  ${style.strong(range)}`,
    ...policyFailedLines(policy, style),
    ...notes.flatMap(({ code, text, hint }) => [
      `  ${style.bad('note')}  ${style.options(cell(text))} (${code})`,
      ...(hint === undefined ? [] : [`        ${style.options(cell(hint))}`]),
    ]),
    ...fields(
      [
        ['base', `${cell(base.commit)}, by ${cell(base.said)}`],
        ['head', cell(head)],
        ['changes', `${commits.total}; ${commits.claimed} ${commits.claimed === 1 ? 'names' : 'name'} AI`],
        ...(lines === undefined ? [] : [['added lines', linesWords(lines)] as const]),
        ['AI sessions', String(sessions)],
        ...(labels.length === 0 ? [] : [['labels', labels.join(', ')] as const]),
        ...(marks ?? []).map(
          ({ mark, outcome: came, code }) =>
            [
              mark === 'labels' ? 'set labels' : 'check run',
              `${came}${code === undefined ? '' : ` (${code})`}`,
            ] as const,
        ),
        ...policyFields(policy),
        ['', policyFrom === 'base' ? 'as the base has it' : 'from outside of the repository'],
      ],
      '  ',
      'added lines'.length,
    ),
    ...unseenLines(unseen, style),
    ...policyLines(policy, style),
    '',
  ].join('\n')
}

function linesWords({ ai, human, unknown, generated }: NonNullable<GateReport['lines']>): string {
  return `${ai} by AI, ${human} by persons, ${unknown} by nobody knows whom, ${generated} generated`
}
