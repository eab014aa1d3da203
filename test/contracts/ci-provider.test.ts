/** What every row of the table of CI providers promises. */
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ciRows, detectCi, isCi } from '../../src/collect/ci/index.ts'
import type { CiRow, Environment } from '../../src/collect/ci/row.ts'
import { CountersignError } from '../../src/errors.ts'
import { providerRows } from '../../src/model/provider.ts'
import { closedOrigin, loopback } from '../world/loopback-server.ts'

// One secret without the shape of a JWT, so that the net in errors.ts does not catch what a row lets slip.
const token = 'oidc+token+of+the+job+7f3a'
const bearer = 'bearer+of+the+runner+91c2'
const timeout = 400

/** A provider's side of the conversation: what the job's environment is when it behaves in a certain way. */
interface World {
  /** What every job there has. */
  readonly job: Environment
  /** A job that gets `token` for any audience; `asked` gives the audience that was asked for. */
  readonly good: () => Promise<{ env: Environment; asked: () => string | undefined }>
  readonly bad: { readonly [how: string]: () => Promise<Environment> }
}

const worlds: { readonly [id: string]: World } = {
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
      'an endless answer': () => gitHub((_, response) => endless(response)),
      'no answer': () => gitHub(() => undefined),
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

function endless(response: ServerResponse): void {
  const block = Buffer.alloc(64 * 1024, token)
  const more = (): void => {
    while (!response.destroyed && response.write(block));
    response.once('drain', more)
  }
  more()
}

/** A provider whose job has a program for it: a shell script takes its place on PATH. */
function program(name: string, job: Environment, audienceOf: (args: readonly string[]) => string | undefined): World {
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
      'no answer': () => script(name, `echo ${token}; sleep 60`),
      'no answer from its child': () => script(name, `sleep 60 & echo ${token}`),
      'an end by a signal': () => script(name, `echo ${token}; kill -9 $$`),
      'a program that is not executable': async () => {
        const env = await script(name, 'true')
        await chmod(join(env['SCRIPTS'] ?? '', name), 0o600)
        return env
      },
    },
  }
}

async function script(name: string, body: string): Promise<Environment> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  return { PATH: `${folder}:/usr/bin:/bin`, SCRIPTS: folder }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-ci-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

const rows: [string, CiRow, World][] = ciRows.map((row) => [row.id, row, worlds[row.id]!])

test('every row has its claims in the table of identities', () => {
  expect(providerRows.map((row) => row.id)).toEqual(expect.arrayContaining(ciRows.map((row) => row.id)))
  expect(Object.keys(worlds)).toEqual(ciRows.map((row) => row.id))
})

describe.each(rows)('%s', (_, row, world) => {
  test('is detected in its own job and in no other', () => {
    expect(detectCi(world.job)).toBe(row)
    expect(ciRows.filter((it) => it.detect(world.job))).toEqual([row])
    expect(isCi(world.job)).toBe(true)
  })

  test('is not detected outside of a job', () => {
    expect(row.detect({})).toBe(false)
    expect(row.detect(Object.fromEntries(Object.keys(world.job).map((name) => [name, ''])))).toBe(false)
    expect(row.detect(Object.fromEntries(Object.keys(world.job).map((name) => [name, 'false'])))).toBe(false)
  })

  test('gives the token for the audience that was asked for', async () => {
    const { env, asked } = await world.good()
    const audience = 'sigstore.example/a&b=c'
    expect(await row.requestToken({ env: { ...world.job, ...env }, fetch, audience })).toBe(token)
    // GitLab's audience is written into the job file; the token's check is what finds a wrong one.
    if (row.id !== 'gitlab') expect(asked()).toBe(audience)
  })

  test('has no inputs to report for a run that was not dispatched', async () => {
    expect(await row.inputs?.({ env: world.job, fetch, audience: 'sigstore' })).toBeUndefined()
  })

  test.each(Object.entries(world.bad))('fails with a code and without a secret: %s', async (_how, start) => {
    const env = { ...world.job, ...(await start()) }
    const began = performance.now()
    const error: unknown = await row
      .requestToken({ env, fetch, audience: 'sigstore', timeout })
      .catch((it: unknown) => it)
    expect(error).toBeInstanceOf(CountersignError)
    expect(['identity-missing', 'identity-request-failed']).toContain((error as CountersignError).code)
    // Everything that a logger could print: message, hint, stack, causes and all properties on the way.
    const said = inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity })
    expect(said).not.toContain(token)
    expect(said).not.toContain(bearer)
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test('says what to do when the job may not have a token', async () => {
    const env = { ...world.job, PATH: await temporaryFolder() }
    await expect(row.requestToken({ env, fetch, audience: 'sigstore' })).rejects.toMatchObject({
      code: 'identity-missing',
      hint: expect.any(String) as string,
    })
  })
})
