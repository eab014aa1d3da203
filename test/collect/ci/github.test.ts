import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { github } from '../../../src/collect/ci/github.ts'
import type { Environment } from '../../../src/collect/ci/row.ts'
import { limits } from '../../../src/model/limits.ts'
import { loopback } from '../../world/loopback-server.ts'

const audience = 'sigstore'

test('keeps what the token URL already asks for, and decides the audience itself', async () => {
  let query = ''
  const origin = await loopback((request, response) => {
    query = request.url ?? ''
    response.end('{"value":"t"}')
  })
  const env = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'b', ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/x?v=2&audience=other` }
  expect(await github.requestToken({ env, fetch, audience })).toBe('t')
  expect(query).toBe('/x?v=2&audience=sigstore')
})

/** How many requests are made for this job, which must fail. */
async function requestsOf(env: Environment): Promise<number> {
  let requests = 0
  const counting: typeof fetch = () => {
    requests += 1
    return Promise.resolve(Response.json({ value: 't' }))
  }
  await expect(github.requestToken({ env, fetch: counting, audience })).rejects.toMatchObject({
    code: 'identity-request-failed',
  })
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
  await expect(github.requestToken({ env, fetch, audience })).rejects.toMatchObject({ code: 'identity-request-failed' })
  expect(leaked).toBeUndefined()
})

async function inputsOf(event: string, env: Environment = {}): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-event-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'event.json')
  await writeFile(path, event)
  const job = { GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_EVENT_PATH: path, ...env }
  return await github.inputs?.({ env: job, fetch, audience })
}

test('reads the inputs of a dispatched run as text', async () => {
  const inputs = { version: '1.2.3', dry: false, count: 3, none: null, '': 'x', constructor: 'y' }
  expect(await inputsOf(JSON.stringify({ inputs }))).toEqual({
    version: '1.2.3',
    dry: 'false',
    count: '3',
    '': 'x',
    constructor: 'y',
  })
})

test('tells a dispatched run without inputs from a run that was not dispatched', async () => {
  expect(await inputsOf('{"inputs":null}')).toEqual({})
  expect(await inputsOf('{"inputs":{"a":"b"}}', { GITHUB_EVENT_NAME: 'push' })).toBeUndefined()
})

test('does not pass over the inputs when their file is broken', async () => {
  await expect(inputsOf('{"inputs":{"a":"b","a":"c"}}')).rejects.toMatchObject({ code: 'json-duplicate-key' })
  await expect(inputsOf('{"inputs":{"__proto__":"b"}}')).rejects.toMatchObject({ code: 'json-forbidden-key' })
  await expect(inputsOf('<html>')).rejects.toMatchObject({ code: 'json-malformed' })
  await expect(inputsOf('{}', { GITHUB_EVENT_PATH: '' })).rejects.toMatchObject({ code: 'input-unreadable' })
  await expect(inputsOf('{}', { GITHUB_EVENT_PATH: '/nowhere' })).rejects.toMatchObject({ code: 'path-missing' })
  await expect(inputsOf(' '.repeat(limits.eventBytes + 1))).rejects.toMatchObject({ code: 'input-too-large' })
})
