/** The source that is being released: what HEAD is, where it comes from, and whether the working tree says the same. */
import { CountersignError } from '../../errors.ts'
import type { Source } from '../../model/facts.ts'
import { gitFailure, runGit } from './process.ts'
import type { Git } from './process.ts'
import { remoteUri } from './remote-uri.ts'
import type { Repository } from './repository.ts'
import { readSettings } from './settings.ts'
import { readWorktree } from './worktree.ts'

/**
 * HEAD, its ref, the remote and whether the working tree is what HEAD says, apart from the files in `except` (absolute
 * paths). Errors: `git-no-commit`, `git-failed`.
 */
export async function readSource(repository: Repository, except: readonly string[] = []): Promise<Source> {
  const { git, shallow } = repository
  const settings = readSettings(git)
  const [ref, { remote }, { head, dirty }] = await Promise.all([
    symbolicHead(git),
    settings,
    settings.then((it) => readWorktree(repository, it, except)),
  ])
  if (head === undefined) throw new CountersignError('git-no-commit', 'HEAD names no commit')
  return { commit: head, ref, remote: remote === undefined ? undefined : remoteUri(remote), dirty, shallow }
}

/** Undefined for a detached HEAD. */
async function symbolicHead(git: Git): Promise<string | undefined> {
  const args = ['symbolic-ref', '--quiet', 'HEAD']
  const answer = await runGit(git, args)
  if (answer.status > 1 || answer.status < 0) throw gitFailure(args, answer)
  return answer.status === 0 ? answer.stdout.toString('utf8').replace(/\n$/, '') : undefined
}
