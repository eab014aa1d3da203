/** The hooks of a clone, for a person or a program. */
import type { HookRow, HooksReport } from '../model/hooks-report.ts'
import { keyProblems } from '../model/signing-key.ts'
import type { SigningKeyState } from '../model/signing-key.ts'
import { oneLine } from '../one-line.ts'
import type { Style } from './style.ts'

/**
 * Lines of text, or one line of JSON.
 *
 * @example
 * ```ts
 * import { hooksStatus } from 'countersign/hooks'
 * import { plainStyle, renderHooks } from 'countersign/report'
 *
 * console.log(renderHooks(hooksStatus(), 'text', plainStyle).startsWith('git')) // true
 * ```
 */
export function renderHooks(report: HooksReport, format: 'text' | 'json', style: Style): string {
  if (format === 'json') return `${JSON.stringify(report)}\n`
  const rows = [...report.git, ...report.agents]
  const width = Math.max(...rows.map(({ name }) => name.length))
  const line = (row: HookRow): string => {
    const state = row.state.padEnd(9)
    const painted = row.state === 'lost' ? style.bad(state) : row.state === 'absent' ? style.faint(state) : state
    const more = [row.path, row.why].flatMap((it) => (it === undefined ? [] : [oneLine(it)])).join(': ')
    return `  ${row.name.padEnd(width)}  ${painted}  ${more}`.trimEnd()
  }
  const settings = Object.entries(report.settings).map(([name, value]) => {
    const kept = report.kept?.includes(name) === true ? ' (kept)' : ''
    return `  ${oneLine(name)} = ${oneLine(value)}${kept}`
  })
  return [
    ...['git', ...report.git.map(line), 'agents', ...report.agents.map(line)],
    ...(settings.length === 0 ? [] : ['settings', ...settings]),
    ...(report.key === undefined ? [] : ['signing key', `  ${keyWords(report.key, style)}`]),
    '',
  ].join('\n')
}

function keyWords(key: SigningKeyState, style: Style): string {
  if (key.state === 'usable') return key.state
  return `${key.state === 'unusable' ? style.bad(key.state) : key.state}: ${keyProblems[key.code]} (${key.code})`
}
