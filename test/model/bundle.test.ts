import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import { limits } from '../../src/model/limits.ts'
import { parseBundle } from '../../src/model/bundle.ts'
import { codeOf } from '../world/failure.ts'
import { runs } from '../world/runs.ts'

const envelope = { payload: 'e30=', payloadType: 'application/vnd.in-toto+json', signatures: [{ sig: 'AAAA' }] }
const good = {
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: { certificate: { rawBytes: 'AAAA' }, tlogEntries: [] },
  dsseEnvelope: envelope,
}
const parse = (value: unknown): ReturnType<typeof parseBundle> =>
  parseBundle(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))

describe('a bundle', () => {
  it.each([
    ['0.1', 'application/vnd.dev.sigstore.bundle+json;version=0.1'],
    ['0.1', 'application/vnd.dev.sigstore.bundle.v0.1+json'],
    ['0.2', 'application/vnd.dev.sigstore.bundle.v0.2+json'],
    ['0.2', 'application/vnd.dev.sigstore.bundle+json;version=0.2'],
    ['0.3', 'application/vnd.dev.sigstore.bundle+json;version=0.3'],
    ['0.3', 'application/vnd.dev.sigstore.bundle.v0.3+json'],
  ])('of version %s is read', (version, mediaType) => {
    expect(parse({ ...good, mediaType }).version).toBe(version)
  })

  it('may say null for each member that it may leave out', () => {
    const { certificate } = good.verificationMaterial
    for (const more of [{ messageSignature: null }, { dsseEnvelope: null, messageSignature: {} }]) {
      for (const verificationMaterial of [
        { certificate, tlogEntries: null, timestampVerificationData: null, x509CertificateChain: null },
        { certificate, timestampVerificationData: { rfc3161Timestamps: null } },
        { x509CertificateChain: { certificates: null } },
      ]) {
        expect(parse({ ...good, verificationMaterial, ...more }).version).toBe('0.3')
      }
    }
    expect(parse({ ...good, messageSignature: null }).envelope).toBeDefined()
    expect(parse({ ...good, dsseEnvelope: null, messageSignature: {} }).envelope).toBeUndefined()
    expect(parse({ ...envelope, mediaType: null }).version).toBe('dsse')
    expect(codeOf(() => parse({ ...good, dsseEnvelope: null, messageSignature: null }))).toBe('bundle-malformed')
  })

  it('may stand behind a byte order mark', () => {
    expect(parse(`\ufeff${JSON.stringify(good)}`).version).toBe('0.3')
    expect(codeOf(() => parse(`\ufeff\ufeff${JSON.stringify(good)}`))).toBe('json-malformed')
  })

  it('may be a bare DSSE envelope', () => {
    expect(parse(envelope)).toMatchObject({ version: 'dsse', envelope: { payloadType: envelope.payloadType } })
  })

  it.each([
    [
      'with an unknown version',
      { ...good, mediaType: 'application/vnd.dev.sigstore.bundle.v0.4+json' },
      'bundle-version-unsupported',
    ],
    ['with another media type', { ...good, mediaType: 'text/html' }, 'bundle-version-unsupported'],
    ['without media type', { ...good, mediaType: undefined }, 'bundle-malformed'],
    ['without verification material', { ...good, verificationMaterial: undefined }, 'bundle-malformed'],
    ['without content', { ...good, dsseEnvelope: undefined }, 'bundle-malformed'],
    ['with two contents', { ...good, messageSignature: {} }, 'bundle-malformed'],
    [
      'with 33 log entries',
      { ...good, verificationMaterial: { tlogEntries: Array.from({ length: 33 }, () => ({})) } },
      'bundle-malformed',
    ],
    [
      'with a payload that is no base64',
      { ...good, dsseEnvelope: { ...envelope, payload: '%%%' } },
      'bundle-malformed',
    ],
    ...['A', 'AAAAA', 'AA=', 'AAA==', 'AAAA=', 'AAAA==', '=', 'AAAA\n'].flatMap((text): [string, object, string][] => [
      [
        `with base64 of an impossible length as payload: ${JSON.stringify(text)}`,
        { ...good, dsseEnvelope: { ...envelope, payload: text } },
        'bundle-malformed',
      ],
      [
        `with base64 of an impossible length as signature: ${JSON.stringify(text)}`,
        { ...good, dsseEnvelope: { ...envelope, signatures: [{ sig: text }] } },
        'bundle-malformed',
      ],
    ]),
    [
      'with 33 signatures',
      { ...good, dsseEnvelope: { ...envelope, signatures: Array.from({ length: 33 }, () => ({ sig: 'AAAA' })) } },
      'bundle-malformed',
    ],
    ['that is null', 'null', 'bundle-malformed'],
    ['that is an array', '[]', 'bundle-malformed'],
    ['that is truncated', JSON.stringify(good).slice(0, 100), 'json-malformed'],
    ['that is HTML', '<!DOCTYPE html><html></html>', 'json-malformed'],
    ['that is empty', '', 'json-malformed'],
    [
      'with a duplicate payload',
      JSON.stringify(good).replace('"payload"', '"payload":"AAAA","payload"'),
      'json-duplicate-key',
    ],
    ['with __proto__', JSON.stringify(good).replace('{', '{"__proto__":{},'), 'json-forbidden-key'],
    ['nested deeply', `{"mediaType":${'['.repeat(10_000)}`, 'json-too-deep'],
  ])('%s is refused', (_, value, code) => {
    expect(codeOf(() => parse(value))).toBe(code)
  })

  it.each(['', 'AA', 'AAA', 'AA==', 'AAA=', 'AAAA', '-_-_', '+/+/'])('may have %j as payload and signature', (text) => {
    const read = parse({ ...good, dsseEnvelope: { ...envelope, payload: text, signatures: [{ sig: text }] } })
    expect(read.envelope?.payload).toEqual(Buffer.from(text, 'base64'))
  })

  it('of 50 MB is refused before it is parsed', () => {
    expect(codeOf(() => parseBundle(Buffer.alloc(50 * 1024 * 1024, 0x20)))).toBe('input-too-large')
    expect(limits.bundleBytes).toBeLessThan(50 * 1024 * 1024)
  })

  it('never fails with another error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.uint8Array()), (input) => {
        try {
          parseBundle(typeof input === 'string' ? Buffer.from(input) : input)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(CountersignError)
        }
      }),
      { numRuns: runs(200) },
    )
  })
})
