/**
 * TUF metadata (TUF specification 1.0.31 §4 and §5): bytes become a role once those that the root names have signed them and
 * the role above them names their version. Pure: no network, no disk, no clock; who asks decides about expiry.
 *
 * Every error is `trust-repository-invalid`; whoever read the bytes from elsewhere renames it.
 */
import { createHash } from 'node:crypto'
import { Metadata, MetadataKind } from '@tufjs/models'
import type { MetaFile, Root, Snapshot, Targets, Timestamp } from '@tufjs/models'
import { CountersignError, reasonOf } from '../../errors.ts'
import { parseJson } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'

interface Kinds {
  readonly root: Root
  readonly timestamp: Timestamp
  readonly snapshot: Snapshot
  readonly targets: Targets
}

/** Metadata of one role and the bytes that were signed as they came. */
export interface Role<Kind extends keyof Kinds> {
  readonly bytes: Uint8Array
  readonly metadata: Metadata<Kinds[Kind]>
}

/** The roles below the root, each verified by the one above. */
export interface Roles {
  readonly timestamp: Role<'timestamp'>
  readonly snapshot: Role<'snapshot'>
  readonly targets: Role<'targets'>
}

/** The root that is trusted from the start; its signature of itself shows that it is whole. */
export function readFirstRoot(bytes: Uint8Array): Role<'root'> {
  const root = parse('root', bytes)
  checkSigned(root, 'root', root)
  return root
}

/** The root after `current`: signed by both, one version on (§5.3). */
export function readNextRoot(current: Role<'root'>, bytes: Uint8Array): Role<'root'> {
  const next = parse('root', bytes)
  checkSigned(current, 'root', next)
  const expected = versionOf(current) + 1
  if (versionOf(next) !== expected) throw invalid(`root.json has version ${versionOf(next)}, expected ${expected}`)
  checkSigned(next, 'root', next)
  return next
}

/** §5.4 */
export function readTimestamp(root: Role<'root'>, bytes: Uint8Array): Role<'timestamp'> {
  return readSeen('timestamp', root, bytes)
}

/** §5.5 */
export function readSnapshot(root: Role<'root'>, above: Role<'timestamp'>, bytes: Uint8Array): Role<'snapshot'> {
  return readNamed('snapshot', root, above.metadata.signed.snapshotMeta, bytes)
}

/**
 * A role that was seen before, whatever names it now: what it says of versions still counts when the next one comes (§5.5.5).
 */
export function readSeen<Kind extends keyof Roles>(kind: Kind, root: Role<'root'>, bytes: Uint8Array): Role<Kind> {
  const role = parse(kind, bytes)
  checkSigned(root, kind, role)
  return role
}

/** §5.6 */
export function readTargets(root: Role<'root'>, above: Role<'snapshot'>, bytes: Uint8Array): Role<'targets'> {
  return readNamed('targets', root, targetsMeta(above), bytes)
}

/** What the snapshot says of the targets role. */
export function targetsMeta(snapshot: Role<'snapshot'>): MetaFile {
  const meta = snapshot.metadata.signed.meta['targets.json']
  if (meta === undefined) throw invalid('snapshot.json does not name targets.json')
  return meta
}

/** All roles again under one root, as they come from a cache. */
export function readRoles(root: Role<'root'>, bytes: { readonly [role in keyof Roles]: Uint8Array }): Roles {
  const timestamp = readTimestamp(root, bytes.timestamp)
  const snapshot = readSnapshot(root, timestamp, bytes.snapshot)
  return { timestamp, snapshot, targets: readTargets(root, snapshot, bytes.targets) }
}

const targetHashes = ['sha256', 'sha512']

/** A file that the targets role names: its length, and its hash with the algorithm that names it on a mirror. */
export interface NamedTarget {
  readonly length: number
  readonly hash: string
  verify(bytes: Uint8Array): void
}

/** Undefined if the role names no such file. Delegations are not followed: Sigstore's files are named at the top. */
export function namedTarget({ metadata }: Role<'targets'>, name: string): NamedTarget | undefined {
  const { targets } = metadata.signed
  const file = Object.hasOwn(targets, name) ? targets[name] : undefined
  if (file === undefined) return undefined
  const hashes = Object.entries(file.hashes).filter(([algorithm]) => targetHashes.includes(algorithm))
  const [first] = hashes
  if (first === undefined) throw invalid(`targets.json gives no SHA-2 digest of ${name}`)
  return {
    length: file.length,
    hash: first[1],
    verify(bytes) {
      const fits = hashes.every(([algorithm, hash]) => createHash(algorithm).update(bytes).digest('hex') === hash)
      if (bytes.length !== file.length || !fits) throw invalid(`${name} is not the file that targets.json names`)
    },
  }
}

export function versionOf(role: Role<keyof Kinds>): number {
  return role.metadata.signed.version
}

export function expiryOf(role: Role<keyof Kinds>): Date {
  return new Date(role.metadata.signed.expires)
}

function readNamed<Kind extends 'snapshot' | 'targets'>(
  kind: Kind,
  root: Role<'root'>,
  meta: MetaFile,
  bytes: Uint8Array,
): Role<Kind> {
  attempt(kind, () => meta.verify(Buffer.from(bytes)))
  const role = parse(kind, bytes)
  checkSigned(root, kind, role)
  if (versionOf(role) !== meta.version) {
    throw invalid(`${kind}.json has version ${versionOf(role)}, the role above it names ${meta.version}`)
  }
  return role
}

function parse<Kind extends keyof Kinds>(kind: Kind, bytes: Uint8Array): Role<Kind> {
  const metadata = attempt(kind, () => {
    const json = parseJson(bytes, `${kind}.json`, limits.tufMetadataBytes)
    if (typeof json !== 'object' || json === null) throw new Error('it is no object')
    // The overloads name each kind alone; that the kind is the one asked for is checked by the call.
    return Metadata.fromJSON(kinds[kind] as MetadataKind.Root, json as never) as unknown as Metadata<Kinds[Kind]>
  })
  const role: Role<Kind> = { bytes, metadata }
  if (!Number.isSafeInteger(versionOf(role)) || versionOf(role) < 1) throw invalid(`${kind}.json has no version`)
  return role
}

const kinds = {
  root: MetadataKind.Root,
  timestamp: MetadataKind.Timestamp,
  snapshot: MetadataKind.Snapshot,
  targets: MetadataKind.Targets,
} as const

function checkSigned(by: Role<'root'>, kind: keyof Kinds, role: Role<keyof Kinds>): void {
  attempt(kind, () => by.metadata.verifyDelegate(kind, role.metadata))
}

function attempt<T>(kind: keyof Kinds, run: () => T): T {
  try {
    return run()
  } catch (thrown) {
    throw invalid(`${kind}.json does not hold: ${reasonOf(thrown)}`, thrown)
  }
}

export function invalid(reason: string, cause?: unknown): CountersignError {
  return new CountersignError('trust-repository-invalid', reason, { cause })
}
