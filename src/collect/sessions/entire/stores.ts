/**
 * Where Entire keeps checkpoints in a repository, and the folders that are there. Two stores live side by side:
 *
 * - a ref for each, `refs/entire/checkpoints/<last two characters>/<id>`: the tree of its commit is the folder
 * - the branch `entire/checkpoints/v1`: the folder is `<first two characters>/<the others>`
 *
 * Both also as a remote's, `refs/remotes/<remote>/entire/checkpoints/…`. Anybody who may push can write them.
 */
import { limits } from '../../../model/limits.ts'
import { listRefs } from '../../git/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { walkForest } from '../../git/trees.ts'
import { checkpointId } from './pointers.ts'

/** The branch, as a remote has it. */
export const branchRef = 'refs/heads/entire/checkpoints/v1'

/** A checkpoint that is here: what is in its folder, nothing of it read. */
export interface StoredCheckpoint {
  readonly id: string
  /** Path in the folder → full id of the blob; the files that are read, and no others. */
  readonly files: ReadonlyMap<string, string>
  /** Sessions beyond the most that are looked at. */
  readonly beyond: number
  /** Another store has other files under this id. */
  readonly differs: boolean
}

export interface Stored {
  /** False where the clone has neither store. */
  readonly hasStore: boolean
  readonly checkpoints: ReadonlyMap<string, StoredCheckpoint>
  /** Full ids of the commits that the stores are at. */
  readonly tips: readonly string[]
}

/**
 * Those of the checkpoints that are in a store here. Of two stores that have one, the ref of its own stands before the branch, and
 * what is ours before what is a remote's. Errors: `object-altered`, `git-failed`.
 */
export async function findCheckpoints(repository: Repository, ids: ReadonlySet<string>): Promise<Stored> {
  const { hasStore, roots } = await listRoots(repository, ids)
  const folders = roots.map(() => new Map<string, Folder>())
  const commits = roots.map(({ object }) => object)
  await walkForest(repository, commits, ({ path, type, id }, at) => {
    const root = roots[at]
    const found = folders[at]
    if (root === undefined || found === undefined) return false
    return root.id === undefined ? visitBranch(ids, found, path, type, id) : visitRef(root.id, found, path, type, id)
  })
  const checkpoints = new Map<string, StoredCheckpoint>()
  for (const [at, root] of roots.entries()) {
    for (const [name, { files, beyond }] of folders[at] ?? []) {
      if (!files.has('metadata.json')) continue
      const id = root.id ?? name
      const known = checkpoints.get(id)
      if (known === undefined) checkpoints.set(id, { id, files, beyond, differs: false })
      else if (!isSame(known.files, files)) checkpoints.set(id, { ...known, differs: true })
    }
  }
  return { hasStore, checkpoints, tips: roots.flatMap((it) => (it.isCommit ? [it.object] : [])) }
}

interface Root {
  /** Of the one checkpoint in it; undefined for a branch. */
  readonly id: string | undefined
  readonly object: string
  readonly isCommit: boolean
  readonly order: number
}

/** A remote cannot be told from a part of its name; nobody has more. */
const mostBranches = 32

async function listRoots(
  repository: Repository,
  ids: ReadonlySet<string>,
): Promise<{ readonly hasStore: boolean; readonly roots: readonly Root[] }> {
  const patterns = ['refs/entire/checkpoints', branchRef, 'refs/remotes/*/entire/checkpoints/**']
  const roots: Root[] = []
  let branches = 0
  let hasStore = false
  for await (const { name, object, type } of listRefs(repository, patterns)) {
    const [, remote, rest = ''] = /^refs\/(?:heads\/|(remotes\/[^/]+\/))?entire\/checkpoints\/(.+)$/.exec(name) ?? []
    const isBranch = rest === 'v1' && !name.startsWith('refs/entire/')
    const [, shard, written = ''] = /^([^/]{2})\/([^/]+)$/.exec(rest) ?? []
    const id = shard === written.slice(-2) ? checkpointId(written) : undefined
    if (!isBranch && id === undefined) continue
    hasStore = true
    if (isBranch) branches += 1
    const isWanted = id === undefined ? branches <= mostBranches : ids.has(id)
    // What is neither has no folder: the checkpoint is missing.
    if (isWanted && (type === 'commit' || type === 'tree')) {
      roots.push({
        id,
        object,
        isCommit: type === 'commit',
        order: (isBranch ? 2 : 0) + (remote === undefined ? 0 : 1),
      })
    }
  }
  return { hasStore, roots: roots.sort((a, b) => a.order - b.order) }
}

interface Folder {
  readonly files: Map<string, string>
  beyond: number
}

type Type = 'tree' | 'blob' | 'commit'

function visitBranch(
  ids: ReadonlySet<string>,
  found: Map<string, Folder>,
  path: string,
  type: Type,
  id: string,
): boolean {
  const [shard = '', others, ...inFolder] = path.split('/')
  if (others === undefined) return type === 'tree' && shard.length === 2
  const checkpoint = checkpointId(shard + others)
  if (checkpoint === undefined || !ids.has(checkpoint)) return false
  return visitFolder(folderOf(found, checkpoint), inFolder.join('/'), type, id)
}

/** The folder is the root, and has also been seen below it, as on the branch. */
function visitRef(checkpoint: string, found: Map<string, Folder>, path: string, type: Type, id: string): boolean {
  const below = [
    `${checkpoint.slice(0, 2)}/${checkpoint.slice(2)}`,
    `${checkpoint.slice(-2)}/${checkpoint}`,
    checkpoint,
  ]
  for (const folder of below) {
    if (path === folder || path.startsWith(`${folder}/`)) {
      return visitFolder(folderOf(found, folder), path.slice(folder.length + 1), type, id)
    }
  }
  const isAbove = type === 'tree' && below.some((folder) => folder.startsWith(`${path}/`))
  return visitFolder(folderOf(found, ''), path, type, id) || isAbove
}

function folderOf(found: Map<string, Folder>, name: string): Folder {
  const known = found.get(name)
  if (known !== undefined) return known
  const folder = { files: new Map<string, string>(), beyond: 0 }
  found.set(name, folder)
  return folder
}

/** `full.jsonl` and, of one that was cut into parts, `full.jsonl.001` and so on. */
const fileName = /^(?:metadata\.json|content_hash\.txt|transcript\.jsonl|full\.jsonl(?:\.\d{3})?)$/

/** Whether to go into what has this path in a checkpoint. */
function visitFolder(folder: Folder, path: string, type: Type, id: string): boolean {
  if (type === 'tree') {
    if (path === '') return true
    if (!/^(?:0|[1-9]\d{0,8})$/.test(path)) return false
    if (Number(path) < limits.sessionsPerCommit) return true
    folder.beyond += 1
    return false
  }
  const [, name = ''] = /^(?:\d+\/)?([^/]+)$/.exec(path) ?? []
  if (type === 'blob' && fileName.test(name)) folder.files.set(path, id)
  return false
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([path, id]) => other.get(path) === id)
}
