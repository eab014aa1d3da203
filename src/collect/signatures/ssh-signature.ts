/** Signatures of SSH keys over files and commits (PROTOCOL.sshsig of OpenSSH), verified in this process. Pure. */
import { constants, createHash, verify } from 'node:crypto'
import { base64In } from './armour.ts'
import { curveBytes, numberIn, parseSshKey, stringsIn } from './ssh-key.ts'
import type { SshKey } from './ssh-key.ts'

/** What git asks for; a signature that somebody made of an e-mail or a file is none of a commit. */
const namespace = 'git'
const magic = Buffer.from('SSHSIG')
const hashes: { readonly [name: string]: 'sha256' | 'sha512' } = { sha256: 'sha256', sha512: 'sha512' }

/** Why a signature does not count; `unsupported`: another program could perhaps verify it. */
export type SshFailure = 'malformed' | 'unsupported' | 'weak' | 'wrong-namespace' | 'no-presence' | 'wrong'

/** The key that signed the bytes. Whose key that is, is another question. */
export function verifySshSignature(armoured: string, payload: Buffer): SshKey | SshFailure {
  const blob = base64In(armoured, 'SSH SIGNATURE')
  if (blob === undefined || !blob.subarray(0, magic.length).equals(magic) || blob.length < 10) return 'malformed'
  if (blob.readUInt32BE(magic.length) !== 1) return 'unsupported'
  const fields = stringsIn(blob.subarray(magic.length + 4))
  if (fields?.length !== 5) return 'malformed'
  const [keyBlob = none, space = none, reserved = none, hashName = none, signature = none] = fields
  if (space.toString('latin1') !== namespace) return 'wrong-namespace'
  const hash = hashes[hashName.toString('latin1')]
  if (reserved.length > 0 || hash === undefined) return 'unsupported'
  const key = parseSshKey(keyBlob)
  if (typeof key === 'string') return key
  const digest = createHash(hash).update(payload).digest()
  return verified(key, signature, Buffer.concat([magic, ...[space, reserved, hashName, digest].map(stringOf)]))
}

const none = Buffer.alloc(0)

function verified(key: SshKey, signature: Buffer, message: Buffer): SshKey | SshFailure {
  // A security key says behind its signature what it saw.
  const isSecurityKey = key.application !== undefined
  const tail = isSecurityKey ? signature.subarray(-5) : none
  const fields = stringsIn(signature.subarray(0, signature.length - tail.length))
  const [name, bytes, ...more] = fields ?? []
  if (name === undefined || bytes === undefined || more.length > 0 || tail.length !== (isSecurityKey ? 5 : 0)) {
    return 'malformed'
  }
  const scheme = schemeOf(key, name.toString('latin1'))
  if (scheme === undefined) return 'unsupported'
  const plain = plainSignature(key, bytes)
  if (plain === undefined) return 'malformed'
  const signed = isSecurityKey ? Buffer.concat([sha256(key.application), tail, sha256(message)]) : message
  const isOfKey = verify(
    scheme.hash,
    signed,
    { key: key.key, dsaEncoding: 'ieee-p1363', padding: constants.RSA_PKCS1_PADDING },
    plain,
  )
  if (!isOfKey) return 'wrong'
  // Nobody touched it: whoever runs on that machine could have had it signed.
  return isSecurityKey && ((tail[0] ?? 0) & userPresent) === 0 ? 'no-presence' : key
}

const userPresent = 0x01

/** By the name of the signature, which is that of the key but for RSA: its old scheme goes with SHA-1. */
function schemeOf({ type }: SshKey, name: string): { readonly hash: string | null } | undefined {
  if (type === 'ssh-rsa') {
    const hash = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' }[name]
    return hash === undefined ? undefined : { hash }
  }
  if (name !== type) return undefined
  return { hash: { 32: 'sha256', 48: 'sha384', 66: 'sha512' }[curveBytes(type) ?? 0] ?? null }
}

/** As `node:crypto` takes it: of a curve both numbers in their full length, of RSA as long as the modulus. */
function plainSignature({ type, key }: SshKey, bytes: Buffer): Buffer | undefined {
  if (type === 'ssh-rsa') {
    const length = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
    return bytes.length > length ? undefined : padded(bytes, length)
  }
  const length = curveBytes(type)
  if (length === undefined) return bytes.length === 64 ? bytes : undefined
  const [r, s, ...more] = (stringsIn(bytes) ?? []).map(numberIn)
  if (r === undefined || s === undefined || more.length > 0 || r.length > length || s.length > length) return undefined
  return Buffer.concat([padded(r, length), padded(s, length)])
}

function padded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes])
}

function stringOf(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
