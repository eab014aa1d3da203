/** What a process ends with (DESIGN rule 11): 0 if and only if the answer is yes, or the job was done. */
import type { ErrorCode, FailureKind } from '../index.ts'
import { CountersignError } from '../index.ts'
import { kindOf } from '../verify.ts'

export type ExitCode = 0 | 1 | 2 | 3

const codes: { readonly [kind in FailureKind]: ExitCode } = { no: 1, usage: 2, undecided: 3 }

export function exitCodeOf(kind: FailureKind): ExitCode {
  return codes[kind]
}

/** As much of a verdict as decides the exit code. */
export type Answer =
  | { readonly outcome: 'pass' | 'fail' }
  | { readonly outcome: 'undecided'; readonly failure: { readonly code: ErrorCode } }

/**
 * 0 if and only if there are verdicts and all are pass; 1 if the answer is no for any, or there is none at all; 2 if whatever
 * is undecided is so by what the command line named, such as a file that is not there; else 3.
 */
export function exitCodeOfVerdicts(verdicts: readonly Answer[]): ExitCode {
  if (verdicts.length === 0 || verdicts.some((it) => it.outcome === 'fail')) return exitCodeOf('no')
  const kinds = verdicts.flatMap((it) => (it.outcome === 'undecided' ? [kindOf(it.failure.code)] : []))
  if (kinds.length === 0) return 0
  return exitCodeOf(kinds.every((it) => it === 'usage') ? 'usage' : 'undecided')
}

/** What ended a command, as one of our own errors. */
export function asFailure(thrown: unknown): CountersignError {
  if (thrown instanceof CountersignError) return thrown
  return new CountersignError('internal', thrown instanceof Error ? thrown.message : 'unknown error', { cause: thrown })
}
