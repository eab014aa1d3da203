/**
 * A TUF repository (TUF specification 1.0.31) with what Sigstore clients look for: `trusted_root.json` and
 * `signing_config.v0.2.json`. One key for all roles, so it distributes trust and protects it no further than this machine.
 */
import { createHash, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { Key, Metadata, MetaFile, Root, Signature, Snapshot, TargetFile, Targets, Timestamp } from '@tufjs/models'
import type { Json } from '../model/json.ts'
import { canonicalJson } from './canonical-json.ts'
import { publicKeyDer } from './key-id.ts'
import type { Material } from './material.ts'

interface TufContent {
  readonly material: Material
  readonly targets: { readonly [name: string]: Json }
  readonly now: Date
}

const year = 365 * 86_400_000
const specVersion = '1.0.31'

/**
 * Files of the repository by their path. The root follows from the material and so outlives restarts; the other roles take
 * the time as their version, because a client refuses a version that goes back.
 */
export function tufRepository({ material, targets, now }: TufContent): ReadonlyMap<string, Buffer> {
  const signer = signerOf(material.keys.tuf)
  const version = Math.floor(now.getTime() / 1_000)
  const common = { version, specVersion, expires: expiry(now, 1) }

  const root = new Root({ version: 1, specVersion, expires: expiry(material.createdAt, 10), consistentSnapshot: true })
  for (const role of ['root', 'targets', 'snapshot', 'timestamp']) root.addKey(signer.key, role)

  const files = new Map<string, Buffer>()
  const targetsRole = new Targets(common)
  for (const [path, content] of Object.entries(targets)) {
    const bytes = Buffer.from(JSON.stringify(content))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    targetsRole.addTarget(new TargetFile({ path, length: bytes.length, hashes: { sha256 } }))
    files.set(`targets/${sha256}.${path}`, bytes)
  }
  const roles = {
    '1.root.json': new Metadata(root),
    [`${version}.targets.json`]: new Metadata(targetsRole),
    [`${version}.snapshot.json`]: new Metadata(
      new Snapshot({ ...common, meta: { 'targets.json': new MetaFile({ version }) } }),
    ),
    'timestamp.json': new Metadata(new Timestamp({ ...common, snapshotMeta: new MetaFile({ version }) })),
  }
  for (const [path, metadata] of Object.entries(roles)) {
    metadata.sign(signer.sign)
    files.set(path, Buffer.from(JSON.stringify(metadata.toJSON())))
  }
  return files
}

function signerOf(privateKey: KeyObject): { key: Key; sign: (data: Buffer) => Signature } {
  const keyType = 'ed25519'
  const keyVal = { public: publicKeyDer(privateKey).subarray(-32).toString('hex') }
  const named = canonicalJson({ keytype: keyType, scheme: keyType, keyval: keyVal })
  const keyID = createHash('sha256').update(named).digest('hex')
  return {
    key: new Key({ keyID, keyType, scheme: keyType, keyVal }),
    sign: (data) => new Signature({ keyID, sig: sign(null, data, privateKey).toString('hex') }),
  }
}

/** Without fractions, as TUF's date format has it. */
function expiry(from: Date, years: number): string {
  return new Date(from.getTime() + years * year).toISOString().replace(/\.\d+Z$/, 'Z')
}
