/** Many objects from one `git cat-file`. */
import { createHash } from 'node:crypto'
import { altered } from './integrity.ts'
import type { Repository } from './repository.ts'
import { streamGit } from './process.ts'

/** A blob that was asked for, by its place in the list. `missing`: not in this repository; `too-large`: not kept. */
export interface Blob {
  readonly index: number
  readonly contents: Buffer | 'missing' | 'too-large'
}

const lineFeed = 0x0a

/**
 * Yields the blob for each full id, in order, hashed again. Contents beyond `maxBytes` pass by without being held. Errors:
 * `object-altered`, `git-failed`.
 */
export async function* readBlobs(
  repository: Repository,
  ids: readonly string[],
  maxBytes: number,
): AsyncGenerator<Blob, void, undefined> {
  if (ids.length === 0) return
  let index = 0
  let held: Buffer[] = []
  let left = -1 // bytes of contents and the line end behind them that are still to come; -1 in a header
  let isKept = false
  const input = `${ids.join('\n')}\n`
  const whole = (contents: Buffer): Buffer => {
    const id = ids[index] ?? ''
    const hash = createHash(repository.objectFormat).update(`blob ${contents.length}\0`).update(contents)
    if (hash.digest('hex') !== id) throw altered(id)
    return contents
  }
  for await (const chunk of streamGit(repository.git, ['cat-file', '--batch'], input)) {
    for (let at = 0; at < chunk.length;) {
      if (left >= 0) {
        const part = chunk.subarray(at, at + left)
        if (isKept) held.push(part)
        at += part.length
        left -= part.length
        if (left > 0) break
        yield { index, contents: isKept ? whole(Buffer.concat(held).subarray(0, -1)) : 'too-large' }
        index += 1
        held = []
        left = -1
        continue
      }
      const end = chunk.indexOf(lineFeed, at)
      held.push(chunk.subarray(at, end < 0 ? chunk.length : end))
      if (end < 0) break
      at = end + 1
      const size = / blob (\d+)$/.exec(Buffer.concat(held).toString('latin1'))?.[1]
      held = []
      if (size === undefined) {
        yield { index, contents: 'missing' }
        index += 1
      } else {
        left = Number(size) + 1
        isKept = Number(size) <= maxBytes
      }
    }
  }
}

/** How many ids go to one git, so that neither its input nor the answer is ever large. */
const idsPerRun = 20_000

/** Those of the ids that name no object here, in their order. Errors: `git-failed`. */
export async function missingObjects(repository: Repository, ids: readonly string[]): Promise<string[]> {
  const missing: string[] = []
  for (let first = 0; first < ids.length; first += idsPerRun) {
    const input = `${ids.slice(first, first + idsPerRun).join('\n')}\n`
    let rest = ''
    for await (const chunk of streamGit(repository.git, ['cat-file', '--batch-check=%(objecttype)'], input)) {
      const lines = (rest + chunk.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.endsWith(' missing')) missing.push(line.slice(0, -' missing'.length))
    }
  }
  return missing
}
