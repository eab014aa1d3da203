/**
 * What was seen of a TUF repository, kept in one file that is replaced as a whole, so that no crash leaves half of it. The
 * file is input like any other: it is verified again from the trusted root down, each time that it is read.
 */
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import { CountersignError, attempt, attemptAsync, option, reasonOf } from '../../errors.ts'
import { sha256Hex } from '../../model/digest.ts'
import { parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { issueText } from '../../model/statement.ts'
import type { World } from '../../platform/world.ts'
import { readFileIfThere, systemCode, writeWholeFile } from '../../platform/files.ts'
import { fileName, makeFolders, ownFile } from '../../platform/folders.ts'
import { withFileLock } from '../../platform/lock.ts'
import type { Lock, Machine } from '../../platform/lock.ts'
import { namedTarget, readNextRoot, readRoles, readSeen, versionOf } from './tuf-metadata.ts'
import type { Role } from './tuf-metadata.ts'
import { newestRoot, seenIn, withSeen } from './tuf-refresh.ts'
import type { Seen, TufState } from './tuf-refresh.ts'

/** A cache that holds. `refreshedAt` alone is not signed by anybody, so it may shorten a life and never prolong it. */
export interface TufCache {
  readonly state: TufState
  /** `neverRefreshed` where no refresh has come to its end. */
  readonly refreshedAt: Date
}

export const neverRefreshed = new Date(0)

export function isRefreshed({ refreshedAt }: TufCache): boolean {
  return refreshedAt.getTime() !== neverRefreshed.getTime()
}

const cacheType = 'https://w3id.org/countersign/tuf-cache/v1'

/** Roots after the first: those of some refreshes. */
const mostRoots = 4 * limits.tufRootRotations

const cacheFile = z.object({
  type: z.literal(cacheType),
  mirror: z.string(),
  refreshedAt: z.iso.datetime(),
  /** Roots after the first, oldest first; every member is a document as text, byte for byte. */
  roots: z.array(z.string()).check(z.maxLength(mostRoots)),
  roles: z.optional(z.object({ timestamp: z.string(), snapshot: z.string(), targets: z.string() })),
  /** Newer than `roles`: a mirror has shown it, and not what belongs to it. */
  ahead: z.optional(
    z.object({
      timestamp: z.optional(z.string()),
      snapshot: z.optional(z.string()),
      targets: z.optional(z.string()),
    }),
  ),
  files: z.record(z.string(), z.string()),
})

/**
 * Path of the cache of one mirror under one first root, in the person's cache folder: another root is another trust, and
 * shares nothing.
 */
export function cachePath(mirror: string, firstRoot: Uint8Array, world: Pick<World, 'env' | 'platform'>): string {
  const id = sha256Hex(`${mirror}\n${sha256Hex(firstRoot)}`).slice(0, 16)
  const host = fileName(new URL(mirror).hostname, 'mirror')
  return ownFile('cache', world, 'tuf', `${host}-${id}.json`)
}

/**
 * The cache, verified; undefined if there is none. Errors: `trust-cache-invalid` (it does not verify), `input-unreadable` (it
 * is there, and cannot be read).
 */
export async function readCache(path: string, firstRoot: Role<'root'>): Promise<TufCache | undefined> {
  const bytes = await readCacheFile(path)
  if (bytes === undefined) return undefined
  try {
    return openCache(bytes, firstRoot)
  } catch (thrown) {
    const reason = thrown instanceof CountersignError ? thrown.message : reasonOf(thrown)
    throw new CountersignError('trust-cache-invalid', `the trust cached in ${path} is refused: ${reason}`, {
      cause: thrown,
    })
  }
}

function openCache(bytes: Uint8Array, firstRoot: Role<'root'>): TufCache {
  const parsed = cacheFile.safeParse(parseJson(bytes, 'it', limits.tufCacheBytes))
  if (!parsed.success) throw new Error(issueText(parsed.error))
  const { roots, roles, ahead, files, refreshedAt } = parsed.data
  const chain: [Role<'root'>, ...Role<'root'>[]] = [firstRoot]
  let newest = firstRoot
  for (const text of roots) chain.push((newest = readNextRoot(newest, Buffer.from(text))))
  const verified =
    roles === undefined
      ? undefined
      : readRoles(newest, {
          timestamp: Buffer.from(roles.timestamp),
          snapshot: Buffer.from(roles.snapshot),
          targets: Buffer.from(roles.targets),
        })
  const kept = Object.entries(files).map(([name, text]): [string, Uint8Array] => {
    const named = verified === undefined ? undefined : namedTarget(verified.targets, name)
    const content = Buffer.from(text)
    if (named === undefined) throw new Error(`targets.json names no ${name}`)
    named.verify(content)
    return [name, content]
  })
  const seen = {
    timestamp: readAhead('timestamp', newest, ahead?.timestamp),
    snapshot: readAhead('snapshot', newest, ahead?.snapshot),
    targets: readAhead('targets', newest, ahead?.targets),
  }
  return {
    state: { roots: chain, roles: verified, ahead: seen, files: new Map(kept) },
    refreshedAt: new Date(refreshedAt),
  }
}

function readAhead<Kind extends keyof Seen>(kind: Kind, root: Role<'root'>, text?: string): Role<Kind> | undefined {
  return text === undefined ? undefined : readSeen(kind, root, Buffer.from(text))
}

async function readCacheFile(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFileIfThere(path, limits.tufCacheBytes, `the trust cached in ${path}`)
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    // No file of ours is a folder, a pipe or this large.
    const code = thrown.code === 'input-unreadable' ? thrown.code : 'trust-cache-invalid'
    throw new CountersignError(code, thrown.message, {
      cause: thrown,
      ...(code === 'trust-cache-invalid'
        ? {}
        : { hint: `name another folder by XDG_CACHE_HOME, or give a trusted root (${option('trust')})` }),
    })
  }
}

