/** AI sessions in HTML, with all that is known of them. */
import { corroborationMeaning } from '../../model/corroboration.ts'
import { portalCells, portalColumns } from '../../model/portal-words.ts'
import { receiptCells, receiptColumns } from '../../model/receipt-words.ts'
import type { Session } from '../../model/session.ts'
import { sessionCount } from '../../model/session-words.ts'
import { toldCells, toldColumns } from '../../model/transcript-words.ts'
import type { AttestationSummary } from '../../model/verdict.ts'
import { unseenWords } from '../sessions-said.ts'
import { byWeight, levelMeaning, noSessionWords, rangeLine } from '../sessions.ts'
import { html, outside, table } from './html-parts.ts'
import type { Html } from './html-parts.ts'

/** Empty where nothing is said of sessions. */
export function sessionParts({ sessions, attribution, changes }: AttestationSummary): Html[] {
  if (sessions === undefined) return []
  const unseen = changes?.readers === undefined ? [] : unseenWords({ readers: changes.readers })
  const levels = [...new Set(sessions.map((it) => it.level))]
  const ordered = byWeight(sessions)
  return [
    '<h4>AI sessions</h4>',
    ...[...(attribution === undefined ? [] : [rangeLine(attribution)]), ...unseen].map((it) => `<p>${html(it)}</p>`),
    `<p>${html(sessions.length === 0 ? noSessionWords : sessionCount(sessions))}</p>`,
    table(
      ['Session', 'Level', 'Tool', 'Models', { name: 'Commits', isNumber: true }, { name: 'Lines', isNumber: true }],
      ordered.map((it) => [
        idOf(it),
        html(it.level),
        outside(it.tool),
        it.models.map(outside).join(', '),
        String(it.commits.length),
        it.lines === undefined ? '' : String(it.lines.added),
      ]),
      { noun: 'sessions' },
    ),
    ...levels.map((it) => `<p class="small">${html(`${it}: ${levelMeaning[it]}`)}</p>`),
    more('As their transcripts tell', toldColumns, ordered, toldCells),
    ...(sessions.some((it) => it.corroborated !== undefined)
      ? [`<p class="small">${html(corroborationMeaning)}</p>`]
      : []),
    more('Receipts that agree', receiptColumns, ordered, receiptCells),
    more('As portals answered', portalColumns, ordered, portalCells),
  ].filter((it) => it !== '')
}

function idOf({ id }: Session): Html {
  return id === undefined ? '<span class="faint">not named</span>' : outside(id)
}

type Cells = readonly (string | number | undefined)[]

function more(
  heading: string,
  columns: readonly string[],
  sessions: readonly Session[],
  cellsOf: (session: Session) => Cells | undefined,
): Html {
  const rows = sessions.flatMap((it) => {
    const cells = cellsOf(it)
    return cells === undefined ? [] : [[idOf(it), ...cells.map((cell) => html(String(cell ?? '')))]]
  })
  return table(['Session', ...columns.map((it) => `${it.charAt(0).toUpperCase()}${it.slice(1)}`)], rows, {
    noun: 'sessions',
    label: heading,
  })
}
