/** The timestamp authority as a client sees it (RFC 3161 §2.4, §3.4): a digest becomes a signed time. */
import { createHash } from 'node:crypto'
import { DerError, encode, tags } from '../verify/asn1.ts'
import type { RetryBudget } from '../../platform/retry-budget.ts'
import { askService, unusable } from './service-request.ts'
import { parseTimestamp } from '../verify/timestamp.ts'

/** AlgorithmIdentifier of SHA-256 with NULL parameters (RFC 5754 §2), as openssl writes it. */
const sha256Algorithm = Buffer.from('300d06096086480165030402010500', 'hex')

/**
 * DER of a TimeStampReq: version 1, the digest, and the wish for the certificate in the answer. It has no nonce: what is
 * stamped is a signature that was made a moment ago, so no older answer fits.
 */
export function timestampRequest(stamped: Uint8Array): Buffer {
  const digest = createHash('sha256').update(stamped).digest()
  const imprint = encode(tags.sequence, sha256Algorithm, encode(tags.octetString, digest))
  return encode(
    tags.sequence,
    encode(tags.integer, Buffer.of(1)),
    imprint,
    encode(tags.boolean, Buffer.of(0xff)), // certReq
  )
}

/**
 * DER of the TimeStampResp for a signature. Granted and about these bytes; its own signature is verified with the bundle.
 * Throws ServiceTrouble.
 */
export async function requestTimestamp(url: string, signature: Uint8Array, budget: RetryBudget): Promise<Buffer> {
  const { body } = await askService(
    {
      method: 'POST',
      url: endpointOf(url),
      accept: 'application/timestamp-reply',
      contentType: 'application/timestamp-query',
      body: Uint8Array.from(timestampRequest(signature)),
    },
    budget,
  )
  const answer = Buffer.from(body)
  let imprint: ReturnType<typeof parseTimestamp>['imprint']
  try {
    imprint = parseTimestamp(answer).imprint
  } catch (thrown) {
    if (thrown instanceof DerError) throw unusable(`its answer is no timestamp: ${thrown.message}`)
    throw thrown
  }
  if (!createHash(imprint.hash).update(signature).digest().equals(imprint.digest)) {
    throw unusable('its timestamp is for another digest')
  }
  return answer
}

/** A signing configuration names the whole address; a bare host gets the path of Sigstore's authorities. */
function endpointOf(url: string): string {
  return new URL(url).pathname === '/' ? `${url}/api/v1/timestamp` : url
}
