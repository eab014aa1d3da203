/** What to say of objects that are not what their ids say, and of a git that found one. */
import { CountersignError } from '../../errors.ts'
import { gitFailure } from './process.ts'
import type { Ending } from './process.ts'

export function altered(id: string): CountersignError {
  return new CountersignError('object-altered', `the object ${id} of the repository is not what its id says`)
}

/** Some objects git hashes itself. */
export function judge(args: readonly string[], ending: Ending): void {
  if (ending.status === 0) return
  const id = /^error: hash mismatch ([0-9a-f]{40,64})$/m.exec(ending.stderr)?.[1]
  throw id === undefined ? gitFailure(args, ending) : altered(id)
}
