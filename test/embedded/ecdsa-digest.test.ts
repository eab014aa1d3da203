import { createHash, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifiesEcdsaDigest } from '../../src/embedded/ecdsa-digest.ts'
import { childrenOf, encode, readDer } from '../../src/sigstore/verify/asn1.ts'
import { runs } from '../world/runs.ts'

const curves = [
  { namedCurve: 'prime256v1', hash: 'sha256' },
  { namedCurve: 'secp384r1', hash: 'sha384' },
] as const

/** SP 800-186 §3.2.1 */
const orders = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
}

/** The content of a positive INTEGER. */
function minimal(number: bigint): Buffer {
  const hex = number.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes
}

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

  it.each(['sha256', 'sha384', 'sha512'])('takes the first bits of a digest, as Node does, of %s', (other) => {
    const data = randomBytes(40)
    const digest = createHash(other).update(data).digest()
    const signature = sign(other, data, privateKey)
    expect(verifiesEcdsaDigest(publicKey, digest, signature)).toBe(true)
    digest[0]! ^= 0x80
    expect(verifiesEcdsaDigest(publicKey, digest, signature)).toBe(false)
  })

  it('refuses numbers that are those of a signature but for the order of the curve', () => {
    const order = orders[namedCurve]
    const data = randomBytes(40)
    const [r, s] = childrenOf(readDer(sign(hash, data, privateKey))).map((it) =>
      BigInt(`0x${it.content.toString('hex')}`),
    )
    const signature = (...numbers: readonly bigint[]): Buffer =>
      encode(0x30, ...numbers.map((it) => encode(0x02, minimal(it))))
    const accepted = (...numbers: readonly bigint[]): boolean =>
      verifiesEcdsaDigest(publicKey, digestOf(data), signature(...numbers))
    expect(accepted(r!, s!)).toBe(true)
    expect(accepted(r!, order - s!)).toBe(true)
    expect([accepted(r! + order, s!), accepted(r!, s! + order), accepted(order, s!), accepted(r!, order)]).toEqual(
      Array(4).fill(false),
    )
  })

  it('refuses a third number', () => {
    const data = randomBytes(40)
    const { content } = readDer(sign(hash, data, privateKey))
    expect(verifiesEcdsaDigest(publicKey, digestOf(data), encode(0x30, content))).toBe(true)
    expect(verifiesEcdsaDigest(publicKey, digestOf(data), encode(0x30, content, encode(0x02, Buffer.of(1))))).toBe(
      false,
    )
  })

  it('refuses what is no DER signature', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('30', 'hex'), randomBytes(70)]) {
      expect(verifiesEcdsaDigest(publicKey, digestOf(Buffer.from('x')), bytes)).toBe(false)
    }
  })
})
