/** Which commits are asked about before anything is signed, and what is collected of them. */
import { CountersignError, option } from '../errors.ts'
import { namedEnd } from '../collect/git/history.ts'
import { commitOf, headOf, openRepository } from '../collect/git/repository.ts'
import type { Repository } from '../collect/git/repository.ts'
import { readRemote } from '../collect/git/read-remote.ts'
import type { TrustSource } from '../model/trust-source.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import type { Trust } from '../sigstore/verify/trusted-root.ts'
import { askedPortal } from './portal.ts'
import type { PortalRequest } from './portal.ts'
import { askedReceipts } from './receipts.ts'
import type { ReceiptsRequest } from './receipts.ts'
import { collectReleased } from './released-range.ts'
import type { RangeEnd, RangeOptions, ReleasedChanges, ReleasedOptions } from './released-range.ts'
import { askedSigners, signersUnder } from './signer-keys.ts'
import type { SignersRequest } from './signer-keys.ts'
import { sourceRoots } from './source-roots.ts'
import { lateSourceVerifier } from './source-verifier.ts'

/** Which commits are looked at; by default those that `attest` would take here. */
export interface RangeRequest extends RangeOptions, SignersRequest, ReceiptsRequest, PortalRequest {
  /** One commit in place of a range: then the report answers what is asked of it. */
  readonly commit?: string
  /** A commit, tag or branch with which the range ends; default HEAD. The version of a tag says where it begins. */
  readonly until?: string
  /** `none`: the remote is not asked what it has that this clone has not. */
  readonly network?: 'none'
  /** By what certificates are verified beside public-good Sigstore's root, which is taken as it is at hand. */
  readonly trust?: TrustSource
  /** `listed`: with the files of the AI configuration, one by one. */
  readonly aiConfiguration?: 'listed'
  /** Parts of the world to use in place of the process's own. */
  readonly world?: Partial<World>
}

export interface CollectedRange {
  readonly collected: ReleasedChanges
  readonly remote: string | undefined
  readonly repository: Repository
  /** The last of the range. */
  readonly commit: string
}

/** How it is read, where a caller needs it otherwise than a person who looks at the range. */
export interface AskedReading extends Pick<RangeEnd, 'configAt' | 'open' | 'queue'> {
  /** The checkout around the working folder, where it was opened before. */
  readonly repository?: Repository
  /** Under which people are hashed who asked for what tools wrote; without it nobody is told of. */
  readonly identityKey?: ReleasedOptions['identityKey']
  /** The ref that it goes to; default: the one that the range ends with. */
  readonly ref?: string | undefined
}

/** Errors: those of `collectRange`. */
export async function collectAsked(request: RangeRequest, reading: AskedReading = {}): Promise<CollectedRange> {
  const world = worldOf(request.world)
  const asked = await askedSigners(request, world)
  // What is named must be there, also where nothing turns out to be signed.
  const own = request.trust === undefined ? undefined : await trustNamed(request.trust, world)
  const repository = reading.repository ?? (await openRepository(world.cwd, world))
  if (request.network === 'none' && request.portal !== undefined) {
    const words = `${option('portal')} and ${option('network')} do not go together`
    throw new CountersignError('usage', words, { option: 'portal' })
  }
  const portalFor = await askedPortal(request, repository.root, world)
  const receipts = await askedReceipts(request, repository.root, world)
  const range = await rangeAsked(repository, request)
  const [end, remote] = await Promise.all([endOf(repository, range.until), readRemote(repository)])
  const asksRemote = request.network !== 'none'
  const place = {
    commit: end.commit,
    ref: reading.ref ?? end.ref,
    remote,
    asksRemote,
    configAt: reading.configAt,
    open: reading.open,
    queue: reading.queue,
  }
  const roots = sourceRoots(own === undefined ? undefined : () => Promise.resolve(own), world)
  const collected = await collectReleased(repository, range, place, world, {
    ...{ lines: 'all', context: 'read' },
    // Without a token only the remote says which repository this is.
    verifySource: lateSourceVerifier({ url: remote, id: undefined, issuer: '' }, roots),
    ...(await signersUnder(asked, roots)),
    identityKey: reading.identityKey,
    portal: portalFor?.(remote),
    receipts: receipts?.({ repository: remote, asks: asksRemote }),
  })
  return { collected, remote, repository, commit: end.commit }
}

/** Errors: those of a source of trust. */
async function trustNamed(trust: TrustSource, world: World): Promise<Trust> {
  const { loadTrust } = await import('../sigstore/trust/source.ts')
  return loadTrust(trust, world)
}

/** Of one commit: what it added to its first parent, with all that a merge brought in. Errors: `revision-unknown`, `usage`. */
async function rangeAsked(repository: Repository, request: RangeRequest): Promise<RangeRequest> {
  const { commit: name, ...rest } = request
  if (name === undefined) return request
  const other = (['since', 'until', 'adopt', 'tagPattern'] as const).find((it) => request[it] !== undefined)
  if (other !== undefined) {
    const words = `${option('commit')} and ${option(other)} do not go together`
    throw new CountersignError('usage', words, { option: other })
  }
  const { commit } = await namedEnd(repository, name)
  const parent = await commitOf(repository, `${commit}^1`)
  return { ...rest, until: commit, ...(parent === undefined ? { adopt: true } : { since: parent }) }
}

async function endOf(
  repository: Repository,
  until: string | undefined,
): Promise<{ readonly commit: string; readonly ref: string | undefined }> {
  if (until !== undefined) return namedEnd(repository, until)
  return { commit: await headOf(repository), ref: repository.ref }
}
