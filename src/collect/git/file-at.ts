/** One file of a commit, by its path: the blob, never what lies in the work tree. */
import { CountersignError } from '../../errors.ts'
import { readBlobs } from './objects.ts'
import type { Repository } from './repository.ts'
import { walkTrees } from './trees.ts'
import type { TreeEntry } from './trees.ts'

/** Id of a regular file; undefined where there is nothing of that name, or something else. `path`: from the root. Errors: `object-altered`, `git-failed`. */
export async function fileIdAt(repository: Repository, commit: string, path: string): Promise<string | undefined> {
  const wanted = Buffer.from(path, 'utf8').toString('latin1')
  let found: TreeEntry | undefined
  await walkTrees(repository, commit, (entry) => {
    if (entry.path === wanted) found = entry
    return wanted.startsWith(`${entry.path}/`)
  })
  return found !== undefined && /^100(?:644|664|755)$/.test(found.mode) ? found.id : undefined
}

/** Its bytes. Errors: `input-too-large`, `object-altered`, `git-failed`. */
export async function fileAt(
  repository: Repository,
  commit: string,
  path: string,
  most: { readonly bytes: number; readonly what: string },
): Promise<Buffer | undefined> {
  const id = await fileIdAt(repository, commit, path)
  if (id === undefined) return undefined
  for await (const { contents } of readBlobs(repository, [id], most.bytes)) {
    if (contents === 'missing') throw new CountersignError('git-failed', `${most.what} is not in this clone`)
    if (contents === 'too-large') {
      throw new CountersignError('input-too-large', `${most.what} has more than ${most.bytes} bytes`)
    }
    return contents
  }
  throw new CountersignError('git-failed', `git did not give ${most.what}`)
}
