/** When two bundles are the same, and in which order they stand in a file. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBundle } from '../../src/model/bundle.ts'
import { bundleKey, bundleLine, compareLines, sortedLine } from '../../src/model/bundle-line.ts'
import { codeOf } from '../world/failure.ts'
import { runs } from '../world/runs.ts'

const parse = (value: unknown): ReturnType<typeof parseBundle> =>
  parseBundle(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
const keyOf = (value: unknown): string => bundleKey(parse(value))

const payload = Buffer.from('{"a":"\u00ff\u00fe?>"}').toString('base64')
const envelope = { payloadType: 'application/vnd.in-toto+json', payload, signatures: [{ sig: '+/8=', keyid: '' }] }
const bundle = {
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: { certificate: { rawBytes: 'AA==' }, tlogEntries: [{ logIndex: '1', 7: 'x' }] },
  dsseEnvelope: envelope,
}

describe('two bundles are the same', () => {
  test.each<[string, unknown]>([
    ['printed over many lines', JSON.stringify(bundle, null, 2)],
    [
      'with their members in another order',
      {
        dsseEnvelope: Object.fromEntries(Object.entries(envelope).reverse()),
        verificationMaterial: Object.fromEntries(Object.entries(bundle.verificationMaterial).reverse()),
        mediaType: bundle.mediaType,
      },
    ],
    ['with members that are null', { ...bundle, dsseEnvelope: { ...envelope, more: null } }],
    ['without a key id that is empty', { ...bundle, dsseEnvelope: { ...envelope, signatures: [{ sig: '+/8=' }] } }],
    ['in the other alphabet', { ...bundle, dsseEnvelope: { ...envelope, signatures: [{ sig: '-_8' }] } }],
    ['under the other media type', { ...bundle, mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.3' }],
  ])('%s', (_, other) => {
    expect(keyOf(other)).toBe(keyOf(bundle))
  })

  test.each<[string, unknown]>([
    ['payload', { ...bundle, dsseEnvelope: { ...envelope, payload: 'e30=' } }],
    ['payload type', { ...bundle, dsseEnvelope: { ...envelope, payloadType: 'text/plain' } }],
    ['signature', { ...bundle, dsseEnvelope: { ...envelope, signatures: [{ sig: 'AA==' }] } }],
    ['key id', { ...bundle, dsseEnvelope: { ...envelope, signatures: [{ sig: '+/8=', keyid: 'k' }] } }],
    ['member of a signature', { ...bundle, dsseEnvelope: { ...envelope, signatures: [{ sig: '+/8=', cert: 'x' }] } }],
    ['certificate', { ...bundle, verificationMaterial: { certificate: { rawBytes: 'AQ==' } } }],
    ['version', { ...bundle, mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2' }],
    ['member', { ...bundle, more: 1 }],
    ['shape of a member', { ...bundle, more: [['a', 1]] }],
    ['kind of document', envelope],
  ])('but not with another %s', (_, other) => {
    expect(keyOf(other)).not.toBe(keyOf(bundle))
  })

  test('and an object is no list of pairs', () => {
    expect(keyOf({ ...bundle, more: { a: 1 } })).not.toBe(keyOf({ ...bundle, more: [['a', 1]] }))
  })

  test('of a message signature and of a bare envelope too', () => {
    const { dsseEnvelope: _, ...others } = bundle
    const message = { ...others, messageSignature: { signature: 'AA==' } }
    expect(keyOf(JSON.stringify(message, null, 1))).toBe(keyOf(message))
    expect(keyOf({ ...message, messageSignature: { signature: 'AQ==' } })).not.toBe(keyOf(message))
    expect(keyOf({ ...envelope, more: null })).toBe(keyOf(envelope))
    expect(keyOf({ ...envelope, more: 1 })).not.toBe(keyOf(envelope))
  })
})

describe('a line', () => {
  test('is the bundle without its spaces', () => {
    expect(bundleLine(parse(JSON.stringify(bundle, null, 2)))).toBe(JSON.stringify(bundle))
  })

  test.each(['12345678901234567890', '1.5', '1e400'])(
    'is refused with the number %s, which would be another',
    (number) => {
      const text = JSON.stringify({ ...bundle, more: [{ it: 0 }] }).replace('"it":0', `"it":${number}`)
      expect(codeOf(() => bundleLine(parse(text)))).toBe('bundle-malformed')
    },
  )

  test('says the same as the bundle (property)', () => {
    const exact = (_name: string, it: unknown): unknown =>
      typeof it === 'number' && !Number.isSafeInteger(it) ? 7 : it
    const member = fc
      .jsonValue({ maxDepth: 3 })
      .map((it) => JSON.stringify(it))
      .filter((it) => !it.includes('__proto__'))
      .map((it): unknown => JSON.parse(it, exact))
    fc.assert(
      fc.property(member, (more) => {
        const all = { ...bundle, more }
        expect(JSON.parse(bundleLine(parse(all)))).toEqual(JSON.parse(JSON.stringify(all)))
      }),
      { numRuns: runs(200) },
    )
  })
})

describe('the order of lines', () => {
  const about = (predicateType: unknown, sig: string, ...digests: object[]): ReturnType<typeof sortedLine> => {
    const statement = { subject: digests.map((digest) => ({ name: 'x', digest })), predicateType }
    const content = Buffer.from(JSON.stringify(statement)).toString('base64')
    return sortedLine(parse({ ...envelope, payload: content, signatures: [{ sig }] }))
  }
  const a = { sha256: 'a'.repeat(64) }
  const b = { sha256: 'b'.repeat(64) }

  test('is by the least digest, then by predicate type, then by bytes, and what is no statement stands first', () => {
    const sorted = [
      sortedLine(parse(envelope)),
      about('https://example.com/a', 'AA==', b, a),
      about('https://example.com/b', 'AA==', a),
      about('https://example.com/b', 'AQ==', a),
      about('https://example.com/a', 'AA==', b),
    ]
    expect(sorted.toReversed().sort(compareLines)).toEqual(sorted)
  })

  test('does not depend on where each one stood (property)', () => {
    const some = fc.array(
      fc.tuple(fc.constantFrom('p', 'q', 7, undefined), fc.constantFrom('AA==', 'AQ=='), fc.constantFrom(a, b)),
    )
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat()), (list, random) => {
        const lines = list.map(([type, sig, digest]) => about(type, sig, digest))
        const shuffled = lines
          .map((line) => [random.next().value ?? 0, line] as const)
          .sort(([x], [y]) => x - y)
          .map(([, line]) => line)
        expect(shuffled.sort(compareLines)).toEqual(lines.sort(compareLines))
      }),
      { numRuns: runs(200) },
    )
  })
})
