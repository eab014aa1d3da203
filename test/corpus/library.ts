/** The verdict of @sigstore/verify about the same bundle under the same root. */
import { createPublicKey } from 'node:crypto'
import { bundleFromJSON } from '@sigstore/bundle'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify'
import type { TrustMaterial } from '@sigstore/verify'
import type { Json } from '../../src/model/json.ts'

/** What a bundle is verified with, in the library's form. Throws whatever the library throws at such a root. */
export function libraryTrust(trustedRoot: Json, key?: string): TrustMaterial {
  return toTrustMaterial(TrustedRoot.fromJSON(trustedRoot), (hint) => {
    if (key === undefined) throw new Error(`no key ${hint}`)
    return { publicKey: createPublicKey(key), validFor: () => true }
  })
}

/**
 * Undefined if it verifies, else the code or the name of what it throws. Thresholds are those that the root asks for: ours
 * wants no entry of a log where the root names none.
 */
export function libraryRefusal(bundle: Json, trust: TrustMaterial, artifact?: Buffer): string | undefined {
  try {
    const options = { tlogThreshold: Math.min(1, trust.tlogs.length), ctlogThreshold: Math.min(1, trust.ctlogs.length) }
    new Verifier(trust, options).verify(toSignedEntity(bundleFromJSON(bundle), artifact))
    return undefined
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') return thrown.code
    return thrown instanceof Error ? thrown.name : 'unknown'
  }
}
