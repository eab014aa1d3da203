/** Commits as git has them, and the heads of pull requests that squashes came from. */
import { git, pieces } from './git.ts'
import type { Identity } from './forms.ts'

export interface Commit {
  readonly id: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Identity
  readonly committer: Identity
  readonly message: string
  /** Seconds from writing to committing. */
  readonly lag: number
}

const format = '%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%cn%x1f%ce%x1f%at%x1f%ct%x1f%B%x1e'

/** The commits of the default branch, or those after `since`. */
export async function commitsOf(repository: string, since: string | undefined): Promise<readonly Commit[]> {
  return read(repository, since === undefined ? ['HEAD'] : ['HEAD', `^${since}`], '')
}

async function read(repository: string, args: readonly string[], input: string): Promise<readonly Commit[]> {
  const found: Commit[] = []
  for await (const piece of pieces(repository, ['log', '--no-color', `--format=${format}`, ...args], '\x1e', input)) {
    const [id = '', tree = '', parents = '', ...fields] = piece.trimStart().split('\x1f')
    const [name = '', address = '', cName = '', cAddress = '', at = '', ct = '', ...message] = fields
    if (id === '') continue
    found.push({
      ...{ id, tree, parents: parents.split(' ').filter((it) => it !== '') },
      author: { name, address },
      committer: { name: cName, address: cAddress },
      message: message.join('\x1f'),
      lag: Number(ct) - Number(at),
    })
  }
  return found
}

/** These commits, by id. */
export async function readAll(repository: string, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, Commit>> {
  if (ids.size === 0) return new Map<string, never>()
  const commits = await read(repository, ['--no-walk=unsorted', '--stdin'], `${[...ids].join('\n')}\n`)
  return new Map(commits.map((it) => [it.id, it]))
}

/** A commit of the default branch with the commits of the pull request that it is proved to be the squash of. */
export interface Squash {
  readonly commit: Commit
  readonly request: string
  readonly proof: 'same tree' | 'merge-tree'
  readonly heads: readonly string[]
}

export interface Squashes {
  readonly proved: readonly Squash[]
  /** Hints with a head that is here and is not what was merged. */
  readonly unproved: number
  /** The commits of the heads, by id. */
  readonly commits: ReadonlyMap<string, Commit>
}

/** The number in the subject is only a hint: the tree must be the head's, or what git makes of its parent and the head. */
export async function squashesOf(repository: string, range: readonly Commit[]): Promise<Squashes> {
  const heads = new Map<string, { id: string; tree: string }>()
  for (const line of git(repository, ['for-each-ref', '--format=%(refname) %(objectname) %(tree)', 'refs/pull/']).split(
    '\n',
  )) {
    const match = /^refs\/pull\/(\d+)\/head (\S+) (\S+)$/.exec(line)
    if (match !== null) heads.set(match[1] ?? '', { id: match[2] ?? '', tree: match[3] ?? '' })
  }
  const trees = new Map(range.map(({ id, tree }) => [id, tree]))
  const hinted = range.flatMap((commit) => {
    // Nothing is squashed into a commit that changes nothing: any head that was merged before would give its tree.
    if (trees.get(commit.parents[0] ?? '') === commit.tree) return []
    const subject = commit.message.split('\n')[0] ?? ''
    const numbers = [...subject.matchAll(/\(#(\d+)\)/g)].map((match) => match[1] ?? '').reverse()
    const known = numbers.flatMap((request) => {
      const head = heads.get(request)
      return head === undefined ? [] : [{ request, ...head }]
    })
    return commit.parents.length === 1 && known.length > 0 ? [{ commit, known }] : []
  })
  const open = hinted.flatMap(({ commit, known }) =>
    known.filter((head) => head.tree !== commit.tree).map((head) => ({ commit, head })),
  )
  const merged = mergeTrees(
    repository,
    open.map(({ commit, head }) => `${commit.parents[0] ?? ''} ${head.id}`),
  )
  const byMerge = new Map(open.map(({ commit, head }, index) => [`${commit.id} ${head.id}`, merged[index]]))
  const above = ancestors(repository)
  let unproved = 0
  const proved = hinted.flatMap(({ commit, known }): readonly Squash[] => {
    for (const head of known) {
      const isSame = head.tree === commit.tree
      if (!isSame && byMerge.get(`${commit.id} ${head.id}`) !== commit.tree) continue
      const proof = isSame ? 'same tree' : 'merge-tree'
      return [{ commit, request: head.request, proof, heads: head.id === commit.id ? [] : [head.id] }]
    }
    unproved += 1
    return []
  })
  const main = new Set(git(repository, ['rev-list', 'HEAD']).split('\n'))
  // Of requests that stand on one another the first that was merged has the commits.
  const taken = new Set<string>()
  const walked = proved.toReversed().map((squash) => {
    const heads = squash.heads.flatMap((head) => above(head, main)).filter((id) => !taken.has(id))
    for (const id of heads) taken.add(id)
    return { ...squash, heads }
  })
  const commits = await readAll(repository, new Set(walked.flatMap((squash) => squash.heads)))
  return { proved: walked, unproved, commits }
}

/** The tree that git makes of each pair; undefined where there are conflicts. */
function mergeTrees(repository: string, pairs: readonly string[]): readonly (string | undefined)[] {
  if (pairs.length === 0) return []
  const args = ['merge-tree', '--write-tree', '--no-messages', '--allow-unrelated-histories', '--stdin']
  const tokens = git(repository, args, `${pairs.join('\n')}\n`).split('\0')
  const trees: (string | undefined)[] = []
  for (const [index, token] of tokens.entries()) {
    const tree = tokens[index + 1] ?? ''
    if ((token === '0' || token === '1') && /^[0-9a-f]{40}$/.test(tree)) trees.push(token === '1' ? tree : undefined)
  }
  if (trees.length !== pairs.length) throw new Error(`merge-tree answered ${trees.length} of ${pairs.length}`)
  return trees
}

/** Walks from a head to what the default branch has. */
function ancestors(repository: string): (head: string, main: ReadonlySet<string>) => readonly string[] {
  const parents = new Map<string, readonly string[]>()
  for (const line of git(repository, ['rev-list', '--parents', '--glob=refs/pull/*/head']).split('\n')) {
    const [id = '', ...above] = line.split(' ')
    parents.set(id, above)
  }
  return (head, main) => {
    const found = new Set<string>()
    const open = [head]
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (main.has(id) || found.has(id)) continue
      found.add(id)
      open.push(...(parents.get(id) ?? []))
    }
    return [...found]
  }
}
