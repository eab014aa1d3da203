/** The key of a log, as a trusted root names it. */
import type { KeyObject } from 'node:crypto'
import type { Validity } from './chain.ts'

/** Certificate log or transparency log. */
export interface LogKey {
  /** Log id: SHA-256 of the key (RFC 6962 §3.2), or for Ed25519 logs of Rekor v2 that of the note's name and key. */
  readonly id: Buffer
  readonly key: KeyObject
  readonly validFor: Validity
  /** Host of the log's base URL: the name under which it signs checkpoints. */
  readonly host: string
}
