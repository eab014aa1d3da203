/** Rows of a verdict, as rules make them. */
import type { ErrorCode, OptionName } from '../errors.ts'
import { hintOf } from '../errors.ts'
import type { Check, FailedCheck } from '../model/verdict.ts'
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

export function fail(rule: string, code: ErrorCode, expected: string, found: string | undefined): FailedCheck {
  return { rule, outcome: 'fail', code, expected, found: found ?? 'nothing', ...noteOf(code) }
}

/** What a person can do about a code, as a note; `first` says what was seen, where that is more than `found` tells. */
export function noteOf(code: ErrorCode, first?: string): { readonly note?: string } {
  const words = [first, hintOf(code)].filter((it) => it !== undefined)
  return words.length === 0 ? {} : { note: words.join('; ') }
}

/**
 * A "no" to a part of the question, with where the two differ; `as` reads both without what makes no difference, so that this is
 * not told as one.
 */
export function differs(
  rule: string,
  code: ErrorCode,
  option: OptionName,
  expected: string,
  found: string | undefined,
  as: (text: string) => string = (text) => text,
): FailedCheck {
  const part = found === undefined ? 'value' : differingPart(as(expected), as(found))
  return {
    rule,
    outcome: 'fail',
    code,
    expected,
    found: found ?? 'nothing',
    differs: { option, part },
    ...noteOf(code),
  }
}

/** The same for a part that takes one of several values; the part where they differ is that of the one that comes nearest. */
export function differsFromAll(
  rule: string,
  code: ErrorCode,
  option: OptionName,
  accepted: readonly string[],
  found: string | undefined,
): FailedCheck {
  const near = accepted.find((it) => it.toLowerCase() === found?.toLowerCase()) ?? accepted[0] ?? ''
  return { ...differs(rule, code, option, near, found), expected: accepted.join(' or ') }
}
