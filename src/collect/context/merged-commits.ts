/**
 * Commits that came with a plain merge of a request: the merge alone names it, and who reviewed it looked at them. Which merges may have brought
 * which commits in, is found here, from the history of the range; that they did is proved for each (`isOfRequest`).
 */
import type { Change } from '../../model/change.ts'
import type { NamedHead } from '../change/walk.ts'

/** The merge that brought a commit in, and the request that it names. */
export interface BroughtIn {
  readonly named: NamedHead
  readonly merge: Change
}

/**
 * Change → the first merge that may have brought it in, for changes of which it matters who reviewed them: those with AI, and those that say why they
 * name none. `changes` are the newest first, `heads` as of `Walk`.
 */
export function broughtIn(
  changes: readonly Change[],
  heads: ReadonlyMap<string, NamedHead>,
): ReadonlyMap<string, BroughtIn> {
  const byCommit = new Map(changes.map((it) => [it.commit, it]))
  const seen = mainLine(changes)
  const found = new Map<string, BroughtIn>()
  // A commit belongs to the request that was merged first.
  for (const merge of changes.toReversed()) {
    const named = heads.get(merge.commit)
    if (merge.parents.length !== 2 || named === undefined) continue
    const queue = [named.head]
    for (let commit = queue.pop(); commit !== undefined; commit = queue.pop()) {
      const change = byCommit.get(commit)
      if (change === undefined || seen.has(commit)) continue
      seen.add(commit)
      queue.push(...change.parents)
      const isWanted = change.parts.length > 0 || change.override !== undefined
      if (isWanted && !heads.has(commit)) found.set(commit, { named, merge })
    }
  }
  return found
}

/** What stands on the branch itself, which no request brought in; a queue made it, where one did. */
export function mainLine(changes: readonly Change[]): Set<string> {
  const byCommit = new Map(changes.map((it) => [it.commit, it]))
  const line = new Set<string>()
  for (let change = changes[0]; change !== undefined && !line.has(change.commit);) {
    line.add(change.commit)
    change = byCommit.get(change.parents[0] ?? '')
  }
  return line
}

/**
 * Whether this commit is one of the request. A merge has any first parent that whoever pushes it likes, so that its second side alone may hold
 * what was never in the request, or lack what was: it must be on that side, and the forge must list it, with an account as its author.
 */
export function isOfRequest(
  commit: string,
  listed: ReadonlySet<string> | undefined,
  side: ReadonlyMap<string, readonly string[]>,
): boolean {
  return listed?.has(commit) === true && side.has(commit)
}
