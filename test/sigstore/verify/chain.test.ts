/** Chains by RFC 5280 §6: what leads to a root of the trusted root, and what only looks like it. */
import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../src/model/limits.ts'
import { childrenOf, encode, readDer, tags } from '../../../src/sigstore/verify/asn1.ts'
import { parseCertificate, readCertificate } from '../../../src/sigstore/verify/certificate.ts'
import { isWithin, issuerOf, openAuthority } from '../../../src/sigstore/verify/chain.ts'
import type { Purpose } from '../../../src/sigstore/verify/certificate.ts'
import { extension, digitalSignature, keyCertSign, oidDer, oids, ownCertificate } from '../../world/own-certificates.ts'
import type { CertificateShape, OwnCertificate } from '../../world/own-certificates.ts'
import { algorithmOids, reissued } from './reissued.ts'

const now = new Date()
const always = { start: new Date(0), end: undefined }
const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000)

const root = ownCertificate({ subject: 'root', authority: {}, keyUsage: keyCertSign })

interface Asked {
  readonly leaf: OwnCertificate
  readonly chain: readonly OwnCertificate[]
  readonly time?: Date
  readonly purpose?: Purpose
  readonly validFor?: { readonly start: Date; readonly end: Date | undefined }
}

/** DER of the issuer that is believed. */
function issuer({ leaf, chain, time = now, purpose = 'codeSigning', validFor = always }: Asked): Buffer | undefined {
  const authority = openAuthority(
    chain.map((it) => it.der),
    validFor,
  )
  return issuerOf(parseCertificate(leaf.der), [authority], time, purpose)?.der
}

function intermediate(shape: CertificateShape = {}): OwnCertificate {
  return ownCertificate({ subject: 'intermediate', issuer: root, authority: {}, ...shape })
}

function chained(shape: CertificateShape): Buffer | undefined {
  const middle = intermediate(shape)
  return issuer({ leaf: ownCertificate({ issuer: middle }), chain: [middle, root] })
}

describe('a leaf', () => {
  it('leads to the root that issued it', () => {
    expect(issuer({ leaf: ownCertificate({ issuer: root }), chain: [root] })).toEqual(root.der)
  })

  it('leads to it through an intermediate, in whatever order the root lists them', () => {
    const middle = intermediate()
    const leaf = ownCertificate({ issuer: middle })
    expect(issuer({ leaf, chain: [middle, root] })).toEqual(middle.der)
    expect(issuer({ leaf, chain: [root, middle] })).toEqual(middle.der)
  })

  it('is valid from its first moment to its last, both included', () => {
    const [notBefore, notAfter] = [new Date('2024-01-01T00:00:00Z'), new Date('2024-01-01T00:10:00Z')]
    const old = ownCertificate({ subject: 'old', authority: {}, notBefore: new Date('2023-01-01T00:00:00Z') })
    const leaf = ownCertificate({ issuer: old, notBefore, notAfter })
    const at = (time: Date): boolean => issuer({ leaf, chain: [old], time }) !== undefined
    expect([at(notBefore), at(notAfter)]).toEqual([true, true])
    expect([at(new Date(notBefore.getTime() - 1)), at(new Date(notAfter.getTime() + 1))]).toEqual([false, false])
  })

  it('of another issuer with the same name does not', () => {
    const impostor = ownCertificate({ subject: 'root', authority: {} })
    expect(issuer({ leaf: ownCertificate({ issuer: impostor }), chain: [root] })).toBeUndefined()
  })

  it('that names another issuer than the one whose key signed it does not', () => {
    expect(issuer({ leaf: ownCertificate({ issuer: root, issuerName: 'boot' }), chain: [root] })).toBeUndefined()
  })

  it('that signed itself does not, nor does one below another leaf', () => {
    expect(issuer({ leaf: ownCertificate(), chain: [root] })).toBeUndefined()
    const leaf = ownCertificate({ subject: 'leaf', issuer: root })
    expect(issuer({ leaf: ownCertificate({ subject: 'below', issuer: leaf }), chain: [leaf, root] })).toBeUndefined()
  })

  it('with a critical extension that nobody here understands does not', () => {
    const value = encode(tags.sequence)
    const unknown = extension('1.2.3.4.5', value, 'critical')
    expect(issuer({ leaf: ownCertificate({ issuer: root, more: [unknown] }), chain: [root] })).toBeUndefined()
    const harmless = ownCertificate({ issuer: root, more: [extension('1.2.3.4.5', value)] })
    expect(issuer({ leaf: harmless, chain: [root] })).toEqual(root.der)
  })

  it('agrees with the key identifier of its issuer, where both have one', () => {
    const [one, two] = [Buffer.alloc(20, 1), Buffer.alloc(20, 2)]
    const named = ownCertificate({ subject: 'named', authority: {}, subjectKeyIdentifier: one })
    const leaf = (id: Buffer): OwnCertificate => ownCertificate({ issuer: named, authorityKeyIdentifier: id })
    expect(issuer({ leaf: leaf(one), chain: [named] })).toEqual(named.der)
    expect(issuer({ leaf: leaf(two), chain: [named] })).toBeUndefined()
    const unnamed = ownCertificate({ issuer: root, authorityKeyIdentifier: two })
    expect(issuer({ leaf: unnamed, chain: [root] })).toEqual(root.der)
  })
})

