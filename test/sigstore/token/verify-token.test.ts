import type { IncomingMessage, ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { CompactSign, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import type { CryptoKey, JSONWebKeySet, JWK } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CountersignError } from '../../../src/errors.ts'
import type { VerifiedToken } from '../../../src/model/facts.ts'
import { limits } from '../../../src/model/limits.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { providerRows } from '../../../src/providers/index.ts'
import { publicIssuers, verifyToken } from '../../../src/sigstore/token/verify-token.ts'
import type { TokenQuestion } from '../../../src/sigstore/token/verify-token.ts'
import { closedOrigin, drip, endless, loopback } from '../../world/loopback-server.ts'
import { steppedClock } from '../../world/stepped-clock.ts'
import type { SteppedClock } from '../../world/stepped-clock.ts'

const now = new Date('2026-11-20T12:00:00Z')
const seconds = now.getTime() / 1_000
const audience = 'sigstore'

const gitHubClaims = {
  sub: 'repo:o/r:ref:refs/heads/main',
  event_name: 'push',
  sha: 'a'.repeat(40),
  repository: 'o/r',
  ref: 'refs/heads/main',
  job_workflow_ref: 'o/r/.github/workflows/release.yml@refs/heads/main',
  job_workflow_sha: 'b'.repeat(40),
  workflow: 'release',
  runner_environment: 'github-hosted',
  repository_id: '1',
  repository_owner: 'o',
  repository_owner_id: '2',
  repository_visibility: 'public',
  workflow_ref: 'o/r/.github/workflows/release.yml@refs/heads/main',
  workflow_sha: 'b'.repeat(40),
  run_id: '3',
  run_attempt: '1',
}
const times = { aud: audience, iat: seconds - 10, nbf: seconds - 10, exp: seconds + 300 }

interface Key {
  readonly private: CryptoKey
  readonly jwk: JWK
  readonly pem: string
}

async function makeKey(alg: string, kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return {
    private: privateKey,
    jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    pem: await exportSPKI(publicKey),
  }
}

let key: Key
let other: Key
beforeAll(async () => {
  key = await makeKey('RS256', 'key-1')
  other = await makeKey('RS256', 'key-2')
})

/** An issuer on loopback. `answers` replaces what it serves under a path. */
interface Issuer {
  readonly origin: string
  readonly requests: string[]
  keys: JWK[]
}
type Answer = (response: ServerResponse, request: IncomingMessage) => void

async function issuer(answers: { readonly [path: string]: Answer } = {}): Promise<Issuer> {
  const requests: string[] = []
  const state: { origin: string; requests: string[]; keys: JWK[] } = { origin: '', requests, keys: [key.jwk] }
  state.origin = await loopback((request, response) => {
    const path = request.url ?? ''
    requests.push(path)
    const answer = answers[path]
    if (answer !== undefined) answer(response, request)
    else if (path === discovery) json(response, { issuer: state.origin, jwks_uri: `${state.origin}/keys` })
    else if (path === '/keys') json(response, { keys: state.keys })
    else response.writeHead(404).end()
  })
  return state
}

const discovery = '/.well-known/openid-configuration'

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
}

interface TokenParts {
  readonly claims?: object
  readonly header?: { readonly alg?: string; readonly kid?: string; readonly [name: string]: unknown }
  readonly by?: Key
}

/** A token as the issuer at `iss` makes it, or as somebody does who has another key. */
function token(iss: string, { claims = {}, header = {}, by = key }: TokenParts = {}): Promise<string> {
  return new SignJWT({ iss, ...gitHubClaims, ...times, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header })
    .sign(by.private)
}

function question(iss: string, more: Partial<TokenQuestion> = {}): TokenQuestion {
  return { issuers: [{ pattern: iss }], audience, ...more }
}

/** The time of whoever verifies: that of the tokens, until a test lets some pass. */
let clock: SteppedClock
beforeEach(() => {
  clock = steppedClock(now)
})

/** In the time of the test; by default with a network. */
function verified(raw: string, asked: TokenQuestion, request: typeof fetch = fetch): Promise<VerifiedToken> {
  return verifyToken(raw, asked, worldOf({ ...clock, fetch: request }))
}

/** The code that a token is refused with; fails if it is accepted, or if the error holds any part of the token. */
async function refusal(raw: string, asked: TokenQuestion, request?: typeof fetch): Promise<string> {
  const error: unknown = await verified(raw, asked, request).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(CountersignError)
  const said = inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity })
  for (const part of raw.split('.').filter((it) => it.length > 3)) expect(said).not.toContain(part.slice(0, 40))
  expect((error as CountersignError).cause).toBeUndefined()
  return (error as CountersignError).code
}

