/** RFC 3161 timestamps: whose stamp over what, and everything that only looks like one. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/model/limits.ts'
import { encode, tags } from '../../../src/sigstore/verify/asn1.ts'
import { openAuthority } from '../../../src/sigstore/verify/chain.ts'
import type { Validity } from '../../../src/sigstore/verify/chain.ts'
import { parseTimestamp, stamperOf } from '../../../src/sigstore/verify/timestamp.ts'
import { fromNow, generalizedText, oidDer, oids, ownCertificate } from '../../world/own-certificates.ts'
import type { CertificateShape } from '../../world/own-certificates.ts'
import {
  attribute,
  attributeOids,
  ownTimestamp,
  ownTimestampAuthority,
  tstInfoOid,
} from '../../world/own-timestamps.ts'
import type { OwnTimestampAuthority, TimestampShape } from '../../world/own-timestamps.ts'

const data = Buffer.from('a signature')
const always = { start: new Date(0), end: undefined }
const authority = ownTimestampAuthority()

function holds(
  token: Buffer,
  by: OwnTimestampAuthority = authority,
  over = data,
  validFor: Validity = always,
): boolean {
  const opened = openAuthority([by.signer.der, by.root.der], validFor)
  return stamperOf(parseTimestamp(token), over, [opened]) === opened
}

describe('a timestamp', () => {
  it('holds over the data that it is for, and over no other', () => {
    const token = authority.stamp(data)
    expect(holds(token)).toBe(true)
    expect(holds(token, authority, Buffer.from('another signature'))).toBe(false)
  })

  it.each<[string, TimestampShape]>([
    ['with an imprint in SHA-512', { imprintHash: 'sha512' }],
    ['with a digest of its content in SHA-384', { digestHash: 'sha384' }],
    ['that was granted with modifications', { status: 1 }],
    ['that names the kind of its key for an algorithm', { signatureAlgorithm: '1.2.840.10045.2.1' }],
    ['with one digit of a second', { time: generalizedText(new Date()).replace('Z', '.5Z') }],
    ['with two digits of a second', { time: generalizedText(new Date()).replace('Z', '.25Z') }],
  ])('%s holds', (_, shape) => {
    expect(holds(authority.stamp(data, shape))).toBe(true)
  })

  it.each<[string, TimestampShape]>([
    ['of which the signed digest is that of another content', { digestOf: Buffer.from('other') }],
    ['that names another serial number', { serialNumber: Buffer.from('4001', 'hex') }],
    ['that names another issuer', { issuerName: 'somebody' }],
    ['signed with another algorithm than it says', { signatureAlgorithm: '1.2.840.10045.4.3.3' }],
    ['signed with an algorithm that nobody knows', { signatureAlgorithm: '1.2.840.10045.4.1' }],
    ['from before its certificate', { time: '20200101000000Z' }],
    ['from after its certificate', { time: '29990101000000Z' }],
  ])('%s does not', (_, shape) => {
    expect(holds(authority.stamp(data, shape))).toBe(false)
  })

  it.each<[string, TimestampShape]>([
    ['that was rejected', { status: 2 }],
    ['of another version', { version: 2 }],
    ['with an imprint in SHA-1', { imprintHash: 'sha1' }],
    ['with a digest in SHA-1', { digestHash: 'sha1' }],
    ['about another kind of content', { contentType: '1.2.840.113549.1.7.1' }],
    ['of two signers', { signers: 2 }],
    ['of no signer', { signers: 0 }],
    ['without the digest of its content', { attributes: ([type]) => [type!] }],
    ['without the type of its content', { attributes: ([, digest]) => [digest!] }],
    ['with two digests of its content', { attributes: ([type, digest]) => [type!, digest!, digest!] }],
    [
      'with two values in the digest of its content',
      { attributes: ([type]) => [type!, attribute(attributeOids.messageDigest, twice(), twice())] },
    ],
    [
      'with two values in the type of its content',
      {
        attributes: ([, digest]) => [
          attribute(attributeOids.contentType, oidDer(tstInfoOid), oidDer('1.2.3')),
          digest!,
        ],
      },
    ],
    ['with a time of no zone', { time: '20240101000000' }],
    ['with a day that is none', { time: '20240230000000Z' }],
  ])('%s is not read', (_, shape) => {
    expect(() => parseTimestamp(authority.stamp(data, shape))).toThrow()
  })

  it('in a message of another kind than signed data is not read', () => {
    const token = authority.stamp(data)
    const signedData = oidDer('1.2.840.113549.1.7.2')
    const at = token.indexOf(signedData)
    const edited = Buffer.from(token).fill(oidDer('1.2.840.113549.1.7.1'), at, at + signedData.length)
    expect(() => parseTimestamp(edited)).toThrow('1.2.840.113549.1.7.2')
  })

  it('of more bytes or parts than any has is not read', () => {
    expect(() => parseTimestamp(Buffer.alloc(limits.timestampBytes + 1))).toThrow('more than')
    const nulls = Buffer.alloc(2 * limits.derElements + 2, Buffer.of(5, 0))
    expect(() => parseTimestamp(encode(tags.sequence, nulls))).toThrow('elements')
  })

  it('without a token is not read', () => {
    const status = encode(tags.sequence, encode(tags.integer, Buffer.of(0)))
    expect(() => parseTimestamp(encode(tags.sequence, status))).toThrow()
  })
})

describe('its authority', () => {
  const critical = { purposesMark: 'critical' } as const
  it.each<[string, CertificateShape]>([
    ['is for other things too', { purposes: [oids.timeStamping, oids.codeSigning], ...critical }],
    ['is for other things', { purposes: [oids.codeSigning], ...critical }],
    ['is for any purpose', { purposes: [oids.anyPurpose], ...critical }],
    ['does not say critically what it is for', { purposes: [oids.timeStamping] }],
    ['says nothing of what it is for', {}],
    ['has expired', { purposes: [oids.timeStamping], ...critical, notAfter: fromNow(-60_000) }],
  ])('%s: no timestamp', (_, shape) => {
    const { root } = authority
    const signer = ownCertificate({ subject: 'stamp signer', issuer: root, ...shape })
    expect(holds(ownTimestamp(data, signer, root.subject), { ...authority, signer })).toBe(false)
  })

  it('has a strong key, of the kind that its signature says', () => {
    const [rsaKey, ecKey] = ['1.2.840.113549.1.1.1', '1.2.840.10045.2.1']
    const sha256WithRsa = '1.2.840.113549.1.1.11'
    const stamped = (keys: CertificateShape['keys'], signatureAlgorithm: string): boolean => {
      const by = ownTimestampAuthority({ keys: keys! })
      return holds(by.stamp(data, { signatureAlgorithm }), by)
    }
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    expect([sha256WithRsa, rsaKey].map((it) => stamped(rsa, it))).toEqual([true, true])
    expect([oids.ecdsaWithSha256, ecKey].map((it) => stamped(rsa, it))).toEqual([false, false])
    const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    expect([sha256WithRsa, rsaKey].map((it) => stamped(ec, it))).toEqual([false, false])
    expect(stamped(generateKeyPairSync('rsa', { modulusLength: 1_024 }), sha256WithRsa)).toBe(false)
    expect(stamped(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }), oids.ecdsaWithSha256)).toBe(false)
  })

  it('is the one of the trusted root, not one of the same names', () => {
    const impostor = ownTimestampAuthority({ serialNumber: authority.signer.serialNumber })
    expect(holds(impostor.stamp(data), impostor)).toBe(true)
    expect(holds(impostor.stamp(data))).toBe(false)
  })

  it('is believed from start to end, both included', () => {
    const time = new Date(Math.floor(fromNow(0).getTime() / 1_000) * 1_000)
    const token = authority.stamp(data, { time: generalizedText(time) })
    const during = (start: Date, end: Date): boolean => holds(token, authority, data, { start, end })
    expect(during(time, time)).toBe(true)
    expect(during(new Date(time.getTime() + 1), new Date(time.getTime() + 1_000))).toBe(false)
    expect(during(new Date(0), new Date(time.getTime() - 1))).toBe(false)
  })
})

function twice(): Buffer {
  return encode(tags.octetString, Buffer.alloc(32))
}
