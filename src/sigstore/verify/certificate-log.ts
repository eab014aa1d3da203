/** Certificate transparency: the SCTs embedded in a certificate (RFC 6962 §3.2, §3.3). */
import { createHash, verify } from 'node:crypto'
import { DerError, childAt, childrenOf, contextTag, encode, oidOf, readDer, tags } from './asn1.ts'
import type { Certificate } from './certificate.ts'
import { isWithin } from './chain.ts'
import type { LogKey } from './log-key.ts'

const sctList = '1.3.6.1.4.1.11129.2.4.2'

interface SignedCertificateTimestamp {
  readonly logId: Buffer
  /** Milliseconds since 1970, big-endian. */
  readonly timestamp: Buffer
  readonly extensions: Buffer
  readonly hashAlgorithm: number
  readonly signature: Buffer
}

/**
 * How many certificate logs vouch for a certificate; undefined if any SCT in it does not verify under a log of the trusted
 * root that was believed at its time, or if one log appears twice. An embedded SCT was put there by the authority, so a wrong
 * one is no accident. Throws DerError.
 */
export function countCertificateTimestamps(
  certificate: Certificate,
  issuer: Certificate,
  logs: readonly LogKey[],
): number | undefined {
  const extension = certificate.extensions.get(sctList)
  if (extension === undefined) return 0
  const timestamps = parseList(readDer(extension.value, tags.octetString).content)
  const ids = new Set(timestamps.map((it) => it.logId.toString('hex')))
  if (ids.size !== timestamps.length) return undefined
  const precertificate = precertificateOf(certificate, issuer)
  return timestamps.every((it) => isVouchedFor(it, precertificate, logs)) ? timestamps.length : undefined
}

function isVouchedFor(sct: SignedCertificateTimestamp, precertificate: Buffer, logs: readonly LogKey[]): boolean {
  const time = new Date(Number(sct.timestamp.readBigUInt64BE()))
  const length = Buffer.alloc(2)
  length.writeUInt16BE(sct.extensions.length)
  const hash = { 4: 'sha256', 5: 'sha384', 6: 'sha512' }[sct.hashAlgorithm]
  if (hash === undefined) return false
  // version 1, certificate_timestamp, time, precert_entry, issuer key hash and TBS, extensions
  const signed = Buffer.concat([
    Buffer.from([0, 0]),
    sct.timestamp,
    Buffer.from([0, 1]),
    precertificate,
    length,
    sct.extensions,
  ])
  return logs.some((log) => {
    if (!log.id.equals(sct.logId) || !isWithin(log.validFor, time)) return false
    try {
      return verify(hash, signed, log.key, sct.signature)
    } catch {
      return false
    }
  })
}

/** Hash of the issuer's key, then the certificate's signed part without its SCTs, with its length in three bytes. */
function precertificateOf(certificate: Certificate, issuer: Certificate): Buffer {
  const parts = childrenOf(certificate.tbs)
  const tbs = encode(
    tags.sequence,
    ...parts.map((part) =>
      part.tag === contextTag(3) ? encode(part.tag, withoutTimestamps(part.content)) : part.bytes,
    ),
  )
  const length = Buffer.alloc(3)
  length.writeUIntBE(tbs.length, 0, 3)
  return Buffer.concat([createHash('sha256').update(issuer.publicKey).digest(), length, tbs])
}

function withoutTimestamps(extensions: Buffer): Buffer {
  const kept = childrenOf(readDer(extensions)).filter((it) => oidOf(childAt(childrenOf(it), 0, tags.oid)) !== sctList)
  return encode(tags.sequence, ...kept.map((it) => it.bytes))
}

/** TLS encoding (RFC 5246 §4): a list of SCTs, each with its length, all of it used. */
function parseList(bytes: Buffer): SignedCertificateTimestamp[] {
  const outer = tlsReader(bytes)
  const list = tlsReader(outer.vector())
  outer.end()
  const timestamps: SignedCertificateTimestamp[] = []
  while (!list.atEnd()) timestamps.push(parseTimestamp(list.vector()))
  return timestamps
}

function parseTimestamp(bytes: Buffer): SignedCertificateTimestamp {
  const reader = tlsReader(bytes)
  if (reader.take(1)[0] !== 0) throw new DerError('the certificate timestamp is not version 1')
  const logId = reader.take(32)
  const timestamp = reader.take(8)
  const extensions = reader.vector()
  const [hashAlgorithm = 0] = reader.take(2)
  const signature = reader.vector()
  reader.end()
  return { logId, timestamp, extensions, hashAlgorithm, signature }
}

interface TlsReader {
  readonly take: (count: number) => Buffer
  /** A vector with two bytes of length. */
  readonly vector: () => Buffer
  readonly atEnd: () => boolean
  readonly end: () => void
}

function tlsReader(bytes: Buffer): TlsReader {
  let at = 0
  const take = (count: number): Buffer => {
    if (at + count > bytes.length) throw new DerError('the certificate timestamps are cut')
    at += count
    return bytes.subarray(at - count, at)
  }
  return {
    take,
    vector: () => take(take(2).readUInt16BE()),
    atEnd: () => at === bytes.length,
    end: () => {
      if (at !== bytes.length) throw new DerError('there are bytes after the certificate timestamps')
    },
  }
}
