/** Trackers that are asked what tickets are part of, and those that lie, stall, flood, limit, or lead elsewhere. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openTracker } from '../../../src/collect/tickets/open-tracker.ts'
import type { TrackerAnswers } from '../../../src/collect/tickets/open-tracker.ts'
import { ticketPlace } from '../../../src/collect/tickets/place.ts'
import { ticketsIn } from '../../../src/collect/tickets/tickets-in.ts'
import type { Ticket } from '../../../src/model/context.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import { limits } from '../../../src/model/limits.ts'
import { worldOf } from '../../../src/platform/world.ts'
import type { World } from '../../../src/platform/world.ts'
import { failureOf } from '../../world/failure.ts'
import { hostile } from '../../world/hostile-text.ts'
import { closedOrigin, endless, loopback } from '../../world/loopback-server.ts'
import { steppedClock } from '../../world/stepped-clock.ts'
import type { SteppedClock } from '../../world/stepped-clock.ts'

const token = 'invented-token-0123456789'
const secret = 'a title that nobody keeps'

type System = Parameters<typeof openTracker>[0]

const apis: { readonly [K in System]: string } = {
  ...{ jira: '/rest/api/2', linear: '/graphql', github: '/api/v3', gitlab: '/api/v4' },
}
const keys: { readonly [K in System]: readonly [string, string, string] } = {
  jira: ['PROJ-1', 'PROJ-2', 'PROJ-3'],
  linear: ['ENG-1', 'ENG-2', 'ENG-3'],
  github: ['acme/widget#1', 'acme/widget#2', 'acme/widget#3'],
  gitlab: ['acme/tools/widget#1', 'acme/tools/widget#2', 'acme/tools/widget#3'],
}

const ticketOf = (system: System, key: string, more: Partial<Ticket> = {}): Ticket => ({
  ...{ said: 'commit', sha256: '0'.repeat(64), system, key, rule: 'prefix' },
  ...{ uri: undefined, relation: undefined, parent: undefined },
  ...more,
})

/** What each answers about a ticket that is part of something, with what it sends unasked. */
function whole(system: System, key: string, api: string): object {
  const number = Number(/\d+$/.exec(key)?.[0])
  const issuetype = { name: 'Story', description: secret }
  switch (system) {
    case 'jira': {
      const parent = { key: 'PROJ-100', fields: { summary: secret, issuetype: { name: 'Epic', description: secret } } }
      return { id: '1', key, self: `${api}/issue/1`, fields: { issuetype, parent } }
    }
    case 'linear':
      return { data: { issue: { identifier: key, parent: { identifier: 'ENG-100' }, project: null } } }
    case 'github':
      return {
        number: 100,
        title: secret,
        body: secret,
        repository_url: `${api}/repos/acme/plans`,
        type: { name: 'Epic' },
      }
    case 'gitlab': {
      const epic = { id: 9, iid: 7, title: secret, url: '/groups/acme/tools/-/epics/7' }
      return { iid: number, title: secret, references: { full: key }, epic }
    }
  }
}

interface Heard {
  readonly answers: TrackerAnswers
  readonly asked: readonly string[]
  readonly clock: SteppedClock
  /** All that a person or a statement could be told. */
  readonly said: string
}

type Answer = (response: ServerResponse, at: number, clock: SteppedClock, api: string) => void

async function heard(
  system: System,
  answer: Answer,
  tickets: readonly Ticket[] = [ticketOf(system, keys[system][0])],
): Promise<Heard> {
  const clock = steppedClock(new Date('2026-01-01T00:00:00Z'))
  const asked: string[] = []
  const origin = await loopback((request, response) => {
    asked.push(request.url ?? '')
    answer(response, asked.length, clock, `${origin}${apis[system]}`)
  })
  return { ...(await askedAt(origin, system, tickets, { ...clock })), asked, clock }
}

