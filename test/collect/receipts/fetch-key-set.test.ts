/** Key sets from an address: what a server can do wrong, and what somebody on the way can. */
import type { RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import { fetchKeySet } from '../../../src/collect/receipts/fetch-key-set.ts'
import { receiptVerifier } from '../../../src/collect/receipts/verifier.ts'
import { limits } from '../../../src/model/limits.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { closedOrigin, drip, endless, loopback } from '../../world/loopback-server.ts'
import { receiptClaims, receiptIssuer, receiptKey, sessionOfReceipt, signedJws } from '../../world/receipt.ts'
import { steppedClock } from '../../world/stepped-clock.ts'

const key = receiptKey()
const set = JSON.stringify({ keys: [key.jwk] })

/** The reason, or how many keys there are; with what was slept meanwhile. */
async function fetched(listener: RequestListener, clock = steppedClock()): Promise<unknown[]> {
  const origin = await loopback(listener)
  const keys = await fetchKeySet(`${origin}/jwks`, worldOf({ ...clock, random: () => 0.5 }))
  return [typeof keys === 'string' ? keys.replace(/\d{4,}/, 'N') : keys.length, ...clock.slept]
}

describe('a key set', () => {
  it('is had from its address', async () => {
    expect(await fetched((_, response) => void response.end(set))).toEqual([1])
  })

  it('is not looked for where another address is named', async () => {
    let asked = 0
    const elsewhere = await loopback((_, response) => {
      asked += 1
      response.end(set)
    })
    const redirect: RequestListener = (_, response) => void response.writeHead(302, { location: elsewhere }).end()
    expect(await fetched(redirect)).toEqual([expect.stringMatching(/a redirect, which is not followed/)])
    expect(asked).toBe(0)
  })

  it('is asked for again where the trouble passes, and no more than thrice', async () => {
    let asked = 0
    const later: RequestListener = (_, response) => {
      asked += 1
      if (asked < 3) response.writeHead(asked === 1 ? 500 : 429, { 'retry-after': '2' }).end('private text')
      else response.end(set)
    }
    expect(await fetched(later)).toEqual([1, 2_000, 2_000])
    asked = -9
    const [reason] = await fetched(later)
    expect([reason, asked]).toEqual([expect.stringMatching(/status 429$/), -6])
  })

  it('is not waited for beyond the budget', async () => {
    const later: RequestListener = (_, response) => void response.writeHead(503, { 'retry-after': '3600' }).end()
    expect(await fetched(later)).toEqual([expect.stringMatching(/status 503$/)])
  })

  it('that is refused is not asked for again', async () => {
    for (const status of [204, 301, 401, 404]) {
      const [reason, ...slept] = await fetched((_, response) => void response.writeHead(status).end())
      expect([reason, slept]).toEqual([expect.any(String), []])
    }
  })

  it('of a server that stalls, or drips, is given up', async () => {
    const stalled = steppedClock()
    expect(await fetched(() => stalled.advanceToTimeout(), stalled)).toEqual([
      expect.stringMatching(/none within 15 s/),
    ])
    const dripping = steppedClock()
    const slowly: RequestListener = (_, response) => drip(response, set, () => dripping.advance(1_000))
    expect(await fetched(slowly, dripping)).toEqual([expect.stringMatching(/none within 15 s/)])
  })

  it('that has no end is cut', async () => {
    let written = 0
    const endlessly: RequestListener = (_, response) => {
      const { socket } = response
      response.on('drain', () => (written = socket?.bytesWritten ?? written))
      endless(response)
    }
    expect(await fetched(endlessly)).toEqual([expect.stringMatching(/more than N bytes/)])
    expect(written).toBeLessThan(100 * limits.jwksBytes)
  })

  it.each([
    ['no JSON', '<html>'],
    ['no set', '{}'],
    ['a list', '[]'],
    ['keys that are none', '{"keys":["a"]}'],
    ['keys that are no list', '{"keys":{"length":1}}'],
    ['members twice', '{"keys":[],"keys":[]}'],
    ['too many keys', JSON.stringify({ keys: Array.from({ length: limits.jwksKeys + 1 }, () => ({})) })],
    ['nothing', ''],
  ])('that is %s is none', async (_, body) => {
    const [reason, ...slept] = await fetched((__, response) => void response.end(body))
    expect([reason, slept]).toEqual([expect.any(String), []])
    expect(reason).not.toContain('html')
  })

  it('of nobody, or behind a certificate that does not hold, is told as such', async () => {
    const world = worldOf({ ...steppedClock(), random: () => 0 })
    expect(await fetchKeySet(`${await closedOrigin()}/jwks`, world)).toMatch(/ECONNREFUSED/)
    let asked = 0
    const expired: typeof fetch = () => {
      asked += 1
      return Promise.reject(
        new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'CERT_HAS_EXPIRED' }) }),
      )
    }
    expect(await fetchKeySet('https://gateway.acme.example', worldOf({ ...steppedClock(), fetch: expired }))).toMatch(
      /CERT_HAS_EXPIRED/,
    )
    expect(asked).toBe(1)
  })
})

describe('receipts whose issuer has its keys at an address', () => {
  const receipts = ['r-1', 'r-2'].map((jti) =>
    Buffer.from(
      signedJws(
        key,
        receiptClaims((it) => (it['jti'] = jti)),
      ),
    ),
  )
  const verifier = (url: string, more: object = {}, asks = true): ReturnType<typeof receiptVerifier> =>
    receiptVerifier(
      receipts,
      [
        receiptIssuer([], { keys: { url } }),
        receiptIssuer([], { issuer: 'https://other.example', keys: { url: 'https://other.example' } }),
      ],
      { repository: 'https://github.com/acme/widget', asks },
      worldOf({ now: () => new Date('2026-02-02T00:00:00Z'), ...more }),
    )
  const sessions = new Map([[sessionOfReceipt, new Set(['claude-code'])]])

  it('ask for them once, and nobody else for anything', async () => {
    const asked: string[] = []
    const counting: typeof fetch = (url) => {
      asked.push(url as string)
      return Promise.resolve(new Response(set))
    }
    const answer = await verifier('https://gateway.acme.example/jwks', { fetch: counting })(sessions)
    expect([answer.receipts.length, answer.undecided, asked]).toEqual([
      ...[2, undefined, ['https://gateway.acme.example/jwks']],
    ])
  })

  it('are undecided where they cannot be had, or nobody is asked: neither good nor wrong', async () => {
    const world = { ...steppedClock(), fetch: () => Promise.resolve(new Response('', { status: 404 })) }
    const failed = await verifier('https://gateway.acme.example/jwks', world)(sessions)
    let asked = 0
    const refuse = { ...steppedClock(), fetch: () => ((asked += 1), Promise.reject(new Error('nobody is asked'))) }
    const offline = await verifier('https://gateway.acme.example/jwks', refuse, false)(sessions)
    expect(asked).toBe(0)
    for (const { receipts: held, refused, undecided } of [failed, offline]) {
      expect([held, refused, undecided]).toEqual([[], [], expect.stringContaining('https://gateway.acme.example: ')])
    }
  })

  it('ask for nothing where none is of a session that is claimed', async () => {
    const refuse = { fetch: () => Promise.reject(new Error('nobody is asked')) }
    const answer = await verifier('https://gateway.acme.example/jwks', refuse)(new Map())
    expect([answer.receipts, answer.refused.map((it) => it.code), answer.undecided]).toEqual([
      ...[[], ['receipt-unclaimed', 'receipt-unclaimed'], undefined],
    ])
  })
})