describe('an authority', () => {
  it.each<[string, CertificateShape]>([
    ['is one by its basic constraints', { keyUsage: keyCertSign }],
    ['may sign certificates if nothing says otherwise', {}],
    ['may issue for code signing by name', { purposes: [oids.codeSigning] }],
    ['may issue for any purpose', { purposes: [oids.anyPurpose] }],
    ['may have authorities below it, and has none', { authority: { pathLength: 0 } }],
  ])('%s', (_, shape) => {
    expect(chained(shape)).toBeDefined()
  })

  it.each<[string, CertificateShape]>([
    ['expired before the moment', { notBefore: minutes(-50), notAfter: minutes(-1) }],
    ['was not valid yet', { notBefore: minutes(1), notAfter: minutes(50) }],
    ['may not sign certificates (keyUsage)', { keyUsage: digitalSignature }],
    ['issues for servers only', { purposes: [oids.serverAuth] }],
    ['issues for timestamps only', { purposes: [oids.timeStamping] }],
    ['has a critical extension that nobody here understands', { more: [nameConstraints()] }],
    ['is signed by another key than its root', { issuer: ownCertificate({ subject: 'root', authority: {} }) }],
  ])('%s: its leaf is not believed', (_, shape) => {
    expect(chained(shape)).toBeUndefined()
  })

  it('without basic constraints is none', () => {
    const middle = ownCertificate({ subject: 'intermediate', issuer: root })
    expect(issuer({ leaf: ownCertificate({ issuer: middle }), chain: [middle, root] })).toBeUndefined()
  })

  it('that says in BER that it is one is none', () => {
    const ber = extension(oids.basicConstraints, encode(tags.sequence, encode(tags.boolean, Buffer.of(1))), 'critical')
    const middle = ownCertificate({ subject: 'intermediate', issuer: root, more: [ber] })
    expect(() => issuer({ leaf: ownCertificate({ issuer: middle }), chain: [middle, root] })).toThrow()
  })

  it('for timestamps issues these', () => {
    const middle = intermediate({ purposes: [oids.timeStamping] })
    const leaf = ownCertificate({ issuer: middle })
    expect(issuer({ leaf, chain: [middle, root], purpose: 'timeStamping' })).toEqual(middle.der)
  })

  it('without a root among its certificates is none', () => {
    const middle = intermediate()
    expect(issuer({ leaf: ownCertificate({ issuer: middle }), chain: [middle] })).toBeUndefined()
  })

  it('whose root only says that it signed itself is none', () => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const liar = ownCertificate({ subject: 'root', issuer: ownCertificate({ subject: 'root' }), authority: {}, keys })
    expect(issuer({ leaf: ownCertificate({ issuer: liar }), chain: [liar] })).toBeUndefined()
  })

  it('in a circle of two that issued each other is none, and ends', () => {
    const [a, b] = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }))
    const first = ownCertificate({ subject: 'a', authority: {}, keys: a! })
    const second = ownCertificate({ subject: 'b', issuer: first, authority: {}, keys: b! })
    const circle = ownCertificate({ subject: 'a', issuer: second, authority: {}, keys: a! })
    expect(issuer({ leaf: ownCertificate({ issuer: circle }), chain: [circle, second] })).toBeUndefined()
  })

  it('is believed from start to end of its validity in the trusted root, both included', () => {
    const leaf = ownCertificate({ issuer: root })
    const during = (start: Date, end: Date | undefined): Buffer | undefined =>
      issuer({ leaf, chain: [root], validFor: { start, end } })
    expect([during(now, now), during(now, undefined)]).toEqual([root.der, root.der])
    expect([during(minutes(1), undefined), during(new Date(0), minutes(-1))]).toEqual([undefined, undefined])
    expect(isWithin(always, new Date(Number.NaN))).toBe(false)
  })
})

