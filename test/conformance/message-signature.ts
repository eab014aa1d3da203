/** The member `messageSignature` of a bundle (sigstore/protobuf-specs sigstore_common.proto `MessageSignature`). */
import { CountersignError } from '../../src/errors.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { memberAt, textAt } from '../../src/model/json.ts'
import type { Json } from '../../src/model/json.ts'

/** The signature over an artifact, and what the bundle says of that artifact. */
export interface MessageSignature {
  readonly signature: Buffer
  readonly digest: { readonly hash: string; readonly value: Buffer } | undefined
}

/** protobuf-specs HashAlgorithm → name in node:crypto. Nothing signs with the SHA-3 ones. */
const messageHashes = new Map([
  ['SHA2_256', 'sha256'],
  ['SHA2_384', 'sha384'],
  ['SHA2_512', 'sha512'],
])

/** Error: `bundle-malformed`. */
export function readMessageSignature({ json }: Bundle): MessageSignature {
  const signature = bytesOf(memberAt(json, 'messageSignature', 'signature'))
  const named = memberAt(json, 'messageSignature', 'messageDigest')
  if (named === null) return { signature, digest: undefined }
  const hash = messageHashes.get(textAt(named, 'algorithm') ?? '')
  if (hash === undefined) throw new CountersignError('bundle-malformed', 'the algorithm of messageDigest is not SHA-2')
  return { signature, digest: { hash, value: bytesOf(memberAt(named, 'digest')) } }
}

function bytesOf(value: Json): Buffer {
  if (
    typeof value !== 'string' ||
    !/^(?:[A-Za-z0-9+/]{4})+$|^(?:[A-Za-z0-9+/]{4})*[A-Za-z0-9+/]{2,3}={1,2}$/.test(value)
  ) {
    throw new CountersignError('bundle-malformed', 'a member of messageSignature is no base64')
  }
  return Buffer.from(value, 'base64')
}
