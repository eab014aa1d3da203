/** What becomes of a signature when Fulcio, a log or a timestamp authority fails: with real servers behind a proxy that breaks. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CountersignError } from '../../../src/errors.ts'
import { providerClaims } from '../../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../../src/embedded/index.ts'
import type { LocalSigstore } from '../../../src/embedded/index.ts'
import { chooseServices } from '../../../src/sigstore/sign/services.ts'
import type { SigningServices } from '../../../src/sigstore/sign/services.ts'
import type { RetryOptions } from '../../../src/platform/retry-budget.ts'
import { signStatement } from '../../../src/sigstore/sign/sign-statement.ts'
import { trustFromJson } from '../../../src/sigstore/verify/trusted-root.ts'
import { limits } from '../../../src/model/limits.ts'
import { parseBundle } from '../../../src/model/bundle.ts'
import { worldOf } from '../../../src/platform/world.ts'
import { verifyBundle } from '../../../src/sigstore/verify/verify-bundle.ts'
import type { SignatureResult } from '../../../src/sigstore/verify/verify-bundle.ts'
import { pass, startFaultProxy } from '../../world/fault-proxy.ts'
import type { Fault, FaultProxy } from '../../world/fault-proxy.ts'
import { edited } from '../../world/release.ts'
import type { EditableBundle } from '../../world/release.ts'
import { steppedClock } from '../../world/stepped-clock.ts'
import type { SteppedClock } from '../../world/stepped-clock.ts'
import { part as partOf } from '../../world/runs.ts'

const start = new Date('2026-11-20T12:00:00Z')

let sigstore: LocalSigstore
beforeAll(async () => {
  sigstore = await startLocalSigstore({ now: () => start })
})
afterAll(() => sigstore.close())

/** The time of whoever signs. The services keep theirs, which stands still. */
let clock: SteppedClock
beforeEach(() => {
  clock = steppedClock(start)
})

const proxies: FaultProxy[] = []
afterEach(async () => {
  await Promise.all(proxies.splice(0).map((it) => it.close()))
})

/** A proxy before the embedded Sigstore that does these things to its first requests, and then lets them pass or not. */
async function proxy(faults: readonly Fault[], then: Fault = pass): Promise<FaultProxy> {
  const started = await startFaultProxy(sigstore.url, (index) => faults[index] ?? then)
  proxies.push(started)
  return started
}

/** Every part of signing: where it stands in the services, and the services with another address for it. */
const parts = {
  Fulcio: { rekor: 1, at: (it: SigningServices, url: string) => ({ ...it, fulcio: url }) },
  'Rekor v1': { rekor: 1, at: (it: SigningServices, url: string) => ({ ...it, log: { url, version: 1 as const } }) },
  'Rekor v2': { rekor: 2, at: (it: SigningServices, url: string) => ({ ...it, log: { url, version: 2 as const } }) },
  'the timestamp authority': {
    rekor: 1,
    at: (it: SigningServices, url: string) => ({ ...it, timestampAuthorities: [`${url}/api/v1/timestamp`] }),
  },
} as const
type Part = keyof typeof parts
const everyPart = Object.keys(parts) as Part[]

function servicesWith(part: Part, url: string): SigningServices {
  const chosen = chooseServices(sigstore.signingConfig, start)
  return parts[part].at({ ...chosen, log: { url: sigstore.url, version: parts[part].rekor } }, url)
}

/** The pauses are a tenth of the longest that they can be: 50 ms, 100 ms, 200 ms… */
const random = (): number => 0.1

async function signed(
  statement: Buffer,
  token: string,
  services: SigningServices,
  options: RetryOptions,
): Promise<string> {
  return signStatement(statement, token, services, options, worldOf({ ...clock, random }))
}

let statements = 0
async function sign(services: SigningServices, options: RetryOptions = {}): Promise<EditableBundle> {
  const statement = Buffer.from(JSON.stringify({ number: (statements += 1) }))
  const token = await sigstore.mintToken(providerClaims('github'))
  return JSON.parse(await signed(statement, token, services, { budget: 20_000, ...options })) as EditableBundle
}

interface Failed {
  readonly code: string
  readonly message: string
  /** Milliseconds of the clock. */
  readonly took: number
}

