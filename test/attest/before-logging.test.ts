/** Whether its own result will verify is asked before anything is logged: no request reaches a log where it would not. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attest } from '../../src/attest/attest.ts'
import type { Attestation } from '../../src/attest/request.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { LocalSigstore } from '../../src/embedded/index.ts'
import { CountersignError } from '../../src/errors.ts'
import type { Json } from '../../src/model/json.ts'
import { judge } from '../../src/verify/verify.ts'
import { useWorkplaces } from '../world/checkout.ts'
import type { Workplace } from '../world/checkout.ts'
import { issuerAnswers } from '../world/issuer-answers.ts'
import { refusals, trustIn } from '../world/release.ts'

// What its history says is not asked before anything is logged.
const workplace = useWorkplaces()

let sigstore: LocalSigstore
let other: LocalSigstore
beforeAll(async () => {
  ;[sigstore, other] = await Promise.all([startLocalSigstore(), startLocalSigstore()])
})
afterAll(() => Promise.all([sigstore.close(), other.close()]))

type Entry = Record<string, Json>
type Root = Record<'certificateAuthorities' | 'timestampAuthorities' | 'tlogs' | 'ctlogs', Entry[]>
interface Config {
  trustedRoot: Root
  signingConfig: Record<string, Json>
}

const rootOf = (from: LocalSigstore): Root => structuredClone(from.trustedRoot) as unknown as Root

interface Attempt {
  readonly result: Attestation | CountersignError
  /** What the services were asked, in order. */
  readonly requests: readonly string[]
}

/** `attest` under an edited trust configuration; `swap` exchanges the token that Fulcio gets. */
async function attempted(at: Workplace, edit: (config: Config) => unknown, swap?: string): Promise<Attempt> {
  const config = structuredClone(sigstore.trustConfig) as unknown as Config
  edit(config)
  const path = join(at.folder, '..', 'sigstore.json')
  writeFileSync(path, JSON.stringify(config))
  const raw = await sigstore.mintToken(providerClaims('github', { sha: at.commit }))
  const requests: string[] = []
  const answers = issuerAnswers(sigstore)
  const listening: typeof fetch = (input, init) => {
    const { pathname } = new URL(input)
    if (pathname.startsWith('/api/')) requests.push(`${init?.method ?? 'GET'} ${pathname}`)
    const text = init?.body
    if (swap === undefined || typeof text !== 'string') return answers(input, init)
    return answers(input, { ...init, body: text.replace(raw, swap) })
  }
  const result = await attest({
    subjects: { paths: ['dist/app.tgz'] },
    sigstore: { kind: 'config', path },
    out: {},
    world: { cwd: at.folder, env: at.env(raw), fetch: listening },
  }).catch((thrown: unknown) => {
    if (thrown instanceof CountersignError) return thrown
    throw thrown
  })
  return { result, requests }
}

const uploads = ({ requests }: Attempt): readonly string[] =>
  requests.filter((it) => /^POST .*\/log\/entries$/.test(it))
const certificates = ({ requests }: Attempt): readonly string[] => requests.filter((it) => it.endsWith('signingCert'))

/** Ways to get an id wrong that leave the key right. */
const otherIds: Readonly<Record<string, (id: Buffer) => Buffer>> = {
  zeros: (id) => Buffer.alloc(id.length),
  'the first bytes': (id) => id.subarray(0, 8),
  'its hex as text': (id) => Buffer.from(id.toString('hex')),
  'another end': (id) => Buffer.concat([id.subarray(0, 31), Buffer.of((id[31] ?? 0) ^ 1)]),
}

function changeId(log: Entry | undefined, change: (id: Buffer) => Buffer): void {
  if (log === undefined) throw new Error('the root has two logs')
  for (const member of ['logId', 'checkpointKeyId']) {
    const named = log[member] as { keyId: string } | undefined
    if (named !== undefined) named.keyId = change(Buffer.from(named.keyId, 'base64')).toString('base64')
  }
}

type Row = [string, (config: Config) => unknown, 'asked for' | 'not asked for']

