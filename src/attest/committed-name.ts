/**
 * A file that a commit names, and whose contents whoever commits must not choose: of one owner, outside of the repository and reached
 * by no link. What comes with a checkout, or out of another job, has another mode or lies within.
 */
import { realpath } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { isBelow } from '../platform/links.ts'
import { readOwnersFile } from '../platform/owners-file.ts'
import type { OwnersFile } from '../platform/owners-file.ts'

/** Errors: what `unusable` makes, and those of opening a file. `root` is that of the repository. */
export async function readNamedByCommit(file: string, root: string, of: OwnersFile): Promise<Buffer> {
  if (!isAbsolute(file)) throw of.unusable('its path is not written in full')
  const real = await realpath(file).catch(() => file)
  // Nor does a way back (`..`), so that it is compared as it will be opened.
  if (real !== file) throw of.unusable('a link leads to it')
  if (isBelow(real, await realpath(root)))
    throw of.unusable('it lies in the repository, where anyone who commits can write it')
  // Every machine has files that others can read, of contents that everybody knows.
  return readOwnersFile(file, of)
}
