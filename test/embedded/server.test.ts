import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TrustedRoot } from '@sigstore/protobuf-specs'
import { getTrustedRoot, initTUF } from '@sigstore/tuf'
import { createLocalJWKSet, jwtVerify } from 'jose'
import type { JSONWebKeySet } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limits } from '../../src/model/limits.ts'
import { providerRows } from '../../src/providers/index.ts'
import { claimInputNames } from '../../src/providers/sample.ts'
import { missingClaims, providerOf, tokenIdentity } from '../../src/providers/token-identity.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { fromNow } from '../world/own-certificates.ts'
import { get, post } from './client.ts'

let sigstore: LocalSigstore
beforeAll(async () => {
  sigstore = await startLocalSigstore({ openTokenEndpoint: true })
})
afterAll(() => sigstore.close())

function statusFor(headers: Record<string, string>, path = '/healthz'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${sigstore.url}${path}`, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('the server', () => {
  it('answers under its own address only, so no web page can reach it under a name of its own', async () => {
    const { port } = new URL(sigstore.url)
    expect(await statusFor({ host: `127.0.0.1:${port}` })).toBe(200)
    expect(await statusFor({ host: `localhost:${port}` })).toBe(200)
    expect(await statusFor({ host: `attacker.example:${port}` })).toBe(403)
    expect(await statusFor({ host: 'localhost' })).toBe(403)
    expect(await statusFor({ host: `attacker.example:${port}` }, '/token/github')).toBe(403)
  })

  it('reads no more of a body than the service takes', async () => {
    const large = 'x'.repeat(limits.tokenBytes + limits.keyBytes + 10)
    for (const path of ['/api/v2/signingCert', '/api/v2/log/entries', '/api/v1/timestamp']) {
      expect((await post(`${sigstore.url}${path}`, large)).status).toBe(413)
    }
  })

  it('cuts off a body that never ends, and goes on serving others', async () => {
    const endless = request(`${sigstore.url}/api/v2/signingCert`, { method: 'POST' })
    const statuses: (number | undefined)[] = []
    const ended = new Promise<void>((resolve) => {
      endless.on('response', (response) => {
        statuses.push(response.statusCode)
        response.resume()
      })
      endless.on('error', () => resolve()) // the connection is cut, answered or not
      endless.on('close', () => resolve())
    })
    const more = (): void => {
      while (!endless.destroyed && endless.write('x'.repeat(65_536)));
      if (!endless.destroyed) endless.once('drain', more)
    }
    more()
    await ended
    endless.destroy()
    expect(statuses.every((it) => it === 413)).toBe(true)
    expect((await get(`${sigstore.url}/healthz`)).status).toBe(200)
  })

  it('says what is wrong as JSON', async () => {
    expect(await get(`${sigstore.url}/nothing`)).toMatchObject({ status: 404, json: { code: 5 } })
    expect((await get(`${sigstore.url}/api/v2/signingCert`)).status).toBe(405)
    expect((await post(`${sigstore.url}/healthz`, {})).status).toBe(405)
    expect((await get(`${sigstore.url}/tuf/../healthz`)).status).toBe(200)
    expect((await get(`${sigstore.url}/tuf/%2e%2e/keys.json`)).status).toBe(404)
  })

  it('frees its port at once, open connections or not, and closes twice', async () => {
    const local = await startLocalSigstore()
    const port = Number(new URL(local.url).port)
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    await fetch(`${local.url}/healthz`)
    // Left to itself, a connection that asks for nothing stays open for a minute.
    const cut = once(socket, 'close')
    await local.close()
    await local.close()
    await cut
    const again = await startLocalSigstore({ port })
    expect(again.url).toBe(local.url)
    await again.close()
  })

  it('says so when the port is taken, and leaves nothing behind', async () => {
    const state = await mkdtemp(join(tmpdir(), 'countersign-port-'))
    const port = Number(new URL(sigstore.url).port)
    await expect(startLocalSigstore({ port, state })).rejects.toThrow(
      expect.objectContaining({ code: 'service-unavailable' }),
    )
    await (await startLocalSigstore({ state })).close()
    await rm(state, { recursive: true })
  })
})

describe('the OIDC issuer', () => {
  it('is discoverable under a fetchable name', async () => {
    const local = await startLocalSigstore({ issuer: 'http://localhost:4999' })
    try {
      expect(local.issuer).toBe('http://localhost:4999')
      const { json: document } = await get(`${local.url}/.well-known/openid-configuration`)
      expect(document['issuer']).toBe(local.issuer)
      const { json: jwks } = await get(String(document['jwks_uri']))
      expect(jwks).toEqual(local.jwks)
      const token = await local.mintToken({ sub: 'x' }, { audience: 'a', lifetimeSeconds: 60 })
      const keys = createLocalJWKSet(jwks as unknown as JSONWebKeySet)
      const { payload } = await jwtVerify(token, keys, { issuer: local.issuer, audience: 'a' })
      expect(payload.exp! - payload.iat!).toBe(60)
      expect(payload).toMatchObject({ sub: 'x', nbf: payload.iat, jti: expect.any(String) as string })
    } finally {
      await local.close()
    }
  })

  it('publishes no private key', () => {
    expect(JSON.stringify(sigstore.jwks)).not.toContain('"d"')
  })

  it('hands out tokens in the shape of GitHub where that was asked for', async () => {
    const query = 'api-version=2.0&repository=acme/gadget&ref=refs/tags/v1&workflow=build.yml&audience=somebody'
    const { json: answer } = await get(`${sigstore.url}/token/github?${query}`)
    const { payload } = await jwtVerify(String(answer['value']), createLocalJWKSet(sigstore.jwks), {
      issuer: sigstore.issuer,
      audience: 'somebody',
    })
    expect(payload).toMatchObject({
      repository: 'acme/gadget',
      ref: 'refs/tags/v1',
      job_workflow_ref: 'acme/gadget/.github/workflows/build.yml@refs/tags/v1',
    })
    expect((await get(`${sigstore.url}/token/unknown`)).status).toBe(404)
    expect((await get(`${sigstore.url}/token/toString`)).status).toBe(404)
  })

  it.each([
    ...[
      'repo=acme/widget',
      'Repository=acme/widget',
      'ref=refs/heads/a&ref=refs/heads/a',
      'ref=refs/heads/a&__proto__=b',
    ],
    ...['ref=main', 'sha=abc', 'repository=widget', 'visibility=secret', 'runAttempt=0', 'workflow='],
  ])('mints nothing for %s, which would be a token for something else', async (query) => {
    expect((await get(`${sigstore.url}/token/github?${query}`)).status).toBe(400)
  })

  it('names all parameters of a token in its page', () => {
    const page = readFileSync(new URL('../../docs/local-sigstore.md', import.meta.url), 'utf8')
    const named = [...page.matchAll(/^\| `([\w-]+)` +\|/gm)].map((it) => it[1])
    expect(named.toSorted()).toEqual([...claimInputNames, 'audience', 'api-version'].toSorted())
  })

  it('hands out none by default', async () => {
    const local = await startLocalSigstore()
    expect((await get(`${local.url}/token/github`)).status).toBe(404)
    await local.close()
  })
})

describe('claims', () => {
  it.each(providerRows.map((row) => row.id))('of %s are all that a certificate needs', (provider) => {
    const claims = providerClaims(provider)
    const row = providerOf(claims)
    expect(row?.id).toBe(provider)
    expect(missingClaims(row!, claims)).toEqual([])
  })

  it('of GitHub agree with each other', () => {
    const inputs = { repository: 'o/r', ref: 'refs/tags/v2', sha: 'c'.repeat(40), event: 'release', workflow: 'x.yml' }
    expect(tokenIdentity({ ...providerClaims('github', inputs), iss: 'i' })).toMatchObject({
      subjectAlternativeName: { value: 'https://github.com/o/r/.github/workflows/x.yml@refs/tags/v2' },
      extensions: {
        sourceRepositoryDigest: 'c'.repeat(40),
        buildSignerDigest: 'c'.repeat(40),
        buildTrigger: 'release',
        buildConfigUri: 'https://github.com/o/r/.github/workflows/x.yml@refs/tags/v2',
        sourceRepositoryOwnerUri: 'https://github.com/o',
      },
    })
  })

  it('of a reusable workflow name both workflows', () => {
    const workflow = 'org/shared/.github/workflows/build.yml@refs/tags/v1'
    const claims = providerClaims('github', { workflow, callerWorkflow: 'ci.yml' })
    expect(claims).toMatchObject({
      job_workflow_ref: workflow,
      workflow_ref: 'acme/widget/.github/workflows/ci.yml@refs/heads/main',
    })
    expect(claims['job_workflow_sha']).not.toBe(claims['workflow_sha'])
  })

  it('of GitLab take the ref apart', () => {
    expect(providerClaims('gitlab', { ref: 'refs/tags/v1' })).toMatchObject({ ref: 'v1', ref_type: 'tag' })
  })
})

describe('trust', () => {
  it('gives every key a start before everything that it signs, and the logs the names of their checkpoints', () => {
    const root = TrustedRoot.fromJSON(sigstore.trustedRoot)
    const starts = [
      ...[...root.tlogs, ...root.ctlogs].map((it) => it.publicKey?.validFor?.start),
      ...[...root.certificateAuthorities, ...root.timestampAuthorities].map((it) => it.validFor?.start),
    ]
    expect(starts).toHaveLength(5)
    for (const start of starts) expect(start!.getTime()).toBeLessThan(fromNow(-23 * 3_600_000).getTime())
    expect(root.tlogs.map((it) => new URL(it.baseUrl).hostname)).toEqual([
      'rekor-v1.countersign.localhost',
      'rekor-v2.countersign.localhost',
    ])
    expect(JSON.stringify(sigstore.trustedRoot)).not.toContain('127.0.0.1')
    expect(sigstore.trustConfig).toEqual({
      mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json',
      trustedRoot: sigstore.trustedRoot,
      signingConfig: sigstore.signingConfig,
    })
  })

  it('reaches the TUF client, and what is new after a restart at the same address does too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-tuf-'))
    const state = join(folder, 'state')
    let now = new Date()
    let port = 0
    try {
      for (const rekor of ['v1', 'v2'] as const) {
        const local = await startLocalSigstore({ state, rekor, port, now: () => now })
        port = Number(new URL(local.url).port)
        const rootPath = join(folder, 'root.json')
        if (rekor === 'v1') await writeFile(rootPath, (await get(`${local.url}/tuf/1.root.json`)).text)
        const options = { mirrorURL: `${local.url}/tuf`, rootPath, cachePath: join(folder, 'cache'), forceInit: true }
        expect(TrustedRoot.toJSON(await getTrustedRoot(options))).toEqual(
          TrustedRoot.toJSON(TrustedRoot.fromJSON(local.trustedRoot)),
        )
        const client = await initTUF(options)
        expect(JSON.parse(await client.getTarget('signing_config.v0.2.json'))).toEqual(local.signingConfig)
        await local.close()
        now = new Date(now.getTime() + 5_000)
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('does not pass the TUF client with the root of another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-tuf-'))
    const other = await startLocalSigstore()
    try {
      const rootPath = join(folder, 'root.json')
      await writeFile(rootPath, (await get(`${other.url}/tuf/1.root.json`)).text)
      const options = { mirrorURL: `${sigstore.url}/tuf`, rootPath, cachePath: folder, forceInit: true, retry: 0 }
      await expect(getTrustedRoot(options)).rejects.toThrow()
    } finally {
      await other.close()
      await rm(folder, { recursive: true })
    }
  })
})
