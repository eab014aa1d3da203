/** Evidence + Question → checks, and checks → outcome. The only place that says yes. */
import type { Evidence } from '../model/evidence.ts'
import type { Question } from '../model/question.ts'
import type { Check } from '../model/verdict.ts'
import { caseOf, ruleRows } from './rules.ts'

/** All checks of the policy layer, every rule at least once. */
export function evaluate(evidence: Evidence, question: Question): readonly Check[] {
  const given = caseOf(evidence, question)
  return ruleRows.flatMap((row) => row.check(given))
}

/** The rules of this layer as skipped, for evidence that never came to be. */
export function notReached(): readonly Check[] {
  return ruleRows.map(({ rule }) => ({ rule, outcome: 'skipped', note: 'not reached' }))
}

/** `pass` needs at least one check that passed and none that failed: an empty list is a "no". */
export function outcomeOf(checks: readonly Check[]): 'pass' | 'fail' {
  return checks.some((it) => it.outcome === 'pass') && checks.every((it) => it.outcome !== 'fail') ? 'pass' : 'fail'
}
