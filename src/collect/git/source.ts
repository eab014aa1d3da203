/** The source that is being released: what HEAD is, where it comes from, and whether the working tree says the same. */
import type { Source } from '../../model/facts.ts'
import { gitFailure, runGit } from './process.ts'
import type { Git } from './process.ts'
import { remoteUri } from './remote-uri.ts'
import { headOf } from './repository.ts'
import type { Repository } from './repository.ts'
import { isDirty } from './worktree.ts'

/**
 * HEAD, its ref, the remote and whether the working tree is what HEAD says, apart from the files in `except` (absolute
 * paths). Errors: `git-no-commit`, `git-failed`.
 */
export async function readSource(repository: Repository, except: readonly string[] = []): Promise<Source> {
  const { git, shallow } = repository
  const [commit, ref, remote, dirty] = await Promise.all([
    headOf(repository),
    symbolicHead(git),
    firstRemote(git),
    isDirty(repository, except),
  ])
  return { commit, ref, remote, dirty, shallow }
}

/** Undefined for a detached HEAD. */
async function symbolicHead(git: Git): Promise<string | undefined> {
  const args = ['symbolic-ref', '--quiet', 'HEAD']
  const answer = await runGit(git, args)
  if (answer.status > 1 || answer.status < 0) throw gitFailure(args, answer)
  return answer.status === 0 ? answer.stdout.toString('utf8').replace(/\n$/, '') : undefined
}

async function firstRemote(git: Git): Promise<string | undefined> {
  const answer = await runGit(git, ['config', '--null', '--get-all', 'remote.origin.url'])
  const [url] = answer.stdout.toString('utf8').split('\0')
  return answer.status === 0 && url !== undefined ? remoteUri(url) : undefined
}
