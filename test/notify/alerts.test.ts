/** Alerts as they are sent: where they may go, how long that may take, what stands in the headers, and what nobody gets to see. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { limits } from '../../src/model/limits.ts'
import type { Alert } from '../../src/model/alert.ts'
import { openAlerts } from '../../src/notify/alerts.ts'
import type { Alerts, AlertsRequest } from '../../src/notify/alerts.ts'
import { attempt } from '../../src/errors.ts'
import { closedOrigin, endless, loopback } from '../world/loopback-server.ts'
import { runs } from '../world/runs.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import type { SteppedClock } from '../world/stepped-clock.ts'
import { sampleVerdict } from '../world/verdict-samples.ts'

const secretPath = '/services/T000/B000/XXXXXXXXXXXX?token=hidden'
const secret = 'a secret of thirty-two characters'

interface Got {
  readonly path: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Receiver {
  readonly url: string
  readonly got: readonly Got[]
}

/** Answers each request by the next answer, the last one again and again. */
async function receiver(...answers: readonly (number | ((response: ServerResponse) => void))[]): Promise<Receiver> {
  const got: Got[] = []
  const origin = await loopback((request, response) => {
    void bodyOf(request).then((body) => {
      got.push({ path: request.url ?? '', method: request.method ?? '', headers: request.headers, body })
      const answer = answers[Math.min(got.length, answers.length) - 1] ?? 200
      if (typeof answer === 'number') response.writeHead(answer).end('what it says')
      else answer(response)
    })
  })
  return { url: `${origin}${secretPath}`, got }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

type Asked = Partial<Omit<AlertsRequest, 'notify'>>

function opened(notify: string | readonly string[], asked: Asked = {}, clock: SteppedClock = steppedClock()): Alerts {
  const { world, ...others } = asked
  return openAlerts({
    ...{ command: 'verify', notify: [notify].flat(), ...others },
    world: { ...clock, random: () => 0.5, env: {}, ...world },
  })
}

async function sent(
  notify: string | readonly string[],
  asked: Asked = {},
  clock?: SteppedClock,
): Promise<readonly string[]> {
  const alerts = opened(notify, asked, clock)
  alerts.verdict(sampleVerdict('fail', 'all'))
  return alerts.send()
}

const hostIn = (url: string): string => new URL(url).host

describe('an alert', () => {
  it('is one POST, whatever many verdicts it is about, and none where all pass', async () => {
    const { url, got } = await receiver()
    const alerts = opened(url)
    alerts.verdict(sampleVerdict('pass', 'all'))
    expect(await alerts.send()).toEqual([])
    expect(got).toEqual([])
    alerts.verdict(sampleVerdict('fail', 'all'))
    alerts.verdict(sampleVerdict('undecided', 'none'))
    expect(await alerts.send()).toEqual([])
    expect(got).toMatchObject([{ method: 'POST', path: secretPath }])
  })

  it('has the key in its header and its body, and has it again in another run', async () => {
    const { url, got } = await receiver()
    await sent(url)
    await sent(url, {}, steppedClock(new Date('2027-01-01T00:00:00Z')))
    const [first, second] = got
    const key = (JSON.parse(first!.body) as Alert).idempotencyKey
    expect(first!.headers['idempotency-key']).toBe(`"${key}"`)
    expect(second!.headers['idempotency-key']).toBe(`"${key}"`)
    expect(first!.headers['content-type']).toBe('application/json; charset=utf-8')
  })

  it('goes to each address once, however often it is named', async () => {
    const [one, other] = [await receiver(), await receiver()]
    const env = { ONE: one.url }
    expect(await sent([one.url, other.url, 'env:ONE'], { world: { env } })).toEqual([])
    expect([one.got.length, other.got.length]).toEqual([1, 1])
  })
})

describe('a further attempt', () => {
  it('sends the same bytes, key and signature, where a second try may help', async () => {
    const { url, got } = await receiver(503, 429, 204)
    const asked = { notifySecret: 'env:S', world: { env: { S: secret } } }
    expect(await sent(url, asked)).toEqual([])
    expect(got).toHaveLength(3)
    const told = ({ body, headers }: Got): unknown => [
      body,
      ...['idempotency-key', 'x-countersign-signature', 'x-countersign-timestamp'].map((it) => headers[it]),
    ]
    expect(new Set(got.map((it) => JSON.stringify(told(it)))).size).toBe(1)
  })

  it.each([400, 401, 403, 404, 410, 413])('is none where the answer is %d', async (status) => {
    const { url, got } = await receiver(status)
    expect(await sent(url)).toHaveLength(1)
    expect(got).toHaveLength(1)
  })

  it('comes at most twice, and when the other side wants it', async () => {
    const clock = steppedClock()
    const { url, got } = await receiver((response) => response.writeHead(503, { 'retry-after': '2' }).end())
    expect(await sent(url, {}, clock)).toEqual([expect.stringContaining('status 503 (alert-not-sent)')])
    expect(got).toHaveLength(3)
    expect(clock.slept).toEqual([2_000, 2_000])
  })

  it('does not come where the budget would be over before', async () => {
    const clock = steppedClock()
    const { url, got } = await receiver((response) => response.writeHead(503, { 'retry-after': '11' }).end())
    expect(await sent(url, {}, clock)).toHaveLength(1)
    expect([got.length, clock.slept]).toEqual([1, []])
  })
})

describe('the budget', () => {
  it('ends all addresses together, whatever they do', async () => {
    const clock = steppedClock()
    const silent = await loopback(() => clock.advanceToTimeout())
    const lines = await sent([`${silent}/a`, `${silent}/b`, `${silent}/c`], {}, clock)
    expect(lines).toHaveLength(3)
    expect(clock.elapsed()).toBeLessThanOrEqual(limits.alertBudget)
    expect(limits.alertBudget).toBe(10_000)
    expect(Math.max(...clock.timeouts)).toBeLessThanOrEqual(limits.alertAttempt)
  })

  it('does not wait for what is said behind the status', async () => {
    const { url, got } = await receiver((response) => {
      response.writeHead(200)
      endless(response)
    })
    expect(await sent(url)).toEqual([])
    expect(got).toHaveLength(1)
  })
})

describe('where it goes', () => {
  it.each([301, 302, 303, 307, 308])('is never where an answer of status %d leads to', async (status) => {
    const other = await receiver()
    const { url, got } = await receiver((response) => response.writeHead(status, { location: other.url }).end())
    expect(await sent(url)).toEqual([expect.stringContaining('a redirect')])
    expect([got.length, other.got.length]).toEqual([1, 0])
  })

  it.each([
    'http://alerts.acme.example/x',
    'http://localhost.evil.example/x',
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:127.0.0.1]/x',
    'https://ann:hidden@alerts.acme.example/',
    'ftp://alerts.acme.example/',
    'file:///etc/hidden',
    'data:text/plain,hidden',
    'hidden',
    'env:hidden/with-signs',
    'env:',
    `https://alerts.acme.example/${'hidden'.repeat(500)}`,
  ])('is not %s, and the message does not repeat it', (url) => {
    const failure = attempt(() => opened(url))
    expect(failure).toMatchObject({ code: 'usage', option: 'notify' })
    const words = JSON.stringify([(failure as Error).message, (failure as { hint?: string }).hint])
    expect(words).not.toMatch(/hidden|evil|169\.254|meta-data/)
  })

  it('is not what a value of the environment is, where that is no address', () => {
    const failure = attempt(() => opened('env:URL', { world: { env: { URL: 'http://alerts.acme.example/hidden' } } }))
    expect(failure).toMatchObject({ code: 'usage', message: expect.not.stringContaining('hidden') as string })
  })

  it('is ten addresses at most', () => {
    const urls = Array.from({ length: 11 }, (_, at) => `https://alerts.acme.example/${at}`)
    expect(attempt(() => opened(urls))).toMatchObject({ code: 'usage' })
    expect(() => opened(urls.slice(1))).not.toThrow()
  })
})

