/** Digests: SHA-2 only, lower-case hex, exact length (DESIGN §4; in-toto DigestSet, spec/v1/digest_set.md). */
import { hash } from 'node:crypto'
import * as z from 'zod/mini'

/** Digest algorithms that can bind an artifact, with the length of their hex form in characters. */
export const digestAlgorithms = { sha256: 64, sha384: 96, sha512: 128 } as const

export type DigestAlgorithm = keyof typeof digestAlgorithms

/** Digests of one artifact that was read, at least sha256. */
export interface Digests {
  readonly sha256: string
  readonly sha384?: string
  readonly sha512?: string
}

/** An artifact as a statement names it: at least one digest, and sha256 among them where it was read here. */
export interface Subject {
  readonly name: string
  readonly digest: { readonly [algorithm in DigestAlgorithm]?: string }
}

const hex = /^[0-9a-f]+$/

/** True if `value` is a whole digest of that algorithm: right length, lower-case hex. */
export function isDigest(algorithm: string, value: string): algorithm is DigestAlgorithm {
  return (
    Object.hasOwn(digestAlgorithms, algorithm) &&
    value.length === digestAlgorithms[algorithm as DigestAlgorithm] &&
    hex.test(value)
  )
}

/** `{ algorithm: value }` as statements carry it; which algorithms count is decided where digests are compared. */
export const digestSet: z.ZodMiniRecord<z.ZodMiniString, z.ZodMiniString> = z.record(
  z.string().check(z.minLength(1), z.maxLength(64)),
  z.string().check(z.minLength(1), z.maxLength(1024)),
)

/** SHA-256 in lower-case hex: how documents, certificates and keys are named everywhere. Text is taken as UTF-8. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return hash('sha256', bytes, 'hex')
}
