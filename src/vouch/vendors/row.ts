/** Whose session tokens are taken, a file each: what such a token looks like, and what its claims prove. */
import type { JsonObject } from '../../model/json.ts'
import type { ReceiptAlgorithm } from '../../model/receipt.ts'

export interface VendorRow {
  /** As the configuration names it. */
  readonly id: string
  /** `documented`: the vendor has published these claims; `guessed`: it was inferred, and whoever uses it should look first. */
  readonly basis: 'documented' | 'guessed'
  /** Id of the tool, as sessions have it. */
  readonly tool: string
  /** What an environment of an operator is called; a configuration with anything else is refused, for it may be everybody's. */
  readonly audience: RegExp
  /** In front of the JWT; part of no other token of the vendor. */
  readonly prefix: string
  readonly algorithms: readonly ReceiptAlgorithm[]
  /** Seconds from `iat` to `exp`, at most. */
  readonly longestLife: number
  /** Who and what, or why it is no token of a session. `audience` is the one of the configuration, which is among those of the token. */
  read(claims: JsonObject, audience: string): ProvedSession | { readonly lacks: string }
}

/** What a vendor's token proves. */
export interface ProvedSession {
  readonly id: string
  /** Who created it, as the vendor calls them. */
  readonly creator: string
  /** Their address, where the token has one. */
  readonly email: string | undefined
}
