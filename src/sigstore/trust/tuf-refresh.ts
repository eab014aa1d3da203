/**
 * The client workflow of TUF (TUF specification 1.0.31 §5.3 to §5.7), one file a step. `trust-unavailable`: the mirror gives
 * nothing that can be used (no answer, no metadata, expired); `trust-repository-invalid`: it gives what was not signed, or
 * goes back behind what was seen.
 */
import { CountersignError } from '../../errors.ts'
import { parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import {
  expiryOf,
  invalid,
  namedTarget,
  readNextRoot,
  readRoles,
  readSnapshot,
  readTargets,
  readTimestamp,
  targetsMeta,
  versionOf,
} from './tuf-metadata.ts'
import type { Role, Roles } from './tuf-metadata.ts'
import { unavailable } from './tuf-mirror.ts'
import type { Mirror } from './tuf-mirror.ts'

/** What is known of a repository; all of it verified. */
export interface TufState {
  /** The chain from the root that is trusted from the start to the newest. */
  readonly roots: readonly [Role<'root'>, ...Role<'root'>[]]
  readonly roles: Roles | undefined
  /** Files that `roles.targets` names, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

export function newestRoot({ roots }: TufState): Role<'root'> {
  return roots.at(-1) ?? roots[0]
}

/**
 * §5.3: every root that followed. Roles that the newest root no longer vouches for are forgotten with their files, so a
 * revoked key ends what it signed.
 */
export async function refreshRoots(state: TufState, mirror: Mirror): Promise<TufState> {
  const roots: [Role<'root'>, ...Role<'root'>[]] = [...state.roots]
  let newest = newestRoot(state)
  for (let step = 0; ; step += 1) {
    if (step > limits.tufRootRotations) throw unavailable(`the mirror has more than ${step} new roots`)
    const bytes = await metadataFrom(mirror, `${versionOf(newest) + 1}.root.json`)
    if (bytes === undefined) break
    newest = readNextRoot(newest, bytes)
    roots.push(newest)
  }
  if (roots.length === state.roots.length) return state
  const roles = state.roles === undefined ? undefined : stillSigned(newest, state.roles)
  return { roots, roles, files: roles === undefined ? new Map() : state.files }
}

/** §5.4 to §5.6: the newest timestamp, snapshot and targets. */
export async function refreshRoles(state: TufState, mirror: Mirror, now: Date): Promise<TufState> {
  const root = newestRoot(state)
  const known = state.roles
  checkCurrent(root, 'root', now)
  const timestamp = laterTimestamp(known?.timestamp, readTimestamp(root, await required(mirror, 'timestamp.json')))
  checkCurrent(timestamp, 'timestamp', now)

  const prefix = (version: number): string => (root.metadata.signed.consistentSnapshot ? `${version}.` : '')
  const snapshot =
    unchanged(known, (roles) => readSnapshot(root, timestamp, roles.snapshot.bytes)) ??
    readSnapshot(
      root,
      timestamp,
      await required(mirror, `${prefix(timestamp.metadata.signed.snapshotMeta.version)}snapshot.json`),
    )
  if (known !== undefined) checkLaterSnapshot(known.snapshot, snapshot)
  checkCurrent(snapshot, 'snapshot', now)

  const targets =
    unchanged(known, (roles) => readTargets(root, snapshot, roles.targets.bytes)) ??
    readTargets(root, snapshot, await required(mirror, `${prefix(targetsMeta(snapshot).version)}targets.json`))
  checkCurrent(targets, 'targets', now)
  const files = [...state.files].filter(([name, bytes]) => isNamed(targets, name, bytes))
  return { roots: state.roots, roles: { timestamp, snapshot, targets }, files: new Map(files) }
}

/** §5.7: a file that the targets role names, unless it is there already. */
export async function fetchTarget(state: TufState, mirror: Mirror, name: string): Promise<TufState> {
  const named = state.roles === undefined ? undefined : namedTarget(state.roles.targets, name)
  if (named === undefined) throw unavailable(`the repository names no ${name}`)
  if (state.files.has(name)) return state
  if (named.length > limits.trustedRootBytes) {
    throw new CountersignError('input-too-large', `${name} has ${named.length} bytes`)
  }
  const consistent = newestRoot(state).metadata.signed.consistentSnapshot
  const path = `targets/${consistent ? `${named.hash}.` : ''}${encodeURIComponent(name)}`
  const bytes = await mirror.get(path, named.length)
  if (bytes === undefined) throw unavailable(`the mirror has no ${name}`)
  named.verify(bytes)
  readJson(bytes, name, limits.trustedRootBytes)
  return { ...state, files: new Map([...state.files, [name, bytes]]) }
}

function laterTimestamp(known: Role<'timestamp'> | undefined, found: Role<'timestamp'>): Role<'timestamp'> {
  if (known === undefined) return found
  const [before, after] = [versionOf(known), versionOf(found)]
  if (after < before) throw invalid(`timestamp.json went back from version ${before} to ${after}`)
  if (after === before) return known
  const [snapshotBefore, snapshotAfter] = [known, found].map((it) => it.metadata.signed.snapshotMeta.version)
  if ((snapshotAfter ?? 0) < (snapshotBefore ?? 0)) throw invalid('timestamp.json names an older snapshot.json')
  return found
}

function checkLaterSnapshot(known: Role<'snapshot'>, found: Role<'snapshot'>): void {
  const { meta } = found.metadata.signed
  for (const [name, { version }] of Object.entries(known.metadata.signed.meta)) {
    const now = Object.hasOwn(meta, name) ? meta[name]?.version : undefined
    if (now === undefined || now < version)
      throw invalid(`snapshot.json went back behind version ${version} of ${name}`)
  }
}

/** A mirror that serves only what has expired is no better than none: it may hold back what came after (§5.4.4). */
function checkCurrent(role: Role<keyof Roles | 'root'>, name: string, now: Date): void {
  const expires = expiryOf(role)
  if (expires <= now) throw unavailable(`${name}.json of the mirror has expired on ${expires.toISOString()}`)
}

function stillSigned(root: Role<'root'>, { timestamp, snapshot, targets }: Roles): Roles | undefined {
  return unchanged({ timestamp, snapshot, targets }, (roles) =>
    readRoles(root, {
      timestamp: roles.timestamp.bytes,
      snapshot: roles.snapshot.bytes,
      targets: roles.targets.bytes,
    }),
  )
}

/** What is known already, if it is what the role above asks for. */
function unchanged<T>(known: Roles | undefined, read: (roles: Roles) => T): T | undefined {
  try {
    return known === undefined ? undefined : read(known)
  } catch (thrown) {
    if (thrown instanceof CountersignError) return undefined
    throw thrown
  }
}

function isNamed(targets: Role<'targets'>, name: string, bytes: Uint8Array): boolean {
  try {
    const named = namedTarget(targets, name)
    named?.verify(bytes)
    return named !== undefined
  } catch (thrown) {
    if (thrown instanceof CountersignError) return false
    throw thrown
  }
}

async function required(mirror: Mirror, path: string): Promise<Uint8Array> {
  const bytes = await metadataFrom(mirror, path)
  if (bytes === undefined) throw unavailable(`the mirror has no ${path}`)
  return bytes
}

/** An answer that is no JSON at all comes from somebody in between: a proxy, a login page. */
async function metadataFrom(mirror: Mirror, path: string): Promise<Uint8Array | undefined> {
  const bytes = await mirror.get(path, limits.tufMetadataBytes)
  if (bytes === undefined) return undefined
  readJson(bytes, path, limits.tufMetadataBytes)
  return bytes
}

function readJson(bytes: Uint8Array, path: string, maxBytes: number): void {
  try {
    parseJson(bytes, path, maxBytes)
  } catch (thrown) {
    throw unavailable(`the answer for ${path} is no JSON`, thrown)
  }
}
