/** What became of records whose digests are signed: here, missing, or replaced by one from which something was taken out. */
import { CountersignError, attemptAsync } from '../errors.ts'
import { openRepository } from '../collect/git/repository.ts'
import type { Repository } from '../collect/git/repository.ts'
import { openRecords, readRecord } from '../collect/session-records/read-record.ts'
import { tellRecords } from '../collect/sessions/session-record/told-records.ts'
import { unknownTool } from '../collect/sessions/tools.ts'
import { recordKey } from '../model/record-attestation.ts'
import { doesReplace, followReplacements } from '../model/session-redaction.ts'
import type { RecordedOf, Replacement } from '../model/session-redaction.ts'
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

/** A record as a release names it: by its digest, and the session that it says it to be of. */
export interface PinnedRecord extends RecordedOf {
  /** SHA-256 that is signed. */
  readonly digest: string
}

export interface RecordFate extends PinnedRecord {
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
 * Of these records, by the refs of the clone in which the world's `cwd` is. A redaction explains one of the session alone that it is of itself: who may
 * redact one session says nothing of another. Errors: `git-no-repository` and `git-failed` where
 * nobody could look, which is not that nothing replaces them; those of signers, `object-altered`.
 *
 * @example
 * ```ts
 * import { recordFates } from 'countersign/attest'
 *
 * const fates = await recordFates([{ digest: '0'.repeat(64), tool: 'claude-code', session: '0b1c' }])
 * console.log(fates.filter((it) => it.newest !== undefined).length) // 0
 * ```
 */
export async function recordFates(
  records: readonly PinnedRecord[],
  request: FatesRequest = {},
): Promise<readonly RecordFate[]> {
  const world = worldOf(request.world)
  const { trust } = request
  const asked = await askedSigners(request, world)
  const named = [...new Map(records.map((it) => [recordKey(it), it])).values()].filter(({ digest }) =>
    /^[0-9a-f]{64}$/.test(digest),
  )
  if (named.length === 0) return []
  const repository = await openRepository(world.cwd, world)
  const roots = sourceRoots(trust === undefined ? undefined : () => loadTrust(trust, world), world)
  const { replacements, unsigned } = await replacementsHere(repository, await signersUnder(asked, roots))
  const fates: RecordFate[] = []
  for (const record of named) {
    const { digest, tool, session, agent } = record
    const ofSession = replacements.filter((it) => isOf(it, record))
    const followed = await followWhole(repository, record, ofSession)
    fates.push({
      ...{ digest, tool, session, ...(agent === undefined ? {} : { agent }) },
      isHere: (await attemptAsync(() => readRecord(repository, digest))) !== undefined,
      replacements: followed?.replacements ?? [],
      newest: followed?.newest,
      unsigned: unsigned.filter((it) => doesReplace(it, digest) && isOf(it, record)).map((it) => it.digest),
    })
  }
  return fates
}

/** A release may know a session without its tool. */
function isOf({ tool, session }: Pick<Replacement, 'tool' | 'session'>, record: PinnedRecord): boolean {
  return session === record.session && (tool === record.tool || record.tool === unknownTool)
}

/** By records alone whose bytes are those of their names, and tell of that session or agent: these are the only ones that are read for it. */
async function followWhole(
  repository: Repository,
  record: PinnedRecord,
  all: readonly Replacement[],
): Promise<ReturnType<typeof followReplacements>> {
  const followed = followReplacements(record.digest, all)
  for (const it of followed?.replacements ?? []) {
    if (await doesTell(repository, it.digest, record)) continue
    return followWhole(
      repository,
      record,
      all.filter((other) => other.digest !== it.digest),
    )
  }
  return followed
}

async function doesTell(repository: Repository, digest: string, { agent }: PinnedRecord): Promise<boolean> {
  const read = await attemptAsync(() => readRecord(repository, digest))
  if (read instanceof CountersignError && read.code !== 'record-malformed') throw read
  if (read === undefined || read instanceof CountersignError) return false
  for await (const found of openRecords(repository, [{ digest, commit: read.commit }])) {
    if ('malformed' in found) return false
    const told = await tellRecords(repository, [found], () => undefined)
    return told.some((it) => it.told.agent === agent)
  }
  return false
}
