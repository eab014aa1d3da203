/** What every row of the table of CI providers promises: how its job is known and gets a token, and what its tokens say. */
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { dispatchInputs } from '../../src/collect/ci/dispatch-inputs.ts'
import { detectCi, isCi } from '../../src/collect/ci/index.ts'
import { requestToken } from '../../src/collect/ci/token-request.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { CountersignError } from '../../src/errors.ts'
import { compilePattern } from '../../src/model/identity.ts'
import { limits } from '../../src/model/limits.ts'
import type { Environment } from '../../src/platform/environment.ts'
import { worldOf } from '../../src/platform/world.ts'
import { providerRows } from '../../src/providers/index.ts'
import type { Job, ProviderRow } from '../../src/providers/row.ts'
import type { ClaimInputs } from '../../src/providers/sample.ts'
import { missingClaims, providerOf, tokenIdentity } from '../../src/providers/token-identity.ts'
import { closedOrigin, endless, loopback } from '../world/loopback-server.ts'
import { makePipe, readPipe } from '../world/named-pipe.ts'
import { codeOfAsync } from '../world/failure.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import type { SteppedClock } from '../world/stepped-clock.ts'

// One secret without the shape of a JWT, so that the net in errors.ts does not catch what a row lets slip.
const token = 'oidc+token+of+the+job+7f3a'
const bearer = 'bearer+of+the+runner+91c2'

/** The time of the job. Who does not answer lets it pass; nothing else does. */
let clock: SteppedClock
beforeEach(() => {
  clock = steppedClock()
})

/** A provider's side of the conversation: what the job's environment is when it behaves in a certain way. */
interface Provider {
  /** What every job there has. */
  readonly job: Environment
  /** A job that gets `token` for any audience; `asked` gives the audience that was asked for. */
  readonly good: () => Promise<{ env: Environment; asked: () => string | undefined }>
  readonly bad: { readonly [how: string]: () => Promise<Environment> }
}

const providers: { readonly [id: string]: Provider } = {
  github: {
    job: { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'o/r' },
    good: async () => {
      let audience: string | undefined
      const env = await gitHub((url, response) => {
        audience = url.searchParams.get('audience') ?? undefined
        response.end(JSON.stringify({ count: 1, value: token }))
      })
      return { env, asked: () => audience }
    },
    bad: {
      'no permission': () => Promise.resolve({}),
      'status 403 with the secrets in its body': () =>
        gitHub((_, response) => response.writeHead(403).end(bearer + token)),
      'no JSON': () => gitHub((_, response) => response.end(`<html>${token}`)),
      'JSON with a duplicate member': () => gitHub((_, response) => response.end(`{"${token}":1,"${token}":2}`)),
      'JSON without a token': () => gitHub((_, response) => response.end(JSON.stringify({ token }))),
      'an endless answer': () => gitHub((_, response) => endless(response, token.repeat(1_000))),
      'no answer': () => gitHub(() => clock.advanceToTimeout()),
      'a redirect': () => gitHub((_, response) => response.writeHead(302, { location: `https://x/${token}` }).end()),
      'a refused connection': async () => ({ ...gitHubEnv, ACTIONS_ID_TOKEN_REQUEST_URL: await closedOrigin() }),
      'a bearer that is no header value': async () => ({
        ACTIONS_ID_TOKEN_REQUEST_URL: await closedOrigin(),
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: `${bearer}\n`,
      }),
      'a URL that is none': () => Promise.resolve({ ...gitHubEnv, ACTIONS_ID_TOKEN_REQUEST_URL: `${bearer} ${token}` }),
      'a URL with a password': () =>
        Promise.resolve({ ...gitHubEnv, ACTIONS_ID_TOKEN_REQUEST_URL: `https://u:${token}@127.0.0.1/` }),
    },
  },
  gitlab: {
    job: { CI: 'true', GITLAB_CI: 'true' },
    good: () => Promise.resolve({ env: { SIGSTORE_ID_TOKEN: token }, asked: () => undefined }),
    bad: {
      'no id_tokens': () => Promise.resolve({}),
      'an empty token': () => Promise.resolve({ SIGSTORE_ID_TOKEN: ' ' }),
    },
  },
  buildkite: program('buildkite-agent', { CI: 'true', BUILDKITE: 'true' }, ([verb, noun, flag, audience]) => {
    expect([verb, noun, flag]).toEqual(['oidc', 'request-token', '--audience'])
    return audience
  }),
  circleci: program('circleci', { CI: 'true', CIRCLECI: 'true' }, ([...words]) => {
    const claims = JSON.parse(words.pop() ?? '') as { aud?: string }
    expect(words).toEqual(['run', 'oidc', 'get', '--claims'])
    return claims.aud
  }),
}

