/**
 * Which signed commit brought a file in. The signature of a commit is over its whole tree, and most of that somebody else put
 * there: so what counts is the commit before which the file was not there. One that merges brings nothing in by itself.
 */
import { limits } from '../../model/limits.ts'
import { forEachField } from '../git/fields.ts'
import { streamGit } from '../git/process.ts'
import type { Repository } from '../git/repository.ts'
import { walkForest } from '../git/trees.ts'
import { readCommitObjects } from './commit-objects.ts'
import { signedCommit } from './signed-commit.ts'

/** Where to look. */
export interface Histories {
  /** Full ids of commits. */
  readonly tips: readonly string[]
  /** Commits whose parents are not here: what they brought in, nobody can tell. */
  readonly boundary: ReadonlySet<string>
}

/** Git computes the rest; what it says is checked below with every object hashed again. */
const args: readonly string[] = [
  ...['log', '-z', '--format=%x01%H', '--raw', '--no-abbrev', '--root', '--no-merges', '--no-renames'],
  ...['--no-relative', '--diff-filter=AM', `--max-count=${limits.walkedCommits}`, '--stdin'],
]

/**
 * Blob → the signed commit that brought it in. A blob is left out where several did: whoever signs a copy signs that it was there.
 * Whether the signature is good, and whose it is, is not asked here. Errors: `object-altered`, `git-failed`.
 */
export async function signedBringers(
  repository: Repository,
  { tips, boundary }: Histories,
  blobs: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  if (tips.length === 0 || blobs.size === 0) return new Map()
  const said = new Map<string, Arrival | 'several'>()
  let commits = 0
  let commit = ''
  let blob: string | undefined // of the path that comes next
  const lines = streamGit(repository.git, args, `${[...new Set(tips)].join('\n')}\n`)
  await forEachField(lines, fieldBytes, (field) => {
    if (blob !== undefined) {
      if (blobs.has(blob)) said.set(blob, said.has(blob) ? 'several' : { blob, commit, path: field.toString('latin1') })
      blob = undefined
      return
    }
    const text = field.toString('latin1')
    if (text.startsWith('\x01')) {
      commit = text.slice(1)
      commits += 1
    } else blob = /^\n?:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [AM]$/.exec(text)?.[1]
  })
  // Of an older one that is not looked at it could be a copy.
  if (commits === limits.walkedCommits) return new Map()
  const arrivals = [...said.values()].filter((it) => it !== 'several').filter((it) => !boundary.has(it.commit))
  return confirmed(repository, arrivals)
}

/** A path of the length that systems allow, with room. */
const fieldBytes = 16 * 1024

interface Arrival {
  readonly blob: string
  readonly commit: string
  /** Its bytes as Latin-1. */
  readonly path: string
}

async function confirmed(repository: Repository, arrivals: readonly Arrival[]): Promise<ReadonlyMap<string, string>> {
  const byCommit = Map.groupBy(arrivals, ({ commit }) => commit)
  const trees: { readonly object: string; readonly arrivals: readonly Arrival[]; readonly isParent: boolean }[] = []
  for await (const { commit, object } of readCommitObjects(repository, [...byCommit.keys()])) {
    const signed = object === 'too-large' ? 'unsigned' : signedCommit(object, repository.objectFormat)
    if (typeof signed === 'string') continue
    const parents = parentsIn(signed.payload)
    if (parents.length > 1) continue
    const mine = byCommit.get(commit) ?? []
    trees.push({ object: commit, arrivals: mine, isParent: false })
    for (const parent of parents) trees.push({ object: parent, arrivals: mine, isParent: true })
  }
  const brought = new Set<Arrival>()
  const before = new Set<Arrival>()
  const folders = trees.map((it) => new Set(it.arrivals.flatMap(({ path }) => foldersOf(path))))
  const objects = trees.map(({ object }) => object)
  await walkForest(repository, objects, ({ path, type, id }, at) => {
    if (type === 'tree') return folders[at]?.has(path) === true
    const tree = trees[at]
    for (const arrival of tree?.arrivals ?? []) {
      if (arrival.path === path && arrival.blob === id) (tree?.isParent === true ? before : brought).add(arrival)
    }
    return false
  })
  return new Map([...brought].filter((it) => !before.has(it)).map(({ blob, commit }) => [blob, commit]))
}

/** As the object says, of which the message is no part. */
function parentsIn(payload: Buffer): string[] {
  const end = payload.indexOf('\n\n')
  const header = payload.toString('latin1', 0, end < 0 ? payload.length : end)
  return header.split('\n').flatMap((line) => /^parent ([0-9a-f]+)$/.exec(line)?.[1] ?? [])
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}
