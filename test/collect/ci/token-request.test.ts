/** The token of a provider that gives it on request: whom the bearer is sent to. What holds for every provider is in contracts/. */
import { describe, expect, test } from 'vitest'
import { requestToken } from '../../../src/collect/ci/token-request.ts'
import type { Environment } from '../../../src/platform/environment.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { github } from '../../../src/providers/github.ts'
import { loopback } from '../../world/loopback-server.ts'
import { steppedClock } from '../../world/stepped-clock.ts'

function ask(env: Environment, request: typeof fetch = fetch): Promise<string> {
  return requestToken(github, github.job!.token, { audience: 'sigstore' }, worldOf({ env, fetch: request }))
}

test('keeps what the token URL already asks for, and decides the audience itself', async () => {
  let query = ''
  const origin = await loopback((request, response) => {
    query = request.url ?? ''
    response.end('{"value":"t"}')
  })
  const env = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'b', ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/x?v=2&audience=other` }
  expect(await ask(env)).toBe('t')
  expect(query).toBe('/x?v=2&audience=sigstore')
})

/** How many requests are made for this job, which must fail. */
async function requestsOf(env: Environment): Promise<number> {
  let requests = 0
  const counting: typeof fetch = () => {
    requests += 1
    return Promise.resolve(Response.json({ value: 't' }))
  }
  await expect(ask(env, counting)).rejects.toMatchObject({ code: 'identity-request-failed' })
  return requests
}

test.each([
  'http://runner.example/token',
  'http://127.0.0.1.example/',
  'http://localhost.example/',
  'file:///etc/passwd',
])('never sends the bearer to %s', async (address) => {
  expect(await requestsOf({ ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'b', ACTIONS_ID_TOKEN_REQUEST_URL: address })).toBe(0)
})

test.each(['a b', 'a\nb', 'a\u0000', 'ä'])('never sends %j as a bearer', async (bearer) => {
  const env = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer, ACTIONS_ID_TOKEN_REQUEST_URL: 'https://runner.example' }
  expect(await requestsOf(env)).toBe(0)
})

test('does not take the bearer to where a redirect points', async () => {
  let leaked: string | undefined
  const elsewhere = await loopback((request, response) => {
    leaked = request.headers.authorization
    response.end('{"value":"t"}')
  })
  const origin = await loopback((_, response) => response.writeHead(307, { location: elsewhere }).end())
  const env = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'b', ACTIONS_ID_TOKEN_REQUEST_URL: origin }
  await expect(ask(env)).rejects.toMatchObject({ code: 'identity-request-failed' })
  expect(leaked).toBeUndefined()
})

describe('a token service', () => {
  type Answer = () => Promise<Response>

  const status =
    (code: number, headers: Record<string, string> = {}): Answer =>
    () =>
      Promise.resolve(new Response('{"value":"leaked"}', { status: code, headers }))
  const fault =
    (code: string): Answer =>
    () =>
      Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('secret'), { code }) }))
  const good: Answer = () => Promise.resolve(Response.json({ value: 'token' }))

  interface Asked {
    /** The token, or the failure. */
    readonly result: unknown
    readonly slept: readonly number[]
    readonly waits: readonly string[]
    readonly requests: number
  }

  /** What comes of a service that answers so at its first requests, and as at the last of them from then on. */
  async function asked(answers: readonly Answer[], retryBudget = 5_000): Promise<Asked> {
    const clock = steppedClock()
    const waits: string[] = []
    let requests = 0
    const world = worldOf({
      ...clock,
      env: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret', ACTIONS_ID_TOKEN_REQUEST_URL: 'https://runner.example/t' },
      fetch: () => (answers[(requests += 1) - 1] ?? answers.at(-1) ?? good)(),
      // The pauses are a tenth of the longest that they can be.
      random: () => 0.1,
      progress: (text, kind) => {
        if (kind === 'wait') waits.push(text)
      },
    })
    const wanted = { audience: 'sigstore', retryBudget }
    const result: unknown = await requestToken(github, github.job!.token, wanted, world).catch((it: unknown) => it)
    return { result, slept: clock.slept, waits, requests }
  }

  test.for<[string, Answer]>([
    ['refuses the connection', fault('ECONNREFUSED')],
    ['loses it', fault('UND_ERR_SOCKET')],
    ['is not found', fault('ENOTFOUND')],
    ['answers 500', status(500)],
    ['answers 503', status(503)],
    ['answers 429', status(429)],
    ['answers 408', status(408)],
  ])('that %s at first is asked again, and a line says so', async ([, answer]) => {
    const { result, slept, waits, requests } = await asked([answer, answer, good])
    expect([result, slept, requests]).toEqual(['token', [50, 100], 3])
    expect(waits).toHaveLength(2)
    expect(waits.map((line) => /^the GitHub Actions token service: .*; asked again (.*)$/.exec(line)?.[1])).toEqual([
      'in 0 s at the earliest',
      'in 0.1 s at the earliest',
    ])
  })

  test.for<[string, Answer]>([
    ['answers 400', status(400)],
    ['answers 401', status(401)],
    ['answers 404', status(404)],
    ['answers what is no token', () => Promise.resolve(Response.json({}))],
    ['has a certificate that does not hold', fault('CERT_HAS_EXPIRED')],
  ])('that %s is not asked again', async ([, answer]) => {
    const { result, slept, waits, requests } = await asked([answer, good])
    expect(result).toMatchObject({ code: 'identity-request-failed' })
    expect([slept, waits, requests]).toEqual([[], [], 1])
  })

  test('that stays out is not waited for beyond the budget, and never in silence', async () => {
    const { result, slept, waits, requests } = await asked([status(503)], 1_000)
    expect(result).toMatchObject({
      code: 'identity-request-failed',
      message: expect.stringMatching(/status 503, after 5 attempts in 1 s$/) as string,
    })
    expect([slept, waits.length, requests]).toEqual([[50, 100, 200, 400], 4, 5])
  })

  test('that asks for more time than there is gets no second request', async () => {
    const { result, slept, waits, requests } = await asked([status(429, { 'retry-after': '60' })])
    expect(result).toMatchObject({ code: 'identity-request-failed' })
    expect([slept, waits, requests]).toEqual([[], [], 1])
    const patient = await asked([status(429, { 'retry-after': '60' }), good], 90_000)
    expect([patient.result, patient.slept]).toEqual(['token', [60_000]])
  })
})
