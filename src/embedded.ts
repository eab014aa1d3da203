/**
 * The embedded Sigstore: a whole one in this process, for trials and tests. What it signs proves nothing to others.
 *
 * @module
 */
export type { LocalSigstore, LocalSigstoreOptions } from './embedded/index.ts'
export {
  embeddedSigstore,
  localStateFolder,
  localTrust,
  mintLocalJobToken,
  nearestLocalState,
  signWithLocal,
  startLocalSigstore,
} from './embedded/project.ts'
export type { EmbeddedSigstore } from './embedded/project.ts'
export type { ClaimInputs } from './providers/sample.ts'
