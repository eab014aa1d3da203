/**
 * Files of a TUF repository with the policy of a verifier that must also work without network: refresh if it can be had in
 * little time; else what was seen before, if it still holds and is not stale; else what came with the program. Whatever is
 * not fresh is said, in `origin` and by `warn`.
 *
 * What is forged is never passed over: a mirror that serves what its root did not sign, and a cache that does not verify,
 * are errors and not a reason to take something older. A mirror that answers nothing usable is like no network.
 */
import { CountersignError } from '../../errors.ts'
import { parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import type { TufOptions } from '../../model/trust-source.ts'
import type { World } from '../../platform/world.ts'
import { isRefreshed, writeCache } from './tuf-cache.ts'
import type { TufCache } from './tuf-cache.ts'
import { expiryOf, versionOf } from './tuf-metadata.ts'
import { unavailable } from './tuf-mirror.ts'
import { newestRoot } from './tuf-refresh.ts'
import type { TufState } from './tuf-refresh.ts'
import { publicRepository } from './tuf-repository.ts'
import type { TufRepository } from './tuf-repository.ts'
import { cacheOf, emptyCache, keep, openSession, refresh, replaceableCache } from './tuf-session.ts'
import type { Session } from './tuf-session.ts'

/** How old the knowledge is: from now or nearly, worth a warning, or too old to decide by. */
export type Freshness = 'fresh' | 'aging' | 'stale'

export interface TufStatus {
  readonly mirror: string
  readonly obtained: 'fetched' | 'cache' | 'seed'
  readonly freshness: Freshness
  /** Of the last refresh that went well; undefined for the seed. */
  readonly refreshedAt: Date | undefined
  readonly rootVersion: number
  readonly roles: readonly { readonly role: string; readonly version: number; readonly expires: Date }[]
}

/** A file, verified down from the first root (that of a seed: as trustworthy as the program it came with). */
export interface TufFile {
  readonly bytes: Uint8Array
  /** Where it came from, in words for a verdict. */
  readonly origin: string
  readonly status: TufStatus
}

/** The signing configuration that public-good Sigstore publishes. Errors: those of `obtainTarget`. */
export async function fetchPublicSigningConfig(options: TufOptions, world: World): Promise<Json> {
  const { bytes } = await obtainTarget(await publicRepository(), 'signing_config.v0.2.json', options, world)
  return parseJson(bytes, 'the signing configuration', limits.trustedRootBytes)
}

/**
 * A file of the repository. Errors: `trust-unavailable` (no network, and nothing kept), `trust-stale`,
 * `trust-repository-invalid` (the mirror serves what is not signed, or what is older than what was seen),
 * `trust-cache-invalid`, `input-unreadable` (there is a cache that cannot be read, and no network).
 */
export async function obtainTarget(
  repository: TufRepository,
  target: string,
  options: TufOptions,
  world: World,
): Promise<TufFile> {
  const session = openSession(repository, target, options, world)
  const cache = await cacheOf(session)
  if (options.network === 'none') {
    if (cache instanceof CountersignError) throw cache
    return fromBefore(session, cache, offline)
  }
  if (cache instanceof CountersignError) world.warn(cache.message)
  const known = cache === undefined || cache instanceof CountersignError ? emptyCache(repository) : cache
  const { state, failure } = await refresh(session, known.state)
  if (failure === undefined) {
    const fresh: TufCache = { state, refreshedAt: session.now }
    if (!(cache instanceof CountersignError)) await keep(session, fresh)
    return describe(session, fresh, 'fetched', 'fresh')
  }
  const rest: TufCache = { ...known, state }
  // Newer roots and roles may have come before the answers ended: what they revoked stays revoked, and nothing goes behind them.
  if (state !== known.state && !(cache instanceof CountersignError)) await keep(session, rest)
  if (failure.code !== 'trust-unavailable') throw failure
  if (cache instanceof CountersignError) throw cache
  return fromBefore(session, rest, `not refreshed: ${failure.message}`)
}

/**
 * Refreshes now, or fails: no older file will do. A cache that does not verify is replaced, and `warn` is told. `before` is
 * what a verification without network would have used; undefined if nothing. Errors: those of `obtainTarget` and
 * `output-failed`.
 */
export async function updateTarget(
  repository: TufRepository,
  target: string,
  options: TufOptions,
  world: World,
): Promise<{ readonly before: TufFile | undefined; readonly after: TufFile }> {
  const session = openSession(repository, target, { refreshTimeout: limits.trustUpdateTimeout, ...options }, world)
  const cache = await replaceableCache(session)
  const known = cache === undefined || cache instanceof CountersignError ? emptyCache(repository) : cache
  const before = storedFile({ ...session, staleTrust: 'show', world: { ...world, warn: () => undefined } }, known)
  const { state, failure } = await refresh(session, known.state)
  if (failure !== undefined) {
    if (state !== known.state && !(cache instanceof CountersignError)) await keep(session, { ...known, state })
    if (failure.code !== 'trust-unavailable') throw failure
    const { message, cause } = unavailable(`${repository.name} cannot be refreshed: ${failure.message}`)
    throw new CountersignError('trust-unavailable', message, {
      cause,
      hint:
        before === undefined
          ? 'nothing of it is kept here: run it again, or run countersign trust export where there is network and carry the file here'
          : 'what was kept still stands: countersign trust show says how old it is, and countersign trust export writes it to a file',
    })
  }
  const fresh: TufCache = { state, refreshedAt: session.now }
  await writeCache(session.path, repository.mirror, fresh, session.world)
  return { before, after: describe(session, fresh, 'fetched', 'fresh') }
}

const offline = 'without network, as asked'

/** What there is without network, for a comparison; undefined if there is nothing. */
function storedFile(session: Session, cache: TufCache): TufFile | undefined {
  try {
    return fromBefore(session, cache, offline)
  } catch (thrown) {
    if (thrown instanceof CountersignError) return undefined
    throw thrown
  }
}

/** The cache; before the first refresh that came to its end, what came with the program. */
function fromBefore(session: Session, cache: TufCache | undefined, reason: string): TufFile {
  return cache !== undefined && isRefreshed(cache) ? fromCache(session, cache, reason) : fromSeed(session, reason)
}

function fromCache(session: Session, cache: TufCache, reason: string): TufFile {
  const { repository, target, world } = session
  const [freshness, why] = ageOf(cache, session.now)
  const kept = `cache of ${instant(cache.refreshedAt)}`
  if (!cache.state.files.has(target)) throw unavailable(`${reason}; the cache of ${repository.name} has no ${target}`)
  if (freshness === 'stale') {
    const answer = answerStale(session, `the trust in ${repository.name} is stale: ${why}; ${reason}`)
    return describe(session, cache, 'cache', freshness, `STALE ${kept}, ${answer} (${reason})`)
  }
  if (freshness === 'aging' || reason !== offline) world.warn(`the trust in ${repository.name} is a ${kept}, ${reason}`)
  return describe(session, cache, 'cache', freshness, `${kept} (${reason})`)
}

/** The seed has no timestamp role; it counts as long as the root that it came with. */
function fromSeed(session: Session, reason: string): TufFile {
  const { repository, target, now, world } = session
  const bytes = repository.seed.get(target)
  if (bytes === undefined) throw unavailable(`${reason}; nothing of ${repository.name} was kept from before`)
  const seed = `built-in seed of root v${versionOf(repository.firstRoot)}`
  const expires = expiryOf(repository.firstRoot)
  const file = (freshness: Freshness, words: string): TufFile => ({
    bytes,
    origin: `${repository.name}, ${words} (${reason})`,
    status: statusOf(repository, emptyCache(repository).state, 'seed', freshness, undefined),
  })
  if (expires <= now) {
    const past = `the ${seed} of ${repository.name} has expired on ${instant(expires)}; ${reason}`
    return file('stale', `STALE ${seed}, ${answerStale(session, past)}`)
  }
  world.warn(`the trust in ${repository.name} is the ${seed}, which may be older than a revocation, ${reason}`)
  return file('aging', seed)
}

const staleAnswers = { allow: 'accepted as asked', show: 'no verification would take it' } as const

/** What becomes of stale trust, in words; without an answer, the error. */
function answerStale({ staleTrust, world }: Session, reason: string): string {
  if (staleTrust === undefined) throw new CountersignError('trust-stale', reason)
  const answer = staleAnswers[staleTrust]
  world.warn(`${reason}; ${answer}`)
  return answer
}

/** How old a cache is, and by what. `refreshedAt` is nobody's signature, so expiry of the signed roles bounds it. */
function ageOf({ state, refreshedAt }: TufCache, now: Date): readonly [Freshness, string] {
  const age = now.getTime() - refreshedAt.getTime()
  if (age < -clockTolerance) return ['stale', `its last refresh on ${instant(refreshedAt)} lies in the future`]
  if (age > limits.trustStale) return ['stale', `it was last refreshed on ${instant(refreshedAt)}`]
  const expired = rolesOf(state).filter(({ expires }) => expires <= now)
  const long = expired.find(({ expires }) => now.getTime() - expires.getTime() > limits.trustStale)
  if (long !== undefined) return ['stale', `its ${long.role} role has expired on ${instant(long.expires)}`]
  return age > limits.trustAging || expired.length > 0 ? ['aging', ''] : ['fresh', '']
}

const clockTolerance = 3_600_000

function describe(
  { repository, target }: Session,
  { state, refreshedAt }: TufCache,
  obtained: 'fetched' | 'cache',
  freshness: Freshness,
  words = 'fetched now',
): TufFile {
  const bytes = state.files.get(target)
  if (bytes === undefined) throw new CountersignError('internal', `${target} was fetched and is not there`)
  return {
    bytes,
    origin: `${repository.name} through TUF, root v${versionOf(newestRoot(state))}, ${words}`,
    status: statusOf(repository, state, obtained, freshness, refreshedAt),
  }
}

function statusOf(
  { mirror }: TufRepository,
  state: TufState,
  obtained: TufStatus['obtained'],
  freshness: Freshness,
  refreshedAt: Date | undefined,
): TufStatus {
  return {
    mirror,
    obtained,
    freshness,
    refreshedAt,
    rootVersion: versionOf(newestRoot(state)),
    roles: rolesOf(state),
  }
}

function rolesOf(state: TufState): TufStatus['roles'] {
  return Object.entries({ root: newestRoot(state), ...state.roles }).map(([role, it]) => ({
    role,
    version: versionOf(it),
    expires: expiryOf(it),
  }))
}

function instant(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