/** The same, where no request may be made. */
function refusalWithoutNetwork(raw: string, asked: TokenQuestion): Promise<string> {
  return refusal(raw, asked, noNetwork)
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a good token', () => {
  test('gives its claims and the identity that Fulcio will write', async () => {
    const { origin, requests } = await issuer()
    const raw = await token(origin)
    const found = await verified(raw, question(origin))
    expect(found).toMatchObject({ raw, issuer: origin, claims: { ...gitHubClaims, iss: origin } })
    expect(found.identity).toMatchObject({
      provider: 'github',
      subjectAlternativeName: { kind: 'uri', value: `https://github.com/${gitHubClaims.job_workflow_ref}` },
      extensions: { sourceRepositoryUri: 'https://github.com/o/r', sourceRepositoryDigest: gitHubClaims.sha },
    })
    expect(requests).toEqual([discovery, '/keys'])
  })

  test.each(['RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'])('may be signed by %s', async (alg) => {
    const server = await issuer()
    const by = await makeKey(alg, 'key-1')
    server.keys = [by.jwk]
    const raw = await token(server.origin, { header: { alg }, by })
    expect((await verified(raw, question(server.origin))).issuer).toBe(server.origin)
  })

  test('may be meant for several audiences', async () => {
    const { origin } = await issuer()
    const raw = await token(origin, { claims: { aud: ['other', audience] } })
    expect((await verified(raw, question(origin))).claims['aud']).toEqual(['other', audience])
  })

  test('may come from an issuer in this process, which is never asked over the network', async () => {
    const iss = 'https://issuer.countersign.localhost'
    const jwks: JSONWebKeySet = { keys: [key.jwk] }
    const asked = question(iss, { issuers: [{ pattern: iss, jwks }] })
    expect((await verified(await token(iss), asked, noNetwork)).issuer).toBe(iss)
  })

  test('may come from an issuer whose name ends with a slash', async () => {
    const server = await issuer({
      [discovery]: (response) => json(response, { issuer: `${server.origin}/`, jwks_uri: `${server.origin}/keys` }),
    })
    const raw = await token(`${server.origin}/`)
    expect((await verified(raw, question(`${server.origin}/`))).issuer).toBe(`${server.origin}/`)
  })

  test('stays good within the tolerance of clocks', async () => {
    const { origin } = await issuer()
    await verified(await token(origin, { claims: { exp: seconds - 29 } }), question(origin))
    await verified(await token(origin, { claims: { nbf: seconds + 30 } }), question(origin))
  })
})

