/**
 * A TUF repository to test with: real keys, real signatures, a real HTTP server on loopback. Whoever runs it may also sign
 * wrongly, go back, expire, or answer with something else, as an attacker in its place would.
 */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { Key, MetaFile, Metadata, Root, Signature, Snapshot, TargetFile, Targets, Timestamp } from '@tufjs/models'
import { fromNow } from './own-certificates.ts'

const roles = ['root', 'timestamp', 'snapshot', 'targets'] as const
export type RoleName = (typeof roles)[number]

export interface RoleKey {
  readonly key: Key
  readonly sign: (data: Buffer) => Signature
}

export function roleKey(): RoleKey {
  const { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ed25519')
  const keyVal = { public: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex') }
  const keyID = createHash('sha256').update(keyVal.public).digest('hex')
  return {
    key: new Key({ keyID, keyType: 'ed25519', scheme: 'ed25519', keyVal }),
    sign: (data) => new Signature({ keyID, sig: sign(null, data, privateKey).toString('hex') }),
  }
}

export function roleKeys(): Record<RoleName, RoleKey> {
  return { root: roleKey(), timestamp: roleKey(), snapshot: roleKey(), targets: roleKey() }
}

export interface RootContent {
  readonly version: number
  readonly keys: Record<RoleName, RoleKey>
  /** Who signs; default: the root key that it names. */
  readonly signers?: readonly RoleKey[]
  readonly expires?: Date
}

const specVersion = '1.0.31'
const day = 86_400_000

export function signedRoot({ version, keys, signers = [keys.root], expires }: RootContent): Buffer {
  const root = new Root({ version, specVersion, expires: time(expires ?? inDays(365)), consistentSnapshot: true })
  for (const role of roles) root.addKey(keys[role].key, role)
  return signed(new Metadata(root), signers)
}

export interface Publication {
  readonly targets: { readonly [name: string]: unknown }
  readonly keys: Record<RoleName, RoleKey>
  /** Of all three roles, and of each. */
  readonly version: number
  readonly versions?: { readonly [role in RoleName]?: number }
  readonly expires?: { readonly [role in RoleName]?: Date }
  /** What the targets role leaves to others: a pattern of paths, with no key. */
  readonly delegated?: string
}

function delegating(role: Targets, pattern: string): Targets {
  const other = { name: 'other', keyids: ['0'], threshold: 1, terminating: false, paths: [pattern] }
  return Targets.fromJSON({ ...role.toJSON(), delegations: { keys: {}, roles: [other] } })
}

/** Files of targets, snapshot and timestamp by their path. */
export function publication(asked: Publication): Map<string, Buffer> {
  const { targets, keys, version, versions = {}, expires = {}, delegated } = asked
  const files = new Map<string, Buffer>()
  const common = (role: RoleName): { version: number; specVersion: string; expires: string } => ({
    version: versions[role] ?? version,
    specVersion,
    expires: time(expires[role] ?? inDays(role === 'timestamp' ? 7 : 365)),
  })
  const plain = new Targets(common('targets'))
  const targetsRole = delegated === undefined ? plain : delegating(plain, delegated)
  for (const [path, content] of Object.entries(targets)) {
    const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    targetsRole.addTarget(new TargetFile({ path, length: bytes.length, hashes: { sha256 } }))
    files.set(`targets/${sha256}.${path}`, bytes)
  }
  const meta = new MetaFile({ version: targetsRole.version })
  const snapshotRole = new Snapshot({ ...common('snapshot'), meta: { 'targets.json': meta } })
  const snapshotMeta = new MetaFile({ version: snapshotRole.version })
  files.set(`${targetsRole.version}.targets.json`, signed(new Metadata(targetsRole), [keys.targets]))
  files.set(`${snapshotRole.version}.snapshot.json`, signed(new Metadata(snapshotRole), [keys.snapshot]))
  files.set(
    'timestamp.json',
    signed(new Metadata(new Timestamp({ ...common('timestamp'), snapshotMeta })), [keys.timestamp]),
  )
  return files
}

export function inDays(days: number): Date {
  return fromNow(days * day)
}

function signed(metadata: Metadata<Root | Targets | Snapshot | Timestamp>, signers: readonly RoleKey[]): Buffer {
  for (const signer of signers) metadata.sign(signer.sign)
  return Buffer.from(JSON.stringify(metadata.toJSON()))
}

/** Without fractions, as TUF's date format has it. */
function time(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}

type Behaviour = (response: ServerResponse, path: string) => void

export interface MirrorServer {
  readonly url: string
  /** What is served; a test changes it at will. */
  readonly files: Map<string, Buffer>
  /** Paths that were asked for. */
  readonly requests: string[]
  /** Instead of the files. */
  behave(behaviour: Behaviour | undefined): void
  close(): Promise<void>
}

export async function serveMirror(files: Map<string, Buffer>): Promise<MirrorServer> {
  let behaviour: Behaviour | undefined
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').slice(1)
    requests.push(path)
    if (behaviour !== undefined) {
      behaviour(response, path)
      return
    }
    const file = files.get(path)
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    files,
    requests,
    behave: (next) => void (behaviour = next),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
