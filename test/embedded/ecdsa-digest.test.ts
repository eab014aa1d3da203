import { createHash, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifiesEcdsaDigest } from '../../src/embedded/ecdsa-digest.ts'
import { encode } from '../../src/sigstore/verify/asn1.ts'
import { runs } from '../world/runs.ts'

const curves = [
  { namedCurve: 'prime256v1', hash: 'sha256' },
  { namedCurve: 'secp384r1', hash: 'sha384' },
] as const

describe.each(curves)('ECDSA over a digest on $namedCurve', ({ namedCurve, hash }) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve })
  const digestOf = (data: Uint8Array): Buffer => createHash(hash).update(data).digest()

  it('accepts what Node signs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (data) => {
        expect(verifiesEcdsaDigest(publicKey, digestOf(data), sign(hash, data, privateKey))).toBe(true)
      }),
      { numRuns: runs(25) },
    )
  })

  it('agrees with Node about damaged signatures', () => {
    const data = randomBytes(40)
    const signature = sign(hash, data, privateKey)
    for (let at = 0; at < signature.length; at += 1) {
      const damaged = Buffer.from(signature)
      damaged[at] = damaged[at]! ^ 0x11
      expect(verifiesEcdsaDigest(publicKey, digestOf(data), damaged)).toBe(verify(hash, data, publicKey, damaged))
    }
  })

  it('refuses another digest and another key', () => {
    const data = randomBytes(40)
    const signature = sign(hash, data, privateKey)
    const other = generateKeyPairSync('ec', { namedCurve }).publicKey
    expect(verifiesEcdsaDigest(publicKey, digestOf(randomBytes(8)), signature)).toBe(false)
    expect(verifiesEcdsaDigest(other, digestOf(data), signature)).toBe(false)
  })

  it('refuses zero for r or s, which would hold under every key in a careless verifier', () => {
    const zero = encode(0x02, Buffer.from([0]))
    const one = encode(0x02, Buffer.from([1]))
    for (const [r, s] of [
      [zero, zero],
      [zero, one],
      [one, zero],
    ] as const) {
      expect(verifiesEcdsaDigest(publicKey, Buffer.alloc(32), encode(0x30, r, s))).toBe(false)
    }
  })

  it('refuses what is no DER signature', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('30', 'hex'), randomBytes(70)]) {
      expect(verifiesEcdsaDigest(publicKey, digestOf(Buffer.from('x')), bytes)).toBe(false)
    }
  })
})
