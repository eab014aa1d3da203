/** What is told of a network's failures: names from a closed vocabulary, and nothing of what was asked or answered. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isLoopback, isSecure, isTimeout, networkReason, readBody, seconds } from '../../src/platform/http.ts'
import { closedOrigin, endless, loopback } from '../world/loopback-server.ts'
import { ownCertificate, pemOf } from '../world/own-certificates.ts'
import { runs } from '../world/runs.ts'
import { steppedClock } from '../world/stepped-clock.ts'

const secret = 'secret+4f1c'

/** What fetch throws for this request, which carries the secret wherever a request can. */
async function thrownBy(origin: string, init: RequestInit = {}): Promise<unknown> {
  const headers = { authorization: `Bearer ${secret}` }
  try {
    const response = await fetch(`${origin}/${secret}?${secret}`, { headers, ...init })
    await response.arrayBuffer()
  } catch (thrown) {
    return thrown
  }
  throw new Error('it was answered')
}

describe('why a request failed is told by a name:', () => {
  test('a time that is over', async () => {
    const clock = steppedClock()
    const origin = await loopback(() => clock.advance(400))
    const thrown = await thrownBy(origin, { signal: clock.timeout(400) })
    expect(isTimeout(thrown)).toBe(true)
    expect(networkReason(thrown, 400)).toBe('none within 0.4 s')
  })

  test('a time that is over within the body', async () => {
    const clock = steppedClock()
    const origin = await loopback((_, response) => response.write(secret, () => clock.advance(1_000)))
    expect(networkReason(await thrownBy(origin, { signal: clock.timeout(1_000) }), 1_000)).toBe('none within 1 s')
  })

  test('a port where nobody listens', async () => {
    expect(networkReason(await thrownBy(await closedOrigin()), 1)).toBe('ECONNREFUSED')
  })

  test('a certificate that nobody vouches for', async () => {
    const { der, privateKey } = ownCertificate()
    const key = privateKey.export({ format: 'pem', type: 'pkcs8' })
    const server = createServer({ key, cert: pemOf(der) }, (_, response) => response.end(secret))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(networkReason(await thrownBy(origin), 1)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  })

  test('a redirect, where none is followed', async () => {
    const origin = await loopback((_, response) => response.writeHead(302, { location: `/${secret}` }).end())
    const reason = networkReason(await thrownBy(origin, { redirect: 'error' }), 1)
    expect(reason).toBe('a redirect, which is not followed')
  })

  test('a connection that is cut', async () => {
    const origin = await loopback((request) => request.socket.destroy())
    expect(networkReason(await thrownBy(origin), 1)).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/)
  })

  test.each<[string, string, RequestInit]>([
    ['a header that is none', 'http://127.0.0.1:9', { headers: { authorization: `${secret}\n` } }],
    ['an address that is none', `http://${secret} .example`, {}],
    ['an address with a password', `http://user:${secret}@127.0.0.1:9`, {}],
    ['a scheme that is none', `${secret}://x`, {}],
    ['a port that is closed to browsers', 'http://127.0.0.1:25', {}],
  ])('nothing is told of %s', async (_, origin, init) => {
    expect(networkReason(await thrownBy(origin, init), 1)).toMatch(/^(unknown reason|ERR_[A-Z_]+)$/)
  })

  test.each([
    'ENOTFOUND',
    'CERT_HAS_EXPIRED',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'EPIPE',
  ])('%s, where it stands on the cause', (code) => {
    const cause = Object.assign(new Error(`${code}: ${secret}`), { code })
    expect(networkReason(new TypeError(`fetch failed for ${secret}`, { cause }), 1)).toBe(code)
    expect(networkReason(cause, 1)).toBe(code)
  })

  const vocabulary =
    /^(none within \d+(\.\d)? s|a redirect, which is not followed|unknown reason|[A-Z][A-Z0-9_]{1,60})$/
  test('whatever is thrown, it is of the vocabulary', () => {
    const text = fc.string().map((it) => `${it} ${secret}`)
    const error = fc
      .record({ message: text, name: fc.oneof(text, fc.constant('TimeoutError')), code: fc.oneof(text, fc.anything()) })
      .map(({ message, name, code }) => Object.assign(new Error(message), { name, code }))
    const thrown = fc.oneof(
      error,
      fc.tuple(text, error).map(([message, cause]) => new TypeError(message, { cause })),
      fc.anything(),
    )
    fc.assert(
      fc.property(thrown, fc.nat(1_000_000), (it, timeout) => {
        const reason = networkReason(it, timeout)
        expect(reason).toMatch(vocabulary)
        expect(reason).not.toContain(secret)
      }),
      { numRuns: runs(1_000) },
    )
  })
})

describe('the body of an answer', () => {
  const tooLong = (): Error => new Error('too long')

  test('is read whole, up to its bound and not a byte more', async () => {
    const answer = (): Response => new Response('abc'.repeat(1_000))
    expect(Buffer.from(await readBody(answer(), 3_000, tooLong)).toString()).toBe('abc'.repeat(1_000))
    await expect(readBody(answer(), 2_999, tooLong)).rejects.toThrow('too long')
    expect(await readBody(new Response(null, { status: 204 }), 0, tooLong)).toHaveLength(0)
  })

  test('is not read on beyond that: one without end is cut off', async () => {
    const cut = Promise.withResolvers<unknown>()
    const origin = await loopback((_, response) => {
      response.on('close', cut.resolve)
      endless(response)
    })
    await expect(readBody(await fetch(origin), 100_000, tooLong)).rejects.toThrow('too long')
    await cut.promise
  })
})

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['localhost.example', false],
  ['127.0.0.1.example', false],
  ['128.0.0.1', false],
  ['[::2]', false],
  ['', false],
])('%j is this machine: %s', (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected)
})

test.each([
  ['https://a.example/x?y#z', true],
  ['http://127.0.0.1:8080/', true],
  ['http://localhost', true],
  ['http://0x7f.1', true], // the parser makes it 127.0.0.1
  ['http://a.example', false],
  ['http://localhost.example', false],
  ['https://user@a.example', false],
  ['https://:password@a.example', false],
  ['http://user:password@localhost', false],
  ['ftp://localhost', false],
  ['file:///etc/passwd', false],
])('a secret may go to %s: %s', (url, expected) => {
  expect(isSecure(new URL(url))).toBe(expected)
})

test.each([
  [400, '0.4 s'],
  [1_000, '1 s'],
  [1_500, '1.5 s'],
  [30_000, '30 s'],
  [0, '0 s'],
])('%i milliseconds are %s', (milliseconds, text) => {
  expect(seconds(milliseconds)).toBe(text)
})
