/**
 * Whether objects are what their ids say. Git hashes what it writes and what it fetches, and believes what lies in the repository:
 * whoever ran on this machine before could put another commit, tree or note in the place of one, under its id.
 */
import { CountersignError } from '../../errors.ts'
import { feedGit, gitFailure } from './process.ts'
import type { Ending, Git } from './process.ts'

// Only objects that are named, not what a walk comes by, are hashed again; so each is named, and nothing is walked to.
const args = ['rev-list', '--verify-objects', '--no-walk=unsorted', '--filter=tree:0', '--quiet', '--stdin']

/** Commits that are hashed in a process beside this one while they come. */
export interface CommitCheck {
  /** Full id, or another name of one object. */
  add(name: string): void
  /** Errors: `object-altered`, `git-failed`. */
  finish(): Promise<void>
  /** Ends it early. */
  stop(): Promise<void>
}

const batch = 1_024

export function checkCommits(git: Git): CommitCheck {
  const running = feedGit(git, args)
  let waiting: string[] = []
  const send = (): void => {
    if (waiting.length > 0) running.write(`${waiting.join('\n')}\n`)
    waiting = []
  }
  return {
    add(name) {
      if (waiting.push(name) === batch) send()
    },
    async finish() {
      send()
      judge(args, await running.end())
    },
    stop: () => running.stop(),
  }
}

export function altered(id: string): CountersignError {
  return new CountersignError('object-altered', `the object ${id} of the repository is not what its id says`)
}

/** Some objects git hashes itself. */
export function judge(args: readonly string[], ending: Ending): void {
  if (ending.status === 0) return
  const id = /^error: hash mismatch ([0-9a-f]{40,64})$/m.exec(ending.stderr)?.[1]
  throw id === undefined ? gitFailure(args, ending) : altered(id)
}