/** The failure, in which no part of the token may be, however deep. */
async function failure(services: SigningServices, options: RetryOptions = {}): Promise<Failed> {
  const token = await sigstore.mintToken(providerClaims('github'))
  const thrown: unknown = await signed(Buffer.from('{}'), token, services, options).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof CountersignError)) throw new Error('expected a failure', { cause: thrown })
  const shown = inspect(thrown, { depth: 10, showHidden: true })
  for (const secret of token.split('.')) expect(shown).not.toContain(secret)
  return { code: thrown.code, message: thrown.message, took: clock.elapsed() }
}

function verified(bundle: EditableBundle): SignatureResult {
  const trust = trustFromJson(sigstore.trustedRoot, 'the embedded Sigstore of this test')
  return verifyBundle(parseBundle(Buffer.from(JSON.stringify(bundle))), trust)
}

function expectVerified(bundle: EditableBundle): void {
  expect(verified(bundle)).toMatchObject({ outcome: 'verified' })
}

it('a bundle with another payload would be noticed here', async () => {
  const bundle = await sign(servicesWith('Rekor v1', sigstore.url))
  expectVerified(bundle)
  const other = edited(bundle, (it) => (it.dsseEnvelope.payload = Buffer.from('{}').toString('base64')))
  expect(verified(other)).toMatchObject({ outcome: 'refused', code: 'signature-invalid' })
})

