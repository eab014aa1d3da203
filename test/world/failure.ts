/** What a call throws, or its code; a test that expects a failure fails itself when there is none. */
import { CountersignError } from '../../src/errors.ts'
import type { ErrorCode } from '../../src/errors.ts'

export function codeOf(run: () => unknown): ErrorCode {
  try {
    run()
  } catch (thrown) {
    return failed(thrown).code
  }
  throw new Error('expected a failure, but there was none')
}

export async function codeOfAsync(run: () => Promise<unknown>): Promise<ErrorCode> {
  return (await failureOf(run)).code
}

export async function failureOf(run: () => Promise<unknown>): Promise<CountersignError> {
  try {
    await run()
  } catch (thrown) {
    return failed(thrown)
  }
  throw new Error('expected a failure, but there was none')
}

function failed(thrown: unknown): CountersignError {
  if (thrown instanceof CountersignError) return thrown
  throw thrown
}
