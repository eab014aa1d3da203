/** The code of what a call throws; a test that expects a failure fails itself when there is none. */
import { CountersignError } from '../../src/errors.ts'
import type { ErrorCode } from '../../src/errors.ts'

export function codeOf(run: () => unknown): ErrorCode {
  try {
    run()
  } catch (thrown) {
    return coded(thrown)
  }
  throw new Error('expected a failure, but there was none')
}

export async function codeOfAsync(run: () => Promise<unknown>): Promise<ErrorCode> {
  try {
    await run()
  } catch (thrown) {
    return coded(thrown)
  }
  throw new Error('expected a failure, but there was none')
}

function coded(thrown: unknown): ErrorCode {
  if (thrown instanceof CountersignError) return thrown.code
  throw thrown
}
