/** The token of a provider that gives it on request: whom the bearer is sent to. What holds for every provider is in contracts/. */
import { expect, test } from 'vitest'
import { requestToken } from '../../../src/collect/ci/token-request.ts'
import type { Environment } from '../../../src/platform/environment.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { github } from '../../../src/providers/github.ts'
import { loopback } from '../../world/loopback-server.ts'

function ask(env: Environment, request: typeof fetch = fetch): Promise<string> {
  return requestToken(github, github.job!.token, 'sigstore', worldOf({ env, fetch: request }))
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
