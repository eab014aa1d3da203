/** Our own verdict about a bundle as JSON, at the layer of the signature. */
import { CountersignError } from '../../src/errors.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { bundleFromJson } from '../../src/model/bundle.ts'
import type { Json } from '../../src/model/json.ts'
import { verifyMessage } from '../conformance/message.ts'
import type { Trust } from '../../src/sigstore/verify/trusted-root.ts'
import { verifyBundle } from '../../src/sigstore/verify/verify-bundle.ts'

/** Undefined if it verifies, else the code. Throws what is no CountersignError. */
export function ourRefusal(json: Json, trust: Trust, artifact: Buffer, key?: string): ErrorCode | undefined {
  try {
    const bundle = bundleFromJson(json)
    const result =
      bundle.envelope === undefined
        ? verifyMessage(bundle, trust, { bytes: artifact }, key)
        : verifyBundle(bundle, trust, key)
    return result.outcome === 'refused' ? result.code : undefined
  } catch (thrown) {
    if (thrown instanceof CountersignError && thrown.code !== 'internal') return thrown.code
    throw thrown
  }
}
