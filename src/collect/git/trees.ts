/** The trees of a commit, entry by entry, each object hashed again. */
import { CountersignError } from '../../errors.ts'
import { takeGit } from './lent-gits.ts'
import { endedEarly, readAnswers, whole } from './objects.ts'
import type { Repository } from './repository.ts'

/** One line of a tree. */
export interface TreeEntry {
  /** From the root, in the bytes of its name as Latin-1. */
  readonly path: string
  /** What the mode says: a link is a blob too, a submodule a commit. */
  readonly type: 'tree' | 'blob' | 'commit'
  /** As it is written there, in octal. */
  readonly mode: string
  readonly id: string
}

/** Many more than the largest tree that anybody works in has files in one folder. */
const treeBytes = 256 * 1024 * 1024
/**
 * Trees that hold one another many times over are small on disk and without end for who walks them. The largest repositories
 * have half a million files, and a million notes.
 */
const mostEntries = 4_000_000

/**
 * Calls `visit` for every entry of the root tree of a commit, and of each tree for which it says true. One git for all of
 * them. Errors: `object-altered`, `git-failed` (one is missing, or there are more entries than anybody has).
 */
export function walkTrees(
  repository: Repository,
  commit: string,
  visit: (entry: TreeEntry) => boolean,
  most = mostEntries,
): Promise<void> {
  return walkForest(repository, [commit], visit, most)
}

/** The same for several commits (or trees), from the same git; `root` is the place in the list. */
export async function walkForest(
  { git, objectFormat }: Repository,
  commits: readonly string[],
  visit: (entry: TreeEntry, root: number) => boolean,
  most = mostEntries,
): Promise<void> {
  if (commits.length === 0) return
  const running = takeGit(git)
  // Folder and id of what was asked for, in order, which is the order of the answers.
  const asked: { root: number; folder: string; id: string | undefined; type: string }[] = []
  const ask = (root: number, folder: string, id: string | undefined, type: string, name = id): void => {
    asked.push({ root, folder, id, type })
    running.write(`${name}\n`)
  }
  let answered = 0
  let entries = 0
  try {
    for (const [root, commit] of commits.entries()) ask(root, '', undefined, 'commit', commit)
    for await (const { id, type, contents } of readAnswers(running.output, treeBytes)) {
      const at = asked[answered]
      answered += 1
      if (at === undefined || type === 'missing') throw unusable(id, 'is missing')
      if (contents === 'too-large') throw unusable(id, 'is too large')
      whole(objectFormat, at.id ?? id, type, contents)
      // A ref of notes may be a tree.
      if (type !== at.type && !(at.id === undefined && type === 'tree')) throw unusable(id, `is a ${type}`)
      if (type === 'commit') ask(at.root, '', treeOf(contents), 'tree')
      else {
        for (const entry of entriesOf(contents, at.folder, objectFormat === 'sha1' ? 20 : 32)) {
          entries += 1
          if (entries > most) throw new CountersignError('git-failed', `a tree has more than ${most} entries`)
          if (visit(entry, at.root) && entry.type === 'tree') ask(at.root, `${entry.path}/`, entry.id, 'tree')
        }
      }
      if (answered === asked.length) return
    }
    throw await endedEarly(running)
  } finally {
    await running.giveBack(answered === asked.length)
  }
}

function treeOf(commit: Buffer): string {
  const id = /^tree ([0-9a-f]+)\n/.exec(commit.toString('latin1', 0, 80))?.[1]
  if (id === undefined) throw malformed()
  return id
}

/** gitformat-tree: mode, space, name, NUL, the bytes of the id (20 or 32). Error: `git-failed`. */
export function* entriesOf(tree: Buffer, folder: string, idBytes: number): Generator<TreeEntry, void, undefined> {
  for (let at = 0; at < tree.length;) {
    const space = tree.indexOf(0x20, at)
    const nul = tree.indexOf(0, space)
    const end = nul + 1 + idBytes
    if (space < 0 || nul < 0 || end > tree.length) throw malformed()
    const path = folder + tree.toString('latin1', space + 1, nul)
    const mode = tree.toString('latin1', at, space)
    yield { path, type: typeOf(mode), mode, id: tree.toString('hex', nul + 1, end) }
    at = end
  }
}

function typeOf(mode: string): TreeEntry['type'] {
  if (/^0?40000$/.test(mode)) return 'tree'
  return mode === '160000' ? 'commit' : 'blob'
}

function unusable(id: string, why: string): CountersignError {
  return new CountersignError('git-failed', `the object ${id} ${why}`)
}

function malformed(): CountersignError {
  return new CountersignError('git-failed', 'a commit or tree of the repository is malformed')
}
