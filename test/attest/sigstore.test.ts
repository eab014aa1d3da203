/** Services that fail: a coded error each, nothing written, and no word of the token anywhere. */
import type { RequestListener } from 'node:http'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attest } from '../../src/attest/attest.ts'
import type { Attestation } from '../../src/attest/request.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { CountersignError } from '../../src/errors.ts'
import { judge } from '../../src/verify/verify.ts'
import { useCheckouts, useWorkplaces } from '../world/checkout.ts'
import type { Workplace } from '../world/checkout.ts'
import { issuerAnswers } from '../world/issuer-answers.ts'
import { closedOrigin, loopback } from '../world/loopback-server.ts'
import { refusals, trustIn } from '../world/release.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import type { SteppedClock } from '../world/stepped-clock.ts'

const checkout = useCheckouts()
const workplace = useWorkplaces()

let sigstore: LocalSigstore
beforeAll(async () => {
  sigstore = await startLocalSigstore()
})
afterAll(() => sigstore.close())

interface Config {
  signingConfig: Record<'caUrls' | 'rekorTlogUrls' | 'tsaUrls' | 'oidcUrls', { url: string; majorApiVersion: number }[]>
}

/** Writes the trust configuration with an edit. */
function configIn(at: Workplace, edit: (config: Config) => unknown = () => undefined): string {
  const config = structuredClone(sigstore.trustConfig) as unknown as Config
  edit(config)
  const path = join(at.folder, '..', 'sigstore.json')
  writeFileSync(path, JSON.stringify(config))
  return path
}

async function attestWith(
  at: Workplace,
  config: string,
  token?: string,
  clock: SteppedClock = steppedClock(),
): Promise<Attestation> {
  const raw = token ?? (await sigstore.mintToken(providerClaims('github', { sha: at.commit })))
  return attest({
    subjects: { paths: ['dist/app.tgz'] },
    sigstore: { kind: 'config', path: config },
    out: {},
    world: { ...clock, cwd: at.folder, env: at.env(raw), fetch: issuerAnswers(sigstore) },
  })
}

describe('a private Sigstore', () => {
  it.each([1, 2])('is used by its configuration file, with Rekor v%s', async (version) => {
    const at = checkout()
    const config = configIn(at, ({ signingConfig }) => (signingConfig.rekorTlogUrls[0]!.majorApiVersion = version))
    const { question } = await attestWith(at, config)
    const artifact = join(at.folder, 'dist/app.tgz')
    const verdict = await judge({ artifact, trust: trustIn(sigstore.trustedRoot), question })
    expect(refusals(verdict)).toEqual([])
    expect(verdict.attestations[0]?.summary?.logEntries.map((entry) => entry.kind)).toEqual([
      version === 1 ? 'dsse/0.0.1' : 'hashedrekord/0.0.2',
    ])
  })

  it.each<[string, (config: Config) => unknown, string]>([
    ['names no certificate authority', (it) => (it.signingConfig.caUrls = []), 'signing-service-missing'],
    [
      'names neither log nor timestamp authority',
      (it) => Object.assign(it.signingConfig, { rekorTlogUrls: [], tsaUrls: [] }),
      'signing-service-missing',
    ],
    [
      'has a Rekor v2 and no timestamp authority',
      ({ signingConfig }) => {
        signingConfig.tsaUrls = []
        signingConfig.rekorTlogUrls[0]!.majorApiVersion = 2
      },
      'signing-service-missing',
    ],
    [
      'would get the token in the clear',
      (it) => (it.signingConfig.caUrls[0]!.url = 'http://fulcio.example'),
      'trust-config-malformed',
    ],
    ['is of another kind', (it) => Object.assign(it, { signingConfig: {} }), 'trust-config-malformed'],
    ['does not trust the issuer', (it) => (it.signingConfig.oidcUrls = []), 'token-issuer-unknown'],
  ])('that %s is refused', async (_, edit, code) => {
    const at = workplace()
    await expect(attestWith(at, configIn(at, edit))).rejects.toMatchObject({ code })
    expect(at.list('dist')).toEqual(['app.tgz'])
  })

  it('whose trusted root is not that of its services writes nothing', async () => {
    const other = await startLocalSigstore()
    try {
      const at = workplace()
      const config = configIn(at, (it) => Object.assign(it, { trustedRoot: other.trustedRoot }))
      await expect(attestWith(at, config)).rejects.toMatchObject({ code: 'bundle-not-verifiable' })
      expect(at.list('dist')).toEqual(['app.tgz'])
    } finally {
      await other.close()
    }
  })
})

type Service = 'caUrls' | 'rekorTlogUrls' | 'tsaUrls'

/** What a service does; undefined where nobody is there. */
type Failing = (clock: SteppedClock) => RequestListener

const failing: Record<string, Failing> = {
  'answers 500': () => (_, response) => response.writeHead(500).end('oops'),
  'answers 400 and repeats what it was sent': () => (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ code: 3, message: `bad request: ${Buffer.concat(chunks).toString()}` }))
    })
  },
  'answers 400 and repeats the signature of the token': () => (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const part = /"eyJ[\w-]+\.[\w-]+\.([\w-]+)"/.exec(Buffer.concat(chunks).toString())?.[1] ?? 'nothing'
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ code: 3, message: `no such signature: ${part}` }))
    })
  },
  'answers 404': () => (_, response) => response.writeHead(404).end(),
  'answers HTML': () => (_, response) => {
    response.writeHead(201, { 'content-type': 'text/html' }).end('<html>please log in</html>')
  },
  'answers an empty object': () => (_, response) => {
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}')
  },
  'hangs up': () => (request) => request.socket.destroy(),
  // As long as the client waits for this answer, and no longer.
  'never answers': (clock) => () => clock.advance(clock.timeouts.at(-1) ?? 0),
}

const expected: Record<string, readonly string[]> = {
  'answers 500': ['service-unavailable'],
  'answers 400 and repeats what it was sent': ['service-refused'],
  'answers 400 and repeats the signature of the token': ['service-refused'],
  'answers 404': ['service-refused'],
  'answers HTML': ['service-answer-malformed', 'bundle-not-verifiable'],
  'answers an empty object': ['service-answer-malformed', 'bundle-not-verifiable'],
  'hangs up': ['service-unavailable'],
  'never answers': ['service-unavailable'],
  'is not there': ['service-unavailable'],
}

const services: readonly (readonly [string, Service])[] = [
  ['Fulcio', 'caUrls'],
  ['the log', 'rekorTlogUrls'],
  ['the timestamp authority', 'tsaUrls'],
]
const failures = services.flatMap(([name, service]) =>
  Object.keys(expected).map((failure) => [name, failure, service] as const),
)

describe('nothing is written', () => {
  let at: Workplace
  beforeAll(() => {
    at = workplace()
  })

  it.each(failures)('where %s %s', async (_, failure, service) => {
    const clock = steppedClock()
    const listener = failing[failure]?.(clock)
    const origin = await (listener === undefined ? closedOrigin() : loopback(listener))
    const config = configIn(at, (it) => (it.signingConfig[service][0]!.url = origin))
    const token = await sigstore.mintToken(providerClaims('github', { sha: at.commit }))
    const thrown: unknown = await attestWith(at, config, token, clock).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(CountersignError)
    expect(expected[failure]).toContain((thrown as CountersignError).code)
    expect(at.list('dist')).toEqual(['app.tgz'])
    const shown = inspect(thrown, { depth: 10, showHidden: true })
    for (const part of token.split('.')) expect(shown).not.toContain(part)
  })
})
