/** What another verifier answered: a summary of a "no" is no reason for a "yes". */
import { fail, pass, skip } from '../checks.ts'
import type { RuleRow } from './row.ts'

const rule = 'verification-result'

export const verificationResult: RuleRow = {
  rule,
  check({ statement: { predicate } }) {
    if (predicate.kind !== 'verification-summary') return [skip(rule, 'the predicate is not a verification summary')]
    return [
      predicate.result === 'PASSED'
        ? pass(rule, 'PASSED', predicate.result)
        : fail(rule, 'verification-failed', 'PASSED', predicate.result),
    ]
  },
}