describe('nothing is logged', () => {
  it.each<Row>([
    ['the key of Rekor v1', ({ trustedRoot }) => trustedRoot.tlogs.shift(), 'not asked for'],
    [
      'the key of Rekor v2',
      ({ trustedRoot, signingConfig }) => {
        trustedRoot.tlogs.pop()
        signingConfig['rekorTlogUrls'] = [{ url: sigstore.url, majorApiVersion: 2 }]
      },
      'not asked for',
    ],
    ['the key of this log, and has another', (it) => (it.trustedRoot.tlogs = rootOf(other).tlogs), 'not asked for'],
    ['any log', (it) => (it.trustedRoot.tlogs = []), 'not asked for'],
    ...(['v1', 'v2'] as const).flatMap((version) =>
      Object.entries(otherIds).map(([what, change]): Row => [
        `the id of Rekor ${version}, and has ${what}`,
        (config) => {
          if (version === 'v2') config.signingConfig['rekorTlogUrls'] = [{ url: sigstore.url, majorApiVersion: 2 }]
          changeId(config.trustedRoot.tlogs[version === 'v1' ? 0 : 1], change)
        },
        'not asked for',
      ]),
    ),
    [
      'the ids of its logs, which are exchanged',
      ({ trustedRoot: { tlogs } }) => {
        const ids = tlogs.map((it) => it['logId']).reverse()
        tlogs.forEach((it, at) => (it['logId'] = ids[at] ?? null))
      },
      'not asked for',
    ],
    [
      'the name under which Rekor v1 signs checkpoints, and has another',
      ({ trustedRoot: { tlogs } }) => (tlogs[0]!['checkpointKeyId'] = { keyId: 'AAAAAA==' }),
      'not asked for',
    ],
    [
      'a log that is still believed',
      ({ trustedRoot }) => {
        for (const { publicKey } of trustedRoot.tlogs as { publicKey: Entry }[]) {
          publicKey['validFor'] = { start: '2020-01-01T00:00:00Z', end: '2021-01-01T00:00:00Z' }
        }
      },
      'not asked for',
    ],
    [
      'an authority that is still believed',
      ({ trustedRoot }) =>
        (trustedRoot.certificateAuthorities[0]!['validFor'] = {
          start: '2020-01-01T00:00:00Z',
          end: '2021-01-01T00:00:00Z',
        }),
      'not asked for',
    ],
    ['any timestamp authority', (it) => (it.trustedRoot.timestampAuthorities = []), 'not asked for'],
    ['the key of the certificate log', (it) => (it.trustedRoot.ctlogs = rootOf(other).ctlogs), 'asked for'],
    [
      'the authority',
      (it) => (it.trustedRoot.certificateAuthorities = rootOf(other).certificateAuthorities),
      'asked for',
    ],
    [
      'the timestamp authority',
      (it) => (it.trustedRoot.timestampAuthorities = rootOf(other).timestampAuthorities),
      'asked for',
    ],
  ])('where the trusted root lacks %s', async (_, edit, certificate) => {
    const at = workplace()
    const attempt = await attempted(at, edit)
    expect(attempt.result).toMatchObject({ code: 'bundle-not-verifiable' })
    expect(uploads(attempt)).toEqual([])
    expect(certificates(attempt).length > 0).toBe(certificate === 'asked for')
    expect(at.list('dist')).toEqual(['app.tgz'])
  })

  const v2 = ({ signingConfig }: Config): unknown =>
    (signingConfig['rekorTlogUrls'] = [{ url: sigstore.url, majorApiVersion: 2 }])
  const validFor = ({ trustedRoot }: Config, at: number, it: Record<string, string>): unknown =>
    ((trustedRoot.tlogs[at]!['publicKey'] as Entry)['validFor'] = it)
  const ended = { start: '2020-01-01T00:00:00Z', end: '2021-01-01T00:00:00Z' }

  it.each<[string, RegExp, (config: Config) => unknown]>([
    ['has ended, of Rekor v1', /believed in its key until 2021-01-01/, (it) => validFor(it, 0, ended)],
    [
      'has not begun, of Rekor v1',
      /believes in its key from 2999-01-01.* on/,
      (it) => validFor(it, 0, { start: '2999-01-01T00:00:00Z' }),
    ],
    ['has ended, of Rekor v2', /believed in its key until 2021-01-01/, (it) => [v2(it), validFor(it, 1, ended)]],
    [
      'is for another host, of Rekor v2',
      /has its key for another host: rekor\.svc/,
      (it) => [v2(it), (it.trustedRoot.tlogs[1]!['baseUrl'] = 'http://rekor.svc:3000')],
    ],
    ['is another, of Rekor v1', /does not have its key/, (it) => it.trustedRoot.tlogs.shift()],
    ['is another, of Rekor v2', /does not have its key/, (it) => [v2(it), it.trustedRoot.tlogs.pop()]],
    [
      'has another id, of Rekor v2',
      /has its key under another id/,
      (it) => {
        v2(it)
        changeId(it.trustedRoot.tlogs[1], () => Buffer.alloc(32))
      },
    ],
  ])('where the key %s, and that is said', async (_, words, edit) => {
    const attempt = await attempted(workplace(), edit)
    expect(attempt.result).toMatchObject({ code: 'bundle-not-verifiable' })
    expect((attempt.result as CountersignError).message).toMatch(words)
    expect(uploads(attempt)).toEqual([])
  })

  it('where the root asks for a log and none is configured', async () => {
    const attempt = await attempted(workplace(), ({ signingConfig }) => (signingConfig['rekorTlogUrls'] = []))
    expect(attempt.result).toMatchObject({ code: 'bundle-not-verifiable' })
    expect(attempt.requests).toEqual([])
  })

  it('where the certificate says something else than the token, or the provenance', async () => {
    const at = workplace()
    for (const claims of [{ ref: 'refs/heads/other' }, { run_id: '77' }, { event_name: 'schedule' }]) {
      const swapped = { ...providerClaims('github', { sha: at.commit }), ...claims }
      const attempt = await attempted(at, () => undefined, await sigstore.mintToken(swapped))
      expect(attempt.result, JSON.stringify(claims)).toMatchObject({ code: 'bundle-not-verifiable' })
      expect(uploads(attempt)).toEqual([])
    }
    expect(at.list('dist')).toEqual(['app.tgz'])
  })
})

