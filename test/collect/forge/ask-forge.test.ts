/** A forge that is asked, and one that lies, stalls, floods, limits, or leads elsewhere. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forgeAddress } from '../../../src/collect/forge/api-address.ts'
import { openForge } from '../../../src/collect/forge/ask-forge.ts'
import { openAsking } from '../../../src/collect/forge/asking.ts'
import type { ForgeAnswers } from '../../../src/collect/forge/row.ts'
import { limits } from '../../../src/model/limits.ts'
import { worldOf } from '../../../src/platform/world.ts'
import type { World } from '../../../src/platform/world.ts'
import { closedOrigin, endless, loopback } from '../../world/loopback-server.ts'
import { steppedClock } from '../../world/stepped-clock.ts'
import type { SteppedClock } from '../../world/stepped-clock.ts'

const token = 'invented-token-0123456789'
const id = (digit: string): string => digit.repeat(40)
const [first, second, third, fourth] = [id('1'), id('2'), id('3'), id('4')]
const head = id('a')

const pull = (number: unknown, more: object = {}): object => ({
  ...{
    number,
    merged_at: '2026-01-02T03:04:05Z',
    merge_commit_sha: id('f'),
    head: { sha: head },
    title: 'secret title',
  },
  ...more,
})

interface Heard {
  readonly answers: ForgeAnswers
  readonly urls: readonly string[]
  readonly clock: SteppedClock
  /** All that a person or a statement could be told. */
  readonly said: string
}

type Answer = (request: IncomingMessage, response: ServerResponse, at: number, clock: SteppedClock) => void

/** Asks a server, which answers each question in its turn. */
async function heard(
  answer: Answer,
  changes: readonly string[] = [first],
  version: 'v3' | 'v4' = 'v3',
): Promise<Heard> {
  const clock = steppedClock(new Date('2026-01-01T00:00:00Z'))
  const urls: string[] = []
  const origin = await loopback((request, response) => {
    urls.push(request.url ?? '')
    answer(request, response, urls.length, clock)
  })
  return { ...(await asked(origin, changes, version, { ...clock })), urls, clock }
}

async function asked(
  origin: string,
  changes: readonly string[],
  version: 'v3' | 'v4',
  world: Partial<World>,
): Promise<Pick<Heard, 'answers' | 'said'>> {
  const said: string[] = []
  const whole = worldOf({
    random: () => 0,
    ...world,
    progress: (text) => said.push(text),
    warn: (text) => said.push(text),
  })
  const address = forgeAddress(`${origin}/acme/widget`, `${origin}/api/${version}`)
  const asking = openAsking({ api: address.api, headers: address.row.headers }, token, whole)
  const forge = openForge(address, asking, whole)
  if (forge === undefined) throw new Error('this forge says it')
  const answers = await forge.ask(changes)
  return { answers, said: JSON.stringify([said, answers.failure]) }
}

const json = (response: ServerResponse, body: unknown): void => void response.end(JSON.stringify(body))

function status(response: ServerResponse, code: number, headers: Record<string, string> = {}): void {
  response.writeHead(code, headers).end(JSON.stringify({ message: `refused ${token}` }))
}

describe('a forge', () => {
  test('of GitHub says by which pull requests a change was merged, the one that became it first', async () => {
    const list = [
      pull(1, { merged_at: null }),
      ...[pull(2), pull(3), pull(4), pull(12, { merge_commit_sha: first, head: { sha: id('b') } })],
    ]
    let headers: IncomingMessage['headers'] = {}
    const { answers, urls } = await heard((request, response) => {
      headers = request.headers
      json(response, list)
    })
    expect(answers.failure).toBeUndefined()
    expect(answers.requests.get(first)).toEqual([
      { name: '#12', head: id('b') },
      { name: '#2', head },
      { name: '#3', head },
    ])
    expect(urls).toEqual([`/api/v3/repos/acme/widget/commits/${first}/pulls?per_page=30&page=1`])
    expect(headers).toMatchObject({
      ...{ authorization: `Bearer ${token}`, 'user-agent': 'countersign', accept: 'application/vnd.github+json' },
    })
  })

  test('of GitLab says by which merge requests', async () => {
    const request = { iid: 7, state: 'merged', sha: head, squash_commit_sha: first, merge_commit_sha: null }
    const { answers, urls } = await heard(
      (_, response) => json(response, [{ ...request, iid: 6, state: 'opened' }, request]),
      [first],
      'v4',
    )
    expect(answers.requests.get(first)).toEqual([{ name: '!7', head }])
    expect(urls).toEqual([
      `/api/v4/projects/acme%2Fwidget/repository/commits/${first}/merge_requests?per_page=30&page=1`,
    ])
  })

  test('that says none is known to have none', async () => {
    const { answers } = await heard((_, response) => json(response, []), [first, second])
    expect(answers).toEqual({ requests: new Map([first, second].map((it) => [it, []])), failure: undefined })
  })

  const many = Array.from({ length: 30 }, (_, at) => pull(at + 1))

  test('is asked for a further page, and not where the request itself was named', async () => {
    const became = pull(99, { merge_commit_sha: first })
    const { answers, urls } = await heard((_, response, at) => json(response, at === 1 ? many : [became]))
    expect(answers.requests.get(first)?.[0]?.name).toBe('#99')
    expect(urls.map((it) => it.split('page=').at(-1))).toEqual(['1', '2'])
    const { urls: once } = await heard((_, response) => json(response, [...many.slice(1), became]))
    expect(once).toHaveLength(1)
  })

  test('with pages without end is left, and that is said', async () => {
    const { answers, urls } = await heard((_, response) => json(response, many))
    expect(urls).toHaveLength(limits.forgePages)
    expect(answers).toEqual({ requests: new Map(), failure: 'it names more requests than are looked at' })
  })
})