async function askedAt(
  origin: string,
  system: System,
  tickets: readonly Ticket[],
  world: Partial<World>,
): Promise<Pick<Heard, 'answers' | 'said'>> {
  const said: string[] = []
  const whole = worldOf({
    random: () => 0,
    ...world,
    progress: (text) => said.push(text),
    warn: (text) => said.push(text),
  })
  const answers = await openTracker(system, `${origin}${apis[system]}`, token, whole).ask(tickets)
  return { answers, said: JSON.stringify([said, answers.failure, [...answers.parents.values()]]) }
}

const json = (response: ServerResponse, body: unknown): void => void response.end(JSON.stringify(body))

function status(response: ServerResponse, code: number, headers: Record<string, string> = {}): void {
  response.writeHead(code, headers).end(JSON.stringify({ message: `refused ${token}` }))
}

const systems: readonly System[] = ['jira', 'linear', 'github', 'gitlab']
const nothing = (failure: string): TrackerAnswers => ({ parents: new Map(), failure })

describe('a tracker', () => {
  test.each<[System, string, string, object]>([
    [
      'jira',
      '/rest/api/2/issue/PROJ-1?fields=parent,issuetype',
      'ORIGIN/browse/PROJ-1',
      { key: 'PROJ-100', uri: 'ORIGIN/browse/PROJ-100', kind: 'epic' },
    ],
    [
      'linear',
      '/graphql',
      'https://linear.app/acme/issue/ENG-1',
      { key: 'ENG-100', uri: 'https://linear.app/acme/issue/ENG-100', kind: 'issue' },
    ],
    [
      'github',
      '/api/v3/repos/acme/widget/issues/1/parent',
      'ORIGIN/acme/widget/issues/1',
      { key: 'acme/plans#100', uri: 'ORIGIN/acme/plans/issues/100', kind: 'epic' },
    ],
    [
      'gitlab',
      '/api/v4/projects/acme%2Ftools%2Fwidget/issues/1',
      'ORIGIN/acme/tools/widget/-/issues/1',
      { key: 'acme/tools&7', uri: 'ORIGIN/groups/acme/tools/-/epics/7', kind: 'epic' },
    ],
  ])('of %s says what a ticket is part of, and nothing else of it is kept', async (system, path, uri, parent) => {
    let seen: IncomingMessage | undefined
    let posted = ''
    let body = ''
    const origin = await loopback((request, response) => {
      seen = request
      request.on('data', (part: Buffer) => (posted += part.toString()))
      request.on('end', () =>
        response.end((body = JSON.stringify(whole(system, keys[system][0], `${origin}${apis[system]}`)))),
      )
    })
    const at = (text: string): string => text.replace('ORIGIN', origin)
    const { answers, said } = await askedAt(origin, system, [ticketOf(system, keys[system][0], { uri: at(uri) })], {})
    expect(answers.failure).toBeUndefined()
    const expected = JSON.parse(at(JSON.stringify(parent))) as object
    const digest = { said: 'tracker-api', sha256: sha256Hex(Buffer.from(body)) }
    expect([...answers.parents]).toEqual([[keys[system][0], { ...digest, ...expected }]])
    expect([seen?.url, seen?.headers['user-agent'], seen?.headers.authorization]).toEqual([
      path,
      'countersign',
      `Bearer ${token}`,
    ])
    expect(said).not.toContain(secret)
    // Of Linear not even a title is asked for.
    if (system === 'linear') expect(posted).not.toMatch(/title|name|description/)
  })

  test.each<[System, Answer]>([
    ['jira', (response) => json(response, { key: 'PROJ-1', fields: { issuetype: {} } })],
    ['jira', (response) => json(response, { key: 'PROJ-1', fields: { parent: null } })],
    ['linear', (response) => json(response, { data: { issue: { identifier: 'ENG-1', parent: null, project: null } } })],
    ['github', (response) => status(response, 404)],
    ['gitlab', (response) => json(response, { iid: 1 })],
    ['gitlab', (response) => json(response, { iid: 1, epic: null, references: { full: 'Acme/tools/widget#1' } })],
  ])('of %s says that a ticket is part of nothing', async (system, answer) => {
    const { answers } = await heard(system, answer)
    expect(answers).toEqual({ parents: new Map([[keys[system][0], undefined]]), failure: undefined })
  })

  test('of Linear says the project by its id', async () => {
    const project = { id: '0c6f9d3e-1111-4222-8333-444455556666' }
    const { answers } = await heard('linear', (response) =>
      json(response, { data: { issue: { identifier: 'ENG-1', parent: null, project } } }),
    )
    expect(answers.parents.get('ENG-1')).toMatchObject({ key: project.id, uri: undefined, kind: 'project' })
  })

  test.each<[System, string, string]>([
    ['jira', 'ann@acme.example:abc', `Basic ${Buffer.from('ann@acme.example:abc').toString('base64')}`],
    ['linear', 'lin_api_0123', 'lin_api_0123'],
    ['linear', 'lin_oauth_0123', 'Bearer lin_oauth_0123'],
  ])('of %s is shown a token as it wants it', async (system, own, expected) => {
    const seen: unknown[] = []
    const fetch: World['fetch'] = (_, init) => {
      seen.push(new Headers(init?.headers).get('authorization'))
      return Promise.resolve(new Response('{}'))
    }
    await openTracker(system, `http://localhost${apis[system]}`, own, worldOf({ fetch })).ask([
      ticketOf(system, keys[system][0]),
    ])
    expect(seen).toEqual([expected])
  })

  test('is asked once about a ticket, and about no other tracker’s', async () => {
    const tickets = [
      ...[
        ticketOf('jira', 'PROJ-1'),
        ticketOf('jira', 'PROJ-1'),
        ticketOf('linear', 'ENG-1'),
        ticketOf('github', 'acme/widget#1'),
      ],
      ticketOf('jira', 'PROJ-2', { uri: 'https://another.example/browse/PROJ-2' }),
    ]
    const { asked } = await heard(
      'jira',
      (response, _, _clock, api) => json(response, whole('jira', 'PROJ-1', api)),
      tickets,
    )
    expect(asked).toHaveLength(1)
    const elsewhere = ticketOf('linear', 'ENG-1', { uri: 'https://linear.example/acme/issue/ENG-1' })
    expect((await heard('linear', (response) => json(response, {}), [elsewhere])).asked).toEqual([])
  })

  test('at a gateway that does not say whose it is, is asked about those that the repository says are its own', async () => {
    const seen: string[] = []
    const fetch: World['fetch'] = (url) => {
      seen.push(url as string)
      return Promise.resolve(new Response(JSON.stringify(whole('jira', 'PROJ-1', ''))))
    }
    const api = 'https://api.atlassian.com/ex/jira/0a1b/rest/api/3'
    const uri = 'https://acme.atlassian.net/browse/'
    const { parents } = await openTracker('jira', api, token, worldOf({ fetch })).ask([
      ticketOf('jira', 'PROJ-1', { uri: `${uri}PROJ-1` }),
      ticketOf('jira', 'PROJ-2', { uri: `${uri}PROJ-2`, rule: 'address' }),
    ])
    expect(seen).toEqual([`${api}/issue/PROJ-1?fields=parent,issuetype`])
    expect(parents.get('PROJ-1')?.uri).toBe(`${uri}PROJ-100`)
  })

  test('is not asked about an epic of GitLab', async () => {
    const { answers, asked } = await heard('gitlab', (response) => json(response, {}), [ticketOf('gitlab', 'acme&1')])
    expect([asked, answers]).toEqual([[], nothing('it cannot be asked about this kind of ticket')])
  })
})

