/** A forge that is asked for context and lies, stalls, floods, limits, refuses or leads elsewhere: half an answer is none. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Said } from '../../../src/collect/forge/context-row.ts'
import { limits } from '../../../src/model/limits.ts'
import { bitbucketAnswers, githubAnswers, gitlabAnswers, planted } from '../../world/forge-answers.ts'
import { contextAt, forgeServer, forgeToken } from '../../world/forge-server.ts'
import type { AskedServer } from '../../world/forge-server.ts'
import { endless, loopback } from '../../world/loopback-server.ts'
import { steppedClock } from '../../world/stepped-clock.ts'
import type { SteppedClock } from '../../world/stepped-clock.ts'
import { runs } from '../../world/runs.ts'

const [change, head] = ['1', '2'].map((it) => it.repeat(40)) as [string, string]
const told = { change, head }
const root = '/repos/acme/widget'
const reviewsAt = `${root}/pulls/12/reviews`

type Answer = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams, clock: SteppedClock) => void

interface Heard extends AskedServer {
  readonly said: Said<unknown>
  readonly clock: SteppedClock
}

/** Of GitHub's answers one is given otherwise. */
async function heard(
  path: string,
  answer: Answer,
  ask: 'request' | 'reviews' | 'checks' | 'deployments' | 'branchRules' = 'reviews',
): Promise<Heard> {
  const clock = steppedClock(new Date('2026-01-01T00:00:00Z'))
  const own = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void =>
    answer(request, response, query, clock)
  const server = await forgeServer('/api/v3', { ...githubAnswers(told), [path]: own })
  const context = contextAt(server.api, 'acme/widget', { ...clock, random: () => 0 })
  const about = { request: '12', reviews: '12', checks: head, deployments: change, branchRules: 'main' }[ask]
  const said = await context[ask]!(about)
  return { ...server, said, clock }
}

const json = (response: ServerResponse, body: unknown): void => void response.end(JSON.stringify(body))
const refused = (response: ServerResponse, status: number, headers: Record<string, string> = {}): void =>
  void response.writeHead(status, headers).end(JSON.stringify({ message: `${forgeToken} ${planted}` }))

const approval = (id: number): object => ({
  ...{ id, user: { login: `u${id}`, id, type: 'User' }, state: 'APPROVED' },
  ...{ commit_id: head, submitted_at: '2026-01-01T12:00:00Z' },
})

describe('an address in an answer', () => {
  test('is never gone to: not that of a redirect, nor that of a next page', async () => {
    const seen: (string | undefined)[] = []
    const elsewhere = await loopback((request, response) => {
      seen.push(request.headers.authorization)
      json(response, [])
    })
    const away = await heard(reviewsAt, (_, response) => refused(response, 307, { location: `${elsewhere}/taken` }))
    expect(away.said).toEqual({
      ...{ value: undefined, isLast: true },
      trouble: 'no answer (a redirect, which is not followed)',
    })
    const pages: (string | null)[] = []
    const linked = await heard(reviewsAt, (_, response, query) => {
      pages.push(query.get('page'))
      if (pages.length === 1) response.setHeader('link', `<${elsewhere}/reviews?page=9>; rel="next"`)
      json(response, [approval(pages.length)])
    })
    expect(linked.said.value).toHaveLength(2)
    expect(pages).toEqual(['1', '2'])
    expect(seen).toEqual([])
  })

  test('that leads to another list of Bitbucket’s ends the list, which is none then', async () => {
    const path = `/repositories/acme/widget/commit/${head}/statuses`
    const server = await forgeServer('/2.0', {
      ...bitbucketAnswers(told),
      [path]: { values: [], next: 'https://api.bitbucket.org/2.0/user?page=2' },
    })
    const said = await contextAt(server.api, 'acme/widget').checks(head)
    expect(said).toMatchObject({ value: undefined, trouble: 'its next page is elsewhere' })
  })
})

