/** Portals that are asked about sessions, and those that lie, stall, flood, limit, or lead elsewhere. */
import type { ServerResponse } from 'node:http'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { portalRows } from '../../../src/collect/portals/index.ts'
import { openPortal } from '../../../src/collect/portals/open-portal.ts'
import type { AskedSession, PortalAnswer, PortalAnswers } from '../../../src/collect/portals/row.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import { limits } from '../../../src/model/limits.ts'
import { portalAdapters } from '../../../src/model/portal-adapters.ts'
import type { PortalAdapter } from '../../../src/model/portal-adapters.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { codeOf } from '../../world/failure.ts'
import { hostile } from '../../world/hostile-text.ts'
import { closedOrigin, endless, loopback } from '../../world/loopback-server.ts'
import { portalSamples, portalToken, session, unasked } from '../../world/portal.ts'
import type { PortalSample } from '../../world/portal.ts'
import { steppedClock } from '../../world/stepped-clock.ts'
import type { SteppedClock } from '../../world/stepped-clock.ts'
import { runs } from '../../world/runs.ts'

type Asked = Exclude<PortalAdapter, 'openai-compliance'>
const samples = Object.entries(portalSamples) as [Asked, PortalSample][]

interface Question {
  readonly url: string
  readonly headers: NodeJS.Dict<string | string[]>
}

interface Heard {
  readonly answers: PortalAnswers
  readonly all: readonly (PortalAnswer | undefined)[]
  readonly questions: readonly Question[]
  readonly clock: SteppedClock
  /** All that a person or a statement could be told. */
  readonly said: string
}

type Answer = (response: ServerResponse, at: number, clock: SteppedClock, question: Question) => void

const about = (id: string, tool = 'claude-code'): AskedSession => ({
  ...{ tool, id, from: Date.parse('2026-01-10T10:30:00Z'), to: Date.parse('2026-01-10T10:45:00Z') },
})

async function heard(adapter: PortalAdapter, answer: Answer, sessions?: readonly AskedSession[]): Promise<Heard> {
  const clock = steppedClock(new Date('2026-01-10T12:00:00Z'))
  const questions: Question[] = []
  const origin = await loopback(({ url = '', headers }, response) => {
    questions.push({ url, headers })
    answer(response, questions.length, clock, { url, headers })
  })
  return { ...(await askedAt(origin, adapter, clock, sessions)), questions, clock }
}

async function askedAt(
  origin: string,
  adapter: PortalAdapter,
  clock: SteppedClock,
  sessions?: readonly AskedSession[],
): Promise<Pick<Heard, 'answers' | 'all' | 'said'>> {
  const said: string[] = []
  const world = worldOf({
    ...{ ...clock, random: () => 0 },
    progress: (text) => said.push(text),
    warn: (text) => said.push(text),
  })
  const { path, tool, id } = adapter === 'openai-compliance' ? portalSamples.contract : portalSamples[adapter]
  const asked = sessions ?? [about(id, tool)]
  const answers = await openPortal({ adapter, address: `${origin}${path}`, token: portalToken }, world).lookUp(asked)
  const all = asked.map((it) => answers.answers.get(it))
  return { answers, all, said: JSON.stringify([said, answers.failure, all]) }
}

const json = (response: ServerResponse, body: unknown): void => void response.end(JSON.stringify(body))

function status(response: ServerResponse, code: number, headers: Record<string, string> = {}): void {
  response.writeHead(code, headers).end(JSON.stringify({ message: `refused ${portalToken}` }))
}

/** The code with which the only session was refused, or the reason why nothing was said. */
function refusal({ all, answers }: Heard): string | undefined {
  const [first] = all
  return first !== undefined && 'refused' in first ? first.refused.code : (answers.failure ?? 'an answer')
}