describe('the address of an API', () => {
  test.each<[System, string]>([
    ['jira', 'https://acme.atlassian.net'],
    ['jira', 'https://acme.atlassian.net/rest/api/1'],
    ['jira', 'http://acme.atlassian.net/rest/api/3'],
    ['jira', 'https://ann:secret@acme.atlassian.net/rest/api/3'],
    ['jira', 'https://acme.atlassian.net/rest/api/3?x=1'],
    ['jira', 'https://acme.atlassian.net/rest/api/3#x'],
    ['linear', 'https://linear.app/acme'],
    ['linear', 'javascript:/graphql'],
    ['github', 'https://api.github.com.evil.example'],
    ['github', 'https://github.com'],
    ['gitlab', 'https://gitlab.com/api/v3'],
    ['gitlab', 'not an address'],
  ])('of %s is not %s', async (system, named) => {
    const failure = await failureOf(() => Promise.resolve(openTracker(system, named, token, worldOf())))
    expect(failure.code).toBe('usage')
    expect(failure.message).not.toContain(token)
  })

  test.each<[System, string, string]>([
    ['github', 'https://api.github.com', 'https://github.com/acme/widget/issues/1'],
    ['github', 'https://api.acme.ghe.com/', 'https://acme.ghe.com/acme/widget/issues/1'],
    ['gitlab', 'https://git.example.org/code/api/v4', 'https://git.example.org/code/acme/tools/widget/-/issues/1'],
    ['jira', 'https://example.org/jira/rest/api/2', 'http://example.org/jira/browse/PROJ-1'],
  ])('of %s says whose tickets it has: %s', async (system, named, uri) => {
    const seen: string[] = []
    const fetch: World['fetch'] = (url) => {
      seen.push(url as string)
      return Promise.resolve(new Response('{}'))
    }
    const ask = (at: string): Promise<unknown> =>
      openTracker(system, named, token, worldOf({ fetch })).ask([ticketOf(system, keys[system][0], { uri: at })])
    await ask(uri)
    await ask(uri.replace('//', '//x'))
    expect(seen).toHaveLength(1)
    expect(seen[0]?.startsWith(named.replace(/\/$/, ''))).toBe(true)
  })
})

