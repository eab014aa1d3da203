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
  readSeen,
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
  /** What was seen beyond `roles`. */
  readonly ahead: Seen
  /** Files that `roles.targets` names, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/**
 * The newest roles that a mirror has shown, each of which the newest root vouches for. Nothing may go back behind them, though
 * the mirror has not given what belongs to them: the roles below, the files.
 */
export interface Seen {
  readonly timestamp: Role<'timestamp'> | undefined
  readonly snapshot: Role<'snapshot'> | undefined
  readonly targets: Role<'targets'> | undefined
}

/** Is told each step that held, so that it counts however the next one ends (§5.3.8, §5.4.5, §5.5.7: "persist"). */
export type Saw = (state: TufState) => void

export function newestRoot({ roots }: TufState): Role<'root'> {
  return roots.at(-1) ?? roots[0]
}

/** What a refresh may not go behind. */
export function seenIn({ roles, ahead }: TufState): Seen {
  return {
    timestamp: ahead.timestamp ?? roles?.timestamp,
    snapshot: ahead.snapshot ?? roles?.snapshot,
    targets: ahead.targets ?? roles?.targets,
  }
}

/** The state with these as the newest roles that were seen. */
export function withSeen(state: TufState, { timestamp, snapshot, targets }: Seen): TufState {
  const { roles } = state
  const ahead = {
    timestamp: timestamp === roles?.timestamp ? undefined : timestamp,
    snapshot: snapshot === roles?.snapshot ? undefined : snapshot,
    targets: targets === roles?.targets ? undefined : targets,
  }
  return { ...state, ahead }
}

/**
 * §5.3: every root that followed. Roles that the newest root no longer vouches for are forgotten, and the files with the
 * targets role, so a revoked key ends what it signed. What it still vouches for stays seen: nobody gets around it by a new
 * root.
 */
export async function refreshRoots(state: TufState, mirror: Mirror, saw: Saw): Promise<TufState> {
  let current = state
  for (let step = 0; ; step += 1) {
    const newest = newestRoot(current)
    const bytes = await metadataFrom(mirror, `${versionOf(newest) + 1}.root.json`)
    if (bytes === undefined) return current
    if (step === limits.tufRootRotations) throw unavailable(`the mirror has more than ${step} new roots`)
    const next = readNextRoot(newest, bytes)
    current = under(next, { ...state, roots: [...current.roots, next] })
    saw(current)
  }
}

/** §5.4 to §5.6: the newest timestamp, snapshot and targets. Files that these no longer name are gone from what is returned. */
export async function refreshRoles(state: TufState, mirror: Mirror, now: Date, saw: Saw): Promise<TufState> {
  const root = newestRoot(state)
  const seen = seenIn(state)
  checkCurrent(root, 'root', now)
  const timestamp = laterTimestamp(seen.timestamp, readTimestamp(root, await required(mirror, 'timestamp.json')))
  checkCurrent(timestamp, 'timestamp', now)
  saw(withSeen(state, { ...seen, timestamp }))

  const prefix = (version: number): string => (root.metadata.signed.consistentSnapshot ? `${version}.` : '')
  const snapshot =
    unchanged(seen.snapshot, ({ bytes }) => readSnapshot(root, timestamp, bytes)) ??
    readSnapshot(
      root,
      timestamp,
      await required(mirror, `${prefix(timestamp.metadata.signed.snapshotMeta.version)}snapshot.json`),
    )
  if (seen.snapshot !== undefined) checkLaterSnapshot(seen.snapshot, snapshot)
  checkCurrent(snapshot, 'snapshot', now)
  saw(withSeen(state, { ...seen, timestamp, snapshot }))

  const targets =
    unchanged(seen.targets, ({ bytes }) => readTargets(root, snapshot, bytes)) ??
    readTargets(root, snapshot, await required(mirror, `${prefix(targetsMeta(snapshot).version)}targets.json`))
  checkCurrent(targets, 'targets', now)
  saw(withSeen(state, { timestamp, snapshot, targets }))
  const files = new Map([...state.files].filter(([name, bytes]) => isNamed(targets, name, bytes)))
  return { roots: state.roots, roles: { timestamp, snapshot, targets }, ahead: nothingAhead, files }
}

export const nothingAhead: Seen = { timestamp: undefined, snapshot: undefined, targets: undefined }

/** §5.7: a file that the targets role names, unless it is there already. */
export async function fetchTarget(state: TufState, mirror: Mirror, name: string): Promise<TufState> {
  const named = state.roles === undefined ? undefined : namedTarget(state.roles.targets, name)
  if (named === undefined) throw unavailable(`the repository names no ${name}`)
  if (state.files.has(name)) return state
  if (named.length > limits.trustedRootBytes) {
    throw new CountersignError('input-too-large', `${name} has ${named.length} bytes`)
  }
  const consistent = newestRoot(state).metadata.signed.consistentSnapshot
  const path = targetPath(name, consistent ? `${named.hash}.` : '')
  const bytes = await mirror.get(path, named.length)
  if (bytes === undefined) throw unavailable(`the mirror has no ${name}`)
  named.verify(bytes)
  readJson(bytes, name, limits.trustedRootBytes)
  return { ...state, files: new Map([...state.files, [name, bytes]]) }
}

/** The prefix stands before the last part of the name (§5.7.3). */
function targetPath(name: string, prefix: string): string {
  const parts = name.split('/').map((part) => encodeURIComponent(part))
  return ['targets', ...parts.slice(0, -1), `${prefix}${parts.at(-1) ?? ''}`].join('/')
}

/** What of the state another root vouches for. */
function under(root: Role<'root'>, state: TufState): TufState {
  const { timestamp, snapshot, targets } = seenIn(state)
  const roles = stillSigned(state.roles, (it) => readRoles(root, bytesOf(it)))
  const files: TufState['files'] = roles === undefined ? new Map() : state.files
  return withSeen(
    { roots: state.roots, roles, ahead: nothingAhead, files },
    {
      timestamp: stillSigned(timestamp, ({ bytes }) => readTimestamp(root, bytes)),
      snapshot: stillSigned(snapshot, ({ bytes }) => readSeen('snapshot', root, bytes)),
      targets: stillSigned(targets, ({ bytes }) => readSeen('targets', root, bytes)),
    },
  )
}

function stillSigned<Known>(known: Known | undefined, read: (known: Known) => unknown): Known | undefined {
  return unchanged(known, (it) => {
    read(it)
    return it
  })
}

function bytesOf({ timestamp, snapshot, targets }: Roles): { readonly [role in keyof Roles]: Uint8Array } {
  return { timestamp: timestamp.bytes, snapshot: snapshot.bytes, targets: targets.bytes }
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

/** What is known already, if it is what the role above asks for. */
function unchanged<Known, T>(known: Known | undefined, read: (known: Known) => T): T | undefined {
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
