/** What a case of a policy expects, whether it makes sense, and how rows differ from it. */
import type { PolicyCheck } from '../model/policy-report.ts'
import type { Policy } from '../model/policy.ts'
import type { PolicyCase, PolicyCaseResult } from '../model/policy-tests.ts'
import { aiRules } from './families/ai/index.ts'
import { policyRules } from './families/index.ts'

/** Why a case would prove nothing, or cannot be run; undefined where it can. */
export function caseProblem({ artifact, bundle, trustedRoot, input, expect, ...rest }: PolicyCase): string | undefined {
  const { outcome, rows } = expect
  const names = Object.keys(rows ?? {})
  if (outcome === undefined && names.length === 0) return 'it expects nothing: say an outcome, or rows'
  if (outcome === 'fail' && names.length === 0) return 'a release can be refused for many reasons: say by which rule'
  if (input !== undefined) {
    const signed = [artifact, bundle, trustedRoot, rest.previous, rest.question, rest.now]
    if (signed.some((it) => it !== undefined)) return 'evidence is a document (input), or an artifact with its bundle'
    if (outcome !== undefined) return 'a document has no signature, and so no outcome: say rows'
    const beyond = names.find((it) => !it.startsWith('rules/') && !aiRules.some(({ id }) => id === it))
    return beyond === undefined ? undefined : `${beyond} looks at signatures: try it on an artifact with its bundle`
  }
  if (artifact === undefined || trustedRoot === undefined)
    return 'evidence is an artifact and a trusted root, or a document (input)'
  return undefined
}

/** A row of a rule that is none would never be there: a case that expects no failure of it would be believed. */
export function unknownRule({ expect }: PolicyCase, { layers }: Policy): string | undefined {
  const own = layers.flatMap(({ sections }) => (sections.rules ?? []).map((it) => `rules/${it.id}`))
  const known = new Set(['policy/expiry', ...policyRules.map(({ id }) => id), ...own])
  return Object.keys(expect.rows ?? {}).find((it) => !known.has(it))
}

export function differencesIn(
  { expect: { outcome, rows = {} } }: PolicyCase,
  found: { readonly outcome: string | undefined; readonly checks: readonly PolicyCheck[] },
): PolicyCaseResult['differences'] {
  return [
    ...(outcome === undefined || outcome === found.outcome
      ? []
      : [{ what: 'outcome', expected: outcome, found: found.outcome ?? 'none' }]),
    ...Object.entries(rows).flatMap(([rule, expected]) => {
      const own = found.checks.filter((it) => it.rule === rule)
      if (isAsExpected(own, expected)) return []
      const words = [...new Set(own.map(wordOf))].join(', ')
      return [{ what: rule, expected, found: words === '' ? 'no row' : words }]
    }),
  ]
}

function isAsExpected(rows: readonly PolicyCheck[], expected: string): boolean {
  if (expected === 'pass') return rows.length > 0 && rows.every((it) => it.outcome === 'pass')
  if (expected === 'skipped' || expected === 'waived') {
    return rows.some((it) => it.outcome === expected) && rows.every((it) => it.outcome !== 'fail')
  }
  return rows.some((it) => it.outcome === 'fail' && it.code === expected)
}

function wordOf(row: PolicyCheck): string {
  return row.outcome === 'fail' ? row.code : row.outcome
}