describe('a token', () => {
  test.each(systems)('of %s never goes to a host that the repository names', async (system) => {
    const taken: unknown[] = []
    const elsewhere = await loopback((request, response) => {
      taken.push(request.headers)
      json(response, {})
    })
    // As a configuration and a message would say it; ours takes no other host's word but https.
    const trackers = [
      { system: 'jira', url: elsewhere, prefixes: ['PROJ'] },
      { system: 'linear', url: `${elsewhere}/linear`, prefixes: ['ENG'] },
      { system: 'gitlab', url: `${elsewhere}/gl`, prefixes: [] },
    ] as const
    const text = `PROJ-1 ENG-1 #1 ${elsewhere}/browse/PROJ-1 ${elsewhere}/gl/acme/tools/widget/-/issues/1`
    const { tickets } = ticketsIn(
      [{ said: 'commit', text, sha256: '0'.repeat(64) }],
      ticketPlace(`${elsewhere}/gl/acme/tools/widget`, trackers),
    )
    expect(tickets.length).toBeGreaterThan(2)
    const all = [
      ...tickets,
      ticketOf(system, keys[system][0], { uri: `${elsewhere}/x` }),
      ticketOf(system, keys[system][1]),
    ]
    const { asked } = await heard(
      system,
      (response, _, _clock, api) => json(response, whole(system, keys[system][1], api)),
      all,
    )
    expect(asked).toHaveLength(1)
    expect(taken).toEqual([])
  })

  test('is led nowhere: no redirect is followed, whatever origin it leads to', async () => {
    const seen: unknown[] = []
    const elsewhere = await loopback((request, response) => {
      seen.push(request.headers.authorization)
      json(response, {})
    })
    for (const system of systems) {
      for (const to of [`${elsewhere}/taken`, `${apis[system]}/other`]) {
        const tickets = keys[system].map((it) => ticketOf(system, it))
        const { answers, asked } = await heard(system, (response) => status(response, 302, { location: to }), tickets)
        expect(asked).toHaveLength(1)
        expect(answers).toEqual(nothing('no answer (a redirect, which is not followed)'))
      }
    }
    expect(seen).toEqual([])
  })
})

