/** A token for an API, as its owner keeps it: in a file. */
import { resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import type { OptionName } from '../errors.ts'
import { limits } from '../model/limits.ts'
import { readRegularFile } from '../platform/files.ts'

/** One line of visible characters. Errors: `usage`, `input-too-large`, and those of reading a file. */
export async function readTokenFile(
  file: string,
  { cwd, what, asked }: { readonly cwd: string; readonly what: string; readonly asked: OptionName },
): Promise<string> {
  const bytes = await readRegularFile(resolve(cwd, file), limits.forgeTokenBytes, what)
  const token = bytes.toString('latin1').replace(/\r?\n$/, '')
  // fetch refuses such a header too, and says it whole.
  if (/^[!-~]+$/.test(token)) return token
  throw new CountersignError('usage', `${what} is not one line of visible characters`, { option: asked })
}