const garbage = 'x'.repeat(64)
const passing: Record<string, readonly Fault[]> = {
  'drops the connection twice': [{ kind: 'drop' }, { kind: 'drop' }],
  'answers 500 and 503': [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503, body: '{"code":14,"message":"overloaded"}' },
  ],
  'answers 408': [{ kind: 'status', status: 408 }],
  'answers 429 and asks for a second': [{ kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
  'cuts the connection within the body': [{ kind: 'cut connection' }],
  'cuts the body': [{ kind: 'cut text' }],
  'answers garbage': [{ kind: 'instead', body: garbage, contentType: 'application/octet-stream' }],
  'answers HTML': [{ kind: 'instead', body: '<html>please log in</html>', contentType: 'text/html' }],
  'does its part, and the answer is lost': [{ kind: 'lose answer' }],
  'takes its time': [{ kind: 'delay', meanwhile: () => clock.advance(19_000) }],
}

describe('what is said meanwhile', () => {
  async function told(services: SigningServices, options: RetryOptions): Promise<readonly string[]> {
    const lines: string[] = []
    const progress = (text: string, kind: string): void => {
      if (kind === 'wait') lines.push(text)
    }
    const token = await sigstore.mintToken(providerClaims('github'))
    const world = worldOf({ ...clock, random, progress })
    await signStatement(Buffer.from('{}'), token, services, options, world).catch((thrown: unknown) => {
      if (!(thrown instanceof CountersignError)) throw thrown
    })
    return lines.map((line) => line.replace(/^.*; /, ''))
  }

  it('is when a service is asked again, never a later moment and never one that does not come', async () => {
    const down = await proxy([], { kind: 'status', status: 503 })
    // Asked at 0, 50, 150 and 350 ms; the next moment, 750 ms, is beyond the budget.
    expect(await told(servicesWith('Rekor v1', down.url), { budget: 600 })).toEqual([
      'asked again in 0 s at the earliest',
      'asked again in 0.1 s at the earliest',
      'asked again in 0.2 s at the earliest',
    ])
  })

  it('is nothing of a moment that a service asked for beyond the budget', async () => {
    const busy = await proxy([], { kind: 'status', status: 429, headers: { 'retry-after': '999999999' } })
    expect(await told(servicesWith('Fulcio', busy.url), { budget: 5_000 })).toEqual([])
  })

  it('is that another service is asked, where one is', async () => {
    const busy = await proxy([], { kind: 'status', status: 429, headers: { 'retry-after': '3' } })
    const services = servicesWith('Rekor v1', busy.url)
    const standby = { fulcio: [], logs: [{ url: sigstore.url, version: 1 as const }], timestampAuthorities: [] }
    expect(await told({ ...services, standby }, { budget: 5_000 })).toEqual(['another one is asked'])
  })

  it('names the log that hangs, and leaves the others their time', async () => {
    const hangs = await proxy([], { kind: 'hold', held: () => clock.advanceToTimeout() })
    const services = servicesWith('Rekor v1', hangs.url)
    const trust = trustFromJson(sigstore.trustedRoot, 'the embedded Sigstore of this test')
    const lines: string[] = []
    const token = await sigstore.mintToken(providerClaims('github'))
    const options = { budget: 3_000, before: { trust, check: () => undefined } }
    const world = worldOf({ ...clock, random, progress: (text) => lines.push(text) })
    await expect(signStatement(Buffer.from('{}'), token, services, options, world)).rejects.toMatchObject({
      code: 'service-unavailable',
      message: expect.stringMatching(
        /^the transparency log did not do its part .*so far: a certificate was issued/,
      ) as string,
    })
    expect(lines[0]).toMatch(/^the transparency log http.*: .*; signing goes on without its key$/)
  })
})

describe.each(everyPart)('%s', (part) => {
  it.each(partOf(Object.keys(passing), 2))('that %s is asked again, and the bundle verifies', async (name) => {
    const faults = passing[name]!
    const broken = await proxy(faults)
    const notes: string[] = []
    const bundle = await sign(servicesWith(part, broken.url), { note: (text) => notes.push(text) })
    expectVerified(bundle)
    expect(bundle.verificationMaterial.tlogEntries).toHaveLength(1)
    const waited = faults[0]?.kind === 'delay'
    const posts = broken.requests.filter((it) => it.startsWith('POST'))
    expect(posts.length).toBeGreaterThanOrEqual(waited ? 1 : faults.length + 1)
    expect(posts.length).toBeLessThanOrEqual(faults.length + 2)
    if (faults[0]?.kind === 'status' && faults[0].headers !== undefined) expect(clock.slept[0]).toBe(1_000)
    expect(notes.length > 0).toBe(!waited)
  })

  const budget = 600
  // Asked at 0, 50, 150 and 350 ms; the next moment, 750 ms, is beyond the budget.
  it.each<[string, Fault, { readonly took: number; readonly requests: number }]>(
    partOf(
      [
        ['keeps dropping', { kind: 'drop' }, { took: 350, requests: 4 }],
        ['keeps answering 500', { kind: 'status', status: 500 }, { took: 350, requests: 4 }],
        ['keeps answering 503', { kind: 'status', status: 503 }, { took: 350, requests: 4 }],
        ['does not answer', { kind: 'hold', held: () => clock.advanceToTimeout() }, { took: budget, requests: 1 }],
        [
          'answers a byte at a time',
          { kind: 'drip', meanwhile: () => clock.advance(Math.min(100, budget - clock.elapsed())) },
          { took: budget, requests: 1 },
        ],
      ],
      3,
    ),
  )('that %s ends when the budget does', async (_, fault, { took, requests }) => {
    const broken = await proxy([], fault)
    const failed = await failure(servicesWith(part, broken.url), { budget })
    expect(failed.code).toBe('service-unavailable')
    expect(failed.message).toContain(broken.url)
    expect(failed.took).toBe(took)
    expect(broken.requests).toHaveLength(requests)
  })

  it('that does not answer is given half a minute, and then asked again', async () => {
    const broken = await proxy([{ kind: 'hold', held: () => clock.advanceToTimeout() }])
    expectVerified(await sign(servicesWith(part, broken.url), { budget: 120_000 }))
    expect(clock.elapsed()).toBe(limits.serviceTimeout + 50)
  })

  it.each<[string, Fault, string, number]>(
    partOf(
      [
        ['refuses with 400', { kind: 'status', status: 400 }, 'service-refused', 1],
        ['refuses with 401', { kind: 'status', status: 401 }, 'service-refused', 1],
        ['refuses with 404', { kind: 'status', status: 404 }, 'service-refused', 1],
        [
          'redirects',
          { kind: 'status', status: 307, headers: { location: 'http://127.0.0.1:9/' } },
          'service-refused',
          1,
        ],
        [
          'answers HTML for ever',
          { kind: 'instead', body: '<html>', contentType: 'text/html' },
          'service-answer-malformed',
          3,
        ],
        [
          'answers an empty object',
          { kind: 'instead', body: '{}', contentType: 'application/json' },
          'service-answer-malformed',
          3,
        ],
        ['cuts every body', { kind: 'cut text' }, 'service-answer-malformed', 3],
        [
          'asks to be left alone for an hour',
          { kind: 'status', status: 429, headers: { 'retry-after': '3600' } },
          'service-unavailable',
          1,
        ],
        [
          'asks so with a date',
          {
            kind: 'status',
            status: 503,
            headers: { 'retry-after': new Date(start.getTime() + 3_600_000).toUTCString() },
          },
          'service-unavailable',
          1,
        ],
      ],
      3,
    ),
  )('that %s is not asked for ever', async (_, fault, code, attempts) => {
    const broken = await proxy([], fault)
    const failed = await failure(servicesWith(part, broken.url), { budget: 30_000 })
    expect(failed.code).toBe(code)
    const posts = broken.requests.filter((it) => it.startsWith('POST'))
    // Each answer that Rekor v2 lost costs another one, which says that the entry is there, and another signature.
    expect(posts).toHaveLength(part === 'Rekor v2' && fault.kind === 'cut text' ? 6 : attempts)
    expect(failed.took).toBeLessThan(10_000)
  })

  it('whose answer is too large is not read to its end', async () => {
    const body = `"${'a'.repeat(9 * 1024 * 1024)}"`
    const broken = await proxy([], { kind: 'instead', body, contentType: 'application/json' })
    const { code } = await failure(servicesWith(part, broken.url), { budget: 30_000 })
    expect(code).toBe('service-answer-malformed')
  })

  it('that is not there is not waited for beyond the budget', async () => {
    const gone = await proxy([])
    await gone.close()
    const { code } = await failure(servicesWith(part, gone.url), { budget: 1_000 })
    expect(code).toBe('service-unavailable')
    expect(clock.slept).toEqual([50, 100, 200, 400])
  })
})

describe('failing together', () => {
  it('the services share one budget', async () => {
    const fulcio = await proxy([{ kind: 'delay', meanwhile: () => clock.advance(900) }])
    const log = await proxy([], { kind: 'drop' })
    const services = { ...servicesWith('Rekor v1', log.url), fulcio: fulcio.url }
    const { code } = await failure(services, { budget: 1_500 })
    expect(code).toBe('service-unavailable')
    // The log had 600 ms left: with all 1,500 it would have been waited for once more.
    expect(clock.slept).toEqual([50, 100, 200])
  })

  it('nothing is logged before everything else is there', async () => {
    const log = await proxy([])
    const services = servicesWith('Rekor v1', log.url)
    const broken = await proxy([], { kind: 'status', status: 403 })
    const failed = await failure({ ...services, timestampAuthorities: [broken.url] }, {})
    expect(failed.code).toBe('service-refused')
    expect(log.requests).toEqual([])
  })
})

describe('a failure says what came of it all the same:', () => {
  const no = 'nothing was logged'
  const perhaps = 'the log may have the entry already'

  it.each<[string, Part, Fault | 'gone', string | undefined]>(
    partOf(
      [
        ['of Fulcio, nothing', 'Fulcio', { kind: 'status', status: 503 }, undefined],
        ['of a timestamp authority, a certificate', 'the timestamp authority', { kind: 'drop' }, no],
        ['of Rekor v1 that refuses', 'Rekor v1', { kind: 'status', status: 400 }, no],
        ['of Rekor v1 that is not there', 'Rekor v1', 'gone', no],
        ['of Rekor v1 whose answer is lost', 'Rekor v1', { kind: 'lose answer' }, perhaps],
        ['of Rekor v1 whose answer is cut', 'Rekor v1', { kind: 'cut text' }, perhaps],
        ['of Rekor v2 that drops the connection', 'Rekor v2', { kind: 'drop' }, perhaps],
        ['of Rekor v2 that answers 504', 'Rekor v2', { kind: 'status', status: 504 }, perhaps],
        ['of Rekor v2 whose answers are lost', 'Rekor v2', { kind: 'lose answer' }, perhaps],
      ],
      3,
    ),
  )('%s', async (_, part, fault, state) => {
    const broken = await proxy([], fault === 'gone' ? pass : fault)
    if (fault === 'gone') await broken.close()
    const { message } = await failure(servicesWith(part, broken.url), { budget: 5_000 })
    const [, said] = message.split('; so far: ')
    const isStamped = part !== 'the timestamp authority'
    expect(said).toBe(
      state === undefined
        ? undefined
        : `a certificate was issued, ${isStamped ? 'the signature has its timestamp, ' : ''}${state}`,
    )
  })

  it('that a Rekor v1 says to have the entry, and is gone then', async () => {
    const conflict = { kind: 'status', status: 409, headers: { location: `/${'a'.repeat(64)}` } } as const
    const broken = await proxy([conflict], { kind: 'status', status: 404 })
    const { message } = await failure(servicesWith('Rekor v1', broken.url), { budget: 5_000 })
    expect(message).toMatch(/the log may have the entry already$/)
  })
})

describe('an expired token', () => {
  it('is not sent again, and the error says to request a fresh one', async () => {
    const broken = await proxy([], { kind: 'status', status: 503 })
    clock.advance(3_600_000)
    const failed = await failure(servicesWith('Fulcio', broken.url), { budget: 20_000 })
    expect(failed.code).toBe('token-expired')
    expect(broken.requests).toHaveLength(1)
  })

  it('does not matter once there is a certificate', async () => {
    const broken = await proxy([{ kind: 'status', status: 503 }])
    clock.advance(3_600_000)
    expectVerified(await sign(servicesWith('Rekor v1', broken.url)))
  })
})

describe('an answer about something else', () => {
  it('a certificate for another key is not used', async () => {
    const other = await sign(servicesWith('Fulcio', sigstore.url))
    const pem = `-----BEGIN CERTIFICATE-----\\n${other.verificationMaterial.certificate!.rawBytes}\\n-----END CERTIFICATE-----\\n`
    const edit = (body: string): string => body.replace(/"-----BEGIN.*?-----END CERTIFICATE-----\\n"/, `"${pem}"`)
    const broken = await proxy([], { kind: 'edit', edit })
    const failed = await failure(servicesWith('Fulcio', broken.url), {})
    expect(failed.code).toBe('service-answer-malformed')
    expect(failed.message).toContain('for another key')
  })

  it('a timestamp of another signature is not used', async () => {
    const other = await sign(servicesWith('Rekor v1', sigstore.url))
    const stamp = other.verificationMaterial.timestampVerificationData.rfc3161Timestamps[0]!.signedTimestamp
    const replay = await startReplay(Buffer.from(stamp, 'base64'))
    try {
      const failed = await failure(servicesWith('the timestamp authority', replay.url), {})
      expect(failed.code).toBe('service-answer-malformed')
      expect(failed.message).toContain('another digest')
    } finally {
      replay.close()
    }
  })
})

async function startReplay(body: Buffer): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(201).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe('an entry that the log has already', () => {
  it('is fetched from Rekor v1 and used', async () => {
    const log = await proxy([{ kind: 'lose answer' }])
    const bundle = await sign(servicesWith('Rekor v1', log.url))
    expectVerified(bundle)
    expect(log.requests.map((it) => it.replace(/[0-9a-f]{64,}/, 'uuid'))).toEqual([
      'POST /api/v1/log/entries',
      'POST /api/v1/log/entries',
      'GET /api/v1/log/entries/uuid',
    ])
  })

  it('is not used where it is about another signature', async () => {
    const other = await sign(servicesWith('Rekor v1', sigstore.url))
    const body = Buffer.from(other.verificationMaterial.tlogEntries[0]!.canonicalizedBody, 'base64')
    const leaf = createHash('sha256').update(Buffer.of(0)).update(body).digest('hex')
    const conflict: Fault = { kind: 'status', status: 409, headers: { location: `/api/v1/log/entries/${leaf}` } }
    const log = await startFaultProxy(sigstore.url, (_, { method }) => (method === 'POST' ? conflict : pass))
    proxies.push(log)
    const failed = await failure(servicesWith('Rekor v1', log.url), { budget: 20_000 })
    expect(failed).toMatchObject({ code: 'service-answer-malformed' })
    expect(failed.message).toContain('not about this signature')
    expect(log.requests).toContain(`GET /api/v1/log/entries/${leaf}`)
  })

  it.each(['https://evil.example/x', '/api/v1/log/entries/../../../secret', ''])(
    'is not looked for at %j',
    async (location) => {
      const log = await proxy([], { kind: 'status', status: 409, headers: { location } })
      const { code } = await failure(servicesWith('Rekor v1', log.url), { budget: 20_000 })
      expect(code).toBe('service-answer-malformed')
      expect(log.requests.every((it) => it === 'POST /api/v1/log/entries')).toBe(true)
    },
  )

  it('of Rekor v2, which gives none out, is replaced by another signature', async () => {
    const log = await proxy([{ kind: 'lose answer' }])
    const stamps = await proxy([])
    const services = { ...servicesWith('Rekor v2', log.url), timestampAuthorities: [stamps.url] }
    expectVerified(await sign(services))
    expect(log.requests).toHaveLength(3)
    // The timestamp is over the signature, so there is another one of these too.
    expect(stamps.requests).toHaveLength(2)
  })

  it('is not promised by Rekor v2, which writes what is absent as null', async () => {
    const answers: string[] = []
    const log = await proxy([], { kind: 'edit', edit: (body) => (answers.push(body), body) })
    const bundle = await sign(servicesWith('Rekor v2', log.url))
    expectVerified(bundle)
    expect(answers).toEqual([expect.stringContaining('"inclusionPromise":null')])
    expect(bundle.verificationMaterial.tlogEntries[0]).not.toHaveProperty('inclusionPromise')
  })

  it('of a Rekor v2 that says so of everything is an error', async () => {
    const log = await proxy([], { kind: 'status', status: 409, headers: { 'x-log-index': '7' } })
    const failed = await failure(servicesWith('Rekor v2', log.url), {})
    expect(failed.code).toBe('service-answer-malformed')
    expect(log.requests).toHaveLength(3)
  })
})

describe('several services', () => {
  type Service = Record<string, unknown>
  const config = (parts: Record<string, unknown>): SigningServices =>
    chooseServices({ ...(sigstore.signingConfig as object), ...parts } as never, start)
  const service = (url: string, operator: string, start = '2026-01-01T00:00:00Z', majorApiVersion = 1): Service => ({
    url,
    operator,
    majorApiVersion,
    validFor: { start },
  })

  it.each<[string, Fault]>([
    ['drops', { kind: 'drop' }],
    ['refuses', { kind: 'status', status: 403 }],
    ['asks for an hour', { kind: 'status', status: 429, headers: { 'retry-after': '3600' } }],
  ])('of one kind: the next one stands in for one that %s, and a note says so', async (_, fault) => {
    const broken = await proxy([], fault)
    const both = [service(broken.url, 'a', '2026-02-01T00:00:00Z'), service(sigstore.url, 'b')]
    for (const list of ['caUrls', 'rekorTlogUrls', 'tsaUrls']) {
      const notes: string[] = []
      const services = config({ [list]: both })
      const bundle = await sign(services, { note: (text) => notes.push(text) })
      expectVerified(bundle)
      expect(notes.join('\n')).toContain(`${sigstore.url} stood in for ${broken.url}`)
      expect(bundle.verificationMaterial.tlogEntries).toHaveLength(1)
    }
  })

  it('a Rekor v1 stands in for a Rekor v2', async () => {
    const broken = await proxy([], { kind: 'drop' })
    const rekorTlogUrls = [service(broken.url, 'a', '2026-02-01T00:00:00Z', 2), service(sigstore.url, 'a')]
    const bundle = await sign(config({ rekorTlogUrls }))
    expectVerified(bundle)
    expect(bundle.verificationMaterial.tlogEntries.map((it) => it.kindVersion.kind)).toEqual(['dsse'])
  })

  it('that must all stamp are not replaced by one of them twice', async () => {
    const good = await proxy([])
    const broken = await proxy([], { kind: 'status', status: 403 })
    const tsaUrls = [service(good.url, 'a'), service(broken.url, 'b')]
    const bundle = await sign(
      config({ tsaUrls: [tsaUrls[0], service(sigstore.url, 'b')], tsaConfig: { selector: 'ALL' } }),
    )
    expect(bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps).toHaveLength(2)
    const failed = await failure(config({ tsaUrls, tsaConfig: { selector: 'ALL' } }), {})
    expect(failed.code).toBe('service-refused')
  })

  it('of which two must stamp: a third operator stands in, another service of the second operator does not', async () => {
    const [a, b, c] = [await proxy([]), await proxy([], { kind: 'status', status: 403 }), await proxy([])]
    const tsaUrls = [
      service(a.url, 'a', '2026-04-01T00:00:00Z'),
      service(`${a.url}/`, 'a', '2026-01-01T00:00:00Z'),
      service(b.url, 'b', '2026-03-01T00:00:00Z'),
      service(c.url, 'c', '2026-02-01T00:00:00Z'),
    ]
    const services = config({ tsaUrls, tsaConfig: { selector: 'EXACT', count: 2 } })
    const bundle = await sign(services)
    expect(bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps).toHaveLength(2)
    expect([a, b, c].map((it) => it.requests.length)).toEqual([1, 1, 1])
  })

  it('that all fail are all named', async () => {
    const [one, two] = [await proxy([], { kind: 'drop' }), await proxy([], { kind: 'status', status: 502 })]
    const caUrls = [service(one.url, 'a'), service(two.url, 'b')]
    const failed = await failure(config({ caUrls }), { budget: 1_500 })
    expect(failed.code).toBe('service-unavailable')
    for (const each of [one, two]) expect(failed.message).toContain(each.url)
  })
})