describe('what verifies', () => {
  it.each<[string, (config: Config) => unknown]>([
    ['as it is', () => undefined],
    ['with no clock but that of the log', ({ signingConfig }) => (signingConfig['tsaUrls'] = [])],
    [
      'with Rekor v2',
      ({ signingConfig }) => (signingConfig['rekorTlogUrls'] = [{ url: sigstore.url, majorApiVersion: 2 }]),
    ],
    [
      'with timestamps alone, under a root that names no log',
      ({ signingConfig, trustedRoot }) => {
        signingConfig['rekorTlogUrls'] = []
        trustedRoot.tlogs = []
      },
    ],
  ])('is signed and logged: %s', async (_, edit) => {
    const at = workplace()
    let root: Json = null
    const attempt = await attempted(at, (config) => {
      edit(config)
      root = config.trustedRoot
    })
    expect(attempt.result).toMatchObject({ bundle: expect.any(String) as string })
    const { question } = attempt.result as Attestation
    const verdict = await judge({
      artifact: join(at.folder, 'dist/app.tgz'),
      trust: trustIn(root),
      question: question,
    })
    expect(refusals(verdict)).toEqual([])
    expect(uploads(attempt)).toHaveLength(verdict.attestations[0]!.summary!.logEntries.length)
  })

  it('goes to the standby where the root has only its key, and that is said', async () => {
    const attempt = await attempted(workplace(), ({ signingConfig, trustedRoot }) => {
      signingConfig['rekorTlogUrls'] = [
        { url: other.url, majorApiVersion: 1, operator: 'other' },
        { url: sigstore.url, majorApiVersion: 1, operator: 'own' },
      ]
      trustedRoot.tlogs.pop()
    })
    expect((attempt.result as Attestation).notes).toContainEqual(expect.stringContaining(`${other.url} is not used`))
  })

  it('goes on where the log does not say which key it has', async () => {
    const at = workplace()
    const answers = issuerAnswers(sigstore)
    const path = join(at.folder, '..', 'sigstore.json')
    writeFileSync(path, JSON.stringify(sigstore.trustConfig))
    const raw = await sigstore.mintToken(providerClaims('github', { sha: at.commit }))
    for (const answer of [
      () => new Response('not here', { status: 404 }),
      () => new Response('<html>'),
      () => new Response('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'),
      () => Promise.reject(new TypeError('fetch failed')),
    ]) {
      const silent: typeof fetch = (input, init) =>
        (input as string).endsWith('/publicKey') ? Promise.resolve(answer()) : answers(input, init)
      const made = await attest({
        subjects: { paths: ['dist/app.tgz'] },
        sigstore: { kind: 'config', path },
        world: { cwd: at.folder, env: at.env(raw), fetch: silent },
      })
      expect(JSON.parse(made.bundle)).toMatchObject({
        verificationMaterial: { tlogEntries: [{ logIndex: expect.stringMatching(/^\d+$/) as string }] },
      })
    }
  })

  it('is not what was logged where the log does not say which key it has: then that is said', async () => {
    const at = workplace()
    const answers = issuerAnswers(sigstore)
    const raw = await sigstore.mintToken(providerClaims('github', { sha: at.commit }))
    const config = structuredClone(sigstore.trustConfig) as unknown as Config
    config.trustedRoot.tlogs = rootOf(other).tlogs
    const path = join(at.folder, '..', 'sigstore.json')
    writeFileSync(path, JSON.stringify(config))
    const silent: typeof fetch = (input, init) =>
      (input as string).endsWith('/publicKey') ? Promise.resolve(new Response('<html>')) : answers(input, init)
    const failed = attest({
      subjects: { paths: ['dist/app.tgz'] },
      sigstore: { kind: 'config', path },
      out: {},
      world: { cwd: at.folder, env: at.env(raw), fetch: silent },
    })
    await expect(failed).rejects.toMatchObject({
      code: 'bundle-not-verifiable',
      message: expect.stringMatching(/it was logged, and its entry stays$/) as string,
    })
    expect(at.list('dist')).toEqual(['app.tgz'])
  })
})
