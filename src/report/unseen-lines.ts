/** What the readers of a gate did not see: those that say the same are one row, so that what refuses a change is not lost among them. */
import { option } from '../errors.ts'
import type { GateReport } from '../model/gate-report.ts'
import type { Style } from './style.ts'
import { cell } from './table.ts'

type Unseen = GateReport['unseen'][number]

export function unseenLines(unseen: GateReport['unseen'], style: Pick<Style, 'faint' | 'options'>): readonly string[] {
  const rows = new Map<string, [Unseen, ...Unseen[]]>()
  for (const it of unseen) {
    // Why differs by the ref alone, where there is a command that fetches it.
    const key = JSON.stringify([it.outcome, it.fetch === undefined ? (it.detail ?? '') : true])
    const row = rows.get(key)
    if (row === undefined) rows.set(key, [it])
    else row.push(it)
  }
  return [...rows.values()].flatMap((row) => linesOf(row, style))
}

function linesOf(row: readonly [Unseen, ...Unseen[]], style: Pick<Style, 'faint' | 'options'>): readonly string[] {
  const [{ outcome, detail, fetch }] = row
  const isOne = row.length === 1
  const why = isOne || fetch === undefined ? detail : 'this clone does not have what they read'
  // One command for all of them would fail where the remote lacks one of the refs.
  const how =
    isOne || fetch === undefined ? fetch : style.options(`${option('fetch')} gets it, as far as the remote has it`)
  return [
    `  ${style.faint('not seen')}  ${row.map(({ reader }) => cell(reader)).join(', ')}: ${outcome}${why === undefined ? '' : `, ${cell(why)}`}`,
    ...(how === undefined ? [] : [`            ${cell(how)}`]),
  ]
}
