/**
 * What fails, as GitLab's code quality report (a subset of the Code Climate format): it shows in a merge request what is new against the target
 * branch, and knows a row again by its fingerprint. It has no row that is no problem, so what passes or was skipped is not there.
 */
import { hintOf } from '../../errors.ts'
import { sha256Hex } from '../../model/digest.ts'
import type { GateReport } from '../../model/gate-report.ts'
import { unsteeringJson } from '../../one-line.ts'
import { short } from '../ci/job-report.ts'
import { hintWords, placeWords, policyRows, unseenRowWords } from '../check-rows.ts'
import type { CheckRow } from '../check-rows.ts'
import { plainStyle } from '../style.ts'
import type { Style } from '../style.ts'

const severities = { error: 'major', warn: 'minor', info: 'info' } as const

export function codeQualityOf({ policy }: GateReport, style: Pick<Style, 'options'> = plainStyle): string {
  const rows = policyRows(policy).filter(({ outcome }) => outcome === 'failed' || outcome === 'warned')
  const seen = new Map<string, number>()
  const all = rows.map((it) => {
    const { rule, severity, at = {} } = it
    const key = JSON.stringify([rule, at.path ?? '', at.commit ?? '', at.session ?? ''])
    // Two problems of one fingerprint would be shown as one.
    const times = seen.get(key) ?? 0
    seen.set(key, times + 1)
    return {
      description: wordsOf(it, style),
      check_name: rule,
      fingerprint: sha256Hex(times === 0 ? key : JSON.stringify([key, times])),
      severity: severities[severity],
      // It must have a file; what is about a commit, or all of them, stands at the root.
      location: { path: at.path ?? '.', lines: { begin: 1 } },
    }
  })
  return `${unsteeringJson(JSON.stringify(all))}\n`
}

function wordsOf(row: CheckRow, style: Pick<Style, 'options'>): string {
  const { rule, code, at, more, expected, found } = row
  const hint = hintWords(row)
  const unseen = unseenRowWords(row.unseen)
  const place = placeWords(at, more)
  const help = hint ?? (code === undefined ? undefined : hintOf(code))
  const parts = [
    ...(expected === undefined ? [] : [`expected ${short(expected)}`]),
    ...(found === undefined ? [] : [`found ${short(found)}`]),
    ...(unseen === '' ? [] : [`not seen: ${short(unseen)}`]),
    ...(help === undefined ? [] : [style.options(help)]),
  ]
  return `${rule} fails (${code ?? ''})${place === '' ? '' : ` at ${short(place)}`}: ${parts.join('; ')}`
}
