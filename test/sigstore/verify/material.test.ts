/** The verification material of a bundle: read by the rules of its version, and nothing guessed. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bundleFromJson } from '../../../src/model/bundle.ts'
import type { Json } from '../../../src/model/json.ts'
import { limits } from '../../../src/model/limits.ts'
import { readMaterial } from '../../../src/sigstore/verify/material.ts'
import type { Material } from '../../../src/sigstore/verify/material.ts'
import { growth, nearlyLinear } from '../../world/cpu-time.ts'
import { codeOf } from '../../world/failure.ts'
import { runs } from '../../world/runs.ts'
import { withValue } from '../../property/mutants.ts'

const versions = {
  '0.1': 'application/vnd.dev.sigstore.bundle+json;version=0.1',
  '0.2': 'application/vnd.dev.sigstore.bundle+json;version=0.2',
  '0.3': 'application/vnd.dev.sigstore.bundle.v0.3+json',
} as const
type Version = keyof typeof versions

const entry = {
  logIndex: '7',
  logId: { keyId: 'AQID' },
  kindVersion: { kind: 'dsse', version: '0.0.1' },
  integratedTime: '1700000000',
  inclusionPromise: { signedEntryTimestamp: 'BAUG' },
  inclusionProof: { logIndex: '3', hashes: ['BwgJ'], checkpoint: { envelope: 'note' } },
  canonicalizedBody: 'e30=',
}

function bundle(version: Version, change: object = {}): Json {
  return {
    mediaType: versions[version],
    verificationMaterial: {
      certificate: { rawBytes: 'MAA=' },
      tlogEntries: [entry],
      timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: 'MAA=' }] },
      ...change,
    },
    dsseEnvelope: { payload: 'e30=', payloadType: 'x', signatures: [{ sig: 'AA==' }] },
  }
}

const read = (json: Json): Material => readMaterial(bundleFromJson(json))
const withEntry = (version: Version, path: string, value: Json | undefined): Json =>
  withValue(bundle(version), ['verificationMaterial', 'tlogEntries', '0', ...path.split('.')], value)

it('is read whole', () => {
  expect(read(bundle('0.3'))).toEqual({
    signer: { kind: 'certificate', der: Buffer.from('3000', 'hex') },
    entries: [
      {
        logId: Buffer.of(1, 2, 3),
        logIndex: 7,
        kind: 'dsse',
        version: '0.0.1',
        integratedTime: 1_700_000_000,
        body: Buffer.from('{}'),
        promise: Buffer.of(4, 5, 6),
        proof: { logIndex: 3n, hashes: [Buffer.of(7, 8, 9)], checkpoint: 'note' },
      },
    ],
    timestamps: [Buffer.from('3000', 'hex')],
  })
})

describe('the rules of a version', () => {
  const chain = { certificate: undefined, x509CertificateChain: { certificates: [{ rawBytes: 'MAA=' }] } }
  const readable = (json: Json): boolean => {
    try {
      return read(json).signer.kind === 'certificate'
    } catch {
      return false
    }
  }

  it.each([
    [
      'a chain of certificates',
      (version: Version) => bundle(version, chain),
      { '0.1': true, '0.2': true, '0.3': false },
    ],
    [
      'an entry without a promise',
      (version: Version) => withEntry(version, 'inclusionPromise', undefined),
      { '0.1': false, '0.2': true, '0.3': true },
    ],
    [
      'an entry without a proof',
      (version: Version) => withEntry(version, 'inclusionProof', undefined),
      { '0.1': true, '0.2': false, '0.3': false },
    ],
    [
      'a proof without a checkpoint',
      (version: Version) => withEntry(version, 'inclusionProof.checkpoint', undefined),
      { '0.1': true, '0.2': false, '0.3': false },
    ],
    [
      'no entries and no timestamps',
      (version: Version) => bundle(version, { tlogEntries: undefined, timestampVerificationData: undefined }),
      { '0.1': true, '0.2': true, '0.3': true },
    ],
  ] as const)('%s', (_, make, expected) => {
    for (const [version, is] of Object.entries(expected)) {
      expect(readable(JSON.parse(JSON.stringify(make(version as Version))) as Json), version).toBe(is)
    }
  })

  it('a proof without a checkpoint proves nothing, and is left out', () => {
    expect(read(withEntry('0.1', 'inclusionProof.checkpoint', undefined)).entries[0]!.proof).toBeUndefined()
  })
})

it('says which of a list is none', () => {
  const of = (change: object) => () => read(bundle('0.3', change))
  expect(of({ tlogEntries: [entry, null] })).toThrow(/tlogEntries\[1\] is no object/)
  const timestampVerificationData = { rfc3161Timestamps: [null] }
  expect(of({ timestampVerificationData })).toThrow(/rfc3161Timestamps\[0\] is no object/)
})

it('reads null as absence', () => {
  const nulls = { publicKey: null, x509CertificateChain: null, tlogEntries: null, timestampVerificationData: null }
  expect(read(bundle('0.2', nulls))).toEqual({
    signer: { kind: 'certificate', der: Buffer.from('3000', 'hex') },
    entries: [],
    timestamps: [],
  })
  const key = { certificate: null, x509CertificateChain: null, publicKey: { hint: null } }
  expect(read(bundle('0.3', key)).signer).toEqual({ kind: 'key', hint: '' })
  const chain = { certificate: null, publicKey: null, x509CertificateChain: { certificates: [{ rawBytes: 'MAA=' }] } }
  expect(read(bundle('0.2', chain)).signer.kind).toBe('certificate')
  expect(codeOf(() => read(bundle('0.2', { certificate: null })))).toBe('bundle-malformed')
  for (const version of ['0.1', '0.2', '0.3'] as const) {
    const without = version === '0.1' ? 'inclusionProof' : 'inclusionPromise'
    expect(read(withEntry(version, without, null))).toEqual(read(withEntry(version, without, undefined)))
    const proof = 'inclusionProof.hashes'
    expect(read(withEntry(version, proof, null))).toEqual(read(withEntry(version, proof, undefined)))
    expect(read(withEntry(version, 'integratedTime', null)).entries[0]!.integratedTime).toBe(0)
  }
})

describe('the signer', () => {
  it('is a certificate or the hint of a key', () => {
    const key = { certificate: undefined, publicKey: { hint: 'mine' } }
    expect(read(JSON.parse(JSON.stringify(bundle('0.3', key))) as Json).signer).toEqual({ kind: 'key', hint: 'mine' })
  })

  it.each([
    ['two of them', { publicKey: { hint: '' } }],
    ['none of them', { certificate: undefined }],
    ['an empty certificate', { certificate: { rawBytes: '' } }],
    ['an empty chain', { certificate: undefined, x509CertificateChain: { certificates: [] } }],
  ])('is not %s', (_, change) => {
    const json = JSON.parse(JSON.stringify(bundle('0.2', change))) as Json
    expect(codeOf(() => read(json))).toBe('bundle-malformed')
  })
})

describe('base64', () => {
  it.each(['AQI=', 'AQI', '-_8=', '+/8=', 'AQ\nI=\r\n'])('may be %j', (text) => {
    expect(read(withEntry('0.3', 'canonicalizedBody', text)).entries).toHaveLength(1)
  })

  it.each([...['', 'A', 'AAAAA', 'AA=', 'AQI==', 'AQI=AQI=', '=', 'AQ I', 'AQ!I', 'ä', '===='], ...[1, null, [], {}]])(
    'is not %j',
    (text) => {
      expect(codeOf(() => read(withEntry('0.3', 'canonicalizedBody', text)))).toBe('bundle-malformed')
    },
  )

  it.each<[string, (size: number) => string]>([
    ['padding alone', (size) => '='.repeat(size)],
    ['padding before its end', (size) => `${'='.repeat(size)}x`],
    ['another character at its end', (size) => `${'A'.repeat(size)}!`],
    ['line ends', (size) => '\n'.repeat(size)],
  ])('is decided in time that grows with its length: %s', (_, text) => {
    const work = (size: number): (() => void) => {
      const json = withEntry('0.3', 'canonicalizedBody', text(size))
      return () => expect(codeOf(() => read(json))).toBe('bundle-malformed')
    }
    expect(growth(work, 250_000)).toBeLessThan(nearlyLinear)
  })
})

it('a proof has as many hashes as a tree can be high, and no more', () => {
  const hashes = (count: number): Json => withEntry('0.3', 'inclusionProof.hashes', Array(count).fill('BwgJ') as Json)
  expect(read(hashes(limits.proofHashes)).entries[0]!.proof?.hashes).toHaveLength(limits.proofHashes)
  expect(codeOf(() => read(hashes(limits.proofHashes + 1)))).toBe('bundle-malformed')
})

describe('a whole number', () => {
  it.each([7, '7', '007'])('may be %j', (value) => {
    expect(read(withEntry('0.3', 'logIndex', value)).entries[0]!.logIndex).toBe(7)
  })

  it('is 0 where protobuf leaves it out', () => {
    expect(read(withEntry('0.3', 'logIndex', undefined)).entries[0]!.logIndex).toBe(0)
  })

  it.each([-1, '-1', 1.5, '1.5', '1e3', '0x1', '', ' 1', '9'.repeat(19), 2 ** 53, true, null, []])(
    'is not %j',
    (value) => {
      // null is protobuf's "left out"
      const run = (): unknown => read(withEntry('0.3', 'logIndex', value))
      if (value === null) expect(run).not.toThrow()
      else expect(codeOf(run)).toBe('bundle-malformed')
    },
  )
})

it('whatever the material is, it is read or refused by its code', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...Object.keys(entry)), (value, member) => {
      const json = withEntry('0.3', member, value as Json)
      try {
        read(json)
      } catch {
        expect(codeOf(() => read(json))).toBe('bundle-malformed')
      }
    }),
    { numRuns: runs(300) },
  )
})
