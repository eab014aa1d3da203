/** Commits with SSH signatures, made by `node:crypto` in the place of ssh-keygen and of security keys. Keys last as long as a test. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** A key that signs, and its line in a file of allowed signers. */
export interface TestKey {
  readonly type: string
  readonly blob: Buffer
  readonly fingerprint: string
  /** `type base64`. */
  readonly text: string
  sign(message: Buffer): Buffer
}

export function string(bytes: Buffer | string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(bytes))
  return Buffer.concat([length, Buffer.from(bytes as string)])
}

const sha256 = (bytes: Buffer | string): Buffer => createHash('sha256').update(bytes).digest()

export function ed25519Key(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const type = 'ssh-ed25519'
  return keyOf(type, [rawEd25519(publicKey)], (message) => [string(type), string(sign(null, message, privateKey))])
}

/** What a token does: it signs the application, what it saw, and the message. `flags` 1: somebody touched it. */
export function securityKey(kind: 'ed25519' | 'ecdsa', flags: number): TestKey {
  const application = 'ssh:'
  const tail = Buffer.from([flags, 0, 0, 0, 7])
  const signed = (message: Buffer): Buffer => Buffer.concat([sha256(application), tail, sha256(message)])
  if (kind === 'ed25519') {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const type = 'sk-ssh-ed25519@openssh.com'
    return keyOf(type, [rawEd25519(publicKey), Buffer.from(application)], (message) => [
      ...[string(type), string(sign(null, signed(message), privateKey)), tail],
    ])
  }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const type = 'sk-ecdsa-sha2-nistp256@openssh.com'
  return keyOf(
    type,
    ['nistp256', point, application].map((it) => Buffer.from(it as string)),
    (message) => {
      const plain = sign('sha256', signed(message), { key: privateKey, dsaEncoding: 'ieee-p1363' })
      const numbers = [plain.subarray(0, 32), plain.subarray(32)].map((it) => string(mpint(it)))
      return [string(type), string(Buffer.concat(numbers)), tail]
    },
  )
}

function keyOf(type: string, parts: readonly Buffer[], signature: (message: Buffer) => readonly Buffer[]): TestKey {
  const blob = Buffer.concat([string(type), ...parts.map(string)])
  return {
    ...{ type, blob },
    fingerprint: `SHA256:${sha256(blob).toString('base64').replace(/=+$/, '')}`,
    text: `${type} ${blob.toString('base64')}`,
    sign: (message) => Buffer.concat(signature(message)),
  }
}

function rawEd25519(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')
}

function mpint(bytes: Buffer): Buffer {
  const from = bytes.findIndex((it) => it !== 0)
  const short = bytes.subarray(from)
  return (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short
}

export interface SignatureParts {
  readonly namespace?: string
  readonly hash?: string
  readonly reserved?: string
}

/** PROTOCOL.sshsig, armoured. */
export function sshSignature(
  key: TestKey,
  payload: Buffer | string,
  { namespace = 'git', hash = 'sha512', reserved = '' }: SignatureParts = {},
): string {
  const magic = Buffer.from('SSHSIG')
  const digest = createHash(hash).update(payload).digest()
  const said = [namespace, reserved, hash].map(string)
  const signature = key.sign(Buffer.concat([magic, ...said, string(digest)]))
  const blob = Buffer.concat([magic, Buffer.from([0, 0, 0, 1]), string(key.blob), ...said, string(signature)])
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? []
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----', ''].join('\n')
}

export interface CommitParts {
  readonly tree?: string
  readonly parents?: readonly string[]
  readonly author?: string
  readonly committer?: string
  /** Seconds since 1970, of both. */
  readonly time?: number
  readonly message?: string
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** The object of a commit without signature. */
export function commitPayload({
  tree = emptyTree,
  parents = [],
  author = 'Ann <ann@example.org>',
  committer = author,
  time = 1_767_225_600,
  message = 'Change it\n',
}: CommitParts = {}): string {
  const lines = [
    `tree ${tree}`,
    ...parents.map((it) => `parent ${it}`),
    `author ${author} ${time} +0000`,
    `committer ${committer} ${time} +0000`,
  ]
  return `${lines.join('\n')}\n\n${message}`
}

/** The same with a signature in its header. */
export function withSignature(payload: string, signature: string, header = 'gpgsig'): string {
  const end = payload.indexOf('\n\n')
  const folded = signature.replace(/\n$/, '').replaceAll('\n', '\n ')
  return `${payload.slice(0, end)}\n${header} ${folded}${payload.slice(end)}`
}

export function signedBy(key: TestKey, parts: CommitParts = {}, how: SignatureParts = {}): string {
  const payload = commitPayload(parts)
  return withSignature(payload, sshSignature(key, payload, how))
}
