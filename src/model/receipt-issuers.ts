/**
 * Whose receipts count: the list that whoever attests or verifies gives. Published as `schemas/receipt-issuers/v1`. It is never
 * taken from a receipt or from what is committed, so that nobody chooses who vouches for them.
 */
import * as z from 'zod/mini'
import { limits } from './limits.ts'

const path = () => z.string().check(z.minLength(1), z.maxLength(1_000))
const address = () => z.string().check(z.minLength(1), z.maxLength(2_048))
const time = () => z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/))
const at = { at: z.optional(time()) }

const receiptIssuer = () =>
  z.strictObject({
    /** As `iss` of its receipts has it, character by character: https, no user, query or fragment. */
    issuer: address(),
    /** Its public keys, a JWK Set (RFC 7517): fetched over https, or pinned in a file, from the folder of the list. */
    jwks: z.union([z.strictObject({ url: address() }), z.strictObject({ file: path() })]),
    /** What `aud` may be. Default: the repository that is attested, as `git+https://<host>/<path>`. */
    audiences: z.optional(z.array(address()).check(z.minLength(1), z.maxLength(100))),
    /**
     * Who `sub` is: `email`, the address of the author or committer; a file of JSON, `{ "<sub>": "<address>" }`, also with several
     * addresses of one; `opaque`, nobody who can be told here, so that no user agrees.
     */
    users: z.union([z.enum(['email', 'opaque']), z.strictObject({ file: path() })]),
    /** Keys that count no more: at all, or for what was issued since. */
    revoked: z.optional(
      z
        .array(
          z.union([
            z.strictObject({ kid: z.string().check(z.minLength(1), z.maxLength(256)), ...at }),
            z.strictObject({ thumbprint: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)), ...at }),
          ]),
        )
        .check(z.maxLength(limits.jwksKeys)),
    ),
    /** What it issued before or after does not count. */
    notBefore: z.optional(time()),
    notAfter: z.optional(time()),
    /** Between its clock and those of developers; default 300. */
    skewSeconds: z.optional(z.int().check(z.minimum(0), z.maximum(3_600))),
    /** From the end of a session to its last commit; default 86400. */
    windowSeconds: z.optional(z.int().check(z.minimum(0), z.maximum(2_592_000))),
  })

export const receiptIssuersFile = () =>
  z.strictObject({
    version: z.literal(1),
    issuers: z.array(receiptIssuer()).check(z.minLength(1), z.maxLength(limits.receiptIssuers)),
  })
export type ReceiptIssuersFile = z.infer<ReturnType<typeof receiptIssuersFile>>

/** A public key as a set has it; each member is looked at where it is used. */
export type Jwk = { readonly [member: string]: unknown }

/** One of the list, with the files that it names. Times in milliseconds. */
export interface ReceiptIssuer {
  readonly issuer: string
  readonly keys: { readonly url: string } | { readonly pinned: readonly Jwk[] }
  /** Undefined: the repository that is attested. */
  readonly audiences: readonly string[] | undefined
  /** `sub` → addresses in their one form; `email`: it is one. */
  readonly users: 'email' | 'opaque' | ReadonlyMap<string, readonly string[]>
  readonly revoked: readonly RevokedKey[]
  readonly notBefore: number
  readonly notAfter: number
  readonly skew: number
  readonly window: number
}

export interface RevokedKey {
  readonly kid: string | undefined
  readonly thumbprint: string | undefined
  /** What was issued from then on does not count; 0: nothing does. */
  readonly at: number
}
