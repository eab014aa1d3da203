/**
 * Where Entire keeps checkpoints in a repository, and the folders that are there. Two stores live side by side:
 *
 * - a ref for each, `refs/entire/checkpoints/<last two characters>/<id>`: the tree of its commit is the folder
 * - the branch `entire/checkpoints/v1`: the folder is `<first two characters>/<the others>`
 *
 * Some versions of 2026 had the second also as refs: whole (`v1.1`, `v1/full`), without the tool's own transcripts (`v1/main`), or in two
 * (`v2/main`, and transcripts in `v2/full/…`; rolled back in May). All of them also as a remote's, `refs/remotes/<remote>/entire/checkpoints/…`.
 * Anybody who may push can write them.
 */
import { limits } from '../../../model/limits.ts'
import { listRefs } from '../../git/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { walkForest } from '../../git/trees.ts'
import { checkpointId } from './pointers.ts'

/** The refs of a remote that hold many checkpoints each; archives of the rolled back form have no names that could be known. */
export const sharedRefs: readonly string[] = [
  'refs/heads/entire/checkpoints/v1',
  ...['v1.1', 'v1/full', 'v1/main', 'v2/main', 'v2/full/current'].map((it) => `refs/entire/checkpoints/${it}`),
]

/** The ref of one checkpoint alone, as a remote has it. */
export function refOf(checkpoint: string): string {
  return `refs/entire/checkpoints/${checkpoint.slice(-2)}/${checkpoint}`
}

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

/** A ref of a remote whose commit was fetched. */
export interface FetchedRef {
  /** As the remote has it. */
  readonly name: string
  readonly id: string
}

/**
 * Those of the checkpoints that are in a store here. Of two stores that have one, the ref of its own stands before the branch, what is
 * ours before what is a remote's, and what is in the clone before what was fetched. Errors: `object-altered`, `git-failed`.
 */
export async function findCheckpoints(
  repository: Repository,
  ids: ReadonlySet<string>,
  fetched: readonly FetchedRef[] = [],
): Promise<Stored> {
  const { hasStore, roots } = await listRoots(repository, ids, fetched)
  const folders = roots.map(() => new Map<string, Folder>())
  const commits = roots.map(({ object }) => object)
  await walkForest(repository, commits, ({ path, type, id }, at) => {
    const root = roots[at]
    const found = folders[at]
    if (root === undefined || found === undefined) return false
    return root.id === undefined ? visitBranch(ids, found, path, type, id) : visitRef(root.id, found, path, type, id)
  })
  const checkpoints = new Map<string, StoredCheckpoint>()
  const compact = new Set<string>()
  for (const [at, root] of roots.entries()) {
    for (const [name, { files, beyond }] of folders[at] ?? []) {
      const id = root.id ?? name
      const known = checkpoints.get(id)
      if (root.form === 'transcripts') {
        // The other half of one that is nowhere else.
        if (known !== undefined && compact.has(id)) {
          checkpoints.set(id, { ...known, files: new Map([...files, ...known.files]) })
        }
      } else if (!files.has('metadata.json')) continue
      else if (known === undefined) {
        checkpoints.set(id, { id, files, beyond, differs: false })
        if (root.form === 'compact') compact.add(id)
      } else if (root.form !== 'compact' && !isSame(known.files, files)) {
        checkpoints.set(id, { ...known, differs: true })
      }
    }
  }
  return { hasStore, checkpoints, tips: roots.flatMap((it) => (it.isCommit ? [it.object] : [])) }
}

/** In their order: `compact` and `transcripts` are two halves, and say nothing of what is whole. */
const forms = ['own', 'whole', 'compact', 'transcripts'] as const

interface Root {
  /** Of the one checkpoint in it; undefined for those of many. */
  readonly id: string | undefined
  readonly form: (typeof forms)[number]
  readonly object: string
  readonly isCommit: boolean
  readonly order: number
}

/** A remote cannot be told from a part of its name; nobody has more. */
const mostShared = 64

async function listRoots(
  repository: Repository,
  ids: ReadonlySet<string>,
  fetched: readonly FetchedRef[],
): Promise<{ readonly hasStore: boolean; readonly roots: readonly Root[] }> {
  const patterns = ['refs/entire/checkpoints', 'refs/heads/entire/checkpoints', 'refs/remotes/*/entire/checkpoints/**']
  const roots: Root[] = []
  let shared = 0
  let hasStore = false

  function see(name: string, object: string, type: string, isFetched: boolean): void {
    const place = placeOf(name)
    if (place === undefined) return
    const { form, id, isRemote } = place
    hasStore = true
    if (form !== 'own') shared += 1
    const isWanted = id === undefined ? shared <= mostShared : ids.has(id)
    // What is neither has no folder: the checkpoint is missing.
    if (!isWanted || (type !== 'commit' && type !== 'tree')) return
    const order = forms.indexOf(form) * 4 + (isRemote ? 1 : 0) + (isFetched ? 2 : 0)
    roots.push({ id, form, object, isCommit: type === 'commit', order })
  }

  for await (const { name, object, type } of listRefs(repository, patterns)) see(name, object, type, false)
  for (const { name, id } of fetched) see(name, id, 'commit', true)
  return { hasStore, roots: roots.sort((a, b) => a.order - b.order) }
}

function placeOf(ref: string): { form: Root['form']; id?: string; isRemote: boolean } | undefined {
  const [, remote, rest = ''] = /^refs\/(?:heads\/|(remotes\/[^/]+\/))?entire\/checkpoints\/(.+)$/.exec(ref) ?? []
  const isRemote = remote !== undefined
  if (/^v1(?:\.1|\/full)?$/.test(rest)) return { form: 'whole', isRemote }
  if (/^v[12]\/main$/.test(rest)) return { form: 'compact', isRemote }
  if (/^v2\/full\/(?:current|\d{13})$/.test(rest)) return { form: 'transcripts', isRemote }
  const [, shard, written = ''] = /^([^/]{2})\/([^/]+)$/.exec(rest) ?? []
  const id = shard === written.slice(-2) ? checkpointId(written) : undefined
  return id === undefined ? undefined : { form: 'own', id, isRemote }
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
