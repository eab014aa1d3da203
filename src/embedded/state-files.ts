/** The files of a state folder, and how they are read. Light on purpose: a verifier needs no more of this room. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { asFailure, CountersignError } from '../errors.ts'

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
    const status = await stat(path) // before opening: a pipe would wait for its other end
    if (!status.isFile() || status.size > maxBytes) {
      throw new CountersignError('local-state-malformed', `${path} is no file of at most ${maxBytes} bytes`)
    }
    return await readFile(path)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw asFailure(thrown, 'local-state-malformed', `${path} cannot be read`)
  }
}

/** `local-state-missing` for a folder that never was an embedded Sigstore. */
export function missingState(folder: string): CountersignError {
  return new CountersignError('local-state-missing', `there is no embedded Sigstore in ${folder}`)
}
