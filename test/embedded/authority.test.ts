import { createHash, createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { X509Certificate as ParsedCertificate } from '@sigstore/core'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { extensionTable, fulcioArc } from '../../src/model/identity.ts'
import type { ExtensionName } from '../../src/model/identity.ts'
import type { Claims } from '../../src/model/provider.ts'
import { tokenIdentity } from '../../src/providers/token-identity.ts'
import { claimKinds, providerClaims } from '../../src/embedded/claims.ts'
import { encode, tags } from '../../src/sigstore/verify/asn1.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { certificateRequest, ecKey, get, pemOf, post } from './client.ts'
import type { KeyPair, Reply } from './client.ts'

const claims = providerClaims('github')
const subject = claims['sub'] as string

const now = new Date('2026-11-20T12:00:00Z')

let sigstore: LocalSigstore
beforeAll(async () => {
  sigstore = await startLocalSigstore({ now: () => now })
})
afterAll(() => sigstore.close())

const ask = (body: unknown, headers?: Record<string, string>): Promise<Reply> =>
  post(`${sigstore.url}/api/v2/signingCert`, body, headers)

function chainOf(reply: Reply): X509Certificate[] {
  expect(reply.status, reply.text).toBe(200)
  const answer = reply.json as { signedCertificateEmbeddedSct: { chain: { certificates: string[] } } }
  return answer.signedCertificateEmbeddedSct.chain.certificates.map((pem) => new X509Certificate(pem))
}

/** Refused with the shape of Fulcio's errors and without a word of the token. */
function expectRefusal(reply: Reply, status: number, token = ''): void {
  expect(reply.status, reply.text).toBe(status)
  expect(reply.json).toMatchObject({ code: status === 401 ? 16 : 3, message: expect.stringMatching(/./) as string })
  for (const part of token.split('.').filter((it) => it.length > 8)) expect(reply.text).not.toContain(part)
}

describe('a certificate', () => {
  it.each(claimKinds)('says of a %s token what Fulcio would say, and no more', async (provider) => {
    const given: Claims = { ...providerClaims(provider), iss: sigstore.issuer }
    const token = await sigstore.mintToken(given)
    const [leaf] = chainOf(await ask(certificateRequest(token, ecKey(), String(given['sub']))))
    const { subjectAlternativeName, extensions } = tokenIdentity(given)!
    const parsed = ParsedCertificate.parse(leaf!.raw)
    const names = parsed.extSubjectAltName
    expect(subjectAlternativeName.kind === 'email' ? names?.rfc822Name : names?.uri).toBe(subjectAlternativeName.value)

    const found = Object.fromEntries(
      (Object.keys(extensionTable) as ExtensionName[]).flatMap((name) => {
        const { number } = extensionTable[name]
        const value = parsed.extension(`${fulcioArc}.${number}`)?.value
        if (value === undefined) return []
        if (number <= 6) return [[name, value.toString()]]
        expect(value[0]).toBe(0x0c)
        const text = value.subarray(value[1]! < 0x80 ? 2 : 3)
        expect(encode(0x0c, text)).toEqual(value)
        return [[name, text.toString()]]
      }),
    )
    expect(found).toEqual(extensions)
  })

  it.each([
    [{ ref: 'refs/heads/ключ' }, 'release.yml@refs/heads/%D0%BA%D0%BB%D1%8E%D1%87'],
    [{ workflow: 'my build.yml' }, 'my%20build.yml@refs/heads/main'],
  ])('has the name of a job of %j as Go escapes it', async (job, name) => {
    const given = providerClaims('github', job)
    const request = certificateRequest(await sigstore.mintToken(given), ecKey(), String(given['sub']))
    const [leaf] = chainOf(await ask(request))
    expect(leaf!.subjectAltName).toBe(`URI:https://github.com/acme/widget/.github/workflows/${name}`)
  })

  it('lives ten minutes, has an empty subject, a critical name and a serial of its own', async () => {
    const token = await sigstore.mintToken(claims)
    const leaves = await Promise.all(
      [ecKey(), ecKey()].map(async (key) => chainOf(await ask(certificateRequest(token, key, subject)))[0]!),
    )
    for (const leaf of leaves) {
      expect(leaf.subject).toBeUndefined()
      expect(leaf.validToDate.getTime() - leaf.validFromDate.getTime()).toBe(600_000)
      expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.3'])
      expect(leaf.ca).toBe(false)
      const parsed = ParsedCertificate.parse(leaf.raw)
      expect(parsed.extSubjectAltName?.critical).toBe(true)
      expect(parsed.extKeyUsage?.critical).toBe(true)
      expect(parsed.extKeyUsage?.digitalSignature).toBe(true)
    }
    expect(leaves[0]!.serialNumber).not.toBe(leaves[1]!.serialNumber)
  })

  it('chains over an intermediate to a root, one organisation throughout', async () => {
    const token = await sigstore.mintToken(claims)
    const [leaf, intermediate, root] = chainOf(await ask(certificateRequest(token, ecKey(), subject)))
    expect(leaf!.checkIssued(intermediate!) && leaf!.verify(intermediate!.publicKey)).toBe(true)
    expect(intermediate!.checkIssued(root!) && intermediate!.verify(root!.publicKey)).toBe(true)
    expect(root!.checkIssued(root!) && root!.verify(root!.publicKey)).toBe(true)
    for (const [certificate, pathLength] of [
      [intermediate!, 0n],
      [root!, 1n],
    ] as const) {
      expect(certificate.ca).toBe(true)
      expect(certificate.subject.match(/^O=/gm)).toHaveLength(1)
      expect(certificate.subject).toContain('O=countersign local')
      const parsed = ParsedCertificate.parse(certificate.raw)
      expect(parsed.extBasicConstraints).toMatchObject({ critical: true, isCA: true, pathLenConstraint: pathLength })
      expect(parsed.extKeyUsage).toMatchObject({ critical: true, keyCertSign: true })
      expect(parsed.extSubjectKeyID).toBeDefined()
      expect(parsed.extAuthorityKeyID).toBeDefined()
    }
    const bundle = await get(`${sigstore.url}/api/v2/trustBundle`)
    expect(bundle.json).toEqual({ chains: [{ certificates: [intermediate!.toString(), root!.toString()] }] })
  })

  it('carries a timestamp that the certificate log signed over all but the timestamp', async () => {
    const token = await sigstore.mintToken(claims)
    const [leaf, intermediate] = chainOf(await ask(certificateRequest(token, ecKey(), subject)))
    const parsed = ParsedCertificate.parse(leaf!.raw)
    const [sct] = parsed.extSCT!.signedCertificateTimestamps
    const { ctlogs } = sigstore.trustedRoot as {
      ctlogs: [{ publicKey: { rawBytes: string }; logId: { keyId: string } }]
    }
    const logKey = Buffer.from(ctlogs[0].publicKey.rawBytes, 'base64')
    expect(sct!.logID).toEqual(createHash('sha256').update(logKey).digest())
    expect(sct!.logID.toString('base64')).toBe(ctlogs[0].logId.keyId)
    expect(sct!.datetime).toEqual(now)

    const at = parsed.extensions.findIndex((it) => it.subs[0]?.toOID() === '1.3.6.1.4.1.11129.2.4.2')
    parsed.extensions.splice(at, 1)
    const tbs = parsed.tbsCertificate.toDER()
    const length = Buffer.alloc(3)
    length.writeUIntBE(tbs.length, 0, 3)
    const issuerKey = intermediate!.publicKey.export({ type: 'spki', format: 'der' })
    const precertificate = Buffer.concat([createHash('sha256').update(issuerKey).digest(), length, tbs])
    expect(sct!.verify(precertificate, createPublicKey({ key: logKey, format: 'der', type: 'spki' }))).toBe(true)
    precertificate[40] = precertificate[40]! ^ 1
    expect(sct!.verify(precertificate, createPublicKey({ key: logKey, format: 'der', type: 'spki' }))).toBe(false)
  })

  it.each([
    ['ECDSA P-256', () => ecKey()],
    ['ECDSA P-384', () => ecKey('secp384r1')],
    ['Ed25519', () => generateKeyPairSync('ed25519')],
    ['RSA 2048', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ] as [string, () => KeyPair][])('is given for %s', async (_, make) => {
    const key = make()
    const token = await sigstore.mintToken(claims)
    const [leaf] = chainOf(await ask(certificateRequest(token, key, subject)))
    expect(leaf!.publicKey.equals(key.publicKey)).toBe(true)
  })

  it('is given for a signing request and a token in the header, as sigstore-python sends them', async () => {
    const key = ecKey()
    const token = await sigstore.mintToken(claims)
    const request = { certificateSigningRequest: signingRequest(key, key) }
    const [leaf] = chainOf(await ask(request, { authorization: `Bearer ${token}` }))
    expect(leaf!.publicKey.equals(key.publicKey)).toBe(true)
  })
})

describe('a token that is refused', () => {
  const seconds = now.getTime() / 1_000

  it.each([
    ['is expired', () => sigstore.mintToken({ ...claims, exp: seconds - 1 })],
    ['is not valid yet', () => sigstore.mintToken({ ...claims, nbf: seconds + 600 })],
    ['never expires', () => sigstore.mintToken({ ...claims, exp: undefined })],
    ['is for another audience', () => sigstore.mintToken(claims, { audience: 'https://other.example' })],
    [
      'names another issuer',
      () => sigstore.mintToken({ ...claims, iss: 'https://token.actions.githubusercontent.com' }),
    ],
    ['names an issuer that begins with ours', () => sigstore.mintToken({ ...claims, iss: `${sigstore.issuer}/x` })],
    [
      'is of another issuer under our name',
      () =>
        new SignJWT({ ...claims, iss: sigstore.issuer, aud: 'sigstore' })
          .setProtectedHeader({ alg: 'ES256', kid: sigstore.jwks.keys[0]!.kid! })
          .setIssuedAt(now)
          .setExpirationTime(seconds + 300)
          .sign(ecKey().privateKey),
    ],
    [
      'says alg none',
      async () => {
        const [, payload] = (await sigstore.mintToken(claims)).split('.')
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
      },
    ],
    [
      'is an HMAC with our public key as its secret',
      () => {
        const jwk = sigstore.jwks.keys[0]!
        const secret = Buffer.from(pemOf(createPublicKey({ key: jwk, format: 'jwk' })))
        return new SignJWT({ ...claims, iss: sigstore.issuer, aud: 'sigstore' })
          .setProtectedHeader({ alg: 'HS256', kid: jwk.kid! })
          .setIssuedAt(now)
          .setExpirationTime(seconds + 300)
          .sign(secret)
      },
    ],
    [
      'brings its own key',
      async () => {
        const key = ecKey()
        return new SignJWT({ ...claims, iss: sigstore.issuer, aud: 'sigstore' })
          .setProtectedHeader({ alg: 'ES256', jwk: key.publicKey.export({ format: 'jwk' }) })
          .setIssuedAt(now)
          .setExpirationTime(seconds + 300)
          .sign(key.privateKey)
      },
    ],
    [
      'was changed after signing',
      async () => {
        const [header, payload, signature] = (await sigstore.mintToken(claims)).split('.')
        const changed = {
          ...(JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object),
          repository: 'acme/other',
        }
        return `${header}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`
      },
    ],
    ['is no token', () => Promise.resolve('AAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBB')],
    ['is far too large', () => sigstore.mintToken({ ...claims, padding: 'x'.repeat(70_000) })],
    ['is empty', () => Promise.resolve('')],
  ] as [string, () => Promise<string>][])('%s', async (_, make) => {
    const token = await make()
    expectRefusal(await ask(certificateRequest(token, ecKey(), subject)), 401, token)
  })
})

describe('a request that is refused', () => {
  const token = (): Promise<string> => sigstore.mintToken(claims)

  it('proves possession by another key', async () => {
    const given = await token()
    expectRefusal(await ask(certificateRequest(given, ecKey(), subject, ecKey().privateKey)), 400, given)
  })

  it('proves possession over another subject', async () => {
    expectRefusal(await ask(certificateRequest(await token(), ecKey(), 'repo:acme/other:ref:refs/heads/main')), 400)
  })

  it('has an e-mail address that nobody verified', async () => {
    for (const email_verified of [false, undefined, 'no']) {
      const given = await sigstore.mintToken({ ...providerClaims('generic'), email_verified })
      expectRefusal(await ask(certificateRequest(given, ecKey(), 'dev@acme.example')), 400, given)
    }
  })

  it('lacks a claim that its provider always sends', async () => {
    const given = await sigstore.mintToken({ ...claims, job_workflow_sha: undefined })
    expectRefusal(await ask(certificateRequest(given, ecKey(), subject)), 400, given)
  })

  it.each(['refs/heads/100%of', 'refs/heads/50%'])('is for a job at %s, which makes no URI', async (ref) => {
    const given = providerClaims('github', { ref })
    const request = certificateRequest(await sigstore.mintToken(given), ecKey(), String(given['sub']))
    expectRefusal(await ask(request), 400)
  })

  it.each([
    ['RSA 1024', () => generateKeyPairSync('rsa', { modulusLength: 1024 })],
    ['ECDSA P-521', () => ecKey('secp521r1')],
    ['ECDSA secp256k1', () => ecKey('secp256k1')],
  ] as [string, () => KeyPair][])('brings a key of type %s', async (_, make) => {
    expectRefusal(await ask(certificateRequest(await token(), make(), subject)), 400)
  })

  it('sends a private key or a certificate in the place of the public key', async () => {
    const key = ecKey()
    const privatePem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const [leaf] = chainOf(await ask(certificateRequest(await token(), key, subject)))
    for (const content of [
      privatePem,
      leaf!.toString(),
      '',
      'x',
      '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
    ]) {
      const request = certificateRequest(await token(), key, subject)
      const reply = await ask({
        ...request,
        publicKeyRequest: { ...(request['publicKeyRequest'] as object), publicKey: { content } },
      })
      expectRefusal(reply, 400)
    }
  })

  it('has a signing request that its key did not sign', async () => {
    const certificateSigningRequest = signingRequest(ecKey(), ecKey())
    const request = { credentials: { oidcIdentityToken: await token() }, certificateSigningRequest }
    expectRefusal(await ask(request), 400)
  })

  it('has two keys, or none', async () => {
    const key = ecKey()
    const request = certificateRequest(await token(), key, subject)
    expectRefusal(await ask({ ...request, certificateSigningRequest: signingRequest(key, key) }), 400)
    expectRefusal(await ask({ credentials: request['credentials'] }), 400)
  })

  it.each([[null], [[]], ['text'], [{ credentials: 1 }], [{ credentials: { oidcIdentityToken: 1 } }]])(
    'has the shape %j',
    async (body) => {
      expectRefusal(await ask(body), 400)
    },
  )

  it('is no JSON, or says a thing twice', async () => {
    for (const body of ['{', '{"credentials":1,"credentials":2}', '[['.repeat(2_000)]) {
      const response = await fetch(`${sigstore.url}/api/v2/signingCert`, { method: 'POST', body })
      expect(response.status).toBe(400)
    }
  })
})

/** PKCS#10 of `key`, signed by `holder`, as base64 of PEM. */
function signingRequest(key: KeyPair, holder: KeyPair): string {
  const info = encode(
    tags.sequence,
    encode(0x02, Buffer.from([0])),
    encode(tags.sequence),
    key.publicKey.export({ type: 'spki', format: 'der' }),
    encode(0xa0),
  )
  const algorithm = Buffer.from('300a06082a8648ce3d040302', 'hex')
  const signature = encode(0x03, Buffer.from([0]), sign('sha256', info, holder.privateKey))
  const body = encode(tags.sequence, info, algorithm, signature).toString('base64')
  return Buffer.from(`-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`).toString(
    'base64',
  )
}
