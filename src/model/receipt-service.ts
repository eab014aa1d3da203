/**
 * What a service for receipts is configured with: who it is, whose tokens it takes, and for which repositories. Published as
 * `schemas/receipt-service/v1`. Whom it asks for keys stands here and never in a token.
 */
import * as z from 'zod/mini'
import { limits } from './limits.ts'

const path = () => z.string().check(z.minLength(1), z.maxLength(1_000))
const address = () => z.string().check(z.minLength(1), z.maxLength(2_048))
const word = (most: number) => z.string().check(z.minLength(1), z.maxLength(most))

const environment = () =>
  z.strictObject({
    /** Id of a row: whose tokens, and what their claims mean. */
    vendor: word(100),
    /** `iss` of its tokens, character by character. */
    issuer: address(),
    /** Its public keys, a JWK Set (RFC 7517): fetched over https, or pinned in a file, from the folder of this one. */
    jwks: z.union([z.strictObject({ url: address() }), z.strictObject({ file: path() })]),
    /** One of `aud` of its tokens: the operator's own environment. Tokens for others are refused. */
    audience: address(),
    /** Addresses of repositories that its sessions may have receipts for. */
    repositories: z.array(address()).check(z.minLength(1), z.maxLength(limits.exchangeRepositories)),
    /** What `sub` of a receipt is: the vendor's id of who created the session (default), or the address that the token has. */
    subject: z.optional(z.enum(['id', 'email'])),
    /** For how long before the token was issued a session may be said to have begun; default 0: it began with its token. */
    startsBeforeSeconds: z.optional(z.int().check(z.minimum(0), z.maximum(604_800))),
    /** Beginnings of ids that do not tell sessions apart, such as `cse_` and `session_`; default none. */
    sessionPrefixes: z.optional(z.array(word(40)).check(z.minLength(2), z.maxLength(10))),
  })

export const receiptServiceFile = () =>
  z.strictObject({
    version: z.literal(1),
    /** `iss` of the receipts, as lists of issuers have it: https, no user, query or fragment. */
    issuer: address(),
    environments: z.array(environment()).check(z.minLength(1), z.maxLength(limits.exchangeEnvironments)),
    /** Public keys that stand in the key set beside the one that signs: those before it, and the next one. */
    publishedKeys: z.optional(
      z.array(z.strictObject({ file: path(), kid: z.optional(word(256)) })).check(z.maxLength(limits.jwksKeys - 1)),
    ),
  })
export type ReceiptServiceFile = z.infer<ReturnType<typeof receiptServiceFile>>
