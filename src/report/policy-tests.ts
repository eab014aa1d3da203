/** What came of the cases of a policy, a line each, and below it what is not as expected. */
import type { PolicyTestReport } from '../model/policy-tests.ts'
import type { Style } from './style.ts'
import { cell, table } from './table.ts'

export function policyTestsText({ cases: results }: PolicyTestReport, style: Style): string {
  const [heading = '', ...rows] = table(
    ['case', 'evidence', 'as expected'],
    results.map(({ name, evidence, differences }) => [cell(name), evidence, differences.length === 0 ? 'yes' : 'NO']),
  )
  const failing = results.filter(({ differences }) => differences.length > 0).length
  const end = `${results.length} ${results.length === 1 ? 'case' : 'cases'}, ${failing} not as expected`
  return [
    style.faint(heading),
    ...rows.flatMap((row, index) => [
      row,
      ...(results[index]?.differences ?? []).map(
        ({ what, expected, found }) => `  ${style.bad(cell(what))}  expected ${cell(expected)}, found ${cell(found)}`,
      ),
    ]),
    failing === 0 ? style.good(end) : style.bad(end),
    ...(results.some(({ evidence }) => evidence === 'document')
      ? ['a document is signed by nobody: such cases prove nothing about signatures']
      : []),
    '',
  ].join('\n')
}
