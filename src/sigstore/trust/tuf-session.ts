/** One question to a TUF repository: what is kept of it, a refresh from its mirror, and keeping what that showed. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { TufOptions } from '../../model/trust-source.ts'
import type { World } from '../../platform/world.ts'
import { cachePath, neverRefreshed, readCache, writeCache } from './tuf-cache.ts'
import type { TufCache } from './tuf-cache.ts'
import { openMirror } from './tuf-mirror.ts'
import { fetchTarget, nothingAhead, refreshRoles, refreshRoots } from './tuf-refresh.ts'
import type { TufState } from './tuf-refresh.ts'
import type { TufRepository } from './tuf-repository.ts'

export interface Session {
  readonly repository: TufRepository
  readonly target: string
  /** Of the cache. */
  readonly path: string
  readonly now: Date
  readonly timeout: number
  readonly staleTrust: TufOptions['staleTrust'] | undefined
  readonly world: World
}

export function openSession(repository: TufRepository, target: string, options: TufOptions, world: World): Session {
  return {
    repository,
    target,
    path: cachePath(repository.mirror, repository.firstRoot.bytes, world),
    now: world.now(),
    timeout: options.refreshTimeout ?? limits.trustRefreshTimeout,
    staleTrust: options.staleTrust,
    world,
  }
}

/** What is known of a repository before anything of it was seen. */
export function emptyCache({ firstRoot }: TufRepository): TufCache {
  const state = {
    roots: [firstRoot] as const,
    roles: undefined,
    ahead: nothingAhead,
    files: new Map<string, Uint8Array>(),
  }
  return { state, refreshedAt: neverRefreshed }
}

/** The cache, undefined if there is none, or why it cannot be read: with network, that need not be the end. */
export async function cacheOf({ path, repository }: Session): Promise<TufCache | CountersignError | undefined> {
  try {
    return await readCache(path, repository.firstRoot)
  } catch (thrown) {
    if (thrown instanceof CountersignError && thrown.code === 'input-unreadable') return thrown
    throw thrown
  }
}

/** The same where the cache is to be replaced: one that does not verify is the error, told to `warn`. */
export async function replaceableCache(session: Session): Promise<TufCache | CountersignError | undefined> {
  const { path, repository, world } = session
  try {
    return await readCache(path, repository.firstRoot)
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || thrown.code !== 'trust-cache-invalid') throw thrown
    world.warn(`${thrown.message}; it is replaced`)
    return thrown
  }
}

/** How far a refresh came: what can be used now, and why it came no further. */
export interface Refreshed {
  readonly state: TufState
  /** `trust-unavailable` where the mirror gave out; another code where it forged, and nothing else may be used. */
  readonly failure: CountersignError | undefined
}

/** All steps of a refresh, from what is known. */
export async function refresh(
  { repository, target, timeout, now, world }: Session,
  known: TufState,
): Promise<Refreshed> {
  const mirror = openMirror(repository.mirror, timeout, world)
  let state = known
  const saw = (next: TufState): void => void (state = next)
  try {
    const current = await refreshRoles(await refreshRoots(known, mirror, saw), mirror, now, saw)
    return { state: await fetchTarget(current, mirror, target), failure: undefined }
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    if (thrown.code === 'trust-unavailable') return { state, failure: thrown }
    const reason = `${repository.name} is refused: ${thrown.message}`
    return { state, failure: new CountersignError(thrown.code, reason, { cause: thrown }) }
  }
}

/** What was seen, for the next time; that it cannot be kept is a warning. */
export async function keep({ path, repository, world }: Session, cache: TufCache): Promise<void> {
  try {
    await writeCache(path, repository.mirror, cache, world)
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    world.warn(thrown.message)
  }
}
