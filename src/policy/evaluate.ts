/** Verified statement + Question → checks, and checks → outcome. The only place that says yes. */
import type { VerifiedStatement } from '../model/evidence.ts'
import type { Question } from '../model/question.ts'
import type { Check } from '../model/verdict.ts'
import { skip } from './checks.ts'
import { ruleRows } from './rules/index.ts'
import { caseOf } from './rules/row.ts'

/** All checks of the policy layer, every rule at least once. */
export function evaluate(statement: VerifiedStatement, question: Question): readonly Check[] {
  const checks = ruleRows.flatMap((row) => row.check(caseOf(statement, question)))
  for (const further of question.narrowedBy ?? []) {
    const known = new Set(checks.map(written))
    checks.push(...evaluate(statement, further).filter((it) => it.outcome !== 'skipped' && !known.has(written(it))))
  }
  return checks
}

function written(check: Check): string {
  return JSON.stringify(check)
}

/** The rules of this layer as skipped, for evidence that never came to be. */
export function notReached(): readonly Check[] {
  return ruleRows.map(({ rule }) => skip(rule, 'not reached'))
}

/** `pass` needs at least one check that passed and none that failed: an empty list is a "no". */
export function outcomeOf(checks: readonly Check[]): 'pass' | 'fail' {
  return checks.some((it) => it.outcome === 'pass') && checks.every((it) => it.outcome !== 'fail') ? 'pass' : 'fail'
}