describe('what nobody gets to see', () => {
  it('is the path of an address, whatever becomes of it', async () => {
    const urls = [
      (await receiver(404)).url,
      (await receiver(500)).url,
      (await receiver((response) => response.writeHead(302, { location: 'https://evil.example/hidden' }).end())).url,
      (await receiver((response) => response.destroy())).url,
      `${await closedOrigin()}${secretPath}`,
    ]
    const lines = await sent(urls)
    expect(lines).toHaveLength(urls.length)
    for (const [at, line] of lines.entries()) {
      expect(line).toContain(hostIn(urls[at]!))
      expect(line).toContain('alert-not-sent')
      expect(line).not.toMatch(/services|T000|XXXX|hidden|\n/)
    }
  })

  it('is a text of a library that repeats it', async () => {
    const fetch = (): Promise<Response> => Promise.reject(new TypeError(`cannot reach https://x${secretPath}`))
    expect((await sent('https://hooks.slack.com/services/T000', { world: { fetch } })).join('')).not.toMatch(
      /T000|XXXX/,
    )
  })

  it('is a secret, which stands in a variable and nowhere else', () => {
    const failure = attempt(() => opened('https://alerts.acme.example/', { notifySecret: secret }))
    expect(failure).toMatchObject({
      code: 'usage',
      option: 'notifySecret',
      message: expect.not.stringContaining(secret) as string,
    })
    const short = { notifySecret: 'env:S', world: { env: { S: 'hidden' } } }
    expect(attempt(() => opened('https://alerts.acme.example/', short))).toMatchObject({
      ...{ code: 'usage', message: expect.not.stringContaining('hidden') as string },
    })
  })
})

