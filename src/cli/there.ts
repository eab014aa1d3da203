/** Whether something has a name in the working folder: what decides if a word can be a file. */
import { lstatSync } from 'node:fs'
import { resolve } from 'node:path'

/** A link to nothing is there; a word that no file system takes as a name is not. */
export function isThere(cwd: string, word: string): boolean {
  try {
    lstatSync(resolve(cwd, word))
    return true
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    return code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ENAMETOOLONG'
  }
}
