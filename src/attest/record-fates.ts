/** What became of records whose digests are signed: here, missing, or replaced by one from which something was taken out. */
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { CountersignError, attemptAsync } from '../errors.ts'
import { openRepository } from '../collect/git/repository.ts'
import type { Repository } from '../collect/git/repository.ts'
import { readRecord, readSessionRecord } from '../collect/session-records/read-record.ts'
import { doesReplace, followReplacements } from '../model/session-redaction.ts'
import type { Replacement } from '../model/session-redaction.ts'
import type { TrustSource } from '../model/trust-source.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import { loadTrust } from '../sigstore/trust/source.ts'
import { replacementsHere } from './record-replacements.ts'
import { askedSigners, signersUnder } from './signer-keys.ts'
import type { SignersRequest } from './signer-keys.ts'
import { sourceRoots } from './source-roots.ts'

/** Whose signatures of redactions count. Relative paths start at the world's `cwd`. */
export interface FatesRequest extends Pick<SignersRequest, 'allowedSigners' | 'allowedIdentities'> {
  /** By what certificates are verified beside public-good Sigstore's root. */
  readonly trust?: TrustSource
  readonly world?: Partial<World>
}

export interface RecordFate {
  /** SHA-256 that is signed. */
  readonly digest: string
  /** Whether the clone has a record of that name; its bytes are not read. */
  readonly isHere: boolean
  /** Signed by somebody who counts: each step, and those that rival each other. */
  readonly replacements: readonly Replacement[]
  /** Digest of the newest; undefined where nothing replaces it, or nobody can say which is the newest. */
  readonly newest: string | undefined
  /** Digests of records which say that they replace it; nobody who counts signed that, so they explain nothing. */
  readonly unsigned: readonly string[]
}

/**
 * Of these digests (SHA-256, hex), by the refs of the clone in which the world's `cwd` is. Errors: `git-no-repository` and `git-failed` where
 * nobody could look, which is not that nothing replaces them; those of signers, `object-altered`.
 *
 * @example
 * ```ts
 * import { recordFates } from 'countersign/attest'
 *
 * const fates = await recordFates(['0'.repeat(64)])
 * console.log(fates.filter((it) => it.newest !== undefined).length) // 0
 * ```
 */
export async function recordFates(
  digests: readonly string[],
  request: FatesRequest = {},
): Promise<readonly RecordFate[]> {
  const world = worldOf(request.world)
  const { trust } = request
  const asked = await askedSigners(request, world)
  const named = [...new Set(digests)].filter((it) => /^[0-9a-f]{64}$/.test(it))
  if (named.length === 0) return []
  const repository = await openRepository(world.cwd, { env: world.env })
  const roots = sourceRoots(trust === undefined ? undefined : () => loadTrust(trust, world), world)
  const { replacements, unsigned } = await replacementsHere(repository, await signersUnder(asked, roots))
  const fates: RecordFate[] = []
  for (const digest of named) {
    const followed = await followWhole(repository, digest, replacements)
    fates.push({
      digest,
      isHere: (await attemptAsync(() => readRecord(repository, digest))) !== undefined,
      replacements: followed?.replacements ?? [],
      newest: followed?.newest,
      unsigned: unsigned.filter((it) => doesReplace(it, digest)).map((it) => it.digest),
    })
  }
  return fates
}

/** By records alone whose bytes are those of their names: these are the only ones that are read for it. */
async function followWhole(
  repository: Repository,
  digest: string,
  all: readonly Replacement[],
): Promise<ReturnType<typeof followReplacements>> {
  const followed = followReplacements(digest, all)
  for (const it of followed?.replacements ?? []) {
    if (await isWhole(repository, it.digest)) continue
    return followWhole(
      repository,
      digest,
      all.filter((other) => other.digest !== it.digest),
    )
  }
  return followed
}

async function isWhole(repository: Repository, digest: string): Promise<boolean> {
  const read = await attemptAsync(async () => {
    const pieces = (await readSessionRecord(repository, digest)) ?? Readable.from([])
    await finished(Readable.from(pieces).resume())
  })
  if (read instanceof CountersignError && read.code !== 'record-malformed') throw read
  return read === undefined
}
