/**
 * People in what is signed: a keyed hash of an address, never the address (DESIGN rule 18). A bare hash of an address can be
 * guessed by anybody who has a list of them; under a key only who has it can tell whose it is.
 */
import { createHash, createHmac } from 'node:crypto'

export type PersonHash = `hmac-sha256:${string}`

/** A key for hashes of people. */
export interface IdentityKey {
  readonly bytes: Uint8Array
  /** `organisation`: the same in every statement; `statement`: made for one and forgotten, so only within it are hashes equal. */
  readonly kind: 'organisation' | 'statement'
}

/** Bytes that a key has at least: those of the hash. */
export const identityKeyBytes = 32

/** An address in its one form: Unicode NFC, lower case, without blanks around it. */
export function personAddress(address: string): string {
  return address.normalize('NFC').trim().toLowerCase()
}

/** More people than work on anything. */
const mostKept = 10_000

/** Few people make many commits, and a hash under a key costs as much as to read one: so each is made once, as long as the key lives. */
const keptUnder = new WeakMap<IdentityKey, Map<string, PersonHash>>()

/** HMAC-SHA-256 of the address in its one form. */
export function personHash(address: string, key: IdentityKey): PersonHash {
  const kept = keptUnder.get(key) ?? new Map<string, PersonHash>()
  keptUnder.set(key, kept)
  const before = kept.get(address)
  if (before !== undefined) return before
  const hash: PersonHash = `hmac-sha256:${createHmac('sha256', key.bytes).update(personAddress(address)).digest('hex')}`
  if (kept.size === mostKept) kept.clear()
  kept.set(address, hash)
  return hash
}

export function isPersonHash(text: string): text is PersonHash {
  return /^hmac-sha256:[0-9a-f]{64}$/.test(text)
}

/** What says which key it was, and nothing of the key: it is a hash of a hash that is used for nothing else. */
export function identityKeyId({ bytes }: IdentityKey): string {
  const own = createHmac('sha256', bytes).update('countersign identity key id v1').digest()
  return `sha256:${createHash('sha256').update(own).digest('hex')}`
}
