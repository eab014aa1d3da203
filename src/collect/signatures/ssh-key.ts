/** Public keys as SSH writes them (RFC 4253 §6.6, RFC 5656, RFC 8709, PROTOCOL.u2f of OpenSSH). Pure. */
import { createHash, createPublicKey } from 'node:crypto'
import type { JsonWebKey, KeyObject } from 'node:crypto'

export const sshKeyTypes = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
] as const
export type SshKeyType = (typeof sshKeyTypes)[number]

export interface SshKey {
  readonly type: SshKeyType
  /** As OpenSSH prints it: `SHA256:` and base64 without padding. */
  readonly fingerprint: string
  readonly key: KeyObject
  /** Of a security key: the application that it was made for. */
  readonly application: Buffer | undefined
}

/** `weak`: RSA of fewer bits than are still believed in; `unsupported`: a kind that is not verified, certificates among them. */
export type UnusableKey = 'malformed' | 'weak' | 'unsupported'

const leastRsaBits = 2_048
/** OpenSSH takes none that are larger. */
const mostRsaBits = 16_384

export function parseSshKey(blob: Buffer): SshKey | UnusableKey {
  const [name, ...parts] = stringsIn(blob) ?? []
  if (name === undefined) return 'malformed'
  const said = name.toString('latin1')
  const type = sshKeyTypes.find((it) => it === said)
  if (type === undefined) return 'unsupported'
  const jwk = jwkOf(type, parts)
  if (typeof jwk === 'string') return jwk
  const key = imported(jwk)
  if (key === undefined) return 'malformed'
  return {
    type,
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    key,
    application: type.startsWith('sk-') ? parts.at(-1) : undefined,
  }
}

const curves: { readonly [type in SshKeyType]?: readonly [ssh: string, jwk: string, bytes: number] } = {
  'ecdsa-sha2-nistp256': ['nistp256', 'P-256', 32],
  'ecdsa-sha2-nistp384': ['nistp384', 'P-384', 48],
  'ecdsa-sha2-nistp521': ['nistp521', 'P-521', 66],
  'sk-ecdsa-sha2-nistp256@openssh.com': ['nistp256', 'P-256', 32],
}

/** Bytes of a number on the curve of a key; undefined for one that has none. */
export function curveBytes(type: SshKeyType): number | undefined {
  return curves[type]?.[2]
}

function jwkOf(type: SshKeyType, parts: readonly Buffer[]): JsonWebKey | UnusableKey {
  const own = type.startsWith('sk-') ? parts.slice(0, -1) : parts
  const [first, second, ...more] = own
  if (first === undefined || more.length > 0) return 'malformed'
  if (type === 'ssh-rsa') return second === undefined ? 'malformed' : rsaOf(first, second)
  const [ssh, jwk, bytes = 0] = curves[type] ?? []
  if (ssh === undefined || jwk === undefined) {
    if (first.length !== 32 || second !== undefined) return 'malformed'
    return { kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') }
  }
  if (first.toString('latin1') !== ssh || second?.length !== 1 + 2 * bytes || second[0] !== 4) return 'malformed'
  const [x, y] = [second.subarray(1, 1 + bytes), second.subarray(1 + bytes)]
  return { kty: 'EC', crv: jwk, x: x.toString('base64url'), y: y.toString('base64url') }
}

function rsaOf(exponent: Buffer, modulus: Buffer): JsonWebKey | UnusableKey {
  const [e, n] = [numberIn(exponent), numberIn(modulus)]
  if (e === undefined || n === undefined || e.length > 8 || ((e.at(-1) ?? 0) & 1) === 0) return 'malformed'
  if (e.length === 1 && e[0] === 1) return 'weak'
  const bits = n.length * 8 - Math.clz32(n[0] ?? 0) + 24
  if (bits < leastRsaBits) return 'weak'
  if (bits > mostRsaBits) return 'unsupported'
  return { kty: 'RSA', e: e.toString('base64url'), n: n.toString('base64url') }
}

function imported(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined // no point on the curve, for one
  }
}

/** The strings that a blob is made of, each after its length in four bytes; undefined where that does not come out even. */
export function stringsIn(blob: Buffer): Buffer[] | undefined {
  const strings: Buffer[] = []
  for (let at = 0; at < blob.length;) {
    if (blob.length - at < 4) return undefined
    const end = at + 4 + blob.readUInt32BE(at)
    if (end > blob.length) return undefined
    strings.push(blob.subarray(at + 4, end))
    at = end
  }
  return strings
}

/** The bytes of a positive number, written in one way alone (RFC 4251 §5, `mpint`). */
export function numberIn(mpint: Buffer): Buffer | undefined {
  const [first, second = 0] = mpint
  if (first === undefined || first >= 0x80) return undefined
  if (first !== 0) return mpint
  return second >= 0x80 ? mpint.subarray(1) : undefined
}
