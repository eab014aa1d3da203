/** The files of a state folder, and how they are read. Light on purpose: a verifier needs no more of this room. */
import { join } from 'node:path'
import { asFailure, CountersignError } from '../errors.ts'
import { readFileIfThere } from '../platform/files.ts'

export const stateFiles = {
  gitignore: '.gitignore',
  lock: 'lock',
  /** Secret, and written last: a folder without it was never finished. */
  keys: 'keys.json',
  trustedRoot: 'trusted_root.json',
  rekorV1: 'rekor-v1.jsonl',
  rekorV2: 'rekor-v2.jsonl',
} as const

/** A whole file of the folder; undefined if there is none. Errors: `local-state-malformed` (no plain file, too large). */
export async function readStateFile(
  folder: string,
  name: keyof typeof stateFiles,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const path = join(folder, stateFiles[name])
  try {
    return await readFileIfThere(path, maxBytes, path)
  } catch (thrown) {
    const { message } = asFailure(thrown, 'local-state-malformed', path)
    throw new CountersignError('local-state-malformed', message, { cause: thrown })
  }
}

/** `local-state-missing` for a folder that never was an embedded Sigstore. */
export function missingState(folder: string): CountersignError {
  return new CountersignError('local-state-missing', `there is no embedded Sigstore in ${folder}`)
}
