/** Signatures under certificates of Sigstore, as those ask for them who cannot verify them: whose they are, or why they do not count. */
import type { CommitSigner } from './change.ts'
import type { Signer } from './session.ts'

/**
 * Why a signature does not count:
 *
 * - `malformed`: it cannot be read
 * - `uncertified`: its certificate is of another kind, as those of S/MIME are
 * - `wrong`: it is not of these bytes
 * - `unlogged`: neither a log entry nor a timestamp says when it was made, or the log entry is not there
 * - `untrusted`: certificate, log entry or time does not hold under a root that is trusted
 */
export type CertifiedRefusal = 'malformed' | 'uncertified' | 'wrong' | 'unlogged' | 'untrusted'

/** `unnamed`: nobody named its identity, and it was not verified. `undecided`: there is no trust to verify by. `detail` holds codes alone. */
export type CertifiedAnswer =
  | { readonly outcome: 'signed'; readonly signer: Signer; readonly by: CommitSigner }
  | { readonly outcome: 'unnamed' }
  | { readonly outcome: 'refused'; readonly code: CertifiedRefusal; readonly detail: string }
  | { readonly outcome: 'undecided'; readonly detail: string }

/** Verifies a CMS signature, in DER, of these bytes. Throws nothing that is ours. */
export type VerifyCertified = (signature: Uint8Array, signed: Uint8Array) => Promise<CertifiedAnswer>