describe('a list', () => {
  test('of several pages is read to its end', async () => {
    const { said } = await heard(reviewsAt, (_, response, query) => {
      const page = Number(query.get('page'))
      json(
        response,
        Array.from({ length: page === 3 ? 5 : 100 }, (_, at) => approval(page * 1_000 + at)),
      )
    })
    expect(said.value).toHaveLength(205)
  })

  test.each<readonly [string, Answer, RegExp]>([
    [
      'that repeats a page',
      (_, response) =>
        json(
          response,
          Array.from({ length: 100 }, (_, at) => approval(at)),
        ),
      /repeat/,
    ],
    [
      'without end',
      (_, response, query) =>
        json(
          response,
          Array.from({ length: 100 }, (_, at) => approval(Number(query.get('page')) * 1_000 + at)),
        ),
      /more than are looked at/,
    ],
    [
      'of one entry a page, without end',
      (_, response, query) => {
        response.setHeader('link', '<https://git.example/next>; rel="next"')
        json(response, [approval(Number(query.get('page')))])
      },
      /more than are looked at/,
    ],
    [
      'that ends with an error',
      (_, response, query) =>
        query.get('page') === '1'
          ? json(
              response,
              Array.from({ length: 100 }, (_, at) => approval(at)),
            )
          : refused(response, 404),
      /status 404/,
    ],
    ['that is no list', (_, response) => json(response, { reviews: [] }), /not what it should be/],
    ['that is no JSON', (_, response) => void response.end('<html>'), /not what it should be/],
    ['without its end', (_, response) => endless(response), /more than \d+ bytes/],
    [
      'with entries of another type',
      (_, response) => json(response, [approval(1), 'APPROVED']),
      /not what it should be/,
    ],
    [
      'by somebody who is no account',
      (_, response) => json(response, [{ ...approval(1), user: { login: 'a b\n::error::' } }]),
      /not what it should be/,
    ],
  ])('%s is none, and not an empty one', async (_, answer, trouble) => {
    const { said, asked } = await heard(reviewsAt, answer)
    expect(said.value).toBeUndefined()
    expect(said.trouble).toMatch(trouble)
    expect(said.trouble).not.toContain(planted)
    expect(asked.length).toBeLessThanOrEqual(limits.forgeListPages + 1)
  })
})

test.each<readonly [string, 'request' | 'checks' | 'deployments' | 'branchRules', object]>([
  [`${root}/pulls/12`, 'request', { number: 13 }],
  [`${root}/pulls/12`, 'request', { base: { ref: 'main', repo: { full_name: 'evil/widget' } } }],
  [`${root}/pulls/12`, 'request', { head: { ref: 'x', sha: 'main' } }],
  [`${root}/commits/${head}/status`, 'checks', { sha: change }],
  [`${root}/commits/${head}/check-runs`, 'checks', { check_runs: [{ name: 'x', head_sha: change }] }],
  [`${root}/branches/main`, 'branchRules', { name: 'other' }],
])('what %s says of something else is not said (%s: %j)', async (path, ask, other) => {
  const { said } = await heard(
    path,
    (_, response) => json(response, { ...(githubAnswers(told)[path] as object), ...other }),
    ask,
  )
  expect(said).toMatchObject({ value: undefined, trouble: 'its answer is not what it should be' })
})

test('what GitLab says of another project is not said', async () => {
  const path = '/projects/group%2Fsub%2Fwidget/merge_requests/12'
  const answers = gitlabAnswers(told)
  for (const references of [{ full: 'evil/widget!12' }, { full: 'group/sub/widget!13' }, {}]) {
    const server = await forgeServer('/api/v4', { ...answers, [path]: { ...(answers[path] as object), references } })
    expect(await contextAt(server.api, 'group/sub/widget').request('12')).toMatchObject({ value: undefined })
  }
})

test('names that hold secrets, or what cannot be seen, are withheld', async () => {
  const run = (name: string): object => ({ name, status: 'completed', conclusion: 'success', head_sha: head })
  const { said } = await heard(
    `${root}/commits/${head}/check-runs`,
    (_, response) =>
      json(response, { check_runs: [planted, 'a\u202eb', 'x'.repeat(300), 'ann@acme.example'].map(run) }),
    'checks',
  )
  const names = (said.value as readonly { readonly name: string }[]).map(({ name }) => name)
  expect(names).toEqual(['withheld', 'withheld', 'withheld', 'withheld', 'ci/lint'])
})

