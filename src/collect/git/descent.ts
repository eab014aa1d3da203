/** Which commit comes of which. */
import { forEachObject } from './hashed-commits.ts'
import type { Repository } from './repository.ts'

/**
 * Whether a commit comes of another one by the commits between them, each hashed again: a parent that is put in the place of
 * another could make it so. Errors: `object-altered`, `git-failed`.
 */
export async function isDescendant(repository: Repository, commit: string, ancestor: string): Promise<boolean> {
  const between = ['--ancestry-path', '--end-of-options', commit, `^${ancestor}`, '--']
  return (await forEachObject(repository, between, undefined, () => undefined)) > 0
}