/**
 * Puts what was fetched into the cache. Another process may have refreshed it meanwhile: what is newer there stays, so that
 * nothing goes back behind what was seen. Errors: `output-failed`, `output-busy`; then the old one is as it was.
 */
export async function writeCache(path: string, mirror: string, fetched: TufCache, machine: Machine): Promise<void> {
  try {
    makeFolders(dirname(path))
    const replace = async (lock: Lock): Promise<void> => {
      const present = await attemptAsync(() => readCache(path, fetched.state.roots[0]))
      const kept = present === undefined || present instanceof CountersignError ? fetched : newerOf(present, fetched)
      if (kept === undefined) return
      const content = JSON.stringify(contentOf(mirror, kept))
      if (kept.state.roots.length - 1 > mostRoots || Buffer.byteLength(content) > limits.tufCacheBytes) {
        throw new CountersignError('output-failed', `it is more than ${path} may hold to be read again`)
      }
      await writeWholeFile(path, content, { present: 'replace', mode: 0o600, ready: () => lock.assertHeld() })
    }
    // Nothing is lost without it, so a verification does not wait for long.
    await withFileLock(path, machine, replace, { patience: limits.trustRefreshTimeout })
  } catch (thrown) {
    const { code, message } =
      thrown instanceof CountersignError
        ? thrown
        : new CountersignError('output-failed', `cannot make the folder of ${path} (${systemCode(thrown)})`)
    throw new CountersignError(code, `the refreshed trust cannot be kept: ${message}`, { cause: thrown })
  }
}

/**
 * What the cache is to hold; undefined where it holds more than was fetched. The newest root decides first, for under it the
 * versions of roles may begin anew. Files of the same targets are put together.
 */
function newerOf(present: TufCache, fetched: TufCache): TufCache | undefined {
  const rootsBehind = compare([newestRoot(fetched.state)], [newestRoot(present.state)])
  if (rootsBehind !== 0) return rootsBehind < 0 ? undefined : fetched
  const [before, now] = [seenIn(present.state), seenIn(fetched.state)]
  const seen: Seen = {
    timestamp: later(before.timestamp, now.timestamp),
    snapshot: later(before.snapshot, now.snapshot),
    targets: later(before.targets, now.targets),
  }
  const behind = compare(listOf(fetched.state.roles), listOf(present.state.roles))
  if (behind < 0) {
    const isMore = compare(listOf(seen), listOf(before)) > 0
    return isMore ? { ...present, state: withSeen(present.state, seen) } : undefined
  }
  const { state } = fetched
  const others = behind > 0 ? [] : [...present.state.files].filter(([name, content]) => isTarget(state, name, content))
  return {
    state: withSeen({ ...state, files: new Map([...others, ...state.files]) }, seen),
    refreshedAt: isRefreshed(fetched) ? fetched.refreshedAt : present.refreshedAt,
  }
}

function isTarget({ roles }: TufState, name: string, content: Uint8Array): boolean {
  const named = attempt(() => (roles === undefined ? undefined : namedTarget(roles.targets, name)))
  if (named === undefined || named instanceof CountersignError) return false
  return attempt(() => named.verify(content)) === undefined
}

type AnyRole = Role<'root' | 'timestamp' | 'snapshot' | 'targets'>

/** Below zero where the versions of `now` are behind those of `before`; what decides first stands first. */
function compare(now: readonly (AnyRole | undefined)[], before: readonly (AnyRole | undefined)[]): number {
  const version = (role: AnyRole | undefined): number => (role === undefined ? 0 : versionOf(role))
  return now.map((role, index) => version(role) - version(before[index])).find((it) => it !== 0) ?? 0
}

/** In the order that decides. */
function listOf(roles: Partial<Seen> | undefined): readonly (AnyRole | undefined)[] {
  return [roles?.timestamp, roles?.snapshot, roles?.targets]
}

function later<R extends AnyRole>(before: R | undefined, now: R | undefined): R | undefined {
  return compare([now], [before]) < 0 ? before : now
}

function contentOf(mirror: string, { state, refreshedAt }: TufCache): z.infer<typeof cacheFile> {
  const { roots, roles, ahead, files } = state
  return {
    type: cacheType,
    mirror,
    refreshedAt: refreshedAt.toISOString(),
    roots: roots.slice(1).map(textOf),
    ...(roles === undefined
      ? {}
      : {
          roles: {
            timestamp: textOf(roles.timestamp),
            snapshot: textOf(roles.snapshot),
            targets: textOf(roles.targets),
          },
        }),
    ahead: {
      timestamp: ahead.timestamp && textOf(ahead.timestamp),
      snapshot: ahead.snapshot && textOf(ahead.snapshot),
      targets: ahead.targets && textOf(ahead.targets),
    },
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')])),
  }
}

/** Metadata was read as strict UTF-8, so the text is the bytes. */
function textOf({ bytes }: AnyRole): string {
  return Buffer.from(bytes).toString('utf8')
}
