/** What forges read of the gate: within their limits, the same fingerprints from run to run, and nothing of a change is a command. */
import { describe, expect, it } from 'vitest'
import type { GateReport } from '../../src/model/gate-report.ts'
import { limits } from '../../src/model/limits.ts'
import { annotations } from '../../src/report/ci/workflow-command.ts'
import { summaryOf } from '../../src/report/ci/summary.ts'
import { gateJob, gateView } from '../../src/report/gate.ts'
import { plainStyle } from '../../src/report/style.ts'
import { failing, reportOf } from '../marks/fixture.ts'

type PolicyCheck = GateReport['policy']['checks'][number]

const warning = (path: string): PolicyCheck => ({ ...failing(path), severity: 'warn' })
const many = (count: number, of: (path: string) => PolicyCheck): PolicyCheck[] =>
  Array.from({ length: count }, (_, at) => of(`src/${at}.ts`))

function annotated(checks: readonly PolicyCheck[]): { readonly errors: string[]; readonly warnings: string[] } {
  const lines = annotations(gateJob(reportOf({}, checks)), 'error')
  const of = (kind: string): string[] => lines.filter((it) => it.startsWith(`::${kind} `))
  const [errors, warnings] = [of('error'), of('warning')]
  expect(errors.length + warnings.length).toBe(lines.length)
  return { errors, warnings }
}

describe('annotations', () => {
  it.each([9, 10, 11, 400])('of %s errors and as many warnings: ten of a kind, and the others are counted', (count) => {
    const { errors, warnings } = annotated([...many(count, failing), ...many(count, warning)])
    for (const lines of [errors, warnings]) {
      expect(lines).toHaveLength(Math.min(count, 10))
      if (count <= 10) expect(lines.join()).not.toMatch(/more/)
      else expect(lines.at(-1)).toMatch(new RegExp(`::and ${count - 9} more$`))
    }
    // A job shows fifty: those of one step leave room for three others.
    expect(errors.length + warnings.length).toBeLessThanOrEqual(20)
  })

  it('of files and texts that want to be commands are one line each, with everything escaped', () => {
    const names = [
      'a%0A::error::b.ts',
      'a\n::error file=x::b.ts',
      'a,title=b::c.ts',
      'a\r::set-output name=x::y',
      '%25',
    ]
    const texts = ['x%0A::error::y', 'x\n::stop-commands::y', 'x\u2028::warning::y', '##[error]x', '##vso[task]x']
    const checks = names.flatMap((name) => texts.map((found) => ({ ...failing(name), found })))
    for (const check of checks) {
      const lines = annotations(gateJob(reportOf({}, [check])), 'error')
      expect(lines).toHaveLength(1)
      const [line = ''] = lines
      expect(line).not.toMatch(/[\r\n\u2028\u2029]/)
      const [, properties = '', message = ''] = /^::error (.*?)::(.*)$/.exec(line) ?? []
      // As actions/runner splits them: by commas, each at its first sign of equality.
      const keys = properties.split(',').map((it) => it.slice(0, it.indexOf('=')))
      expect(keys).toEqual(['file', 'title'])
      // A runner unescapes %0A: a line of its own may be made by us alone, and we make none.
      expect(`${properties}${message}`).not.toMatch(/%0[AaDd]/)
      expect(message).not.toMatch(/##\[|##vso\[/)
    }
  })
})

describe('code quality', () => {
  interface Row {
    readonly fingerprint: string
    readonly description: string
    readonly location: { readonly path: string }
  }
  const rowsOf = (checks: readonly PolicyCheck[], more: Partial<GateReport> = {}): Row[] =>
    JSON.parse(gateView(reportOf(more, checks), 'codequality', plainStyle, '0')) as Row[]
  const prints = (checks: readonly PolicyCheck[], more?: Partial<GateReport>): string[] =>
    rowsOf(checks, more).map(({ fingerprint }) => fingerprint)
  const counted = (found: string, path = 'a.ts'): PolicyCheck => ({ ...failing(path), found })

  it('knows a row again whatever was counted, whichever head it was and what stands beside it', () => {
    const [first] = prints([counted('40 lines')])
    expect(prints([counted('41 lines')])).toEqual([first])
    expect(prints([counted('40 lines')], { head: 'f'.repeat(40) })).toEqual([first])
    expect(prints([counted('1', 'b.ts'), counted('40 lines')])[1]).toBe(first)
  })

  it('has no fingerprint twice, by rule, file, commit or session, nor for two rows of all that', () => {
    const at = (place: object): PolicyCheck => ({ ...failing(), at: place })
    const checks = [
      ...[at({ path: 'a' }), at({ commit: 'a' }), at({ session: 'a' }), at({ path: 'a', commit: 'a' }), failing()],
      ...[failing('a', 'ai/levels'), failing('a"],["b'), at({ path: 'a' }), at({ path: 'a' }), failing()],
    ]
    const all = prints(checks)
    expect(new Set(all).size).toBe(checks.length)
    expect(all.every((it) => /^[0-9a-f]{64}$/.test(it))).toBe(true)
    expect(prints(checks)).toEqual(all)
  })

  it('is JSON in which no text of a change steers what reads it', () => {
    const text = gateView(
      reportOf({}, [counted('a\u202e\n::error::b', 'x\n::error::y')]),
      'codequality',
      plainStyle,
      '0',
    )
    expect(text.trimEnd()).not.toMatch(/[\n\u202e]/)
    expect(text).not.toMatch(/^::/m)
  })
})

it('a step summary of very many rows stays below what GitHub takes, and counts what it leaves out', () => {
  const found = '<b>ä</b> | [x](y) '.repeat(18)
  const checks = Array.from({ length: 20_000 }, (_, at) => ({ ...failing(`src/${at}.ts`), found }))
  const text = summaryOf(gateJob(reportOf({}, checks)), limits.stepSummaryBytes) ?? ''
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_048_576)
  expect(text).toMatch(/and \d+ more/)
  expect(text).not.toMatch(/<b>|\[x\]\(y\)/)
})
