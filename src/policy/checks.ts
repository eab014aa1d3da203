/** Rows of a verdict, as rules make them. */
import type { ErrorCode, OptionName } from '../errors.ts'
import { hintOf } from '../errors.ts'
import type { Check } from '../model/verdict.ts'
import { differingPart } from './differing-part.ts'

export function pass(rule: string, expected?: string, found?: string): Check {
  return {
    rule,
    outcome: 'pass',
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
  }
}

export function skip(rule: string, note: string): Check {
  return { rule, outcome: 'skipped', note }
}

export function fail(rule: string, code: ErrorCode, expected: string, found: string | undefined): Check {
  const note = hintOf(code)
  return { rule, outcome: 'fail', code, expected, found: found ?? 'nothing', ...(note === undefined ? {} : { note }) }
}

/** A "no" to a part of the question, with where the two differ. */
export function differs(
  rule: string,
  code: ErrorCode,
  option: OptionName,
  expected: string,
  found: string | undefined,
): Check {
  const part = found === undefined ? 'value' : differingPart(expected, found)
  return { rule, outcome: 'fail', code, expected, found: found ?? 'nothing', differs: { option, part } }
}
