/** Entire's checkpoints: a message names a record, and the record names sessions. */
import { git } from './git.ts'
import { contents } from './notes.ts'

/** The sessions of each checkpoint that is in this repository, from its branch or from a reference of its own. */
export async function checkpointSessions(
  repository: string,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  if (ids.size === 0) return found
  const wanted = new Map<string, string[]>()
  const take = (listing: string, id: string | undefined): void => {
    for (const line of listing.split('\0')) {
      const match = /^\d+ blob ([0-9a-f]{40})\t(?:([0-9a-f]{2})\/([0-9a-z]+)\/)?\d+\/metadata\.json$/i.exec(line)
      const named = id ?? `${match?.[2] ?? ''}${match?.[3] ?? ''}`
      if (match !== null && ids.has(named)) wanted.set(named, [...(wanted.get(named) ?? []), match[1] ?? ''])
    }
  }
  for (const branch of git(repository, ['for-each-ref', '--format=%(refname)']).split('\n')) {
    if (/^refs\/(?:heads|remotes\/[^/]+)\/entire\/checkpoints\/v1$/.test(branch))
      take(git(repository, ['ls-tree', '-rz', branch]), undefined)
    const own = /^refs\/entire\/checkpoints\/[^/]+\/([^/]+)$/.exec(branch)?.[1]
    if (own !== undefined && ids.has(own)) take(git(repository, ['ls-tree', '-rz', branch]), own)
  }
  const texts = await contents(repository, [...new Set([...wanted.values()].flat())])
  for (const [id, blobs] of wanted) {
    const named = blobs.flatMap((blob) => {
      const session = /"session_id"\s*:\s*"([^"]+)"/.exec(texts.get(blob) ?? '')?.[1]
      // Entire writes the day before the id that the tool gave.
      return session === undefined ? [] : [session.replace(/^\d{4}-\d\d-\d\d-(?=.{36})/, '')]
    })
    found.set(id, [...new Set(named)])
  }
  return found
}