describe('the issuer', () => {
  test.each([
    ['of somebody else', 'https://evil.example'],
    ['with ours as its beginning', 'https://ci.example.evil.example'],
    ['with ours as its path', 'https://evil.example/https://ci.example'],
    ['with ours as its user', 'https://ci.example@evil.example'],
    ['in the clear', 'http://ci.example'],
    ['inside the network', 'http://169.254.169.254/latest/meta-data'],
  ])('%s is refused before any request (server-side request forgery)', async (_, iss) => {
    const asked = question('https://ci.example')
    expect(await refusalWithoutNetwork(await token(iss), asked)).toBe('token-issuer-unknown')
  })

  test.each([
    'https://evil.example\\.ci.example',
    'https://evil.example?.ci.example',
    'https://evil.example#.ci.example',
    'https://evil.example\t.ci.example',
    'https://EVIL.ci.example',
    'https://evil%2eexample%2f.ci.example',
    'https://x:443.ci.example',
  ])('that a glob takes for ours and a URL parser does not is refused before any request: %j', async (iss) => {
    const asked = question('https://*.ci.example')
    expect(await refusalWithoutNetwork(await token(iss), asked)).toBe('token-issuer-unknown')
  })

  test.each(['..', 'a?b', 'a#b'])(
    'that a URL parser would not take as a path is refused before any request: %s',
    async (end) => {
      const asked = question('https://ci.example/org/*')
      expect(await refusalWithoutNetwork(await token(`https://ci.example/org/${end}`), asked)).toBe(
        'token-issuer-unknown',
      )
    },
  )

  test('that is trusted in the clear, beyond this machine, is refused before any request', async () => {
    for (const iss of ['http://ci.example', 'http://192.0.2.1', 'http://localhost.ci.example']) {
      expect(await refusalWithoutNetwork(await token(iss), question(iss))).toBe('token-issuer-unknown')
    }
  })

  test('that nobody trusts is refused: no issuers, no token', async () => {
    const { origin, requests } = await issuer()
    expect(await refusal(await token(origin), { issuers: [], audience })).toBe('token-issuer-unknown')
    expect(requests).toEqual([])
  })

  test('whose discovery document names another is refused', async () => {
    const server = await issuer({
      [discovery]: (response) => json(response, { issuer: 'https://ci.example', jwks_uri: `${server.origin}/keys` }),
    })
    expect(await refusal(await token(server.origin), question(server.origin))).toBe('issuer-keys-unavailable')
    expect(server.requests).toEqual([discovery])
  })

  test.each(['http://169.254.169.254/keys', 'file:///etc/passwd', 'https://u:p@ci.example/', '', 7, null])(
    'whose keys are said to be at %j is not followed there',
    async (jwksUri) => {
      const server = await issuer({
        [discovery]: (response) => json(response, { issuer: server.origin, jwks_uri: jwksUri }),
      })
      expect(await refusal(await token(server.origin), question(server.origin))).toBe('issuer-keys-unavailable')
      expect(server.requests).toEqual([discovery])
    },
  )

  test.each(['http://127.0.0.1:1/keys', 'http://[::1]/keys', 'http://localhost/keys', 'https://u:p@ci.example/keys'])(
    'out in the world cannot send us to %s',
    async (jwksUri) => {
      const requests: string[] = []
      const answering: typeof fetch = (input) => {
        requests.push(input as string)
        return Promise.resolve(Response.json({ issuer: 'https://ci.example', jwks_uri: jwksUri }))
      }
      const asked = question('https://ci.example')
      expect(await refusal(await token('https://ci.example'), asked, answering)).toBe('issuer-keys-unavailable')
      expect(requests).toEqual([`https://ci.example${discovery}`])
    },
  )

  test('that redirects is not followed, however good the answer would be', async () => {
    const elsewhere = await issuer({
      [discovery]: (response) => json(response, { issuer: server.origin, jwks_uri: `${elsewhere.origin}/keys` }),
    })
    const server = await issuer({
      [discovery]: (response) => response.writeHead(302, { location: `${elsewhere.origin}${discovery}` }).end(),
    })
    expect(await refusal(await token(server.origin), question(server.origin))).toBe('issuer-keys-unavailable')
    expect(elsewhere.requests).toEqual([])
  })

  // Time stands still, so nothing but the bound can end it.
  test('that answers without end is cut off at the bound', async () => {
    const { origin } = await issuer({ [discovery]: (response) => endless(response) })
    expect(await refusal(await token(origin), question(origin))).toBe('issuer-keys-unavailable')
    expect(clock.elapsed()).toBe(0)
  })

  const broken: { readonly [how: string]: Answer } = {
    HTML: (response) => response.end('<!doctype html><title>Sign in</title>'),
    'status 500': (response) => response.writeHead(500).end('{}'),
    'a huge body': (response) => response.end(Buffer.alloc(limits.issuerAnswerBytes + 1, ' ')),
    'a body that is cut off': (response) =>
      response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy()),
    'an array': (response) => json(response, []),
    null: (response) => json(response, null),
    'duplicate members': (response) => response.end('{"issuer":"a","issuer":"b","keys":[],"keys":[]}'),
    nothing: (response) => response.end(),
  }

  test.each(Object.entries(broken))('that answers with %s is an unavailable one', async (_, answer) => {
    for (const path of [discovery, '/keys']) {
      const { origin } = await issuer({ [path]: answer })
      expect(await refusal(await token(origin), question(origin))).toBe('issuer-keys-unavailable')
    }
  })

  test.each([{ keys: 7 }, { keys: [null] }, { keys: ['x'] }])(
    'with the key set %j is an unavailable one',
    async (keys) => {
      const { origin } = await issuer({ '/keys': (response) => json(response, keys) })
      expect(await refusal(await token(origin), question(origin))).toBe('issuer-keys-unavailable')
    },
  )

  test.each([discovery, '/keys'])('that never answers on %s is given up at the timeout', async (path) => {
    const { origin } = await issuer({ [path]: () => clock.advanceToTimeout() })
    expect(await refusal(await token(origin), question(origin))).toBe('issuer-keys-unavailable')
    expect(clock.elapsed()).toBe(limits.identityTimeout)
  })

  test('has one timeout for both answers', async () => {
    const server = await issuer({
      [discovery]: (response) => {
        clock.advance(limits.identityTimeout - 1)
        json(response, { issuer: server.origin, jwks_uri: `${server.origin}/keys` })
      },
      '/keys': () => clock.advance(1),
    })
    expect(await refusal(await token(server.origin), question(server.origin))).toBe('issuer-keys-unavailable')
    expect(server.requests).toEqual([discovery, '/keys'])
  })

  test('that answers a byte at a time is given up at the timeout', async () => {
    const { origin } = await issuer({
      [discovery]: (response) =>
        drip(response, ' '.repeat(1_000), () => clock.advance(Math.min(100, limits.identityTimeout - clock.elapsed()))),
    })
    expect(await refusal(await token(origin), question(origin))).toBe('issuer-keys-unavailable')
    expect(clock.elapsed()).toBe(limits.identityTimeout)
  })

  test('that is not there is an unavailable one', async () => {
    const origin = await closedOrigin()
    expect(await refusal(await token(origin), question(origin))).toBe('issuer-keys-unavailable')
  })

  test('can rotate its keys: the new one counts, the removed one no longer', async () => {
    const server = await issuer()
    const old = await token(server.origin)
    const fresh = await token(server.origin, { header: { kid: 'key-2' }, by: other })
    expect(await refusal(fresh, question(server.origin))).toBe('token-signature-invalid')
    server.keys = [key.jwk, other.jwk]
    await verified(old, question(server.origin))
    await verified(fresh, question(server.origin))
    server.keys = [other.jwk]
    expect(await refusal(old, question(server.origin))).toBe('token-signature-invalid')
  })
})