describe('name constraints', () => {
  it('are nothing that an authority here has, critical or not: Go would hold the names of a leaf against them', () => {
    const constraints = extension('2.5.29.30', encode(tags.sequence))
    expect(chained({ more: [constraints] })).toBeUndefined()
    const top = ownCertificate({ subject: 'top', authority: {}, more: [constraints] })
    expect(issuer({ leaf: ownCertificate({ issuer: top }), chain: [top] })).toBeUndefined()
    const middle = ownCertificate({ subject: 'middle', issuer: top, authority: {} })
    expect(issuer({ leaf: ownCertificate({ issuer: middle }), chain: [middle, top] })).toBeUndefined()
  })
})

describe('the key of an authority', () => {
  interface Keys {
    readonly publicKey: KeyObject
    readonly privateKey: KeyObject
  }
  const ec = (namedCurve: string): Keys => generateKeyPairSync('ec', { namedCurve })
  const rsa = (modulusLength: number): Keys => generateKeyPairSync('rsa', { modulusLength })
  const { ecdsaWithSha1, ecdsaWithSha256, sha1WithRsa, sha256WithRsa } = algorithmOids

  /** A leaf below an authority with these keys; each of the two says so of its signature. */
  function below(keys: Keys, algorithm: string, hash: string | null, said = algorithm): Buffer | undefined {
    const bare = ownCertificate({ subject: 'top', authority: {}, keys: ecKeys })
    const top = reissued(
      { ...ownCertificate({ subject: 'top', authority: {}, keys: { ...keys, privateKey: ecKeys.privateKey } }) },
      { key: keys.privateKey, algorithm, hash },
    )
    const leaf = reissued(ownCertificate({ issuer: bare }), { key: keys.privateKey, algorithm: said, hash })
    return issuer({ leaf, chain: [top] })
  }
  const ecKeys = ec('prime256v1')
  const strongRsa = rsa(2_048)

  it.each<[string, () => Buffer | undefined]>([
    ['is one of RSA with 2,048 bits', () => below(strongRsa, sha256WithRsa, 'sha256')],
    ['is on P-256', () => below(ecKeys, ecdsaWithSha256, 'sha256')],
    ['is on P-384', () => below(ec('secp384r1'), ecdsaWithSha256, 'sha256')],
    ['is on P-521', () => below(ec('secp521r1'), ecdsaWithSha256, 'sha256')],
    ['is one of Ed25519', () => below(generateKeyPairSync('ed25519'), algorithmOids.ed25519, null)],
  ])('%s', (_, run) => {
    expect(run()).toBeDefined()
  })

  it.each<[string, () => Buffer | undefined]>([
    ['has 1,024 bits', () => below(rsa(1_024), sha256WithRsa, 'sha256')],
    ['has 512 bits', () => below(rsa(512), sha256WithRsa, 'sha256')],
    ['is on secp256k1', () => below(ec('secp256k1'), ecdsaWithSha256, 'sha256')],
    ['is of another kind than the signature says', () => below(strongRsa, sha256WithRsa, 'sha256', ecdsaWithSha256)],
    ['is of another kind than both signatures say', () => below(ecKeys, sha256WithRsa, 'sha256')],
    ['signed with SHA-1', () => below(ecKeys, ecdsaWithSha256, 'sha1', ecdsaWithSha1)],
    ['signed everything with SHA-1 (ECDSA)', () => below(ecKeys, ecdsaWithSha1, 'sha1')],
    ['signed everything with SHA-1 (RSA)', () => below(strongRsa, sha1WithRsa, 'sha1')],
  ])('is refused if it %s', (_, run) => {
    expect(run()).toBeUndefined()
  })
})

describe('path lengths', () => {
  const below = (pathLength: number): Buffer | undefined => {
    const top = ownCertificate({ subject: 'top', authority: { pathLength } })
    const middle = ownCertificate({ subject: 'middle', issuer: top, authority: {} })
    const low = ownCertificate({ subject: 'low', issuer: middle, authority: { pathLength: 0 } })
    return issuer({ leaf: ownCertificate({ issuer: low }), chain: [low, middle, top] })
  }

  it('count the authorities below, not the leaf', () => {
    expect(below(2)).toBeDefined()
    expect(below(1)).toBeUndefined()
    expect(below(0)).toBeUndefined()
  })

  it('bind each authority on the way', () => {
    const middle = intermediate({ authority: { pathLength: 0 } })
    const low = ownCertificate({ subject: 'low', issuer: middle, authority: {} })
    expect(issuer({ leaf: ownCertificate({ issuer: low }), chain: [low, middle, root] })).toBeUndefined()
    expect(issuer({ leaf: ownCertificate({ issuer: middle }), chain: [low, middle, root] })).toEqual(middle.der)
  })
})

