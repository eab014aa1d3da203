/**
 * Which commits of a range are rewritten ones of a pull request: a rebase keeps author, time and change, and gives another commit.
 * Nobody writes down which request it was, so all heads in the clone are looked through for the same author and time, and the
 * change is compared (`git patch-id`).
 */
import { limits } from '../../model/limits.ts'
import { logArgs, readCommits } from '../git/history.ts'
import { patchIds } from '../git/patch-ids.ts'
import { streamGit } from '../git/process.ts'
import type { Repository } from '../git/repository.ts'
import type { CommitHeader } from './visited.ts'

export interface Rebases {
  /** To be called for every commit of the range. */
  see(header: CommitHeader): void
  /** Commit below the tips (lines for the input of `git log`) → the change that is the same. `except` are taken already. */
  changes(tips: string, except: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>>
}

type Rewritten = Pick<CommitHeader, 'commit' | 'committed'>

export function newRebases(repository: Repository): Rebases {
  const rewritten = new Map<string, Rewritten>()

  async function changes(tips: string, except: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
    const changeOf = new Map<string, string>()
    if (rewritten.size === 0) return changeOf
    const likely = new Map<string, string>()
    await readCommits(streamGit(repository.git, [...logArgs, '--stdin'], tips), (header) => {
      const found = header.parents.length === 1 ? rewritten.get(keyOf(header)) : undefined
      // What was made later is a copy of the change and not what it came from: agents rebase their branches onto releases.
      if (found === undefined || header.committed > found.committed) return
      if (except.has(header.commit) || likely.size === limits.walkedCommits) return
      likely.set(header.commit, found.commit)
    })
    const ids = await patchIds(repository, new Set([...likely.keys(), ...likely.values()]))
    for (const [commit, change] of likely) {
      const id = ids.get(commit)
      if (id !== undefined && id === ids.get(change)) changeOf.set(commit, change)
    }
    return changeOf
  }

  return {
    see(header) {
      if (header.parents.length === 1 && isRewritten(header)) rewritten.set(keyOf(header), header)
    },
    changes,
  }
}

/** A commit that was never rewritten has one author and one time. */
function isRewritten({ author, committer, authored, committed }: CommitHeader): boolean {
  return authored !== committed || author.address !== committer.address
}

function keyOf({ author, authored }: CommitHeader): string {
  return `${authored} ${author.address}`
}