describe('a forge with a limit', () => {
  test('is left alone as long as it asks to, and then answers', async () => {
    let count = 0
    const { said, clock } = await heard(reviewsAt, (_, response) =>
      count++ === 0 ? refused(response, 429, { 'retry-after': '7' }) : json(response, [approval(1)]),
    )
    expect(clock.slept).toEqual([7_000])
    expect(said.value).toHaveLength(1)
  })

  test('for longer than there is time is asked nothing more', async () => {
    const server = await forgeServer('/api/v3', {
      ...githubAnswers(told),
      [reviewsAt]: (_: unknown, response: ServerResponse) =>
        refused(response, 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999' }),
    })
    const context = contextAt(server.api, 'acme/widget', steppedClock())
    expect(await context.reviews('12')).toMatchObject({ trouble: 'its rate limit is reached', isLast: true })
    expect(await context.checks(head)).toMatchObject({ trouble: 'its rate limit is reached', isLast: true })
    expect(server.asked).toHaveLength(1)
  })

  test('is asked so many questions in one run, whatever about', async () => {
    let count = 0
    const fetch = (): Promise<Response> => Promise.resolve(new Response((count++, '[]')))
    const context = contextAt('http://127.0.0.1:1/api/v3', 'acme/widget', { fetch, ...steppedClock() })
    let last: Said<unknown> | undefined
    for (let at = 0; at <= limits.forgeQuestions; at += 1) last = await context.reviews(String(at))
    expect(count).toBe(limits.forgeQuestions)
    expect(last).toMatchObject({ value: undefined, isLast: true })
  })

  test('has one budget of time for all of its questions', async () => {
    const clock = steppedClock()
    let count = 0
    const fetch = (): Promise<Response> => {
      count += 1
      clock.advance(25_000)
      return Promise.resolve(new Response('[]'))
    }
    const context = contextAt('http://127.0.0.1:1/api/v3', 'acme/widget', { fetch, ...clock })
    for (let at = 0; at < 20; at += 1) await context.reviews(String(at))
    expect(count).toBe(limits.forgeBudget / 25_000)
  })
})

describe('a forge that refuses', () => {
  test('with 401 is asked nothing more', async () => {
    const server = await forgeServer('/api/v3', {
      ...githubAnswers(told),
      [reviewsAt]: (_: unknown, response: ServerResponse) => refused(response, 401),
    })
    const context = contextAt(server.api, 'acme/widget')
    await context.reviews('12')
    expect(await context.request('12')).toMatchObject({ value: undefined, trouble: 'it answers with status 401' })
    expect(server.asked).toHaveLength(1)
  })

  test.each([
    [403, true],
    [404, false],
    [500, true],
  ])('one kind with %i is asked the others', async (status, isLast) => {
    const { said } = await heard(reviewsAt, (_, response) => refused(response, status))
    expect(said).toEqual({ value: undefined, trouble: `it answers with status ${status}`, isLast })
  })

  test.each<readonly [string, Answer]>([
    ['before its answer', (_, _response, _query, clock) => clock.advanceToTimeout()],
    [
      'in the middle of it',
      (_, response, _query, clock) => {
        response.write('[')
        setImmediate(() => clock.advanceToTimeout())
      },
    ],
  ])('by stalling %s is left when its time is over', async (_, answer) => {
    const { said, asked } = await heard(reviewsAt, answer)
    expect(said).toEqual({ value: undefined, trouble: 'no answer (none within 30 s)', isLast: true })
    expect(asked).toHaveLength(1)
  })
})

test('whatever it answers, what is said is whole or has a reason, and repeats nothing of it', async () => {
  const anything: fc.Arbitrary<unknown> = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.record({ user: fc.jsonValue(), state: fc.jsonValue(), commit_id: fc.jsonValue(), id: fc.jsonValue() })),
  )
  await fc.assert(
    fc.asyncProperty(anything, async (body) => {
      const fetch = (): Promise<Response> => Promise.resolve(new Response(JSON.stringify(body)))
      for (const [api, repository] of [
        ['/api/v3', 'acme/widget'],
        ['/api/v4', 'acme/widget'],
        ['/2.0', 'acme/widget'],
      ] as const) {
        const context = contextAt(`http://127.0.0.1:1${api}`, repository, { fetch })
        const all: Said<unknown>[] = [
          await context.request('12'),
          await context.reviews('12'),
          await context.checks(head),
          await context.branchRules('main'),
        ]
        for (const { value, trouble } of all) expect(value !== undefined || trouble !== undefined).toBe(true)
      }
    }),
    { numRuns: runs(60) },
  )
})