const gitHubEnv = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer }

async function gitHub(answer: (url: URL, response: ServerResponse) => void): Promise<Environment> {
  const origin = await loopback((request, response) => {
    expect(request.headers.authorization).toBe(`Bearer ${bearer}`)
    answer(new URL(request.url ?? '', 'http://runner'), response)
  })
  return { ...gitHubEnv, ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/token?api-version=2.0` }
}

/** A provider whose job has a program for it: a shell script takes its place on PATH. */
function program(
  name: string,
  job: Environment,
  audienceOf: (args: readonly string[]) => string | undefined,
): Provider {
  return {
    job,
    good: async () => {
      const folder = await temporaryFolder()
      const args = join(folder, 'args')
      const env = await script(name, `printf '%s\\n' "$@" > ${args}; echo ${token}`)
      return { env, asked: () => audienceOf(readFileSync(args, 'utf8').trimEnd().split('\n')) }
    },
    bad: {
      'no such program': async () => ({ PATH: await temporaryFolder() }),
      'status 1 with the token on both streams': () => script(name, `echo ${token}; echo ${token} >&2; exit 1`),
      'an endless answer': () => script(name, `yes ${token}`),
      'no answer': () => script(name, `echo ${token}; ${hang}; sleep 60`),
      'no answer from its child': () => script(name, `sleep 60 & echo ${token}; ${hang}`),
      'an end by a signal': () => script(name, `echo ${token}; kill -9 $$`),
      'a program that is not executable': async () => {
        const env = await script(name, 'true')
        await chmod(join(env['SCRIPTS'] ?? '', name), 0o600)
        return env
      },
    },
  }
}

/** In a script: says that nothing more will come. */
const hang = 'echo >> "$SCRIPTS/pipe"'

async function script(name: string, body: string): Promise<Environment> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  if (body.includes(hang)) {
    makePipe(join(folder, 'pipe'))
    void readPipe(join(folder, 'pipe')).line.then(() => clock.advanceToTimeout())
  }
  return { PATH: `${folder}:/usr/bin:/bin`, SCRIPTS: folder }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-ci-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

type JobRow = ProviderRow & { readonly job: Job }
const jobRows = providerRows.filter((row): row is JobRow => row.job !== undefined)
const rows = jobRows.flatMap((row): [string, JobRow, Provider][] => {
  const provider = providers[row.id]
  return provider === undefined ? [] : [[row.id, row, provider]]
})

test('every row has its side of the conversation here', () => {
  const missing = jobRows.filter((row) => providers[row.id] === undefined)
  expect(missing.map((row) => `add ${row.id} to providers, above: how a job of it gets a token, and fails to`)).toEqual(
    [],
  )
  expect(Object.keys(providers).sort()).toEqual(jobRows.map((row) => row.id).sort())
})

describe.each(rows)('a job of %s', (_, row, provider) => {
  function ask(env: Environment, audience = 'sigstore'): Promise<string> {
    return requestToken(row, row.job.token, { audience }, worldOf({ ...clock, env: { ...provider.job, ...env } }))
  }

  test('is known as such, and as no other', () => {
    expect(detectCi(provider.job)).toBe(row)
    expect(jobRows.filter(({ job }) => provider.job[job.variable] === job.value)).toEqual([row])
    expect(isCi(provider.job)).toBe(true)
  })

  test('is not seen where there is none', () => {
    const { variable } = row.job
    for (const value of [undefined, '', 'false', '0']) {
      expect(detectCi({ ...provider.job, [variable]: value })).toBeUndefined()
    }
    expect(detectCi({})).toBeUndefined()
  })

  test('gets the token for the audience that was asked for', async () => {
    const { env, asked } = await provider.good()
    const audience = 'sigstore.example/a&b=c'
    expect(await ask(env, audience)).toBe(token)
    // One in a variable has the audience of the job file; the token's check is what finds a wrong one.
    if (row.job.token.kind !== 'variable') expect(asked()).toBe(audience)
  })

  test('has no inputs to report for a run that was not dispatched', async () => {
    expect(await codeOfAsync(() => dispatchInputs(['a'], worldOf({ env: provider.job })))).toBe('run-input-missing')
  })

  test.each(Object.entries(provider.bad))('fails with a code and without a secret: %s', async (how, start) => {
    const error: unknown = await ask(await start()).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(CountersignError)
    expect(['identity-missing', 'identity-request-failed']).toContain((error as CountersignError).code)
    // Everything that a logger could print: message, hint, stack, causes and all properties on the way.
    const said = inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity })
    expect(said).not.toContain(token)
    expect(said).not.toContain(bearer)
    const isAskedAgain = row.job.token.kind === 'request' && ['no answer', 'a refused connection'].includes(how)
    if (isAskedAgain) expect(clock.slept.length).toBeGreaterThan(1)
    else expect(clock.elapsed()).toBe(how.startsWith('no answer') ? limits.identityTimeout : 0)
    // A timeout is a whole number of milliseconds.
    expect(clock.elapsed()).toBeLessThanOrEqual(limits.retryBudget + 1)
  })

  test('is told what to do when it may not have a token', async () => {
    await expect(ask({ PATH: await temporaryFolder() })).rejects.toMatchObject({
      code: 'identity-missing',
      hint: expect.any(String) as string,
    })
  })
})

// Ids of one provider stand for themselves; the others are words that rules compare.
const job: ClaimInputs = { repository: 'acme/gadget', ref: 'refs/tags/v1.2.3', sha: 'c'.repeat(40), runId: '77' }

describe.each(providerRows.map((row) => [row.id, row] as const))('a token of %s', (_, row) => {
  const issuer = row.issuers[0]?.replace(/\*+$/, 'acme') ?? 'https://issuer.example'
  const claimsOf = (more: ClaimInputs = {}): Record<string, unknown> => ({
    ...providerClaims(row.id, { ...job, ...more }),
    iss: issuer,
  })

  test('is told by its mark, which no other provider writes', () => {
    expect(providerOf(claimsOf())).toBe(row)
    const others = providerRows.filter((it) => it !== row)
    for (const other of others) expect(Object.keys(claimsOf())).not.toContain(other.mark)
    expect(others.map((it) => it.mark)).not.toContain(row.mark)
  })

  test('has all that its certificate is written from', () => {
    expect(row.required).toContain(row.mark)
    expect(new Set(row.required).size).toBe(row.required.length)
    expect(missingClaims(row, claimsOf())).toEqual([])
    for (const name of row.required) {
      for (const value of [undefined, '', null, ['x']]) {
        expect(tokenIdentity({ ...claimsOf(), [name]: value })?.provider).not.toBe(row.id)
      }
    }
  })

  test('says neither who issued it nor when: that is the issuer’s part', () => {
    const claims = providerClaims(row.id, job)
    for (const name of ['iss', 'aud', 'exp', 'iat', 'nbf']) expect(Object.keys(claims)).not.toContain(name)
    expect(claims['sub']).toEqual(expect.stringMatching(/./))
  })

  test('maps to one identity: an address, and extensions that are told apart', () => {
    const identity = tokenIdentity(claimsOf())!
    expect(identity).toMatchObject({
      provider: row.id,
      subjectAlternativeName: { kind: 'uri', value: expect.stringMatching(/^https:\/\/[^/]+\/./) as string },
      extensions: { issuer, issuerV1: issuer, tokenSubject: claimsOf()['sub'] },
    })
    for (const value of Object.values(identity.extensions)) expect(value).toMatch(/^[^\s]+$/)
    // The run can be looked up, each at an address of its own.
    const { runInvocationUri } = identity.extensions
    expect(runInvocationUri).toMatch(/^https:\/\/./)
    expect(tokenIdentity(claimsOf({ runId: '78' }))!.extensions.runInvocationUri).not.toBe(runInvocationUri)
  })

  test('of two repositories has two identities', () => {
    const [ours, theirs] = [claimsOf(), claimsOf({ repository: 'mallory/gadget' })].map((it) => tokenIdentity(it)!)
    expect(theirs).not.toEqual(ours)
  })

  test.each(row.foreignTriggers)('says that it was triggered by %s', (event) => {
    expect(tokenIdentity(claimsOf({ event }))!.extensions.buildTrigger).toBe(event)
    expect(tokenIdentity(claimsOf())!.extensions.buildTrigger).not.toBe(event)
  })

  test.each(row.hostedRunners)('says that it ran on %s', (runner) => {
    expect(tokenIdentity(claimsOf({ runner }))!.extensions.runnerEnvironment).toBe(runner)
    expect(tokenIdentity(claimsOf({ runner: 'self-hosted' }))!.extensions.runnerEnvironment).toBe('self-hosted')
  })

  test('comes from an issuer over https whose host is no pattern', () => {
    for (const pattern of row.issuers) {
      expect(pattern).toMatch(/^https:\/\/[a-z0-9.-]+(\/|$)/)
      expect(compilePattern(pattern, 'an issuer').matches('https://evil.example/')).toBe(false)
    }
    if (row.job !== undefined) expect(row.issuers).not.toEqual([])
  })
})
