/**
 * The certificate transparency log, as far as a verifier sees it: it promises inclusion of a precertificate by a signed
 * certificate timestamp (RFC 6962 §3.2). There is no log to read behind it; certificates are in the Rekor entries.
 */
import { createHash, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { octetString } from './der.ts'
import { keyHashLogId, publicKeyDer } from './key-id.ts'

/** Extension that carries SCTs in a certificate (RFC 6962 §3.3). */
export const sctExtensionId = '1.3.6.1.4.1.11129.2.4.2'

interface Precertificate {
  /** DER TBSCertificate without the SCT extension. */
  readonly toBeSigned: Uint8Array
  readonly issuerKey: KeyObject
}

/** DER value of the SCT extension: an OCTET STRING with a list of one SCT, version 1, ECDSA with SHA-256. */
export function certificateTimestamp({ toBeSigned, issuerKey }: Precertificate, logKey: KeyObject, now: Date): Buffer {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(now.getTime()))
  const noExtensions = unsigned(0, 2)
  const signature = sign(
    'sha256',
    Buffer.concat([
      Buffer.from([0, 0]), // v1, certificate_timestamp
      time,
      unsigned(1, 2), // precert_entry
      createHash('sha256').update(publicKeyDer(issuerKey)).digest(),
      unsigned(toBeSigned.length, 3),
      toBeSigned,
      noExtensions,
    ]),
    logKey,
  )
  const sct = Buffer.concat([
    Buffer.from([0]), // v1
    keyHashLogId(logKey),
    time,
    noExtensions,
    Buffer.from([4, 3]), // sha256, ecdsa (RFC 5246 §7.4.1.4.1)
    unsigned(signature.length, 2),
    signature,
  ])
  return octetString(Buffer.concat([unsigned(sct.length + 2, 2), unsigned(sct.length, 2), sct]))
}

/** Unsigned integer in network order, as TLS structures have it. */
function unsigned(value: number, width: number): Buffer {
  const bytes = Buffer.alloc(width)
  bytes.writeUIntBE(value, 0, width)
  return bytes
}
