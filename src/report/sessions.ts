/** AI sessions and the attribution of a range, as every text view shows them. */
import type { AttributionSummary, Session } from '../model/session.ts'
import { cell, table } from './table.ts'

/** What each level proves, in the words of DESIGN §4. */
const meaning = {
  claimed: 'someone wrote it',
  recorded: 'these bytes existed at release',
  signed: 'an accountable key said so',
  vouched: 'an independent party saw the session',
} as const

const shownSessions = 50

/** A table of sessions, at most 50 rows, and a line that counts the range. */
export function sessionLines(
  sessions: readonly Session[],
  attribution: AttributionSummary | undefined,
  indent = '  ',
): string[] {
  const rows = sessions
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
      : table(['level', 'tool', 'session', 'models', 'commits', 'lines'], rows, indent)),
    ...(sessions.length > shownSessions ? [`${indent}and ${sessions.length - shownSessions} more`] : []),
    ...levels.map((level) => `${indent}${level}: ${meaning[level]}`),
  ]
}

function rangeLine({ range, commits, lines, readers, findings }: AttributionSummary): string {
  const unseen = readers.filter(({ outcome }) => outcome !== 'found' && outcome !== 'nothing')
  const doubts = Object.values(findings).reduce((sum, count) => sum + count, 0)
  return [
    `${commits.claimed} of ${commits.total} commits name AI, ${commits.unknown} unknown`,
    `since ${range.since === null ? 'the first commit' : range.since.slice(0, 12)}`,
    ...(lines === undefined ? [] : [`${lines.ai} lines by AI, ${lines.human} by hand, the rest unknown`]),
    ...(doubts === 0 ? [] : [`${doubts} records did not count`]),
    ...(unseen.length === 0 ? [] : [`not looked at: ${unseen.map(({ reader }) => cell(reader)).join(', ')}`]),
  ].join('; ')
}
