/** Submodules of a commit, whatever is checked out: the same as its work tree has, where one was made. */
import { limits } from '../../model/limits.ts'
import type { Submodules } from '../../model/source-tree.ts'
import { forEachField } from './fields.ts'
import { once } from './lent-gits.ts'
import { streamGit } from './process.ts'
import type { Git } from './process.ts'
import type { Repository } from './repository.ts'

/** Longer than the path of any file: of what is cut nobody could tell what it is. */
const entryBytes = 65_536
/** As of a work tree: longer paths are none that somebody wants to read. */
const namedCharacters = 4_096

/** How many there are in the tree of a commit, and the first of them in the order of the bytes of their paths. Error: `git-failed`. */
export function submodulesIn({ git }: Repository, commit: string): Promise<Submodules> {
  return once(git, `submodules in ${commit}`, () => readSubmodules(git, commit))
}

async function readSubmodules(git: Git, commit: string): Promise<Submodules> {
  const all: { readonly place: string; readonly commit: string }[] = []
  await forEachField(streamGit(git, ['ls-tree', '-r', '-z', '--full-tree', commit]), entryBytes, (entry) => {
    const [, id, place] = /^160000 commit ([0-9a-f]+)\t(.*)$/s.exec(entry.toString('latin1')) ?? []
    if (id !== undefined && place !== undefined) all.push({ place, commit: id })
  })
  const first = all
    .toSorted((one, other) => (one.place < other.place ? -1 : 1))
    .slice(0, limits.namedSubmodules)
    .map(({ place, commit: pinned }) => ({ path: asText(place), commit: pinned }))
  return { count: all.length, first }
}

function asText(place: string): string {
  return Buffer.from(place, 'latin1').toString('utf8').slice(0, namedCharacters)
}
