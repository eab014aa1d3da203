/** RFC 3161 timestamps: a CMS SignedData (RFC 5652) over a TSTInfo, signed by a timestamp authority of the trusted root. */
import { createHash } from 'node:crypto'
import { limits } from '../../model/limits.ts'
import { DerError, childAt, childrenOf, encode, integerOf, readDer, tags, timeOf } from './asn1.ts'
import { hasStrongKey, isForTimestampsOnly, keyOf } from './certificate.ts'
import { isWithin, issuerOf } from './chain.ts'
import type { Authority } from './chain.ts'
import { hashOf, isSignedWith, readSignedData } from './cms.ts'
import type { SignerInfo } from './cms.ts'

const tstInfo = '1.2.840.113549.1.9.16.1.4'

/** A timestamp as it was parsed; nothing is verified yet. */
export interface Timestamp extends SignerInfo {
  readonly time: Date
  /** Hash and digest of what was stamped. */
  readonly imprint: { readonly hash: string; readonly digest: Buffer }
  readonly info: Buffer
}

/** TimeStampResp in DER (RFC 3161 §2.4.2) → timestamp. Throws DerError. */
export function parseTimestamp(bytes: Uint8Array): Timestamp {
  if (bytes.length > limits.timestampBytes) {
    throw new DerError(`the timestamp has ${bytes.length} bytes, more than ${limits.timestampBytes}`)
  }
  const response = childrenOf(readDer(bytes))
  const status = childrenOf(childAt(response, 0, tags.sequence))
  // granted and grantedWithMods; whatever else has no token
  if (integerOf(childAt(status, 0, tags.integer)) > 1) throw new DerError('the timestamp was not granted')
  const { content, signer } = readSignedData(childAt(response, 1, tags.sequence), tstInfo)
  if (content === undefined) throw new DerError('the timestamp holds no TSTInfo')
  return { ...readInfo(content), info: content, ...signer }
}

/** RFC 3161 §2.4.2: the token as other formats hold it, in the answer that it was taken from. */
export function timestampResponse(token: Uint8Array): Buffer {
  const granted = encode(tags.sequence, encode(tags.integer, Buffer.of(0)))
  return encode(tags.sequence, granted, token)
}

/** TSTInfo: version, policy, messageImprint, serialNumber, genTime, … */
function readInfo(bytes: Buffer): Pick<Timestamp, 'time' | 'imprint'> {
  const parts = childrenOf(readDer(bytes))
  if (integerOf(childAt(parts, 0, tags.integer)) !== 1) throw new DerError('the timestamp is not version 1')
  const imprint = childrenOf(childAt(parts, 2, tags.sequence))
  return {
    time: timeOf(childAt(parts, 4, tags.generalizedTime)),
    imprint: {
      hash: hashOf(childAt(imprint, 0, tags.sequence)),
      digest: childAt(imprint, 1, tags.octetString).content,
    },
  }
}

/**
 * The one of the authorities, believed and valid at the time that it states, that stamped `data`; undefined if none did. Its certificate
 * must be one for timestamps and nothing else (RFC 3161 §2.3; go-witness accepted others, GHSA-5qp5-ph6r-qj9f).
 */
export function stamperOf(
  timestamp: Timestamp,
  data: Uint8Array,
  authorities: readonly Authority[],
): Authority | undefined {
  const { time, imprint, info, signer } = timestamp
  if (!digest(imprint.hash, data).equals(imprint.digest)) return undefined
  if (!digest(timestamp.digestHash, info).equals(timestamp.attributeDigest)) return undefined
  return authorities.find((authority) => {
    const [certificate] = authority.chain
    if (certificate === undefined || !isWithin(authority.validFor, time)) return false
    if (!certificate.issuer.equals(signer.issuer) || !certificate.serialNumber.equals(signer.serialNumber)) return false
    if (!isForTimestampsOnly(certificate) || !hasStrongKey(certificate)) return false
    if (issuerOf(certificate, [authority], time, 'timeStamping') === undefined) return false
    return isSignedWith(timestamp, keyOf(certificate))
  })
}

function digest(hash: string, data: Uint8Array): Buffer {
  return createHash(hash).update(data).digest()
}
