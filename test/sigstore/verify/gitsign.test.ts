/** Signatures of gitsign: each attack is one that a person who writes a commit, and has an identity, can make. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { providerClaims } from '../../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../../src/embedded/index.ts'
import type { LocalSigstore } from '../../../src/embedded/index.ts'
import { CountersignError } from '../../../src/errors.ts'
import { encode, tags } from '../../../src/sigstore/verify/asn1.ts'
import { parseCertifiedSignature, verifyCertifiedSignature } from '../../../src/sigstore/verify/gitsign.ts'
import { fieldsOf } from '../../../src/sigstore/verify/protobuf.ts'
import { trustFromJson } from '../../../src/sigstore/verify/trusted-root.ts'
import type { Trust } from '../../../src/sigstore/verify/trusted-root.ts'
import { bytes, gitsignSignature, number } from '../../world/gitsign.ts'
import type { GitsignParts } from '../../world/gitsign.ts'
import { oidDer } from '../../world/own-certificates.ts'
import { attribute, attributeOids } from '../../world/own-timestamps.ts'
import { runs } from '../../world/runs.ts'

const payload = 'tree 4b\n\nChange it\n'
const logEntryOid = '1.3.6.1.4.1.57264.3.1'
const hour = 3_600_000

let sigstore: LocalSigstore
let other: LocalSigstore
let trust: Trust
const start = new Date()
let late = 0

beforeAll(async () => {
  sigstore = await startLocalSigstore({ now: () => new Date(start.getTime() + late) })
  other = await startLocalSigstore()
  trust = trustFromJson(sigstore.trustedRoot, 'this test')
})
afterAll(async () => {
  await sigstore.close()
  await other.close()
})

/** The address of the signer, or why there is none. */
function judged(der: Buffer, signed: string, by: Trust = trust): string {
  try {
    const proof = verifyCertifiedSignature(parseCertifiedSignature(der), Buffer.from(signed), by)
    if ('outcome' in proof) return proof.code
    return proof.signatory.kind === 'certificate' ? proof.signatory.identity.subjectAlternativeName!.value : ''
  } catch (thrown) {
    if (thrown instanceof CountersignError) return thrown.code
    throw thrown
  }
}

const made = (parts?: GitsignParts): Promise<Buffer> => gitsignSignature(sigstore, payload, parts)

describe('a signature of gitsign', () => {
  it('holds with the entry of the log in it, whoever its certificate names', async () => {
    expect(judged(await made(), payload)).toBe('ann@example.org')
    const workflow = 'https://github.com/acme/widget/.github/workflows/ci.yml@refs/heads/main'
    expect(judged(await made({ claims: providerClaims('github', { workflow: 'ci.yml' }) }), payload)).toBe(workflow)
  })

  it('is none of another commit', async () => {
    expect(judged(await made(), 'tree 4c\n\nChange it\n')).toBe('signature-invalid')
  })

  it('is over the attributes, and not only over what one of them says', async () => {
    const forged = await made({ attributes: ([type]) => [type!, digestOf(payload)] })
    expect(judged(forged, payload)).toBe('ann@example.org')
    const der = Buffer.from(forged)
    const at = der.indexOf(digestBytes(payload))
    digestBytes('another').copy(der, at)
    expect(judged(der, 'another')).toBe('signature-invalid')
  })

  it('needs one digest, and not one beside another', async () => {
    const twice = await made({ attributes: (own) => [...own, digestOf('another')] })
    expect(judged(twice, payload)).toBe('bundle-malformed')
    expect(judged(twice, 'another')).toBe('bundle-malformed')
  })

  it('holds no content of its own', async () => {
    expect(judged(await made({ content: Buffer.from(payload) }), payload)).toBe('bundle-malformed')
  })

  it('is of its signer, and not of a certificate that stands beside', async () => {
    const theirs = parseCertifiedSignature(await gitsignSignature(other, payload)).certificate.certificate.der
    expect(judged(await made({ certificates: (leaf) => [theirs, leaf] }), payload)).toBe('ann@example.org')
    expect(judged(await made({ certificates: () => [theirs] }), payload)).toBe('bundle-malformed')
    expect(judged(await made({ certificates: (leaf) => [leaf, leaf] }), payload)).toBe('bundle-malformed')
  })

  it('without entry or timestamp was made at no time that is known', async () => {
    expect(judged(await made({ log: 'none' }), payload)).toBe('trusted-time-missing')
  })

  it('with a timestamp alone was not logged', async () => {
    expect(judged(await made({ log: 'none', times: sigstore }), payload)).toBe('log-entry-missing')
    expect(judged(await made({ times: sigstore }), payload)).toBe('ann@example.org')
  })

  it('holds by the time of the log beside a timestamp of an authority that the root does not have', async () => {
    expect(judged(await made({ times: other }), payload)).toBe('ann@example.org')
  })

  it('that was logged after its certificate had expired does not hold', async () => {
    expect(judged(await made({ between: () => (late = hour) }), payload)).toBe('certificate-untrusted')
    late = 0
  })

  it('in the log of somebody else was not logged', async () => {
    expect(judged(await made({ log: other }), payload)).toBe('log-entry-invalid')
  })

  it('with the entry of another signature was not logged', async () => {
    let theirs: Buffer[] = []
    await made({ unsigned: (own) => (theirs = own) })
    expect(judged(await made({ unsigned: () => theirs }), payload)).toBe('log-entry-invalid')
  })

  it('by a Sigstore that nobody trusts does not hold', async () => {
    expect(judged(await gitsignSignature(other, payload), payload)).toBe('certificate-untrusted')
  })

  it('with two entries in the attribute, or the attribute twice, holds by each or not at all', async () => {
    expect(judged(await made({ unsigned: ([own]) => [own!, own!] }), payload)).toBe('bundle-malformed')
    const junk = attribute(logEntryOid, encode(tags.octetString, bytes(1, 'x')))
    expect(judged(await made({ unsigned: () => [junk] }), payload)).toBe('bundle-malformed')
    const many = attribute(logEntryOid, ...Array.from({ length: 9 }, () => encode(tags.octetString)))
    expect(judged(await made({ unsigned: () => [many] }), payload)).toBe('bundle-malformed')
  })

  it('is told from what is none, whatever the bytes', async () => {
    const der = await made()
    for (const none of [Buffer.alloc(0), Buffer.from('x'), encode(tags.sequence, oidDer('1.2.3')), der.subarray(1)]) {
      expect(judged(none, payload)).toBe('bundle-malformed')
    }
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const altered = Buffer.from(der)
        altered[at]! ^= change
        // What nobody signed says nothing either: the version, a list of hashes, the size of the tree.
        expect(judged(altered, payload)).toMatch(/^[a-z]+-[a-z-]+$|^ann@example\.org$/)
        expect(judged(altered, 'another')).not.toContain('@')
      }),
      { numRuns: runs(100) },
    )
  })
})

describe('a message of protobuf', () => {
  it('is read as it was written, or not at all', () => {
    const message = Buffer.concat([number(1, 300n), bytes(2, 'ab'), bytes(2, 'c')])
    expect(fieldsOf(message)).toEqual(
      new Map<number, (bigint | Buffer)[]>([
        [1, [300n]],
        [2, [Buffer.from('ab'), Buffer.from('c')]],
      ]),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (any) => {
        try {
          fieldsOf(Buffer.from(any))
        } catch (thrown) {
          expect((thrown as Error).name).toBe('DerError')
        }
      }),
    )
  })
})

function digestBytes(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function digestOf(text: string): Buffer {
  return attribute(attributeOids.messageDigest, encode(tags.octetString, digestBytes(text)))
}
