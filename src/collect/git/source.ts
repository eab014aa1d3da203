/** The source that is being released: what HEAD is, where it comes from, and whether the working tree says the same. */
import { CountersignError } from '../../errors.ts'
import type { Source } from '../../model/facts.ts'
import { remoteUri } from './remote-uri.ts'
import type { Repository } from './repository.ts'
import { readSettings } from './settings.ts'
import { readWorktree } from './worktree.ts'

/**
 * HEAD, its ref, the remote and whether the working tree is what HEAD says, apart from the files in `except` (absolute
 * paths). Errors: `git-no-commit`, `git-failed`.
 */
export async function readSource(repository: Repository, except: readonly string[] = []): Promise<Source> {
  const { git, ref, shallow } = repository
  const settings = await readSettings(git)
  const { head, ...tree } = await readWorktree(repository, settings, except)
  if (head === undefined) throw new CountersignError('git-no-commit', 'HEAD names no commit')
  return {
    commit: head,
    ref,
    remote: settings.remote === undefined ? undefined : remoteUri(settings.remote),
    ...tree,
    shallow,
  }
}