describe('the signature', () => {
  test.each<[string, (iss: string) => Promise<string>]>([
    ['by a key that is not the issuer’s', (iss) => token(iss, { by: other })],
    ['by a key id that the issuer does not have', (iss) => token(iss, { header: { kid: 'key-9' } })],
    ['that is empty', async (iss) => (await token(iss)).replace(/[^.]+$/, '')],
    [
      'of other claims',
      async (iss) => swapClaims(await token(iss), { iss, ...gitHubClaims, ...times, sha: 'f'.repeat(40) }),
    ],
  ])('%s is refused', async (_, make) => {
    const { origin } = await issuer()
    expect(await refusal(await make(origin), question(origin))).toBe('token-signature-invalid')
  })

  test('by another algorithm than the key is for is refused', async () => {
    const server = await issuer()
    const by = await makeKey('RS512', 'key-1')
    server.keys = [{ ...by.jwk, alg: 'RS256' }]
    const raw = await token(server.origin, { header: { alg: 'RS512' }, by })
    expect(await refusal(raw, question(server.origin))).toBe('token-signature-invalid')
  })

  test('by no one key, where several fit and none is named, is refused', async () => {
    const server = await issuer()
    server.keys = [key.jwk, { ...other.jwk, kid: 'key-1' }]
    expect(await refusal(await token(server.origin), question(server.origin))).toBe('token-signature-invalid')
  })

  test.each(['none', 'None', 'nOnE', 'HS256', 'HS384', 'HS512'])(
    'is missing under %s, and no request is made',
    async (alg) => {
      const asked = question('https://ci.example')
      const raw = `${encode({ alg })}.${encode({ iss: 'https://ci.example', ...gitHubClaims, ...times })}.`
      expect(await refusalWithoutNetwork(raw, asked)).toBe('token-unsigned')
      expect(await refusalWithoutNetwork(`${raw}c2lnbmF0dXJl`, asked)).toBe('token-unsigned')
    },
  )

  test('made with the public key as an HMAC secret is none (algorithm confusion)', async () => {
    const { origin, requests } = await issuer()
    const claims = Buffer.from(JSON.stringify({ iss: origin, ...gitHubClaims, ...times }))
    const raw = await new CompactSign(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .sign(new TextEncoder().encode(key.pem))
    expect(await refusal(raw, question(origin))).toBe('token-unsigned')
    expect(requests).toEqual([])
  })

  test.each<[string, object]>([
    ['jwk', { alg: 'RS256', jwk: { kty: 'RSA', e: 'AQAB', n: 'AQAB' } }],
    ['jku', { alg: 'RS256', jku: 'https://evil.example/keys' }],
    ['x5u', { alg: 'RS256', x5u: 'https://evil.example/cert' }],
    ['x5c', { alg: 'RS256', x5c: ['AA=='] }],
    ['crit', { alg: 'RS256', crit: ['b64'], b64: false }],
    ['an unknown algorithm', { alg: 'ROT13' }],
    ['an encryption algorithm', { alg: 'RSA-OAEP' }],
    ['a number as algorithm', { alg: 5 }],
    ['no algorithm', { kid: 'key-1' }],
  ])('is not looked at with %s in the header', async (_, header) => {
    const asked = question('https://ci.example')
    const raw = `${encode(header)}.${encode({ iss: 'https://ci.example', ...gitHubClaims, ...times })}.c2lnbmF0dXJl`
    expect(await refusalWithoutNetwork(raw, asked)).toBe('token-malformed')
  })

  test('cannot be checked with a key that is too short or private', async () => {
    const server = await issuer()
    const raw = await token(server.origin)
    server.keys = [{ kty: 'RSA', kid: 'key-1', e: 'AQAB', n: Buffer.alloc(64, 0xff).toString('base64url') }]
    expect(await refusal(raw, question(server.origin))).toBe('issuer-keys-unavailable')
    server.keys = [{ ...(await exportJWK(key.private)), kid: 'key-1' }]
    expect(await refusal(raw, question(server.origin))).toBe('issuer-keys-unavailable')
  })
})

function swapClaims(raw: string, claims: object): string {
  const [header, , signature] = raw.split('.')
  return [header, encode(claims), signature].join('.')
}

describe('the shape', () => {
  const header = encode({ alg: 'RS256' })
  test.each<[string, string]>([
    ['nothing', ''],
    ['one word', 'secretsecret'],
    ['two parts', `${header}.${header}`],
    ['five parts, as an encrypted token has', `${header}.a.a.a.a`],
    ['empty parts', '..'],
    ['a line end', `${header}.${encode({ iss: 'https://ci.example' })}.AAAA\n`],
    ['characters outside of base64url', `${header}.${header}+/.AAAA`],
    ['a header that is no JSON', `AAAA.${header}.AAAA`],
    ['a header that is no object', `${encode([])}.${header}.AAAA`],
    ['a payload that is no object', `${header}.${encode('x')}.AAAA`],
    ['a payload that is not UTF-8', `${header}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.AAAA`],
    ['no issuer', `${header}.${encode({})}.AAAA`],
    ['a list of issuers', `${header}.${encode({ iss: ['https://ci.example'] })}.AAAA`],
    [
      'two issuers',
      `${header}.${Buffer.from('{"iss":"https://evil.example","iss":"https://ci.example"}').toString('base64url')}.AAAA`,
    ],
    ['too many bytes', `${header}.${'A'.repeat(limits.tokenBytes)}.AAAA`],
    [
      'a nest too deep',
      `${header}.${Buffer.from('{"a":'.repeat(100) + '1' + '}'.repeat(100)).toString('base64url')}.AAAA`,
    ],
  ])('of %s is refused before any request', async (_, raw) => {
    expect(await refusalWithoutNetwork(raw, question('https://ci.example'))).toBe('token-malformed')
  })
})

describe('the claims', () => {
  // Those of times and audiences that refuse a token are in `fixtures/tokens/forged`.
  test('an empty audience is no way to accept any', async () => {
    const { origin } = await issuer()
    expect(await refusal(await token(origin), question(origin, { audience: '' }))).toBe('token-audience-mismatch')
  })

  test('a forged token that has also expired is told as forged', async () => {
    const { origin } = await issuer()
    const raw = await token(origin, { claims: { exp: 1 }, by: other })
    expect(await refusal(raw, question(origin))).toBe('token-signature-invalid')
  })

  test('that the provider’s certificate needs are named when they are missing', async () => {
    const { origin } = await issuer()
    const raw = await token(origin, { claims: { run_id: '', sha: undefined } })
    expect(await refusal(raw, question(origin))).toBe('token-claims-incomplete')
    await expect(verified(raw, question(origin))).rejects.toThrow(/sha, run_id/)
  })

  test('of nobody that Fulcio would take are refused', async () => {
    const iss = 'https://ci.example'
    const asked = { ...question(iss), issuers: [{ pattern: iss, jwks: { keys: [key.jwk] } }] }
    const generic = (claims: object): Promise<string> =>
      new SignJWT({ iss, ...times, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'key-1' }).sign(key.private)
    expect(await refusal(await generic({ sub: 'somebody' }), asked)).toBe('token-claims-incomplete')
    expect(await refusal(await generic({ email: 'a@b.example' }), asked)).toBe('token-claims-incomplete')
    const found = await verified(await generic({ email: 'a@b.example', email_verified: true }), asked)
    expect(found.identity.subjectAlternativeName).toEqual({ kind: 'email', value: 'a@b.example' })
  })
})

test('the public issuers are those of the table and Sigstore’s own', () => {
  const patterns = publicIssuers.map((it) => it.pattern)
  for (const pattern of providerRows.flatMap((row) => row.issuers)) expect(patterns).toContain(pattern)
  expect(patterns).toContain('https://oauth2.sigstore.dev/auth')
  expect(publicIssuers.every((it) => it.jwks === undefined && it.pattern.startsWith('https://'))).toBe(true)
})

const noNetwork: typeof fetch = () => {
  throw new Error('a request was made')
}