describe('a tracker with a limit', () => {
  const later = Date.UTC(2026, 0, 1, 0, 0, 5)
  test.each<[System, number, Record<string, string>]>([
    ['jira', 429, { 'retry-after': '5' }],
    ['github', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(later / 1_000) }],
    ['gitlab', 429, { 'ratelimit-remaining': '0', 'ratelimit-reset': String(later / 1_000) }],
    ['linear', 400, { 'x-ratelimit-requests-remaining': '0', 'x-ratelimit-requests-reset': String(later) }],
  ])('of %s is left alone as long as it asks to (%i, %j)', async (system, code, headers) => {
    const { answers, clock, said } = await heard(system, (response, at, _, api) =>
      at === 1 ? status(response, code, headers) : json(response, whole(system, keys[system][0], api)),
    )
    expect(clock.slept).toEqual([5_000])
    expect(answers.parents.get(keys[system][0])).toBeDefined()
    expect(said).toContain('in 5 s at the earliest')
  })

  test('for longer than there is time is not waited for, nor asked again', async () => {
    const tickets = keys.jira.map((it) => ticketOf('jira', it))
    const { answers, asked, clock } = await heard(
      'jira',
      (response) => status(response, 429, { 'retry-after': '3600' }),
      tickets,
    )
    expect([clock.slept, asked.length, answers]).toEqual([[], 1, nothing('its rate limit is reached')])
  })

  test('and many tickets is asked about so many', async () => {
    let count = 0
    const fetch: World['fetch'] = () => Promise.resolve(new Response((count++, '{"iid":1}')))
    const tickets = Array.from({ length: limits.trackerTickets + 1 }, (_, at) => ticketOf('gitlab', `a/b#${at + 1}`))
    const { answers } = await askedAt('http://localhost', 'gitlab', tickets, { fetch, ...steppedClock() })
    expect(count).toBe(limits.trackerTickets)
    expect(answers.failure).toBeDefined()
    const one = await askedAt('http://localhost', 'gitlab', [ticketOf('gitlab', 'a/b#1'), ...tickets.slice(2)], {
      ...{ fetch: () => Promise.resolve(new Response('{"iid":1}')), ...steppedClock() },
    })
    expect(one.answers.parents.has('a/b#1')).toBe(true)
  })

  test('of time is left when that is over', async () => {
    const clock = steppedClock()
    const fetch: World['fetch'] = () => {
      clock.advance(25_000)
      return Promise.resolve(new Response('{"key":"PROJ-1","fields":{}}'))
    }
    const tickets = Array.from({ length: 20 }, (_, at) => ticketOf('jira', `PROJ-${at + 1}`))
    const { answers } = await askedAt('http://localhost', 'jira', tickets, { fetch, ...clock })
    expect(answers.failure).toMatch(/it takes more than 120 s/)
  })
})

describe('a tracker that refuses', () => {
  test.each([401, 403, 400])('with %i is not asked again', async (code) => {
    const tickets = keys.jira.map((it) => ticketOf('jira', it))
    const { answers, asked, said } = await heard('jira', (response) => status(response, code), tickets)
    expect(asked).toHaveLength(1)
    expect(answers).toEqual(nothing(`it answers with status ${code}`))
    expect(said).not.toContain(token)
  })

  test.each([404, 410])('with %i one ticket is asked about the others', async (code) => {
    const tickets = keys.jira.map((it) => ticketOf('jira', it))
    const { answers, asked } = await heard(
      'jira',
      (response, at, _, api) => (at < 3 ? status(response, code) : json(response, whole('jira', 'PROJ-3', api))),
      tickets,
    )
    expect(asked).toHaveLength(3)
    expect([[...answers.parents.keys()], answers.failure]).toEqual([['PROJ-3'], `it answers with status ${code}`])
  })

  test('for a moment is asked some times', async () => {
    const passing = await heard('jira', (response, at, _, api) =>
      at === 3 ? json(response, whole('jira', 'PROJ-1', api)) : status(response, 502),
    )
    expect(passing.answers.failure).toBeUndefined()
    const lasting = await heard(
      'jira',
      (response) => status(response, 502),
      keys.jira.map((it) => ticketOf('jira', it)),
    )
    expect([lasting.asked.length, lasting.answers]).toEqual([3, nothing('it answers with status 502')])
    const none = await askedAt(await closedOrigin(), 'jira', [ticketOf('jira', 'PROJ-1')], steppedClock())
    expect(none.answers.failure).toBe('no answer (ECONNREFUSED)')
  })
})