describe('a signing certificate', () => {
  const isOne = (shape: CertificateShape): boolean => readCertificate(ownCertificate(shape).der).forCodeSigning
  const purposes = [oids.codeSigning]

  it('is for code signing, and may make signatures', () => {
    expect(isOne({ purposes })).toBe(true)
    expect(isOne({ purposes: [oids.serverAuth, oids.codeSigning], keyUsage: digitalSignature })).toBe(true)
  })

  it.each<[string, CertificateShape]>([
    ['is for servers', { purposes: [oids.serverAuth] }],
    ['is for any purpose', { purposes: [oids.anyPurpose] }],
    ['does not say what it is for', {}],
    ['may not make signatures', { purposes, keyUsage: keyCertSign }],
    ['is an authority', { purposes, authority: {}, keyUsage: keyCertSign | digitalSignature }],
  ])('is not one that %s', (_, shape) => {
    expect(isOne(shape)).toBe(false)
  })
})

describe('a certificate', () => {
  it.each([0, 1])('of version %i + 1 is not read', (version) => {
    expect(() => parseCertificate(ownCertificate({ version }).der)).toThrow('not version 3')
  })

  it('with an extension twice is not read', () => {
    const twice = extension('1.2.3.4', encode(tags.sequence))
    expect(() => parseCertificate(ownCertificate({ more: [twice, twice] }).der)).toThrow('stands twice')
  })

  it('with a critical mark that is no DER is not read, so that no reader takes it for "not critical"', () => {
    const ber = encode(
      tags.sequence,
      Buffer.from('06032a0304', 'hex'),
      encode(tags.boolean, Buffer.of(1)),
      encode(tags.octetString, encode(tags.sequence)),
    )
    expect(() => parseCertificate(ownCertificate({ more: [ber] }).der)).toThrow('boolean')
  })

  it('whose two signature algorithms differ is not read', () => {
    const { der } = ownCertificate()
    const algorithm = oidDer(oids.ecdsaWithSha256)
    const outer = der.lastIndexOf(algorithm) + algorithm.length - 1
    const edited = Buffer.from(der).fill(3, outer, outer + 1)
    expect(() => parseCertificate(edited)).toThrow('differ')
  })

  it.each([
    ['negative', 'ff'],
    ['negative with many bytes', `80${'00'.repeat(15)}`],
    ['empty', ''],
    ['longer than it needs', '0001'],
  ])('whose serial number is %s is not read', (_, hex) => {
    const { der } = ownCertificate({ serialNumber: Buffer.from(hex, 'hex') })
    expect(() => parseCertificate(der)).toThrow('integer')
    expect(() => parseCertificate(ownCertificate({ serialNumber: Buffer.from('0080', 'hex') }).der)).not.toThrow()
  })

  it('has three parts', () => {
    const parts = childrenOf(readDer(ownCertificate().der)).map((it) => it.bytes)
    expect(() => parseCertificate(encode(tags.sequence, ...parts))).not.toThrow()
    for (const more of [[Buffer.of(5, 0)], [parts[2]!]]) {
      expect(() => parseCertificate(encode(tags.sequence, ...parts, ...more))).toThrow('three parts')
    }
  })

  it('has a bounded size, and bounded parts', () => {
    const sized = (length: number): Buffer =>
      ownCertificate({ more: [extension('1.2.3.4', encode(tags.octetString, Buffer.alloc(length)))] }).der
    expect(() => parseCertificate(sized(limits.certificateBytes - 2_048))).not.toThrow()
    expect(() => parseCertificate(sized(limits.certificateBytes))).toThrow('more than')
    const nulls = encode(tags.sequence, Buffer.alloc(2 * limits.derElements + 2, Buffer.of(5, 0)))
    expect(() => parseCertificate(nulls)).toThrow('elements')
    const authority = (): unknown => openAuthority([sized(limits.certificateBytes)], always)
    expect(authority).toThrow('more than')
  })

  it('with bytes after its end is not read', () => {
    expect(() => parseCertificate(Buffer.concat([ownCertificate().der, Buffer.of(0)]))).toThrow('after the end')
  })
})

function nameConstraints(): Buffer {
  return extension('2.5.29.30', encode(tags.sequence), 'critical')
}
