/**
 * Which heads have the change in their own history: no change came of what was made after it. The tree of such a head says nothing, for an
 * empty commit on top of the change has the same.
 */
import { streamGit } from '../git/process.ts'
import type { Repository } from '../git/repository.ts'

/** A commit, and the head that could be what was squashed. Full ids. */
export interface Candidate {
  readonly change: string
  readonly head: string
}

/**
 * The candidates (commits that are here) of which that is true, in one walk, which ends where the range began: nothing before it
 * has a change of the range in its history. No change can be that end, for dates, and so the order of commits, are what somebody
 * wrote. Each commit is seen before its parents, so no more is kept than the heads that are still open at the place where the walk
 * is. Error: `git-failed`.
 */
export async function headsAbove(
  repository: Repository,
  candidates: readonly Candidate[],
  since: string | null,
): Promise<ReadonlySet<Candidate>> {
  if (candidates.length === 0) return new Set()
  const begins = Map.groupBy(candidates, (it) => it.head)
  const ends = Map.groupBy(candidates, (it) => it.change)
  const above = new Set<Candidate>()
  const over = new Set<Candidate>()
  /** Commit → the candidates whose heads it is in the history of. */
  const reached = new Map<string, Set<Candidate>>()

  function see(commit: string, parents: readonly string[]): void {
    const here = reached.get(commit) ?? new Set()
    reached.delete(commit)
    for (const it of begins.get(commit) ?? []) here.add(it)
    for (const it of ends.get(commit) ?? []) {
      if (here.has(it)) above.add(it)
      // Below the change its head means nothing more.
      over.add(it)
    }
    for (const it of here) if (over.has(it)) here.delete(it)
    if (here.size === 0) return
    for (const [at, parent] of parents.entries()) {
      const there = reached.get(parent)
      if (there !== undefined) for (const it of here) there.add(it)
      else reached.set(parent, at === parents.length - 1 ? here : new Set(here))
    }
  }

  const args = ['rev-list', '--topo-order', '--parents', '--stdin']
  const tips = [...begins.keys(), ...(since === null ? [] : [`^${since}`]), ''].join('\n')
  let rest = ''
  for await (const chunk of streamGit(repository.git, args, tips)) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [commit = '', ...parents] = line.split(' ')
      see(commit, parents)
    }
  }
  return above
}
