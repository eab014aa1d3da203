/** What the readers of a gate did not see: first what a rule looks at, with how to see it, then in a line what changes nothing here. */
import { option } from '../errors.ts'
import type { GateReport } from '../model/gate-report.ts'
import type { Style } from './style.ts'
import { cell } from './table.ts'

type Unseen = GateReport['unseen'][number]

export function unseenLines(
  { outcome, unseen }: Pick<GateReport, 'outcome' | 'unseen'>,
  style: Pick<Style, 'faint' | 'options'>,
): readonly string[] {
  // A report that does not say which rules look at it may mean any.
  const isAsked = ({ rules }: Unseen): boolean => rules === undefined || rules.length > 0
  const rows = new Map<string, [Unseen, ...Unseen[]]>()
  for (const it of unseen.filter(isAsked)) {
    // Why differs by the ref alone, where there is a command that fetches it.
    const key = JSON.stringify([it.outcome, it.fetch === undefined ? (it.detail ?? '') : true])
    const row = rows.get(key)
    if (row === undefined) rows.set(key, [it])
    else row.push(it)
  }
  const others = unseen.filter((it) => !isAsked(it)).map(({ reader }) => cell(reader))
  return [
    ...[...rows.values()].flatMap((row) => linesOf(row, outcome, style)),
    ...(others.length === 0
      ? []
      : [`  ${style.faint('not needed')}   ${others.join(', ')}: not looked at; no rule needs them as things stand`]),
  ]
}

function linesOf(
  row: readonly [Unseen, ...Unseen[]],
  verdict: GateReport['outcome'],
  style: Pick<Style, 'faint' | 'options'>,
): readonly string[] {
  const [{ outcome, detail, fetch }] = row
  // What would help a row that fails, that row has said.
  const bears = verdict === 'pass' ? 'not judged, and nothing for the author to do' : 'they could only add failures'
  const isOne = row.length === 1
  // One command for all of them would fail where the remote lacks one of the refs.
  const isFetched = !isOne && fetch !== undefined
  const how = isFetched ? style.options(`${option('fetch')} gets them, where the remote has them`) : fetch
  const why = isFetched || detail === undefined ? '' : `, ${cell(detail)}`
  return [
    `  ${style.faint('not seen')}     ${row.map(({ reader }) => cell(reader)).join(', ')}: ${outcome}${why}; ${bears}${how === undefined ? '' : `; ${cell(how)}`}`,
  ]
}
