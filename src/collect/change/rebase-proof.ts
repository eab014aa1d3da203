/**
 * Which commits of a range are rewritten ones of a pull request: a rebase keeps author, time and change, and gives another commit.
 * Nobody writes down which request it was, so all heads in the clone are looked through for the same author and time, and the
 * change is compared: by the trees, and where those leave it open by the patches (`git patch-id`).
 */
import { limits } from '../../model/limits.ts'
import { newCommitColumn } from '../git/commit-column.ts'
import { forEachField } from '../git/fields.ts'
import { patchIds } from '../git/patch-ids.ts'
import { streamGit } from '../git/process.ts'
import { compareChanges } from '../git/raw-diffs.ts'
import type { Repository } from '../git/repository.ts'
import type { CommitHeader } from './visited.ts'

export interface Rebases {
  /** To be called for every commit of the range. */
  see(header: CommitHeader): void
  /** Commit below the tips (lines for the input of `git log`) → the change that is the same. `except` are taken already. */
  changes(tips: string, except: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>>
}

export function newRebases(repository: Repository): Rebases {
  // Of commits that were rewritten, a row each: a history can have nothing else.
  const commits = newCommitColumn(repository.objectFormat)
  const keys: string[] = []
  const committedAt: number[] = []

  /** Commit → the change by the same author at the same time. */
  async function likelyChanges(
    tips: string,
    except: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, string>> {
    const rowOf = new Map(keys.map((key, row) => [key, row]))
    const likely = new Map<string, string>()
    await forEachField(streamGit(repository.git, args, tips), fieldBytes, (field) => {
      const [commit = '', address = '', authored, committed] = field.toString('utf8').split('\n')
      const row = rowOf.get(keyOf(address, Number(authored)))
      // What was made later is a copy of the change and not what it came from: agents rebase their branches onto releases.
      if (row === undefined || Number(committed) > (committedAt[row] ?? 0)) return
      if (except.has(commit) || likely.size === limits.walkedCommits) return
      likely.set(commit, commits.at(row))
    })
    return likely
  }

  async function changes(tips: string, except: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
    if (commits.length === 0) return new Map()
    const likely = await likelyChanges(tips, except)
    const likenesses = await compareChanges(repository, likely)
    const open = [...likely].filter((_, index) => likenesses[index] === 'open')
    const ids = await patchIds(repository, new Set(open.flat()))
    const isSame = ([commit, change]: readonly [string, string], index: number): boolean => {
      if (likenesses[index] !== 'open') return likenesses[index] === 'same'
      const id = ids.get(commit)
      return id !== undefined && id === ids.get(change)
    }
    return new Map([...likely].filter(isSame))
  }

  return {
    see(header) {
      if (header.parents.length !== 1 || !isRewritten(header)) return
      commits.push(header.commit)
      keys.push(keyOf(header.author.address, header.authored))
      committedAt.push(header.committed)
    },
    changes,
  }
}

// Messages are read of those that are proved.
const args = [
  ...['log', '-z', '--encoding=UTF-8', '--format=%H%n%ae%n%at%n%ct'],
  ...['--min-parents=1', '--max-parents=1', '--stdin'],
]

/** An id, an address and two times. */
const fieldBytes = 64 * 1024

/** A commit that was never rewritten has one author and one time. */
function isRewritten({ author, committer, authored, committed }: CommitHeader): boolean {
  return authored !== committed || author.address !== committer.address
}

function keyOf(address: string, authored: number): string {
  return `${authored} ${address}`
}
