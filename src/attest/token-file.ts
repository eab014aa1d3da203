/** A token for an API, from a file of its own: one line that fits into a header. */
import { CountersignError } from '../errors.ts'
import type { OptionName } from '../errors.ts'
import { limits } from '../model/limits.ts'
import { readRegularFile } from '../platform/files.ts'

/** Errors: `usage`, `input-too-large`, and those of reading a file. */
export async function tokenIn(path: string, what: string, option: OptionName): Promise<string> {
  const file = await readRegularFile(path, limits.forgeTokenBytes, `the file of ${what}`)
  const token = file.toString('latin1').replace(/\r?\n$/, '')
  if (token === '') {
    throw new CountersignError('usage', `the file of ${what} is empty`, {
      option,
      hint: 'the variable that fills it is not set in this job: at GitLab one that is protected reaches jobs of protected branches and tags alone, and a job of a fork has no secrets',
    })
  }
  // fetch refuses such a header too, and says it whole.
  if (!/^[!-~]+$/.test(token)) {
    throw new CountersignError('usage', `the file of ${what} is not one line of visible characters`, { option })
  }
  return token
}