describe('a portal', () => {
  const facts = {
    ...{ startedAt: Date.parse('2026-01-10T10:00:00Z'), endedAt: Date.parse('2026-01-10T11:00:00Z') },
    ...{ user: undefined, repositories: undefined, commits: undefined, summary: undefined },
  }
  const address = { kind: 'address', address: 'ann@example.com' }
  test.each<[Asked, object]>([
    [
      'contract',
      { user: { kind: 'address', address: 'Ann@example.com' }, repositories: ['https://github.com/acme/widget'] },
    ],
    ['litellm', { user: address }],
    ['github-audit-log', {}],
    ['anthropic-compliance', { user: address }],
    ['coder', { user: { kind: 'opaque' } }],
    ['cloudflare-ai-gateway', {}],
  ])('of kind %s is asked about one session, and its answer pinned', async (adapter, more) => {
    const { id, tool, header, question, answer } = portalSamples[adapter]
    const body = JSON.stringify(answer(id))
    const it = await heard(adapter, (response) => void response.end(body))
    const [pinned] = it.all
    const host = new URL(`http://${String(it.questions[0]?.headers.host)}`).host
    const audit = {
      user: { kind: 'account', login: 'ann', domain: `users.noreply.${host}` },
      repositories: [`https://${host}/acme/widget`],
    }
    expect(pinned).toEqual({
      facts: { ...facts, ...more, ...(adapter === 'github-audit-log' ? audit : {}) },
      sha256: sha256Hex(Buffer.from(body)),
      askedAt: '2026-01-10T12:00:00.000Z',
    })
    expect(it.answers.failure).toBeUndefined()
    expect(it.questions).toHaveLength(1)
    expect(it.questions[0]?.url.split('?')[0]).toBe(question)
    expect(it.questions[0]?.headers[header[0]]).toBe(header[1])
    expect(it.said).not.toMatch(new RegExp(`${portalToken}|${unasked}`))
    expect(tool).not.toBe('')
  })

  test.each(samples)('of kind %s that knows no such session says so', async (adapter, { none }) => {
    const it = await heard(adapter, (response) => (none === undefined ? status(response, 404) : json(response, none)))
    expect(refusal(it)).toBe('portal-unknown')
    expect(it.answers.failure).toBeUndefined()
  })

  const elsewhere = samples.filter(([adapter]) => adapter !== 'github-audit-log')
  test.each(elsewhere)(
    'of kind %s that answers about another session counts for nothing',
    async (adapter, { answer }) => {
      expect(refusal(await heard(adapter, (response) => json(response, answer('another'))))).toBe(
        'portal-other-session',
      )
    },
  )

  test('that answers about several sessions, or another tool, counts for nothing', async () => {
    const { id, answer } = portalSamples.coder
    const [one, two] = [answer(id), answer('another')] as { sessions: object[] }[]
    const both = { sessions: [...(one?.sessions ?? []), ...(two?.sessions ?? [])] }
    expect(refusal(await heard('coder', (response) => json(response, both)))).toBe('portal-other-session')
    const other = { session: session(portalSamples.contract.id, { tool: 'codex' }) }
    expect(refusal(await heard('contract', (response) => json(response, other)))).toBe('portal-other-session')
    const cowork = {
      ...(portalSamples['anthropic-compliance'].answer('clls_eyJ2IjoxfQ') as object),
      product_surface: 'cowork',
    }
    expect(refusal(await heard('anthropic-compliance', (response) => json(response, cowork)))).toBe(
      'portal-other-session',
    )
  })

  test('that tells of two people in one session vouches for neither', async () => {
    const { id, answer } = portalSamples.litellm
    const { data, ...rest } = answer(id) as { data: object[] }
    const mixed = { ...rest, data: [...data, { ...data[0], user: 'bob@example.com' }] }
    const it = await heard('litellm', (response) => json(response, mixed))
    expect(it.all[0]).toMatchObject({ facts: { user: { kind: 'several' } } })
  })

  test.each([
    ['that ends in the future', { endedAt: '2026-01-10T12:06:00Z' }],
    ['that begins in the future', { startedAt: '2026-01-10T12:06:00Z', endedAt: null }],
    ['that ends before it begins', { endedAt: '2026-01-10T09:00:00Z' }],
  ])('whose session is one %s is not believed', async (_, more) => {
    const body = { session: session(portalSamples.contract.id, more) }
    expect(refusal(await heard('contract', (response) => json(response, body)))).toBe('portal-untimely')
  })

  test('tells of a session that goes on up to the moment', async () => {
    const body = { session: session(portalSamples.contract.id, { endedAt: null }) }
    const it = await heard('contract', (response) => json(response, body))
    expect(it.all[0]).toMatchObject({ facts: { endedAt: Date.parse('2026-01-10T12:00:00Z') } })
  })

  test.each([
    ['no JSON', '<html>'],
    ['JSON twice', '{}{}'],
    ['a name twice', '{"session":{},"session":{}}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['nothing', ''],
    ['a user that is a text', JSON.stringify({ session: session('x', { user: 'ann@example.com' }) })],
    ['an address that is none', JSON.stringify({ session: session('x', { user: { email: 'ann' } }) })],
    ['a repository that is a number', JSON.stringify({ session: session('x', { repositories: [1] }) })],
    ['a time without a zone', JSON.stringify({ session: session('x', { startedAt: '2026-01-10T10:00:00' }) })],
    ['a day that is none', JSON.stringify({ session: session('x', { startedAt: '2026-13-41T10:00:00Z' }) })],
    ['a prototype', '{"__proto__":{"session":{}}}'],
  ])('that answers with %s is not understood', async (_, body) => {
    expect(refusal(await heard('contract', (response) => void response.end(body)))).toBe('portal-malformed')
  })

  test('whatever it answers, ends in an answer or a reason that repeats nothing of it', async () => {
    const rows = portalRows.filter(({ id }) => id !== 'openai-compliance')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...rows), fc.jsonValue(), fc.constant(hostile), async ({ id }, value, text) => {
        const body = JSON.stringify([value, { session: value, data: value, sessions: value, result: value }, text])
        const { all, said } = await heard(id, (response) => void response.end(body))
        expect(all[0] === undefined || 'refused' in all[0]).toBe(true)
        expect(said).not.toContain(portalToken)
      }),
      { numRuns: runs(60) },
    )
  })

  test.each(['__proto__', 'constructor', 'toString'])(
    'is asked about a session called %s as of any other',
    async (id) => {
      const it = await heard('contract', (response) => json(response, { session: session(id) }), [about(id)])
      expect(it.all[0]).toMatchObject({ facts: { commits: undefined } })
    },
  )

  test('is asked below its address, whatever a session is called', async () => {
    const ids = ['a/../../admin', 'a?x=1#y', '%2e%2e/a']
    const it = await heard(
      'contract',
      (response) => status(response, 404),
      ids.map((id) => about(id)),
    )
    expect(it.questions.map(({ url }) => url)).toEqual(
      ids.map((id) => `/v1/sessions/claude-code/${encodeURIComponent(id)}`),
    )
    const up = await heard('contract', (response) => status(response, 404), [about('a', '..'), about('..')])
    expect(up.questions).toEqual([])
    expect(up.answers.failure).toMatch(/^of some sessions it cannot be asked/)
  })

  test.each<[PortalAdapter, AskedSession]>([
    ['anthropic-compliance', about('0f8fad5b-d9cb-469f-a165-70867728950e')],
    ['github-audit-log', about('0f8fad5b-d9cb-469f-a165-70867728950e')],
    ['coder', about('a b:c')],
    ['openai-compliance', about('a', 'codex')],
  ])('of kind %s is not asked what it cannot answer', async (adapter, asked) => {
    const it = await heard(adapter, (response) => json(response, {}), [asked])
    expect(it.questions).toEqual([])
    expect(it.answers.failure).toMatch(/^of some sessions it cannot be asked: /)
  })
})

