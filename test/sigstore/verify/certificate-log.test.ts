/** Embedded certificate timestamps (RFC 6962 §3): who vouches for a certificate, and what does not count. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encode, tags } from '../../../src/sigstore/verify/asn1.ts'
import { parseCertificate } from '../../../src/sigstore/verify/certificate.ts'
import { countCertificateTimestamps } from '../../../src/sigstore/verify/certificate-log.ts'
import type { LogKey } from '../../../src/sigstore/verify/log-key.ts'
import { extension, oids, ownCertificate } from '../../world/own-certificates.ts'
import type { CertificateShape } from '../../world/own-certificates.ts'

const root = ownCertificate({ subject: 'root', authority: {} })
const shape = {
  issuer: root,
  keys: generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  serialNumber: Buffer.from('4711', 'hex'),
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-01-01T00:00:00Z'),
  purposes: [oids.codeSigning],
} as const satisfies CertificateShape
const time = Date.parse('2026-06-01T12:00:00Z')

interface OwnLog extends LogKey {
  readonly privateKey: KeyObject
}

function ownLog(validFor: LogKey['validFor'] = { start: new Date(0), end: undefined }): OwnLog {
  const { publicKey: key, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const id = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()
  return { id, key, privateKey, validFor, host: 'ct.test.localhost' }
}

interface SctShape {
  readonly log: OwnLog
  readonly version?: number
  readonly hashAlgorithm?: number
  readonly time?: bigint
  /** Another certificate's signed part. */
  readonly over?: Buffer
  /** Another authority's key. */
  readonly issuerKey?: KeyObject
  readonly entryType?: number
  readonly after?: Buffer
}

/** SignedCertificateTimestamp over the certificate without its SCTs. */
function sct(given: SctShape): Buffer {
  const { log, version = 0, hashAlgorithm = 4, over = parseCertificate(ownCertificate(shape).der).tbs.bytes } = given
  const issuerKey = (given.issuerKey ?? root.publicKey).export({ type: 'spki', format: 'der' })
  const moment = Buffer.alloc(8)
  moment.writeBigUInt64BE(given.time ?? BigInt(time))
  const size = Buffer.alloc(3)
  size.writeUIntBE(over.length, 0, 3)
  const signed = Buffer.concat([
    Buffer.of(0, 0),
    moment,
    Buffer.of(0, given.entryType ?? 1),
    createHash('sha256').update(issuerKey).digest(),
    size,
    over,
    Buffer.of(0, 0),
  ])
  return Buffer.concat([
    Buffer.of(version),
    log.id,
    moment,
    Buffer.of(0, 0, hashAlgorithm, 3),
    vector(sign('sha256', signed, log.privateKey)),
    given.after ?? Buffer.alloc(0),
  ])
}

function vector(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

const listOf = (...scts: readonly Buffer[]): Buffer => vector(Buffer.concat(scts.map(vector)))

function count(list: Buffer | undefined, logs: readonly LogKey[], issuer = root): number | undefined {
  const more = list === undefined ? [] : [extension('1.3.6.1.4.1.11129.2.4.2', encode(tags.octetString, list))]
  const certificate = parseCertificate(ownCertificate({ ...shape, more }).der)
  return countCertificateTimestamps(certificate, parseCertificate(issuer.der), logs)
}

const log = ownLog()
const second = ownLog()

describe('a certificate log', () => {
  it('vouches for the certificate that it saw, and each log counts', () => {
    expect(count(listOf(sct({ log })), [second, log])).toBe(1)
    expect(count(listOf(sct({ log }), sct({ log: second })), [log, second])).toBe(2)
  })

  it('vouches for none where there is no timestamp', () => {
    expect(count(undefined, [log])).toBe(0)
    expect(count(listOf(), [log])).toBe(0)
  })

  it.each<[string, () => number | undefined]>([
    ['is not in the trusted root', () => count(listOf(sct({ log })), [second])],
    ['is in the trusted root under another key', () => count(listOf(sct({ log })), [{ ...second, id: log.id }])],
    ['appears twice', () => count(listOf(sct({ log }), sct({ log })), [log])],
    ['stands beside one that the root does not name', () => count(listOf(sct({ log }), sct({ log: second })), [log])],
    ['saw another certificate', () => count(listOf(sct({ log, over: otherCertificate() })), [log])],
    ['saw it of another authority', () => count(listOf(sct({ log, issuerKey: second.key })), [log])],
    ['signed something else than a precertificate', () => count(listOf(sct({ log, entryType: 0 })), [log])],
    ['signed with a hash that is none', () => count(listOf(sct({ log, hashAlgorithm: 2 })), [log])],
    ['signed with another hash', () => count(listOf(sct({ log, hashAlgorithm: 5 })), [log])],
    ['is named as another one', () => count(edited(sct({ log }), 1), [log])],
    ['says a time of another signature', () => count(edited(sct({ log }), 33 + 7), [log])],
    ['says a time beyond all times', () => count(listOf(sct({ log, time: 2n ** 64n - 1n })), [log])],
  ])('does not vouch if it %s', (_, run) => {
    expect(run()).toBeUndefined()
  })

  it('is believed from start to end of its key, both included', () => {
    const during = (start: number, end: number): number | undefined => {
      const own = ownLog({ start: new Date(start), end: new Date(end) })
      return count(listOf(sct({ log: own })), [own])
    }
    expect([during(time, time), during(time + 1, time + 2), during(0, time - 1)]).toEqual([1, undefined, undefined])
  })
})

it.each<[string, () => Buffer]>([
  ['has another version', () => listOf(sct({ log, version: 1 }))],
  ['has bytes after its signature', () => listOf(sct({ log, after: Buffer.of(0) }))],
  ['is cut', () => vector(vector(sct({ log }).subarray(0, -1)))],
  ['has bytes after its end', () => Buffer.concat([listOf(sct({ log })), Buffer.of(0)])],
  ['is longer than it is', () => Buffer.of(0xff, 0xff, 0)],
])('a list of timestamps that %s is not read', (_, list) => {
  expect(() => count(list(), [log])).toThrow()
})

function otherCertificate(): Buffer {
  return parseCertificate(ownCertificate({ ...shape, purposes: [oids.serverAuth] }).der).tbs.bytes
}

/** One bit of one byte changed. */
function edited(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = copy[at]! ^ 1
  return listOf(copy)
}
