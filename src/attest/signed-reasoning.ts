/** The log of what was asked and decided, as it is signed: a digest. */
import { realpath } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { CountersignError } from '../errors.ts'
import { reasoningMediaTypes } from '../model/reasoning-log.ts'
import type { SignedReasoningLog } from '../model/reasoning-log.ts'
import { hashFile } from '../platform/hash.ts'
import { refuseLinksBelow } from '../platform/links.ts'
import type { World } from '../platform/world.ts'
import type { StatementRequest } from './request.ts'

export interface AskedLog {
  readonly log: SignedReasoningLog
  /** Real path of the file: it was made for this release, and is no change of the source. */
  readonly real: string
}

/**
 * Undefined where none is named. Errors: `usage` (a file that is called as none that is written), `symlink-in-checkout`, `path-*`,
 * `input-unreadable`.
 */
export async function askedReasoningLog(
  { reasoningLog }: Pick<StatementRequest, 'reasoningLog'>,
  root: string,
  { cwd }: World,
): Promise<AskedLog | undefined> {
  if (reasoningLog === undefined) return undefined
  const path = resolve(cwd, reasoningLog)
  const end = extname(path).slice(1)
  if (!isKnown(end)) {
    const known = Object.keys(reasoningMediaTypes)
      .map((it) => `.${it}`)
      .join(', ')
    throw new CountersignError(
      'usage',
      `${JSON.stringify(reasoningLog)} is no log of reasoning: these end in ${known}`,
      {
        option: 'reasoningLog',
      },
    )
  }
  await refuseLinksBelow(root, path)
  const { digest } = await hashFile(path)
  return {
    log: { sha256: digest.sha256, mediaType: reasoningMediaTypes[end] },
    real: await realpath(path),
  }
}

function isKnown(end: string): end is keyof typeof reasoningMediaTypes {
  return Object.hasOwn(reasoningMediaTypes, end)
}