describe('a portal that is hard to ask', () => {
  test('redirects: the token does not follow', async () => {
    const followed: unknown[] = []
    const thief = await loopback((request, response) => {
      followed.push(request.headers)
      json(response, { session: session(portalSamples.contract.id) })
    })
    const it = await heard('contract', (response) => void response.writeHead(302, { location: `${thief}/` }).end(), [
      about('a'),
      about('b'),
    ])
    expect(followed).toEqual([])
    expect(it.questions).toHaveLength(1)
    expect(it.answers.failure).toBe('no answer (a redirect, which is not followed)')
  })

  test('is refused an answer that never ends', async () => {
    const long = ' '.repeat(limits.portalAnswerBytes + 1)
    for (const answer of [endless, (response: ServerResponse) => void response.end(long)]) {
      const it = await heard('contract', (response) => answer(response))
      expect(refusal(it)).toBe(`its answer has more than ${limits.portalAnswerBytes} bytes`)
    }
  })

  test('stalls: it is given up after its time', async () => {
    const it = await heard('contract', (_, __, clock) => clock.advanceToTimeout(), [about('a'), about('b')])
    expect(it.questions).toHaveLength(1)
    expect(it.clock.elapsed()).toBeLessThanOrEqual(limits.portalBudget)
    expect(it.answers.failure).toBe('no answer (none within 30 s)')
  })

  test('takes its time with each: all together have an end', async () => {
    const sessions = Array.from({ length: 40 }, (_, at) => about(`s${at}`))
    const it = await heard(
      'contract',
      (response, _, clock) => {
        clock.advance(10_000)
        status(response, 404)
      },
      sessions,
    )
    expect(it.questions).toHaveLength(limits.portalBudget / 10_000)
    expect(it.answers.failure).toBe('no answer (none within 10 s)')
    expect(it.clock.elapsed()).toBe(limits.portalBudget)
  })

  test('fails in passing: it is asked again', async () => {
    const { id } = portalSamples.contract
    const it = await heard('contract', (response, at) =>
      at < 3 ? status(response, 500) : json(response, { session: session(id) }),
    )
    expect(it.all[0]).toHaveProperty('facts')
    const never = await heard('contract', (response) => status(response, 500))
    expect(never.questions).toHaveLength(3)
    expect(refusal(never)).toBe('it answers with status 500')
  })

  test.each([
    ['Retry-After', { 'retry-after': '7' }, 7_000],
    ['the time of a new limit', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1768046409' }, 9_000],
  ])('limits how often it is asked: %s is kept to', async (_, headers, wait) => {
    const { id } = portalSamples.contract
    const it = await heard('contract', (response, at) =>
      at === 1 ? status(response, 429, headers) : json(response, { session: session(id) }),
    )
    expect(it.clock.slept).toEqual([wait])
    expect(it.all[0]).toHaveProperty('facts')
  })

  test('asks for more patience than there is: it is not waited for', async () => {
    const it = await heard('contract', (response) => status(response, 429, { 'retry-after': '3600' }))
    expect(it.clock.slept).toEqual([])
    expect(refusal(it)).toBe('its rate limit is reached')
  })

  test.each([401, 403])('refuses the token with %i: it is not asked further', async (code) => {
    const it = await heard('contract', (response) => status(response, code), [about('a'), about('b')])
    expect(it.questions).toHaveLength(1)
    expect(it.answers.failure).toBe(`it answers with status ${code}`)
    expect(it.said).not.toContain(portalToken)
  })

  test('is not there', async () => {
    const { answers } = await askedAt(await closedOrigin(), 'contract', steppedClock())
    expect(answers.failure).toBe('no answer (ECONNREFUSED)')
  })

  test('is asked about so many sessions and no more', async () => {
    const sessions = Array.from({ length: limits.portalSessions + 1 }, (_, at) => about(`s${at}`))
    const it = await heard('contract', (response) => status(response, 404), sessions)
    expect(it.questions).toHaveLength(limits.portalSessions)
    expect(it.answers.failure).toBe(`it is asked about ${limits.portalSessions} sessions at most`)
  })
})

describe('a portal that answers in pages', () => {
  const row = { user: 'ann@example.com', startTime: '2026-01-10T10:00:00Z', endTime: '2026-01-10T10:00:01Z' }
  const { id } = portalSamples.litellm

  test('is read to the end, and all of it is pinned', async () => {
    const bodies: string[] = []
    const it = await heard('litellm', (response, at) => {
      const data = [{ ...row, session_id: id, endTime: `2026-01-10T11:0${at}:00Z` }]
      bodies.push(JSON.stringify({ data, total_pages: 3 }))
      response.end(bodies.at(-1))
    })
    expect(it.questions.map(({ url }) => /&page=(\d+)$/.exec(url)?.[1])).toEqual(['1', '2', '3'])
    expect(it.all[0]).toMatchObject({
      facts: { endedAt: Date.parse('2026-01-10T11:03:00Z') },
      sha256: sha256Hex(Buffer.from(bodies.join(''))),
    })
  })

  test('and tells of another session on the last one counts for nothing', async () => {
    const it = await heard('litellm', (response, at) =>
      json(response, { data: [{ ...row, session_id: at === 1 ? id : 'another' }], total_pages: 2 }),
    )
    expect(refusal(it)).toBe('portal-other-session')
  })

  test('without an end counts for nothing', async () => {
    const it = await heard('litellm', (response) =>
      json(response, { data: [{ ...row, session_id: id }], total_pages: 1e9 }),
    )
    expect(it.questions).toHaveLength(limits.portalPages)
    expect(refusal(it)).toBe('its answer has more pages than are read')
  })

  const next = (cursor: string, origin = 'https://elsewhere.example'): Record<string, string> => ({
    link: `<${origin}/steal?after=${cursor}&per_page=100>; rel="next", <${origin}/>; rel="first"`,
  })

  test('by a cursor is asked at its own address alone', async () => {
    const { answer, tool, path } = portalSamples['github-audit-log']
    const it = await heard('github-audit-log', (response, at) => {
      response.writeHead(200, at === 1 ? next('MS42%3D') : {})
      json(response, at === 1 ? [] : answer(id))
    })
    expect(it.questions.map(({ url }) => url.startsWith(`${path}/audit-log?`))).toEqual([true, true])
    expect(it.questions[1]?.url).toMatch(/&per_page=100&after=MS42%3D$/)
    expect(it.questions[0]?.url).toContain(encodeURIComponent('actor:Copilot created:2026-01-09..2026-01-11'))
    expect(it.all[0]).toHaveProperty('facts')
    expect(tool).toBe('copilot')
  })

  test('that lead back to each other counts for nothing', async () => {
    const it = await heard('github-audit-log', (response) => {
      response.writeHead(200, next('same'))
      json(response, [])
    })
    expect(it.questions).toHaveLength(2)
    expect(refusal(it)).toBe('its pages lead back to each other')
  })

  test('with a cursor that is more than one has no next one', async () => {
    const it = await heard('github-audit-log', (response) => {
      response.writeHead(200, { link: '</x?after=a b&c=../..>; rel="next"' })
      json(response, portalSamples['github-audit-log'].answer(id))
    })
    expect(it.questions).toHaveLength(1)
  })
})

describe('events of an audit log', () => {
  test.each([
    ['of a person', { actor_is_agent: false }],
    ['of no session', { agent_session_id: undefined }],
  ])('%s are none of the session', async (_, more) => {
    const { id, answer } = portalSamples['github-audit-log']
    const events = (answer(id) as object[]).map((it) => ({ ...it, ...more }))
    expect(refusal(await heard('github-audit-log', (response) => json(response, events)))).toBe('portal-unknown')
  })
})

describe('what a client writes of itself', () => {
  test('at a gateway of Cloudflare vouches for nobody', async () => {
    const { id, answer } = portalSamples['cloudflare-ai-gateway']
    const it = await heard('cloudflare-ai-gateway', (response) => json(response, answer(id)))
    expect(it.all[0]).toMatchObject({ facts: { user: undefined, repositories: undefined } })
  })
})

describe('the address of a portal', () => {
  test.each<[PortalAdapter, string]>([
    ['contract', 'http://portal.example'],
    ['contract', 'https://ann:secret@portal.example'],
    ['contract', 'https://portal.example/?x=1'],
    ['contract', 'https://portal.example/#x'],
    ['contract', 'portal.example'],
    ['contract', 'file:///etc/passwd'],
    ['github-audit-log', 'https://api.github.com'],
    ['github-audit-log', 'https://api.github.com/orgs/acme/repos'],
    ['github-audit-log', 'https://portal.example/orgs/acme'],
    ['cloudflare-ai-gateway', 'https://api.cloudflare.com/client/v4'],
  ])('of kind %s is not %s', (adapter, address) => {
    const place = { adapter, address, token: portalToken }
    expect(codeOf(() => openPortal(place, worldOf()))).toBe('usage')
    expect(() => openPortal(place, worldOf())).not.toThrow(/secret|passwd|portal\.example/)
  })

  test('has rows for all kinds, each known by its documents', () => {
    expect(portalRows.map(({ id }) => id).toSorted()).toEqual([...portalAdapters].toSorted())
    expect(new Set(portalRows.map(({ known }) => known))).toEqual(new Set(['documented']))
  })
})
