/** The words of CI providers' tokens; what each provider makes of them is a row of `providers/`. */
import type { Extensions } from './identity.ts'

/** Claims of a token after its signature was checked; all values are still of unknown type. */
export type Claims = { readonly [claim: string]: unknown }

/** The identity that Fulcio writes into the certificate for a token. */
export interface TokenIdentity {
  /** Id of the provider's row; `generic` for a token of none that we know. */
  readonly provider: string
  readonly subjectAlternativeName: { readonly kind: 'uri' | 'email'; readonly value: string }
  readonly extensions: Extensions
}
