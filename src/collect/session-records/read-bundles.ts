/** Bundles beside session records. Anybody who may push can add any number, so all together have a bound. */
import { limits } from '../../model/limits.ts'
import { readBlobs } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'

export interface ReadBundles {
  /** By the ids of their blobs. One that is too large or missing is none. */
  readonly bundles: ReadonlyMap<string, Buffer>
  /** How many were not read, because those before them have all the room: their records count without them. */
  readonly beyond: number
}

/** `most`: bytes. Errors: `object-altered`, `git-failed`. */
export async function readBundles(
  repository: Repository,
  ids: readonly string[],
  most: number = limits.recordBundlesBytes,
): Promise<ReadBundles> {
  const bundles = new Map<string, Buffer>()
  let left = most
  let beyond = 0
  for await (const { index, contents } of readBlobs(repository, ids, limits.recordBundleBytes)) {
    const id = ids[index]
    if (id === undefined || typeof contents === 'string' || bundles.has(id)) continue
    left -= contents.length
    if (left < 0) beyond += 1
    else bundles.set(id, contents)
  }
  return { bundles, beyond }
}