describe('a forge with a limit', () => {
  test.each([
    [429, { 'retry-after': '5' }],
    [403, { 'retry-after': '5' }],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.UTC(2026, 0, 1, 0, 0, 5) / 1_000) }],
    [429, { 'ratelimit-remaining': '0', 'ratelimit-reset': String(Date.UTC(2026, 0, 1, 0, 0, 5) / 1_000) }],
  ])('is left alone as long as it asks to (%i, %j)', async (code, headers) => {
    const { answers, clock, said } = await heard((_, response, at) =>
      at === 1 ? status(response, code, headers) : json(response, [pull(12)]),
    )
    expect(clock.slept).toEqual([5_000])
    expect(answers.requests.get(first)).toEqual([{ name: '#12', head }])
    expect(said).toContain('in 5 s at the earliest')
  })

  test.each([
    [{ 'retry-after': '3600' }],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.UTC(2026, 0, 1, 1) / 1_000) }],
  ])('for longer than there is time is not waited for, nor asked again (%j)', async (headers) => {
    const { answers, urls, clock } = await heard((_, response) => status(response, 403, headers), [first, second])
    expect(clock.slept).toEqual([])
    expect(urls).toHaveLength(1)
    expect(answers).toEqual({ requests: new Map(), failure: 'its rate limit is reached' })
  })

  test('and many changes is asked about so many', async () => {
    let count = 0
    const fetch: World['fetch'] = () => Promise.resolve(new Response((count++, '[]')))
    const changes = Array.from({ length: limits.forgeChanges + 1 }, (_, at) => at.toString(16).padStart(40, '0'))
    const { answers } = await asked('http://localhost', changes, 'v3', { fetch, ...steppedClock() })
    expect([count, answers.requests.size]).toEqual([limits.forgeChanges, limits.forgeChanges])
    expect(answers.failure).toMatch(/at most/)
  })

  test('of time is left when that is over', async () => {
    const clock = steppedClock()
    const fetch: World['fetch'] = () => {
      clock.advance(25_000)
      return Promise.resolve(new Response('[]'))
    }
    const changes = Array.from({ length: 20 }, (_, at) => at.toString(16).padStart(40, '0'))
    const { answers } = await asked('http://localhost', changes, 'v3', { fetch, ...clock })
    expect(answers.requests.size).toBe(12)
    expect(answers.failure).toMatch(/it takes more than 300 s/)
  })
})

describe('a forge that refuses', () => {
  test.each([401, 403, 410])('with %i is not asked again', async (code) => {
    const { answers, urls, said } = await heard((_, response) => status(response, code), [first, second])
    expect(urls).toHaveLength(1)
    expect(answers).toEqual({ requests: new Map(), failure: `it answers with status ${code}` })
    expect(said).not.toContain(token)
  })

  test.each([404, 422])('one change with %i is asked about the others, and not for ever', async (code) => {
    const { answers, urls } = await heard(
      (_, response, at) => (at === 2 ? json(response, [pull(12)]) : status(response, code)),
      [first, second, third, fourth, id('5'), id('6'), id('7')],
    )
    expect([...answers.requests.keys()]).toEqual([second])
    expect(urls).toHaveLength(5)
  })

  test('for a moment is asked some times', async () => {
    const passing = await heard((_, response, at) => (at === 3 ? json(response, []) : status(response, 502)))
    expect(passing.answers.failure).toBeUndefined()
    const lasting = await heard((_, response) => status(response, 502), [first, second])
    expect(lasting.urls).toHaveLength(3)
    expect(lasting.answers).toEqual({ requests: new Map(), failure: 'it answers with status 502' })
    const origin = await closedOrigin()
    const none = await asked(origin, [first], 'v3', steppedClock())
    expect(none.answers.failure).toBe('no answer (ECONNREFUSED)')
  })
})

