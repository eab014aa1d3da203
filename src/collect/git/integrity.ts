/**
 * Whether objects are what their ids say. Git hashes what it writes and what it fetches, and believes what lies in the repository:
 * whoever ran on this machine before could put another commit, tree or note in the place of one, under its id.
 */
import { CountersignError } from '../../errors.ts'
import { feedGit, gitFailure, streamGit } from './process.ts'
import type { Ending, Git } from './process.ts'

// Only objects that are named, not what a walk comes by, are hashed again; so each is named, and nothing is walked to.
// The trees of a commit may be missing where the clone is partial: of them nothing is asked here.
const args = [
  ...['rev-list', '--verify-objects', '--no-walk=unsorted', '--filter=tree:0'],
  ...['--missing=allow-promisor', '--quiet', '--stdin'],
]

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
    if (waiting.length > 0) running.write(Buffer.from(`${waiting.join('\n')}\n`))
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

/**
 * Whether a commit comes of another one by the commits between them, each hashed again: a parent that is put in the place of
 * another could make it so. Errors: `object-altered`, `git-failed`.
 */
export async function isDescendant({ git }: { readonly git: Git }, commit: string, ancestor: string): Promise<boolean> {
  const between = ['rev-list', '--ancestry-path', '--end-of-options', commit, `^${ancestor}`, '--']
  const check = checkCommits(git)
  let found = false
  try {
    for await (const id of idsOf(streamGit(git, between))) {
      found = true
      check.add(id)
    }
    if (found) await check.finish()
  } finally {
    await check.stop()
  }
  return found
}

async function* idsOf(source: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  let rest = ''
  for await (const chunk of source) {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

/** Some objects git hashes itself. */
export function judge(args: readonly string[], ending: Ending): void {
  if (ending.status === 0) return
  const id = /^error: hash mismatch ([0-9a-f]{40,64})$/m.exec(ending.stderr)?.[1]
  throw id === undefined ? gitFailure(args, ending) : altered(id)
}
