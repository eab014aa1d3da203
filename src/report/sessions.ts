/** AI sessions and the attribution of a range, as every text view shows them. */
import type { AttributionSummary, Session } from '../model/session.ts'
import { rangeWords } from '../model/range-words.ts'
import { cell, table } from './table.ts'

/** What each level proves, in the words of DESIGN §4. */
const meaning = {
  claimed: 'someone wrote it',
  recorded: 'these bytes existed at release',
  signed: 'an accountable key said so',
  vouched: 'an independent party saw the session',
} as const

const shownSessions = 50

/** A table of sessions, at most 50 rows, those with most commits first, and a line that counts the range. */
export function sessionLines(
  sessions: readonly Session[],
  attribution: AttributionSummary | undefined,
  indent = '  ',
): string[] {
  const byWeight = sessions.toSorted(
    (a, b) => b.commits.length - a.commits.length || (b.lines?.added ?? 0) - (a.lines?.added ?? 0),
  )
  const rows = byWeight
    .slice(0, shownSessions)
    .map((it) => [
      it.level,
      cell(it.tool),
      cell(it.id ?? 'not named'),
      cell(it.models.join(', ')),
      String(it.commits.length),
      cell(it.lines?.added),
    ])
  const levels = [...new Set(sessions.map((it) => it.level))]
  return [
    ...(attribution === undefined ? [] : [`${indent}${rangeLine(attribution)}`]),
    ...(rows.length === 0
      ? [`${indent}no AI session is named; that does not mean that no AI was used`]
      : [
          `${indent}${countSessions(sessions)}`,
          ...table(['level', 'tool', 'session', 'models', 'commits', 'lines'], rows, indent),
        ]),
    ...(sessions.length > shownSessions ? [`${indent}${moreLine(byWeight.slice(shownSessions))}`] : []),
    ...levels.map((level) => `${indent}${level}: ${meaning[level]}`),
  ]
}

/** A tool that is named without a session is none: it may have had any number of them. */
function countSessions(sessions: readonly Session[]): string {
  const named = sessions.filter((it) => it.id !== undefined).length
  const tools = sessions.length - named
  return [
    `${named} AI session${named === 1 ? '' : 's'}`,
    ...(tools === 0 ? [] : [`${tools} tool${tools === 1 ? '' : 's'} without one`]),
  ].join(' and ')
}

/** Rows that are not shown, by tool: one agent with very many must not hide another. */
function moreLine(sessions: readonly Session[]): string {
  const tools = [...Map.groupBy(sessions, (it) => it.tool)].map(([tool, rows]) => `${cell(tool)} ${rows.length}`)
  const shown = tools.slice(0, shownTools)
  const rest = tools.length - shown.length
  return `and ${sessions.length} more: ${shown.join(', ')}${rest === 0 ? '' : ` and ${rest} more tools`}`
}

const shownTools = 20

function rangeLine({ range, commits, lines, readers, findings }: AttributionSummary): string {
  const unseen = readers.filter(({ outcome }) => outcome !== 'found' && outcome !== 'nothing')
  const doubts = Object.values(findings).reduce((sum, count) => sum + count, 0)
  return [
    `${commits.claimed} of ${commits.total} commits name AI, ${commits.unknown} unknown`,
    rangeWords(range),
    ...(lines === undefined ? [] : [`${lines.ai} lines by AI, ${lines.human} by hand, the rest unknown`]),
    ...(doubts === 0 ? [] : [`${doubts} records did not count`]),
    ...(unseen.length === 0 ? [] : [`not looked at: ${unseen.map(({ reader }) => cell(reader)).join(', ')}`]),
  ].join('; ')
}
