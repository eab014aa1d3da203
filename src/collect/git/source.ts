/** The source that is being released: what HEAD is, where it comes from, and whether the working tree says the same. */
import { CountersignError } from '../../errors.ts'
import type { Source } from '../../model/facts.ts'
import { remoteOf } from './read-remote.ts'
import type { Repository } from './repository.ts'
import { readSettings } from './settings.ts'
import { readWorktree } from './worktree.ts'

/**
 * HEAD, its ref, the remote and whether the working tree is what HEAD says, apart from the files in `made` and the attestations in
 * `outputs` (absolute paths). Errors: `git-no-commit`, `git-failed`.
 */
export async function readSource(
  repository: Repository,
  made: readonly string[] = [],
  outputs: readonly string[] = [],
): Promise<Source> {
  const { git, ref, shallow } = repository
  const settings = await readSettings(git)
  const { head, ...tree } = await readWorktree(repository, settings, { made, outputs })
  if (head === undefined) throw new CountersignError('git-no-commit', 'HEAD names no commit')
  return {
    commit: head,
    ref,
    remote: remoteOf(settings),
    ...tree,
    shallow,
  }
}
