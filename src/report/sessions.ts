/** AI sessions and the attribution of a range, as every text view shows them. */
import type { AttributionSummary, ReaderReport, Session } from '../model/session.ts'
import { configWords } from '../model/config-words.ts'
import { corroborationMeaning } from '../model/corroboration.ts'
import { rangeWords } from '../model/range-words.ts'
import { portalCells, portalColumns } from '../model/portal-words.ts'
import { sessionCount, unseenTogether } from '../model/session-words.ts'
import { receiptCells, receiptColumns } from '../model/receipt-words.ts'
import { findingWords } from '../model/uncounted.ts'
import { toldCells, toldColumns } from '../model/transcript-words.ts'
import { cell, table } from './table.ts'
import { counted } from '../model/counted.ts'

/** What each level proves, in the words of DESIGN §4, and the link that is missing: the lowest one decides. */
export const levelMeaning = {
  claimed: 'someone wrote it; missing: a record of it that counts',
  recorded: 'these bytes existed at release; missing: the signature of a person or an agent platform',
  signed: 'an accountable key said so; missing: a receipt or a portal of a party that saw it',
  vouched: 'an independent party saw the session',
} as const

const shownSessions = 50

/** A table of sessions, at most 50 rows, those with most commits first, and a line that counts the range. */
export function sessionLines(
  sessions: readonly Session[],
  attribution: AttributionSummary | undefined,
  indent = '  ',
): string[] {
  const ordered = byWeight(sessions)
  const rows = ordered
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
      ? [`${indent}${noSessionWords}`]
      : [
          `${indent}${sessionCount(sessions)}`,
          ...table(['level', 'tool', 'session', 'models', 'commits', 'lines'], rows, indent),
        ]),
    ...toldLines(ordered, indent),
    ...receiptLines(ordered, indent),
    ...portalLines(ordered, indent),
    ...(sessions.length > shownSessions ? [`${indent}${moreLine(ordered.slice(shownSessions))}`] : []),
    ...levels.map((level) => `${indent}${level}: ${levelMeaning[level]}`),
  ]
}

export const noSessionWords = 'no AI session is named; that does not mean that no AI was used'

/** Those with most commits first, then with most lines. */
export function byWeight(sessions: readonly Session[]): Session[] {
  return sessions.toSorted(
    (a, b) => b.commits.length - a.commits.length || (b.lines?.added ?? 0) - (a.lines?.added ?? 0),
  )
}

/** What their transcripts tell, of as many. */
function toldLines(sessions: readonly Session[], indent: string): string[] {
  const rows = sessions.slice(0, shownSessions).flatMap((it) => {
    const cells = toldCells(it)
    return cells === undefined ? [] : [[cell(it.id ?? 'not named'), ...cells.map(cell)]]
  })
  if (rows.length === 0) return []
  const notes = sessions.some((it) => it.corroborated !== undefined) ? [`${indent}${corroborationMeaning}`] : []
  return [`${indent}as their transcripts tell:`, ...table(['session', ...toldColumns], rows, indent), ...notes]
}

/** Who else saw them, of as many. */
function receiptLines(sessions: readonly Session[], indent: string): string[] {
  const rows = sessions.slice(0, shownSessions).flatMap((it) => {
    const cells = receiptCells(it)
    return cells === undefined ? [] : [[cell(it.id ?? 'not named'), ...cells.map(cell)]]
  })
  return rows.length === 0
    ? []
    : [`${indent}receipts that agree:`, ...table(['session', ...receiptColumns], rows, indent)]
}

/** What portals that were asked said of as many. */
function portalLines(sessions: readonly Session[], indent: string): string[] {
  const rows = sessions.slice(0, shownSessions).flatMap((it) => {
    const cells = portalCells(it)
    return cells === undefined ? [] : [[cell(it.id ?? 'not named'), ...cells.map(cell)]]
  })
  return rows.length === 0
    ? []
    : [`${indent}as portals answered:`, ...table(['session', ...portalColumns], rows, indent)]
}

/** Rows that are not shown, by tool: one agent with very many must not hide another. */
function moreLine(sessions: readonly Session[]): string {
  const tools = [...Map.groupBy(sessions, (it) => it.tool)].map(([tool, rows]) => `${cell(tool)} ${rows.length}`)
  const shown = tools.slice(0, shownTools)
  const rest = tools.length - shown.length
  return `and ${sessions.length} more: ${shown.join(', ')}${rest === 0 ? '' : ` and ${rest} more tools`}`
}

const shownTools = 20

/** What a range says of AI, in a line. */
export function rangeLine({ range, commits, lines, readers, findings, config }: AttributionSummary): string {
  const all = readers.filter(({ outcome }) => outcome !== 'found' && outcome !== 'nothing')
  const unseen = unseenTogether(all.slice(0, shownReaders).map(present))
  const rest = all.length - shownReaders
  // Where nobody looked, `0 of 0` would read as an answer.
  const isEmpty = commits.total === 0 && range.cut !== true
  const counts = `${commits.claimed} of ${commits.total} commits name AI, ${commits.unknown} unknown`
  return [
    ...(range.reason === 'not-collected' ? [] : [isEmpty ? 'the release is empty: no commit is in it' : counts]),
    rangeWords(range),
    ...(lines === undefined ? [] : [linesWords(lines)]),
    ...findingWords(findings),
    ...(config === undefined ? [] : [configWords(config)]),
    ...(unseen.length === 0 ? [] : [`not looked at: ${unseen.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`]),
  ].join('; ')
}

function linesWords({ ai, human, unknown, generated }: NonNullable<AttributionSummary['lines']>): string {
  const rest = unknown === undefined ? 'the rest unknown' : `${unknown} unknown`
  return `${counted(ai, 'line')} by AI, ${human} by hand, ${rest}${generated ? `, ${generated} in generated files` : ''}`
}

/** Readers that a statement may name; there are a dozen. */
const shownReaders = 30

function present({ reader, outcome, claims, detail }: AttributionSummary['readers'][number]): ReaderReport {
  return { reader, outcome, claims, ...(detail === undefined ? {} : { detail }) }
}
