/** The key of a witness as witnesses publish it (C2SP signed-note, tlog-cosignature): `name+hash+base64`, of the algorithm 4. */
import { createHash } from 'node:crypto'

export interface WitnessKey {
  readonly name: string
  /** First four bytes of the hash of name, algorithm and key. */
  readonly hint: Buffer
  /** Ed25519, 32 bytes. */
  readonly key: Buffer
}

const form = /^([^\s+]{1,255})\+([0-9a-f]{8})\+((?:[A-Za-z0-9+/]{4})+)$/
/** `cosignature/v1`: a signature by the same key as a log would not do. */
const algorithm = 4

/** Undefined for what is none, also where hash and key do not belong together. */
export function parseWitnessKey(text: string): WitnessKey | undefined {
  const [, name, hash, base64 = ''] = form.exec(text) ?? []
  const bytes = Buffer.from(base64, 'base64')
  if (name === undefined || bytes.length !== 33 || bytes[0] !== algorithm) return undefined
  const hint = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4)
  return hint.toString('hex') === hash ? { name, hint, key: bytes.subarray(1) } : undefined
}
