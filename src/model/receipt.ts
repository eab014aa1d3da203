/**
 * A receipt: what a gateway or a portal signs of a session that it saw, as a compact JWS (RFC 7515) with claims of a JWT (RFC 7519).
 * Published as `schemas/ai-session-receipt/v1`. Readers know the issuer and its keys from elsewhere: a receipt names
 * both, and vouches for neither.
 */
import * as z from 'zod/mini'
import type { ClaimingCommit } from './claiming-commit.ts'
import { limits } from './limits.ts'

/** `typ` of the header: another version has another one. */
export const receiptTyp = 'ai-session-receipt+jwt'

/** Of the header. Asymmetric only: whoever can verify an HMAC can also make it. `EdDSA` is with Ed25519 alone. */
export const receiptAlgorithms = ['ES256', 'EdDSA', 'Ed25519'] as const
export type ReceiptAlgorithm = (typeof receiptAlgorithms)[number]

// The schemas are functions: to make them would be a part of every start-up.

const word = (most: number) => z.string().check(z.minLength(1), z.maxLength(most))
const count = () => z.optional(z.int().check(z.minimum(0)))
/** Seconds since 1970; up to the year 9999, as times in texts. */
const seconds = () => z.int().check(z.minimum(0), z.maximum(253_402_300_799))
const time = () => z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/))
const sha256 = () => z.string().check(z.regex(/^[0-9a-f]{64}$/))
const commitId = () => z.string().check(z.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/))

/** Members that are not known are for others; a member that is known is what it should be, or the receipt is none. */
export const receiptPayload = () =>
  z.looseObject({
    /** The issuer, as those who trust it have it, character by character. */
    iss: word(2_048),
    /** Repositories that the session was for: `git+https://<host>/<path>`. */
    aud: z.union([word(2_048), z.array(word(2_048)).check(z.minLength(1), z.maxLength(16))]),
    /** Who was signed in: an address, or a name that only the issuer and holders of its list understand. */
    sub: word(1_024),
    /** Of this receipt and no other one of the issuer. */
    jti: word(256),
    iat: seconds(),
    nbf: z.optional(seconds()),
    exp: z.optional(seconds()),
    session: z.looseObject({
      /** As the tool gave it. */
      id: word(limits.sessionIdCharacters),
      /** Id of the tool, as sessions have it: `claude-code`. */
      tool: word(60),
      parent: z.optional(z.nullable(word(limits.sessionIdCharacters))),
      /** Of the first request and of the last one that was seen. */
      started_at: time(),
      ended_at: time(),
      requests: count(),
      models: z
        .array(
          z.looseObject({
            id: word(200),
            provider: z.optional(word(100)),
            requests: count(),
            input_tokens: count(),
            output_tokens: count(),
          }),
        )
        .check(z.maxLength(limits.modelsPerSession)),
      agents: z.optional(
        z.array(z.looseObject({ id: word(256), parent: z.optional(z.nullable(word(256))) })).check(z.maxLength(1_000)),
      ),
      transcript: z.optional(z.looseObject({ sha256: sha256(), redaction: z.optional(word(200)) })),
    }),
    /** Where it names some, no others came of the session. */
    commits: z.optional(z.array(commitId()).check(z.minLength(1), z.maxLength(1_000))),
    /**
     * Members that the issuer repeats on the word of whoever asked for the receipt, and did not see: `commits`, `aud`,
     * `session.started_at`. They bind the receipt, so they only take from it; they are no evidence of their own.
     */
    holder_said: z.optional(z.array(word(60)).check(z.minLength(1), z.maxLength(20))),
  })
export type ReceiptPayload = z.infer<ReturnType<typeof receiptPayload>>

/** Why a receipt does not count, or a link of it is missing. */
export type ReceiptRefusal =
  // What it is
  | 'receipt-malformed'
  | 'receipt-header-refused'
  // Who signed it
  | 'receipt-issuer-unknown'
  | 'receipt-key-unknown'
  | 'receipt-key-revoked'
  | 'receipt-signature-invalid'
  | 'receipt-untimely'
  | 'receipt-replayed'
  // What it is about
  | 'receipt-unclaimed'
  | 'receipt-other-tool'
  | 'receipt-other-repository'
  | 'receipt-other-user'
  | 'receipt-other-time'
  | 'receipt-other-commits'
  | 'receipt-other-models'

export interface RefusedReceipt {
  readonly code: ReceiptRefusal
  /** The commit that it is about, where it is about one. */
  readonly commit?: string
  /** One line: the beginning of the receipt's digest, codes, numbers; never who was signed in. */
  readonly detail: string
}

/** In what a receipt agrees with the commits that name its session. */
export interface ReceiptAgreement {
  /** Who was signed in made each of them. */
  readonly user: boolean
  readonly repository: boolean
  /** Each was made while the session went on, or soon after. */
  readonly time: boolean
  /** It names each of them, or none at all. */
  readonly commits: boolean
}

/** One whose signature holds under keys of an issuer whom the caller trusts. */
export interface VerifiedReceipt {
  /** Of its bytes, in lower-case hex. */
  readonly sha256: string
  readonly issuer: string
  /** RFC 7638, SHA-256, base64url: of the very key that it was verified with. */
  readonly jwksThumbprint: string
  readonly tool: string
  readonly session: string
  /** As the issuer calls them. */
  readonly models: readonly string[]
  /** Holds it against all commits that name its session. */
  hold(commits: readonly ClaimingCommit[]): {
    readonly agreement: ReceiptAgreement
    readonly missing: readonly RefusedReceipt[]
  }
}

export interface VerifiedReceipts {
  readonly receipts: readonly VerifiedReceipt[]
  readonly refused: readonly RefusedReceipt[]
  /** Why some could not be judged: the keys of an issuer could not be had. */
  readonly undecided: string | undefined
}

/** Which receipts about these sessions (id → tools that have it) hold. Throws nothing that is ours. */
export type VerifyReceipts = (sessions: ReadonlyMap<string, ReadonlySet<string>>) => Promise<VerifiedReceipts>