describe('a tracker that means harm', () => {
  test.each<readonly [string, Answer]>([
    ['before its answer', (_, _at, clock) => clock.advanceToTimeout()],
    [
      'in the middle of it',
      (response, _, clock) => {
        response.write('{')
        setImmediate(() => clock.advanceToTimeout())
      },
    ],
  ])('by stalling %s is left when its time is over, and not asked again', async (_, answer) => {
    const { answers, asked } = await heard(
      'github',
      answer,
      keys.github.map((it) => ticketOf('github', it)),
    )
    expect([asked.length, answers]).toEqual([1, nothing('no answer (none within 30 s)')])
  })

  test.each<readonly [string, Answer]>([
    ['a flood', (response) => endless(response)],
    ['too much', (response) => void response.end(`${' '.repeat(limits.trackerAnswerBytes)}{}`)],
  ])('by %s is cut off', async (_, answer) => {
    const { answers } = await heard('gitlab', answer)
    expect(answers).toEqual(nothing(`its answer has more than ${limits.trackerAnswerBytes} bytes`))
  })

  test.each<[System, object]>([
    ['jira', { key: 'PROJ-9', fields: { parent: { key: 'PROJ-100' } } }],
    ['linear', { data: { issue: { identifier: 'ENG-9', parent: { identifier: 'ENG-100' } } } }],
    ['gitlab', { iid: 9, epic: { iid: 7, url: '/groups/acme/-/epics/7' } }],
    ['gitlab', { iid: 1, references: { full: 'other/widget#1' }, epic: { iid: 7, url: '/groups/acme/-/epics/7' } }],
  ])('of %s, by an answer about another ticket, says nothing', async (system, body) => {
    const { answers } = await heard(system, (response) => json(response, body))
    expect(answers).toEqual(nothing('its answer is about another ticket'))
  })

  const jiraParent = (key: unknown): string => JSON.stringify({ key: 'PROJ-1', fields: { parent: { key } } })
  const pull = (more: object): string =>
    JSON.stringify({ number: 5, repository_url: 'ORIGIN/api/v3/repos/a/b', ...more })
  const epic = (more: object): string =>
    JSON.stringify({ iid: 1, epic: { iid: 7, url: '/groups/acme/-/epics/7', ...more } })
  test.each<[System, string, string]>([
    ...systems.flatMap((it): [System, string, string][] => [
      [it, 'nothing', ''],
      [it, 'words', `<html>${token}</html>`],
      [it, 'a list', `["${token}"]`],
      [it, 'a null', 'null'],
      [it, 'two members of one name', '{"key":"PROJ-1","key":"PROJ-2"}'],
      [it, 'depths', '{"a":'.repeat(10_000)],
    ]),
    ['jira', 'no fields', '{"key":"PROJ-1"}'],
    ['jira', 'a key with a mark of direction', jiraParent('PROJ-\u202e2')],
    ['jira', 'a key that steers', jiraParent(`PROJ-2${hostile}`)],
    ['jira', 'a key that is an address', jiraParent('javascript:alert(1)')],
    ['jira', 'a key that climbs', jiraParent('../PROJ-2')],
    ['jira', 'itself as its parent', jiraParent('PROJ-1')],
    ['linear', 'errors', '{"errors":[{"message":"Entity not found"}],"data":null}'],
    ['linear', 'errors beside data', '{"errors":[],"data":{"issue":{"identifier":"ENG-1"}}}'],
    ['linear', 'the name of a project', `{"data":{"issue":{"identifier":"ENG-1","project":{"id":"${secret}"}}}}`],
    ['github', 'no number', pull({ number: '5' })],
    ['github', 'another host', pull({ repository_url: 'https://evil.example/repos/a/b' })],
    ['github', 'another place of it', pull({ repository_url: 'ORIGIN/api/vX/repos/a/b' })],
    ['github', 'a repository that climbs', pull({ repository_url: 'ORIGIN/api/v3/repos/../b' })],
    ['github', 'a repository with more behind it', pull({ repository_url: 'ORIGIN/api/v3/repos/a/b?x' })],
    ['github', 'itself as its parent', pull({ number: 1, repository_url: 'ORIGIN/api/v3/repos/Acme/widget' })],
    ['gitlab', 'an epic of another number', epic({ iid: 8 })],
    ['gitlab', 'a script as the page of an epic', epic({ url: 'javascript:/groups/acme/-/epics/7' })],
    ['gitlab', 'a page on another host', epic({ url: '//evil.example/groups/acme/-/epics/7' })],
    ['gitlab', 'a page with marks', epic({ url: '/groups/ac\u202eme/-/epics/7' })],
  ])('of %s, by %s, says nothing, and what it sent is not repeated', async (system, _, body) => {
    const { answers, said } = await heard(
      system,
      (response, _at, _clock, api) => void response.end(body.replace('ORIGIN', api.replace(apis[system], ''))),
    )
    expect(answers).toEqual(nothing('its answer is not what it should be'))
    expect(said).not.toContain(token)
  })

  test('calls kinds of tickets only by short plain words', async () => {
    for (const name of ['x'.repeat(61), `Epic${hostile}`, 'Epic\u202e', '', ' ', 12, null]) {
      const fields = { parent: { key: 'PROJ-2', fields: { issuetype: { name } } } }
      const { answers } = await heard('jira', (response) => json(response, { key: 'PROJ-1', fields }))
      expect(answers.parents.get('PROJ-1')).toMatchObject({ key: 'PROJ-2', kind: undefined })
    }
  })

  test('by any answer at all names a plain key and a plain address, or none', async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(null, 1, 'PROJ-1', 'ENG-1', 'PROJ-2', '/groups/a/-/epics/1', 'http://localhost/api/v3/repos/a/b'),
    )
    const members = fc.constantFrom(
      'key',
      'fields',
      'parent',
      'data',
      'issue',
      'identifier',
      'project',
      'id',
      'number',
      'repository_url',
      'iid',
      'epic',
      'url',
    )
    const inner = fc.dictionary(members, value)
    const body = fc.oneof(
      fc.uint8Array(),
      fc
        .dictionary(members, fc.oneof(value, inner, fc.dictionary(members, fc.oneof(value, inner))))
        .map((it) => Buffer.from(JSON.stringify(it))),
    )
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(...systems), async (bytes, system) => {
        const fetch: World['fetch'] = () => Promise.resolve(new Response(Buffer.from(bytes)))
        const [key] = keys[system]
        const { answers } = await askedAt('http://localhost', system, [ticketOf(system, key)], {
          fetch,
          ...steppedClock(),
        })
        expect(answers.parents.has(key)).toBe(answers.failure === undefined)
        const parent = answers.parents.get(key)
        if (parent === undefined) return
        expect(parent.key).toMatch(/^[A-Za-z0-9_./-]+(?:[#&-]\d+)?$/)
        expect(parent.uri ?? 'http://localhost/x').toMatch(/^http:\/\/localhost(?:\/[A-Za-z0-9_.-]+)+$/)
      }),
    )
  })
})
