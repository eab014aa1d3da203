import { describe, expect, it } from 'vitest'
import { bundleFromJson } from '../../src/model/bundle.ts'
import type { Json } from '../../src/model/json.ts'
import { codeOf } from '../world/failure.ts'
import { readMessageSignature } from './message-signature.ts'

describe('a message signature', () => {
  const message = (messageSignature: object): Json =>
    ({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: {},
      messageSignature,
    }) as unknown as Json
  const readIt = (value: object): ReturnType<typeof readMessageSignature> =>
    readMessageSignature(bundleFromJson(message(value)))

  it('is read with the digest that it names, if it names one', () => {
    expect(readIt({ signature: 'AQI=' })).toEqual({ signature: Buffer.of(1, 2), digest: undefined })
    expect(readIt({ signature: 'AQI=', messageDigest: { algorithm: 'SHA2_384', digest: 'AQ==' } }).digest).toEqual({
      hash: 'sha384',
      value: Buffer.of(1),
    })
  })

  it.each([
    {},
    { signature: '' },
    { signature: 'A' },
    { signature: 'AQI=', messageDigest: { algorithm: 'SHA1', digest: 'AQ==' } },
    { signature: 'AQI=', messageDigest: { algorithm: 'constructor', digest: 'AQ==' } },
    { signature: 'AQI=', messageDigest: { algorithm: 'SHA2_256' } },
    { signature: 'AQI=', messageDigest: [] },
  ])('is not %j', (value) => {
    expect(codeOf(() => readIt(value))).toBe('bundle-malformed')
  })
})
