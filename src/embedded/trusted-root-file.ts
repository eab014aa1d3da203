/** The trusted root of an embedded Sigstore that ran before, for verifying without starting it. */
import { parseJson, renameFailure } from '../model/json.ts'
import type { Json } from '../model/json.ts'
import { limits } from '../model/limits.ts'
import { missingState, readStateFile } from './state-files.ts'

/**
 * JSON of the TrustedRoot in a state folder, its shape not checked. Errors: `local-state-missing`, `local-state-malformed`.
 * It is as trustworthy as the folder: who can write there can sign as anybody.
 */
export async function readLocalTrustedRoot(state: string): Promise<Json> {
  const bytes = await readStateFile(state, 'trustedRoot', limits.trustedRootBytes)
  if (bytes === undefined) throw missingState(state)
  return renameFailure(() => parseJson(bytes, 'the trusted root', limits.trustedRootBytes), 'local-state-malformed')
}