describe('a variable that is not set', () => {
  it.each([{}, { URL: '' }, { URL: ' \n' }])('is said, and all others are told: %j', async (env) => {
    const { url, got } = await receiver()
    const alerts = opened([url, 'env:URL'], { world: { env } })
    expect(alerts.missing).toEqual([expect.stringContaining('URL')])
    alerts.verdict(sampleVerdict('fail', 'all'))
    expect(await alerts.send()).toEqual([])
    expect(got).toHaveLength(1)
  })

  it('for the secret keeps all from being told: an unsigned alert is not what was asked for', async () => {
    const { url, got } = await receiver()
    const alerts = opened(url, { notifySecret: 'env:S' })
    expect(alerts.missing).toEqual([expect.stringContaining('S')])
    alerts.verdict(sampleVerdict('fail', 'all'))
    expect([await alerts.send(), got.length]).toEqual([[], 0])
  })
})

/** What docs/alerts.md gives to whoever writes a receiver. */
async function documentedReceiver(): Promise<
  (headers: IncomingHttpHeaders, body: string, secret: string, now?: number) => boolean
> {
  const page = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8')
  const [, code = ''] = /^```js\n([\s\S]*?)^```/m.exec(page) ?? []
  const loaded: unknown = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  return (loaded as { isFromCountersign: Awaited<ReturnType<typeof documentedReceiver>> }).isFromCountersign
}

describe('the signature', () => {
  const start = new Date('2026-11-27T10:00:00.700Z')
  const seconds = Math.floor(start.getTime() / 1_000)
  const signed = async (): Promise<Got> => {
    const { url, got } = await receiver()
    await sent(url, { notifySecret: 'env:S', world: { env: { S: secret } } }, steppedClock(start))
    return got[0]!
  }

  it('is of the time and the bytes that came', async () => {
    const { headers, body } = await signed()
    expect(headers['x-countersign-timestamp']).toBe(String(seconds))
    const expected = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
    expect(headers['x-countersign-signature']).toBe(`sha256=${expected}`)
  })

  it('is accepted by the receiver in the documentation, and nothing else is', async () => {
    const isFromCountersign = await documentedReceiver()
    const { headers, body } = await signed()
    expect(isFromCountersign(headers, body, secret, seconds + 299)).toBe(true)
    expect(isFromCountersign(headers, body, secret, seconds + 301)).toBe(false)
    expect(
      isFromCountersign({ ...headers, 'x-countersign-timestamp': String(seconds + 300) }, body, secret, seconds + 301),
    ).toBe(false)
    expect(isFromCountersign(headers, body, `${secret}x`, seconds)).toBe(false)
    expect(isFromCountersign({}, body, secret, seconds)).toBe(false)
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 90 }), (at, by) => {
        const other = String.fromCharCode(33 + ((body.charCodeAt(at) - 33 + by) % 94))
        fc.pre(other !== body[at])
        expect(isFromCountersign(headers, `${body.slice(0, at)}${other}${body.slice(at + 1)}`, secret, seconds)).toBe(
          false,
        )
      }),
      { numRuns: runs(100) },
    )
  })

  it('is not there where nobody asked for one', async () => {
    const { url, got } = await receiver()
    await sent(url)
    expect(Object.keys(got[0]!.headers).filter((it) => it.startsWith('x-countersign'))).toEqual([])
  })
})
