import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { extensionTable, fulcioArc } from '../../../src/model/identity.ts'
import type { ExtensionName } from '../../../src/model/identity.ts'
import { encode, tags } from '../../../src/sigstore/verify/asn1.ts'
import { readCertificate } from '../../../src/sigstore/verify/certificate.ts'
import { createOwnAuthority, ecKeys } from '../../world/own-authority.ts'
import type { Leaf } from '../../world/own-authority.ts'
import { codeOf } from '../../world/failure.ts'
import { extension, oidDer, oids, ownCertificate } from '../../world/own-certificates.ts'
import { useRelease } from '../../world/release.ts'

const release = useRelease()

function derOf(leaf: Leaf): Buffer {
  const pem = createOwnAuthority(release().sigstore).issue(leaf, ecKeys())
  return Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64')
}

describe('the identity in a certificate', () => {
  it('has every extension that Fulcio knows, raw text and UTF8String alike', () => {
    const extensions = Object.fromEntries(
      (Object.keys(extensionTable) as ExtensionName[]).map((name) => [name, `value of ${name} — ü`]),
    )
    expect(readCertificate(derOf({ extensions })).identity.extensions).toEqual(extensions)
  })

  it('has one name: a URI', () => {
    const { identity, forCodeSigning } = readCertificate(derOf({ names: ['https://signer.example/x'] }))
    expect(identity.subjectAlternativeName).toEqual({ kind: 'uri', value: 'https://signer.example/x' })
    expect(forCodeSigning).toBe(true)
    expect(identity.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  })

  it('has no name where there are several, or none', () => {
    for (const names of [[], ['https://a.example/', 'https://b.example/']]) {
      expect(readCertificate(derOf({ names })).identity.subjectAlternativeName).toBeUndefined()
    }
  })

  it("has a name of Fulcio's own kind, and none where an OtherName is of another kind", () => {
    const named = (oid: string, ...values: readonly Buffer[]) => {
      const other = encode(0xa0, oidDer(oid), ...values)
      const more = [extension(oids.subjectAlternativeName, encode(tags.sequence, other))]
      return readCertificate(ownCertificate({ more }).der).identity.subjectAlternativeName
    }
    const value = encode(0xa0, encode(0x0c, Buffer.from('deploy')))
    expect(named(`${fulcioArc}.7`, value)).toEqual({ kind: 'other', value: 'deploy' })
    for (const oid of ['1.3.6.1.4.1.311.20.2.3', `${fulcioArc}.8`, fulcioArc]) expect(named(oid, value)).toBeUndefined()
    expect(named(`${fulcioArc}.7`, value, value)).toBeUndefined()
    expect(named(`${fulcioArc}.7`)).toBeUndefined()
  })

  it('of Fulcio is what its token says', async () => {
    const der = async (provider: 'github' | 'generic'): Promise<Buffer> => {
      const { verificationMaterial } = await release().attested({ provider })
      return Buffer.from(verificationMaterial.certificate!.rawBytes, 'base64')
    }
    const { identity } = readCertificate(await der('github'))
    expect(identity.subjectAlternativeName?.value).toBe(release().question().signer)
    expect(identity.extensions).toMatchObject({ runnerEnvironment: 'github-hosted', buildTrigger: 'push' })
    expect(readCertificate(await der('generic')).identity.subjectAlternativeName).toEqual({
      kind: 'email',
      value: 'dev@acme.example',
    })
  })

  it('is refused where an extension stands twice: readers would disagree on which counts', () => {
    const oid = `${fulcioArc}.${extensionTable.githubRef.number}`
    const der = derOf({ extensions: { githubRef: 'refs/heads/main' }, more: [[oid, Buffer.from('refs/heads/evil')]] })
    expect(codeOf(() => readCertificate(der))).toBe('bundle-malformed')
  })

  it('is refused where a value is no UTF8String', () => {
    const oid = `${fulcioArc}.${extensionTable.issuer.number}`
    for (const value of [
      Buffer.alloc(0),
      Buffer.from('raw text'),
      Buffer.from([0x0c, 0x80]),
      Buffer.from([0x0c, 0x7f]),
    ]) {
      expect(codeOf(() => readCertificate(derOf({ more: [[oid, value]] })))).toBe('bundle-malformed')
    }
  })

  it('is refused, by a code, where the bytes are no certificate', () => {
    const whole = derOf({})
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(codeOf(() => readCertificate(bytes))).toBe('bundle-malformed')
      }),
    )
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(codeOf(() => readCertificate(whole.subarray(0, length)))).toBe('bundle-malformed')
      }),
    )
  })
})
