/** The service for receipts over loopback: what it grants, and what people try who hold another token, or none. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { attemptAsync, CountersignError } from '../../src/errors.ts'
import { limits } from '../../src/model/limits.ts'
import { keyFileSigner } from '../../src/vouch/key-file.ts'
import type { ReceiptSigner } from '../../src/vouch/receipt-signer.ts'
import { startReceiptService } from '../../src/vouch/serve.ts'
import { verifyReceipts } from '../../src/vouch/verify-receipts.ts'
import { loopback } from '../world/loopback-server.ts'
import { hmacUnder, receiptKey } from '../world/receipt.ts'
import { schemaErrors } from '../world/published-schema.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import {
  ask,
  requested,
  runningService,
  serviceConfig,
  serviceFolder,
  vendorClaims,
  vendorKey,
  vendorSession,
  vendorToken,
} from '../world/vendor-token.ts'
import type { Config, Running, VendorClaims } from '../world/vendor-token.ts'

const first = (edit: (environment: Config['environments'][number]) => unknown): object =>
  serviceConfig((it) => edit(it.environments[0]!))
const by = (edit: (claims: VendorClaims) => unknown): string => vendorToken(vendorClaims(edit))
const now = Date.parse('2026-02-01T09:00:00Z') / 1_000

describe('a receipt for a token', () => {
  it('holds, says what the token proves, and names what its holder only said', async () => {
    const service = await runningService()
    const { status, text } = await ask(service)
    expect(status).toBe(201)
    const payload = decodeJwt(text.trim())
    expect(payload).toEqual({
      ...{ iss: 'https://receipts.acme.example', aud: 'git+https://github.com/acme/widget', sub: 'ann@example.org' },
      ...{ jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, iat: now },
      session: {
        ...{ id: vendorSession, tool: 'claude-code', models: [] },
        ...{ started_at: '2026-02-01T08:50:00Z', ended_at: '2026-02-01T09:00:00Z' },
      },
      ...{ commits: ['a'.repeat(40)], holder_said: ['aud', 'commits'] },
    })
    expect(schemaErrors('ai-session-receipt', payload)).toEqual([])
    expect(schemaErrors('receipt-request', requested)).toEqual([])
    expect(schemaErrors('receipt-service', serviceConfig())).toEqual([])

    const keys = await fetch(`${service.url}/.well-known/jwks.json`)
    writeFileSync(join(service.folder, 'keys.json'), await keys.text())
    writeFileSync(join(service.folder, 'receipts.txt'), text)
    const issuer = { issuer: 'https://receipts.acme.example', jwks: { file: 'keys.json' }, users: 'email' }
    writeFileSync(join(service.folder, 'issuers.yaml'), JSON.stringify({ version: 1, issuers: [issuer] }))
    const [report] = await verifyReceipts({
      ...{ receipts: ['receipts.txt'], receiptIssuers: 'issuers.yaml', session: vendorSession },
      ...{ repository: 'https://github.com/acme/widget', world: { cwd: service.folder } },
    })
    expect(report).toMatchObject({ outcome: 'pass', says: { holderSaid: ['aud', 'commits'] } })
  })

  it('is another one each time, under another name', async () => {
    const service = await runningService()
    const both = await Promise.all([ask(service), ask(service)])
    const names = both.map(({ text }) => decodeJwt(text.trim()).jti)
    expect(new Set(names).size).toBe(2)
  })

  it('has the id of who created the session where the operator says no more, also of a service', async () => {
    const service = await runningService(first((it) => delete it['subject']))
    expect(decodeJwt((await ask(service)).text).sub).toBe('user:user_01')
    const agent = by((it) => (it['act'] = { sub: 'agent:bot' }))
    expect(decodeJwt((await ask(service, agent)).text).sub).toBe('agent:bot')
    expect((await ask(await runningService(), agent)).code).toBe('user-unnamed')
  })

  it('begins when its token was issued, or earlier within what the operator takes on the word of its holder', async () => {
    const at = (startedAt: string): object => ({ ...requested, session: { ...requested.session, startedAt } })
    const strict = await runningService()
    expect((await ask(strict, undefined, at('2026-02-01T08:49:59Z'))).code).toBe('session-start-refused')
    expect((await ask(strict, undefined, at('2026-02-01T09:00:01Z'))).code).toBe('session-start-refused')
    expect((await ask(strict, undefined, at('yesterday'))).code).toBe('request-malformed')
    const lax = await runningService(first((it) => (it['startsBeforeSeconds'] = 60)))
    expect(decodeJwt((await ask(lax, undefined, at('2026-02-01T08:49:00Z'))).text)).toMatchObject({
      session: { started_at: '2026-02-01T08:49:00Z' },
      holder_said: ['aud', 'commits', 'session.started_at'],
    })
    expect((await ask(lax, undefined, at('2026-02-01T08:48:59Z'))).code).toBe('session-start-refused')
  })
})

describe('a token', () => {
  const header = (members: object): string => vendorToken(undefined, { header: members })
  const twice = JSON.stringify(vendorClaims()).replace('{', '{"sub":"ccr:session:other",')
  const fake = receiptKey('vendor-1')

  it.each<[string, string, string]>([
    ['without its prefix', vendorToken().slice('sk-ant-cc-'.length), 'token-malformed'],
    ['of a session that the vendor hosts', vendorToken().replace('-cc-', '-si-'), 'token-malformed'],
    ['that is none', 'sk-ant-cc-a.b', 'token-malformed'],
    ['with a claim twice', vendorToken(undefined, { payload: twice }), 'token-malformed'],
    ['with a prototype', vendorToken(undefined, { payload: '{"__proto__":{"iss":"ccr"}}' }), 'token-malformed'],
    ['that is too large', vendorToken(vendorClaims((it) => (it['x'] = 'x'.repeat(12_300)))), 'token-malformed'],
    ['of another issuer', by((it) => (it['iss'] = 'https://evil.example')), 'token-issuer-unknown'],
    ['of no issuer', by((it) => delete it['iss']), 'token-issuer-unknown'],
    ['for another environment', by((it) => (it['aud'] = ['anthropic-api', 'ccpool_other'])), 'token-audience-mismatch'],
    ['for an audience that has the name in it', by((it) => (it['aud'] = 'ccpool_01234')), 'token-audience-mismatch'],
    ['without a signature', header({ alg: 'none' }), 'token-header-refused'],
    ['under an HMAC', vendorToken(undefined, { header: { alg: 'HS256' }, sign: (it) => hmacUnder(vendorKey, it) }), 'token-header-refused'], // prettier-ignore
    ['with a key of its own', header({ jwk: fake.jwk }), 'token-header-refused'],
    ['with the address of a key', header({ jku: 'https://evil.example/jwks' }), 'token-header-refused'],
    ['with the address of a certificate', header({ x5u: 'https://evil.example/x' }), 'token-header-refused'],
    ['with something critical', header({ crit: ['b64'], b64: false }), 'token-header-refused'],
    ['without the name of a key', header({ kid: 1 }), 'token-header-refused'],
    ['under a key that is not in the set', header({ kid: 'other' }), 'token-signature-invalid'],
    ['signed by somebody else', vendorToken(undefined, {}, fake), 'token-signature-invalid'],
    ['that has expired', by((it) => (it['exp'] = now - 31)), 'token-expired'],
    ['without an end', by((it) => delete it['exp']), 'token-claims-refused'],
    ['older than any', by((it) => (it['iat'] = now - 8 * 3_600 - 31)), 'token-expired'],
    ['of the future', by((it) => (it['iat'] = now + 31)), 'token-not-yet-valid'],
    ['that is not valid yet', by((it) => (it['nbf'] = now + 31)), 'token-not-yet-valid'],
    ['of a runner', by((it) => (it['ccr:role'] = 'runner')), 'token-claims-refused'],
    ['of another environment within', by((it) => (it['ccr:pool_id'] = 'ccpool_other')), 'token-claims-refused'],
    ['whose subject is another session', by((it) => (it['sub'] = 'ccr:session:other')), 'token-claims-refused'],
    ['without a creator', by((it) => delete it['act']), 'token-claims-refused'],
    ['with a creator of no kind', by((it) => (it['act'] = { sub: 'ccr:runner:1' })), 'token-claims-refused'],
  ])('%s is refused', async (_, token, code) => {
    const service = await runningService()
    const asked = await ask(service, token)
    expect([asked.status, asked.code]).toEqual([401, code])
    leaks(service, asked.text, token)
  })

  it('at the edge of its time is good', async () => {
    const service = await runningService()
    expect(
      (
        await ask(
          service,
          by((it) => (it['exp'] = now - 29)),
        )
      ).status,
    ).toBe(201)
    expect(
      (
        await ask(
          service,
          by((it) => (it['iat'] = now + 29)),
        )
      ).status,
    ).toBe(201)
  })

  it('is taken from its header alone, and from one', async () => {
    const service = await runningService()
    expect((await ask(service, undefined, requested, `/v1/receipts?token=${vendorToken()}`)).code).toBe('query-refused')
    const response = await fetch(`${service.url}/v1/receipts`, { method: 'POST', body: JSON.stringify(requested) })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect((await ask(service, undefined, { ...requested, token: vendorToken() })).code).toBe('request-malformed')
    const { port } = new URL(service.url)
    const bearer = `authorization: Bearer ${vendorToken()}\r\n`
    const body = JSON.stringify(requested)
    const head = `POST /v1/receipts HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${body.length}\r\n`
    expect(await raw(Number(port), `${head}${bearer}${bearer}\r\n${body}`)).toContain('"token-missing"')
    leaks(service, '', vendorToken())
  })
})

describe('a request', () => {
  const session = requested.session
  it.each<[string, unknown, string]>([
    ['for another session', { ...requested, session: { ...session, id: 'session_02' } }, 'session-mismatch'],
    ['for another spelling of it', { ...requested, session: { ...session, id: 'cse_01ABCdef' } }, 'session-mismatch'],
    ['for another tool', { ...requested, session: { ...session, tool: 'codex' } }, 'session-mismatch'],
    ['for another repository', { ...requested, repository: 'https://github.com/acme/other' }, 'repository-refused'],
    [
      'for one below',
      { ...requested, repository: 'https://evil.example/github.com/acme/widget' },
      'repository-refused',
    ],
    ['with 39 digits', { ...requested, commits: ['a'.repeat(39)] }, 'request-malformed'],
    ['with capitals', { ...requested, commits: ['A'.repeat(40)] }, 'request-malformed'],
    ['with no commit', { ...requested, commits: [] }, 'request-malformed'],
    ['with many', { ...requested, commits: Array.from({ length: 501 }, () => 'a'.repeat(40)) }, 'request-malformed'],
    ['with one more member', { ...requested, aud: 'x' }, 'request-malformed'],
    ['with a member twice', JSON.stringify(requested).replace('{', '{"repository":"x",'), 'request-malformed'],
    ['with a prototype', JSON.stringify(requested).replace('{', '{"__proto__":{},'), 'request-malformed'],
    ['that is a list', '[]', 'request-malformed'],
    ['that is nothing', '', 'request-malformed'],
    ['that is too large', ' '.repeat(limits.exchangeBytes + 1), 'request-too-large'],
  ])('%s is refused', async (_, body, code) => {
    const service = await runningService()
    const asked = await ask(service, undefined, body)
    expect(asked.code).toBe(code)
    leaks(service, asked.text, vendorToken())
  })

  it('for most commits of most digits comes back as a receipt that can be read', async () => {
    const commits = Array.from({ length: limits.exchangeCommits }, (_, at) => at.toString(16).padStart(64, '0'))
    expect((await ask(await runningService(), undefined, { ...requested, commits })).status).toBe(201)
  })

  it('may spell a session otherwise where the operator says so', async () => {
    const service = await runningService(first((it) => (it['sessionPrefixes'] = ['session_', 'cse_'])))
    const named = (id: string): object => ({ ...requested, session: { ...session, id } })
    expect(decodeJwt((await ask(service, undefined, named('cse_01ABCdef'))).text)).toMatchObject({
      session: { id: 'cse_01ABCdef' },
    })
    for (const id of ['01ABCdef', 'x_01ABCdef', 'cse_01ABCdeg']) {
      expect((await ask(service, undefined, named(id))).code).toBe('session-mismatch')
    }
  })

  it('that says nothing of its length is cut where it is too large', async () => {
    const service = await runningService()
    const { port } = new URL(service.url)
    const chunk = `${limits.exchangeBytes.toString(16)}\r\n${' '.repeat(limits.exchangeBytes)}\r\n`
    const head = `POST /v1/receipts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\ntransfer-encoding: chunked\r\n\r\n`
    expect(await raw(Number(port), `${head}${chunk}2\r\n  \r\n`)).toContain('"request-too-large"')
  })

  it('for another address or by another method is told so', async () => {
    const { url } = await runningService()
    const answer = async (path: string, method: string): Promise<unknown[]> => {
      const response = await fetch(`${url}${path}`, { method })
      const { code } = (await response.json()) as { code?: string }
      return [response.status, code]
    }
    expect(await answer('/healthz', 'GET')).toEqual([200, undefined])
    expect(await answer('/', 'GET')).toEqual([404, 'not-found'])
    expect(await answer('/constructor', 'GET')).toEqual([404, 'not-found'])
    expect(await answer('/v1/receipts', 'GET')).toEqual([405, 'method-refused'])
    expect(await answer('/healthz', 'DELETE')).toEqual([405, 'method-refused'])
  })

  it('too often for one session has to wait, and takes nothing from another one', async () => {
    const clock = steppedClock(new Date(now * 1_000))
    const service = await runningService(undefined, { world: clock })
    for (let times = 0; times < limits.exchangesPerSession; times += 1) expect((await ask(service)).status).toBe(201)
    expect((await ask(service)).code).toBe('rate-limited')
    const other = by((it) => Object.assign(it, { 'ccr:session_id': 'session_02', sub: 'ccr:session:session_02' }))
    const named = { ...requested, session: { ...session, id: 'session_02' } }
    expect((await ask(service, other, named)).status).toBe(201)
    clock.advance(limits.exchangeWindow)
    expect((await ask(service)).status).toBe(201)
  })
})

describe('keys of a vendor', () => {
  const at = (url: string): object => first((it) => (it['jwks'] = { url }))

  it('are asked for once, kept, and asked for again where a token has another key', async () => {
    const clock = steppedClock(new Date(now * 1_000))
    let [asked, keys] = [0, [vendorKey.jwk]]
    const url = await loopback((_, response) => {
      asked += 1
      response.end(JSON.stringify({ keys }))
    })
    const service = await runningService(at(`${url}/jwks`), { world: clock })
    expect((await Promise.all([ask(service), ask(service)])).map(({ status }) => status)).toEqual([201, 201])
    expect(asked).toBe(1)
    const next = receiptKey('vendor-2')
    const rotated = vendorToken(undefined, {}, next)
    expect((await ask(service, rotated)).code).toBe('token-signature-invalid')
    expect(asked).toBe(1)
    clock.advance(limits.vendorKeysPause)
    keys = [next.jwk]
    expect((await ask(service, rotated)).status).toBe(201)
    expect(asked).toBe(2)
    // The old one is gone from the set, and another key may not take its name.
    clock.advance(limits.vendorKeysPause)
    expect((await ask(service)).code).toBe('token-signature-invalid')
  })

  it('that were swapped under one name count as soon as the kept ones are old', async () => {
    const clock = steppedClock(new Date(now * 1_000))
    let keys = [vendorKey.jwk]
    const url = await loopback((_, response) => void response.end(JSON.stringify({ keys })))
    const service = await runningService(at(url + '/jwks'), { world: clock })
    expect((await ask(service)).status).toBe(201)
    keys = [receiptKey('vendor-1').jwk]
    clock.advance(limits.vendorKeysKept)
    expect((await ask(service)).code).toBe('token-signature-invalid')
  })

  it('that lie behind a redirect, or do not come, are no keys; and old ones are not used in their place', async () => {
    const clock = steppedClock(new Date(now * 1_000))
    let [asked, answer] = [0, 'keys']
    let elsewhere = 0
    const other = await loopback((_, response) => {
      elsewhere += 1
      response.end(JSON.stringify({ keys: [vendorKey.jwk] }))
    })
    const url = await loopback((_, response) => {
      asked += 1
      if (answer === 'keys') response.end(JSON.stringify({ keys: [vendorKey.jwk] }))
      else if (answer === 'redirect') response.writeHead(302, { location: other }).end()
      // It stalls: nothing comes, and time goes by.
      else clock.advanceToTimeout()
    })
    const service = await runningService(at(`${url}/jwks`), { world: { ...clock, random: () => 0.5 } })
    expect((await ask(service)).status).toBe(201)
    clock.advance(limits.vendorKeysKept)
    answer = 'redirect'
    expect((await ask(service)).code).toBe('vendor-keys-unavailable')
    expect([asked, elsewhere]).toEqual([2, 0])
    expect((await ask(service)).code).toBe('vendor-keys-unavailable')
    expect(asked).toBe(2)
    clock.advance(limits.vendorKeysPause)
    answer = 'stall'
    const stalled = await ask(service)
    expect([stalled.status, stalled.code]).toEqual([503, 'vendor-keys-unavailable'])
    leaks(service, stalled.text, vendorToken())
  })

  it('are asked of nobody before the token is of an environment that is taken', async () => {
    let asked = 0
    const url = await loopback((_, response) => {
      asked += 1
      response.end('{}')
    })
    const service = await runningService(at(`${url}/jwks`))
    await ask(
      service,
      by((it) => (it['iss'] = url)),
    )
    await ask(
      service,
      by((it) => (it['aud'] = 'ccpool_other')),
    )
    await ask(service, vendorToken(undefined, { header: { jku: url } }))
    expect(asked).toBe(0)
  })
})

describe('trouble of its own', () => {
  const failing = async (thrown: Error): Promise<Running> => {
    const good = await keyFileSigner(join(serviceFolder(), 'key.pem'))
    return runningService(undefined, { signer: { ...good, sign: () => Promise.reject(thrown) } })
  }

  it('is told without a word of what it was', async () => {
    const token = vendorToken()
    const signer = await failing(new CountersignError('receipt-signer-failed', `it was given ${token}`))
    const defect = await failing(new Error(`defect with ${token}`))
    for (const [service, code, status] of [
      [signer, 'signer-failed', 503],
      [defect, 'internal', 500],
    ] as const) {
      const asked = await ask(service)
      expect([asked.status, asked.code]).toEqual([status, code])
      leaks(service, asked.text, token)
    }
  })

  it('of too many requests at once is the trouble of the latest', async () => {
    const { signer, begun, release } = await heldSigner()
    const service = await runningService(undefined, { signer })
    const held = Array.from({ length: limits.exchanges }, (_, index) => {
      const id = `session_${String(index)}`
      const token = by((it) => Object.assign(it, { 'ccr:session_id': id, sub: `ccr:session:${id}` }))
      return ask(service, token, { ...requested, session: { id, tool: 'claude-code' } })
    })
    await begun(limits.exchanges)
    expect((await ask(service)).code).toBe('busy')
    release()
    expect((await Promise.all(held)).every(({ status }) => status === 201)).toBe(true)
    expect((await ask(service)).status).toBe(201)
  })
})

describe('a client that is slow', () => {
  it.each([
    ['with its headers', 'POST /v1/receipts HTTP/1.1\r\nhost: x\r\n'],
    ['with its body', `POST /v1/receipts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\ncontent-length: 9\r\n\r\n{`],
  ])('%s is cut off', async (_, beginning) => {
    const service = await runningService(undefined, { patience: { headers: 40, request: 40 } })
    // Resolves when the other side ends it, and at nothing else.
    expect(await raw(Number(new URL(service.url).port), beginning)).not.toContain('201')
  })
})

describe('the end', () => {
  it('lets an open request finish, takes no other one, and frees the port', async () => {
    const { signer, begun, release } = await heldSigner()
    const service = await runningService(undefined, { signer, patience: { grace: 60_000 } })
    const open = ask(service)
    await begun(1)
    const closed = service.close()
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow()
    release()
    expect((await open).status).toBe(201)
    await closed
    await service.close()
    expect(service.logged()).toContain('"stopped"')
  })

  it('comes for who does not finish', async () => {
    const clock = steppedClock(new Date(now * 1_000))
    const service = await runningService(undefined, { world: clock, patience: { grace: 5_000 } })
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    socket.write('POST /v1/receipts HTTP/1.1\r\n')
    // Of the same server: what was written before has arrived.
    await fetch(`${service.url}/healthz`)
    const cut = once(socket, 'close')
    const closed = service.close()
    clock.advance(5_000)
    await Promise.all([cut, closed])
  })
})

describe('a configuration', () => {
  const codeOf = async (config: object, listen = { host: '127.0.0.1', port: 0 }): Promise<string> => {
    const folder = serviceFolder(config)
    writeFileSync(join(folder, 'old.jwk'), JSON.stringify({ ...receiptKey('x').jwk, kid: 'own-1' }))
    const signer = await keyFileSigner(join(folder, 'key.pem'), 'own-1')
    const started = await attemptAsync(() =>
      startReceiptService({ serviceConfig: join(folder, 'service.yaml'), signer, listen }),
    )
    if (started instanceof CountersignError) return started.code
    await started.close()
    return 'good'
  }

  it.each<[string, object]>([
    ['of an unknown vendor', first((it) => (it['vendor'] = 'constructor'))],
    ['for an audience that every token has', first((it) => (it['audience'] = 'anthropic-api'))],
    ['with keys in the clear', first((it) => (it['jwks'] = { url: 'http://api.example/jwks' }))],
    ['with an issuer that is no URL', serviceConfig((it) => (it['issuer'] = 'receipts'))],
    ['without a repository', first((it) => (it['repositories'] = []))],
    ['with a repository that is none', first((it) => (it['repositories'] = ['x']))],
    ['with an environment twice', serviceConfig((it) => it.environments.push(it.environments[0]!))],
    ['with a member that is none', serviceConfig((it) => (it['jku'] = 'x'))],
    ['with two keys of one name', serviceConfig((it) => (it['publishedKeys'] = [{ file: 'old.jwk' }]))],
  ])('%s is refused', async (_, config) => {
    expect(await codeOf(config)).toBe('receipt-service-malformed')
  })

  it('with an address that is taken is refused as well', async () => {
    const { url } = await runningService()
    const { port } = new URL(url)
    expect(await codeOf(serviceConfig(), { host: '127.0.0.1', port: Number(port) })).toBe('service-unavailable')
    expect(await codeOf(serviceConfig())).toBe('good')
  })

  it('publishes the keys before this one beside it', async () => {
    const folder = serviceFolder(serviceConfig((it) => (it['publishedKeys'] = [{ file: 'old.jwk', kid: 'old' }])))
    writeFileSync(join(folder, 'old.jwk'), JSON.stringify(receiptKey('x').jwk))
    const signer = await keyFileSigner(join(folder, 'key.pem'), 'own-1')
    const service = await startReceiptService({ serviceConfig: join(folder, 'service.yaml'), signer })
    const { keys } = (await (await fetch(`${service.url}/.well-known/jwks.json`)).json()) as { keys: object[] }
    await service.close()
    expect(keys).toMatchObject([{ kid: 'own-1' }, { kid: 'old' }])
    expect(keys.some((it) => 'd' in it)).toBe(false)
  })
})

describe('the log', () => {
  it('has codes and digests, and nothing of who it was', async () => {
    const service = await runningService()
    await ask(service)
    const [, line = ''] = service.logged().split('\n')
    expect(JSON.parse(line)).toMatchObject({ event: 'request', method: 'POST', path: '/v1/receipts', status: 201 })
    leaks(service, '', vendorToken())
    await fetch(`${service.url}/ann@example.org/${vendorSession}`)
    expect(service.logged()).not.toMatch(/ann@example|session_01|acme|aaaaaaaa|user_01/)
  })
})

/** Neither token nor any part of it that is a secret stands in the answer or in the log. */
function leaks(service: Running, text: string, token: string): void {
  for (const part of [token, ...token.split('.').filter((it) => it.length > 10)]) {
    expect(text).not.toContain(part)
    expect(service.logged()).not.toContain(part)
  }
  expect(`${text}${service.logged()}`).not.toContain('sk-ant-')
}

/** A signer that waits until it is let go. */
async function heldSigner(): Promise<{
  readonly signer: ReceiptSigner
  readonly begun: (times: number) => Promise<void>
  readonly release: () => void
}> {
  const good = await keyFileSigner(join(serviceFolder(), 'key.pem'))
  const { promise: released, resolve } = Promise.withResolvers<undefined>()
  let times = 0
  const waiting: (() => void)[] = []
  return {
    signer: {
      ...good,
      async sign(input) {
        times += 1
        waiting.forEach((it) => it())
        await released
        return good.sign(input)
      },
    },
    begun: (most) =>
      new Promise((resolve) => {
        const look = (): void => (times >= most ? resolve() : undefined)
        waiting.push(look)
        look()
      }),
    release: () => resolve(undefined),
  }
}

/** Bytes on a connection, and what came until the other side ended it. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined)
  let answer = ''
  socket.on('data', (part) => (answer += part.toString('latin1')))
  socket.write(text)
  await once(socket, 'close')
  return answer
}
