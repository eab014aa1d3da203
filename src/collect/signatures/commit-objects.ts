/** Commits as the bytes of their objects, many from one `git cat-file`. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import { readObjects, whole } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'

export interface CommitObject {
  readonly commit: string
  /** `too-large`: not kept. */
  readonly object: Buffer | 'too-large'
}

/** Each by its full id, in order, hashed again. Errors: `object-altered`, `git-failed`. */
export async function* readCommitObjects(
  { git, objectFormat }: Repository,
  commits: readonly string[],
): AsyncGenerator<CommitObject, void, undefined> {
  let index = 0
  for await (const { type, contents } of readObjects(git, commits, limits.commitBytes)) {
    const commit = commits[index] ?? ''
    index += 1
    if (type !== 'commit') throw new CountersignError('git-failed', `the commit ${commit} is not in this repository`)
    yield { commit, object: contents === 'too-large' ? contents : whole(objectFormat, commit, type, contents) }
  }
}
