/**
 * What was seen of a TUF repository, kept in one file that is replaced as a whole, so that no crash leaves half of it. The
 * file is input like any other: it is verified again from the trusted root down, each time that it is read.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import * as z from 'zod/mini'
import { CountersignError, reasonOf } from '../../errors.ts'
import { parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { issueText } from '../../model/statement.ts'
import { namedTarget, readNextRoot, readRoles } from './tuf-metadata.ts'
import type { Role } from './tuf-metadata.ts'
import type { TufState } from './tuf-refresh.ts'

type Environment = { readonly [name: string]: string | undefined }

/** A cache that holds. `refreshedAt` alone is not signed by anybody, so it may shorten a life and never prolong it. */
export interface TufCache {
  readonly state: TufState
  readonly refreshedAt: Date
}

const cacheType = 'https://w3id.org/countersign/tuf-cache/v1'

const cacheFile = z.object({
  type: z.literal(cacheType),
  mirror: z.string(),
  refreshedAt: z.iso.datetime(),
  /** Roots after the first, oldest first; every member is a document as text, byte for byte. */
  roots: z.array(z.string()).check(z.maxLength(4 * limits.tufRootRotations)),
  roles: z.optional(z.object({ timestamp: z.string(), snapshot: z.string(), targets: z.string() })),
  files: z.record(z.string(), z.string()),
})

/**
 * Path of the cache of one mirror under one first root: another root is another trust, and shares nothing. In
 * XDG_CACHE_HOME, else ~/.cache (XDG Base Directory Specification: a relative path does not count).
 */
export function cachePath(mirror: string, firstRoot: Uint8Array, env: Environment): string {
  const own = env['XDG_CACHE_HOME']
  const cache = own !== undefined && isAbsolute(own) ? own : join(env['HOME'] ?? homedir(), '.cache')
  const rootDigest = createHash('sha256').update(firstRoot).digest('hex')
  const id = createHash('sha256').update(`${mirror}\n${rootDigest}`).digest('hex').slice(0, 16)
  const host = new URL(mirror).hostname.replace(/[^A-Za-z0-9.-]+/g, '-')
  return join(cache, 'countersign', 'tuf', `${host}-${id}.json`)
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
  const { roots, roles, files, refreshedAt } = parsed.data
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
  return { state: { roots: chain, roles: verified, files: new Map(kept) }, refreshedAt: new Date(refreshedAt) }
}

async function readCacheFile(path: string): Promise<Uint8Array | undefined> {
  try {
    const status = await stat(path) // before opening: a pipe would wait for its other end
    if (!status.isFile() || status.size > limits.tufCacheBytes) {
      throw new CountersignError('trust-cache-invalid', `${path} is no file of at most ${limits.tufCacheBytes} bytes`)
    }
    return await readFile(path)
  } catch (thrown) {
    if (thrown instanceof CountersignError) throw thrown
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw new CountersignError('input-unreadable', `the trust cached in ${path} cannot be read: ${reasonOf(thrown)}`, {
      cause: thrown,
      hint: 'name another folder by XDG_CACHE_HOME, or give a trusted root by --trusted-root FILE',
    })
  }
}

/** Replaces the cache. Error: `output-failed`; then the old one is as it was. */
export async function writeCache(path: string, mirror: string, { state, refreshedAt }: TufCache): Promise<void> {
  const { roots, roles, files } = state
  const content: z.infer<typeof cacheFile> = {
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
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')])),
  }
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(JSON.stringify(content))
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw new CountersignError('output-failed', `the refreshed trust cannot be kept: ${reasonOf(thrown)}`, {
      cause: thrown,
    })
  }
}

/** Metadata was read as strict UTF-8, so the text is the bytes. */
function textOf({ bytes }: Role<'root' | 'timestamp' | 'snapshot' | 'targets'>): string {
  return Buffer.from(bytes).toString('utf8')
}