describe('a forge that means harm', () => {
  test('leads the token nowhere: no redirect is followed, whatever origin it leads to', async () => {
    const seen: (string | undefined)[] = []
    const elsewhere = await loopback((request, response) => {
      seen.push(request.headers.authorization)
      json(response, [pull(12)])
    })
    for (const to of [`${elsewhere}/taken`, '/api/v3/other']) {
      const { answers, urls } = await heard((_, response) => status(response, 302, { location: to }), [first, second])
      expect(urls).toHaveLength(1)
      expect(answers).toEqual({ requests: new Map(), failure: 'no answer (a redirect, which is not followed)' })
    }
    expect(seen).toEqual([])
  })

  test.each<readonly [string, Answer]>([
    ['before its answer', (_, _response, _at, clock) => clock.advanceToTimeout()],
    [
      'in the middle of it',
      (_, response, _at, clock) => {
        response.write('[')
        setImmediate(() => clock.advanceToTimeout())
      },
    ],
  ])('by stalling %s is left when its time is over, and not asked again', async (_, answer) => {
    const { answers, urls } = await heard(answer, [first, second])
    expect(urls).toHaveLength(1)
    expect(answers).toEqual({ requests: new Map(), failure: 'no answer (none within 30 s)' })
  })

  test.each<readonly [string, Answer]>([
    ['a flood', (_, response) => endless(response)],
    ['too much', (_, response) => void response.end(`${' '.repeat(limits.forgeAnswerBytes)}[]`)],
  ])('by %s is cut off', async (_, answer) => {
    const { answers } = await heard(answer)
    expect(answers).toEqual({
      requests: new Map(),
      failure: `its answer has more than ${limits.forgeAnswerBytes} bytes`,
    })
  })

  test.each([
    ['nothing', ''],
    ['words', `<html>${token}</html>`],
    ['an object', `{"message":"${token}"}`],
    ['a null', 'null'],
    ['entries that are none', `["${token}"]`],
    ['a number that is a word', JSON.stringify([pull(`12 ${token}`)])],
    ['a number that is none', JSON.stringify([pull(1.5)])],
    ['a number without end', JSON.stringify([pull(1e12)])],
    ['a number below all', JSON.stringify([pull(-1)])],
    ['no head', JSON.stringify([pull(12, { head: null })])],
    ['an option as head', JSON.stringify([pull(12, { head: { sha: '--upload-pack=x' } })])],
    ['a head with a line behind it', JSON.stringify([pull(12, { head: { sha: `${head}\nwant ${head}` } })])],
    ['two members of one name', `[{"number":1,"number":2}]`],
    ['depths', '['.repeat(10_000)],
  ])('by %s says nothing, and what it sent is not repeated', async (_, body) => {
    const { answers, said } = await heard((_request, response) => void response.end(body))
    expect(answers).toEqual({ requests: new Map(), failure: 'its answer is not what it should be' })
    expect(said).not.toContain(token)
  })

  test('by any answer at all names a few requests by number and id, or none', async () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(null, 12, head, 'merged', { sha: head }))
    const members = fc.constantFrom('number', 'iid', 'head', 'sha', 'merged_at', 'state', 'merge_commit_sha')
    const entry = fc.dictionary(members, value)
    const body = fc.oneof(
      fc.uint8Array(),
      fc.array(entry).map((it) => Buffer.from(JSON.stringify(it))),
    )
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom('v3' as const, 'v4' as const), async (bytes, version) => {
        const fetch: World['fetch'] = () => Promise.resolve(new Response(Buffer.from(bytes)))
        const { answers } = await asked('http://localhost', [first], version, { fetch, ...steppedClock() })
        const named = answers.requests.get(first) ?? []
        expect(named.length).toBeLessThanOrEqual(3)
        for (const it of named) expect(`${it.name} ${it.head}`).toMatch(/^[#!][1-9]\d{0,8} [0-9a-f]{40,64}$/)
        expect(answers.requests.has(first)).toBe(answers.failure === undefined)
      }),
    )
  })
})
