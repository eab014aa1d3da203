/** Submodules of a commit, whatever is checked out. */
import type { Submodules } from '../../model/source-tree.ts'
import { forEachField } from './fields.ts'
import { streamGit } from './process.ts'
import type { Repository } from './repository.ts'

/** Longer than the path of any file: of what is cut nobody could tell what it is. */
const entryBytes = 65_536

/** How many there are in the tree of a commit. Error: `git-failed`. */
export async function submodulesIn({ git }: Repository, commit: string): Promise<Pick<Submodules, 'count'>> {
  let count = 0
  await forEachField(streamGit(git, ['ls-tree', '-r', '-z', '--full-tree', commit]), entryBytes, (entry) => {
    if (entry.toString('latin1', 0, 7) === '160000 ') count += 1
  })
  return { count }
}
