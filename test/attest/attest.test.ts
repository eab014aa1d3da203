/** What `attest` signs, what it refuses before it signs, and what it leaves on disk: a whole bundle or nothing. */
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attest } from '../../src/attest/attest.ts'
import type { Attestation, AttestRequest } from '../../src/attest/attest.ts'
import { localTrust, mintLocalJobToken } from '../../src/embedded/project.ts'
import type { ProviderId } from '../../src/model/provider.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import { judge } from '../../src/verify/verify.ts'
import { cursorSession, useCheckouts } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { loopback } from '../world/loopback-server.ts'
import { codeOfAsync } from '../world/failure.ts'
import { refusals } from '../world/release.ts'
import type { EditableBundle, EditableStatement, Job } from '../world/release.ts'

const checkout = useCheckouts()

/** In CI, with a token for HEAD, under the embedded Sigstore of the checkout. */
async function attestIn(it: Checkout, request: Partial<AttestRequest> = {}, job: Job = {}): Promise<Attestation> {
  return attest({
    paths: ['dist/app.tgz'],
    sigstore: { kind: 'local' },
    cwd: it.folder,
    env: it.env(await it.token(job)),
    ...request,
  })
}

const statementOf = ({ statement }: Attestation): EditableStatement => JSON.parse(statement) as EditableStatement
const lines = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1)

describe('an attestation', () => {
  it.each<ProviderId>(['github', 'gitlab', 'local', 'generic'])(
    'of a job of %s passes the question that it names',
    async (provider) => {
      const it = checkout()
      const { signed } = await attestIn(it, {}, { provider })
      const verdict = await judge({
        artifact: join(it.folder, 'dist/app.tgz'),
        trust: await localTrust(it.state),
        ...signed!.question,
      })
      expect(refusals(verdict)).toEqual([])
    },
  )

  it.each([
    ['buildkite', { selfHostedRunner: 'allow' }],
    ['circleci', {}],
  ] as const)('of a job of %s too, with the waiver that it needs', async (provider, waiver) => {
    const it = checkout()
    const { signed } = await attestIn(it, {}, { provider, runner: 'self-hosted' })
    expect(signed!.question).toMatchObject(waiver)
    const verdict = await judge({
      artifact: join(it.folder, 'dist/app.tgz'),
      trust: await localTrust(it.state),
      ...signed!.question,
    })
    expect(refusals(verdict)).toEqual([])
  })

  it('of a workstation, which has no token, names the checkout and says what it is', async () => {
    const it = checkout()
    const { signer, signed } = await attestIn(it, { env: it.env() })
    expect(signer).toBe('https://sigstore.countersign.localhost/widget')
    expect(signed!.question).toMatchObject({ signer, source: 'https://github.com/acme/widget' })
  })

  it('of a foreign change says that everybody must allow its trigger', async () => {
    const { signed } = await attestIn(checkout(), {}, { event: 'pull_request_target' })
    expect(signed!.question.trigger).toEqual(['pull_request_target'])
  })

  it('signs the very bytes of the statement', async () => {
    const it = checkout()
    const { statement, signed } = await attestIn(it)
    const { dsseEnvelope } = JSON.parse(signed!.bundle) as EditableBundle
    expect(Buffer.from(dsseEnvelope.payload, 'base64').toString()).toBe(statement)
    expect(readFileSync(signed!.out, 'utf8')).toBe(`${signed!.bundle}\n`)
    expect(signed!.bundle).not.toContain('\n')
  })

  it('says what the token says, whatever the environment pretends', async () => {
    const it = checkout()
    const env = {
      ...it.env(await it.token()),
      GITHUB_REPOSITORY: 'mallory/widget',
      GITHUB_SHA: 'f'.repeat(40),
      GITHUB_REF: 'refs/heads/evil',
      GITHUB_RUN_ID: '666',
      GITHUB_WORKFLOW_REF: 'mallory/widget/.github/workflows/x.yml@refs/heads/evil',
    }
    const { statement } = await attestIn(it, { env })
    expect(statement).not.toMatch(/mallory|f{40}|evil|666/)
    const { predicate, subject } = statementOf(await attestIn(it, { env, whenPresent: 'replace' }))
    expect(subject).toEqual([
      { name: 'app.tgz', digest: { sha256: createHash('sha256').update('the artifact').digest('hex') } },
    ])
    expect(predicate.buildDefinition).toMatchObject({
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: {
        workflow: {
          ref: 'refs/tags/v1.1.0',
          repository: 'https://github.com/acme/widget',
          path: '.github/workflows/release.yml',
        },
      },
    })
    expect(predicate.buildDefinition.resolvedDependencies![0]).toEqual({
      uri: 'git+https://github.com/acme/widget@refs/tags/v1.1.0',
      digest: { gitCommit: it.commit },
    })
  })

  it('has one descriptor for each AI session, and counts the commits of which nobody knows', async () => {
    const it = checkout()
    const { statement, sessions, commits } = await attestIn(it)
    const { predicate } = JSON.parse(statement) as EditableStatement
    expect(predicate.buildDefinition.resolvedDependencies!.slice(1)).toEqual([
      {
        name: 'ai-session/claude-code/session_01TestParseWidgets',
        uri: 'urn:ai-session:claude-code:session_01TestParseWidgets',
        mediaType: 'application/vnd.countersign.ai-session+jsonl',
        annotations: {
          countersign: {
            level: 'claimed',
            tool: 'claude-code',
            models: ['claude-opus-4-6'],
            commits: [it.trailed],
            linkage: 'direct',
            readers: ['trailer'],
          },
        },
      },
      {
        name: `ai-session/cursor/${cursorSession}`,
        uri: `urn:ai-session:cursor:${cursorSession}`,
        mediaType: 'application/vnd.countersign.ai-session+jsonl',
        annotations: {
          countersign: {
            level: 'claimed',
            tool: 'cursor',
            models: ['gpt-5.2-codex'],
            commits: [it.noted],
            lines: { added: 2 },
            linkage: 'direct',
            readers: ['git-ai-note'],
          },
        },
      },
    ])
    expect(sessions).toHaveLength(2)
    expect(commits).toEqual({ total: 3, claimed: 2 })
    expect(predicate.runDetails.byproducts![0]!.annotations!.countersign).toMatchObject({
      range: { since: it.git('rev-parse', 'v1.0.0'), until: it.released },
      commits: { total: 3, claimed: 2, unknown: 1 },
      lines: { ai: 2, human: 0 },
    })
  })

  it('begins after --since, or with the first commit where there is no tag', async () => {
    const it = checkout()
    const since = await attestIn(it, { since: it.noted, dryRun: true })
    expect(since.commits).toEqual({ total: 1, claimed: 0 })
    it.git('tag', '--delete', 'v1.0.0', 'v1.1.0')
    const whole = await attestIn(it, { dryRun: true })
    expect(whole.commits).toEqual({ total: 4, claimed: 2 })
    expect(await codeOfAsync(() => attestIn(it, { since: 'nowhere', dryRun: true }))).toBe('revision-unknown')
  })

  it('holds no credentials of the remote and no e-mail address', async () => {
    const it = checkout()
    const { statement } = await attestIn(it, { env: it.env() })
    expect(statement).toContain('github.com/acme/widget')
    expect(statement).not.toMatch(/secret|ann@|noreply@|user:/)
  })

  it('of a run that a person dispatched holds its inputs', async () => {
    const it = checkout()
    const event = join(it.folder, '..', 'event.json')
    writeFileSync(event, JSON.stringify({ inputs: { channel: 'beta' } }))
    const dispatched = async (job: Job): Promise<Attestation> =>
      attestIn(it, {
        dryRun: true,
        env: {
          ...it.env(await it.token(job)),
          GITHUB_ACTIONS: 'true',
          GITHUB_EVENT_NAME: 'workflow_dispatch',
          GITHUB_EVENT_PATH: event,
        },
      })
    const { predicate } = statementOf(await dispatched({ event: 'workflow_dispatch' }))
    expect(predicate.buildDefinition.externalParameters).toMatchObject({ inputs: { channel: 'beta' } })
    // What started the run is said by the token, not by the environment.
    const pushed = statementOf(await dispatched({ event: 'push' }))
    expect(pushed.predicate.buildDefinition.externalParameters).not.toHaveProperty('inputs')
  })

  it('gets its token where GitHub Actions gives one', async () => {
    const it = checkout()
    const token = await it.token()
    const asked: (string | undefined)[] = []
    const origin = await loopback((request, response) => {
      asked.push(request.url, request.headers.authorization)
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ value: token }))
    })
    const { signer } = await attestIn(it, {
      sigstore: { kind: 'config', path: await trustConfigFor(it) },
      dryRun: true,
      env: {
        ...it.env(),
        GITHUB_ACTIONS: 'true',
        ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/token?x=1`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer',
      },
    }).catch((error: unknown) => ({ signer: String(error) }))
    expect(asked).toEqual(['/token?x=1&audience=sigstore', 'Bearer bearer'])
    // Its issuer is only a name here, so its keys cannot be had, and nothing is believed.
    expect(signer).toMatch(/issuer/)
  })
})

/** The trust configuration of a Sigstore that runs no more: only its names count. */
async function trustConfigFor(it: Checkout): Promise<string> {
  const sigstore = await startLocalSigstore({ state: it.state })
  await sigstore.close()
  const path = join(it.folder, '..', 'trust-config.json')
  writeFileSync(path, JSON.stringify(sigstore.trustConfig))
  return path
}

describe('it refuses, before anything is signed:', () => {
  /** The log has as many entries as before. */
  async function refusal(it: Checkout, request: Partial<AttestRequest>, job: Job = {}): Promise<string> {
    const env = request.env ?? it.env(await it.token(job))
    const log = join(it.state, 'rekor-v1.jsonl')
    const before = [it.list('.'), it.list('dist'), statSync(log).size]
    const code = await codeOfAsync(() => attestIn(it, { ...request, env }))
    expect([it.list('.'), it.list('dist'), statSync(log).size]).toEqual(before)
    return code
  }

  it('a work tree that is dirty, in CI', async () => {
    for (const [path, text] of [
      ['parse.js', 'changed'],
      ['new.js', 'untracked'],
    ] as const) {
      const it = checkout()
      it.write(path, text)
      expect(await refusal(it, {})).toBe('worktree-dirty')
      const { statement, notes } = await attestIn(it, { worktree: 'allow-dirty' })
      const { predicate } = JSON.parse(statement) as EditableStatement
      expect(predicate.buildDefinition.resolvedDependencies![0]!.annotations).toEqual({ countersign: { dirty: true } })
      expect(notes.join()).toContain('dirty')
    }
  })

  it('but records it on a workstation', async () => {
    const it = checkout()
    it.write('parse.js', 'changed')
    const { predicate } = statementOf(await attestIn(it, { env: it.env(), dryRun: true }))
    expect(predicate.buildDefinition.resolvedDependencies![0]!.annotations).toEqual({ countersign: { dirty: true } })
  })

  it('a token for another commit', async () => {
    expect(await refusal(checkout(), {}, { sha: 'a'.repeat(40) })).toBe('commit-not-head')
    const it = checkout()
    it.git('checkout', '--quiet', it.noted)
    expect(await refusal(it, {}, { sha: it.released })).toBe('commit-not-head')
  })

  it.each<[string, (it: Checkout) => Partial<AttestRequest>, string]>([
    ['no subject', () => ({ paths: [] }), 'subject-none'],
    ['a file that is not there', () => ({ paths: ['dist/other.tgz'] }), 'path-missing'],
    ['a folder', () => ({ paths: ['dist'] }), 'path-directory'],
    ['a glob without a match', () => ({ paths: ['dist/*.zip'] }), 'glob-empty'],
    ['a subject that is none', () => ({ paths: [], subjects: ['app=sha256:abc'] }), 'subject-invalid'],
    [
      'a sigstore configuration that is not there',
      () => ({ sigstore: { kind: 'config', path: 'none.json' } }),
      'input-unreadable',
    ],
    [
      'no token outside CI, without a choice',
      (it) => ({ sigstore: undefined as never, env: it.env() }),
      'identity-missing',
    ],
    [
      'no token in a CI that nobody knows',
      (it) => ({ sigstore: undefined as never, env: { ...it.env(), CI: 'true' } }),
      'identity-missing',
    ],
    ['a token file that is not there', () => ({ identityTokenFile: 'none' }), 'path-missing'],
    ['a token that is none', (it) => ({ env: it.env('hello') }), 'token-malformed'],
  ])('%s', async (_, request, code) => {
    const it = checkout()
    const { sigstore, ...given } = request(it)
    const whole = 'sigstore' in request(it) && sigstore === undefined ? given : request(it)
    const { env = it.env(await it.token()) } = whole
    const base: AttestRequest = { paths: ['dist/app.tgz'], cwd: it.folder, env }
    const choice = 'sigstore' in request(it) ? {} : { sigstore: { kind: 'local' } as const }
    expect(await codeOfAsync(() => attest({ ...base, ...choice, ...whole }))).toBe(code)
    expect(it.list('dist')).toEqual(['app.tgz'])
  })

  it('a token that is expired, for another audience, of another issuer, unsigned, or changed', async () => {
    const it = checkout()
    const claims = providerClaims('github', { sha: it.commit })
    const seconds = Math.floor(Date.now() / 1_000)
    const mint = async (options: { audience?: string; iss?: string; exp?: number }): Promise<string> => {
      const { iss, exp, audience } = options
      const sigstore = await startLocalSigstore({ state: it.state, ...(iss === undefined ? {} : { issuer: iss }) })
      try {
        const times = exp === undefined ? {} : { exp, nbf: exp - 300, iat: exp - 300 }
        return await sigstore.mintToken({ ...claims, ...times }, audience === undefined ? {} : { audience })
      } finally {
        await sigstore.close()
      }
    }
    const genuine = await mint({})
    const [header, payload, signature] = genuine.split('.') as [string, string, string]
    const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const other = encoded({ ...claims, iss: 'https://oidc.countersign.localhost', aud: 'sigstore', exp: seconds + 300 })
    for (const [token, code] of [
      [await mint({ exp: seconds - 600 }), 'token-expired'],
      [await mint({ exp: seconds + 900 }), 'token-not-yet-valid'],
      [await mint({ audience: 'aws' }), 'token-audience-mismatch'],
      [await mint({ iss: 'https://oidc.evil.example' }), 'token-issuer-unknown'],
      [`${encoded({ alg: 'none' })}.${payload}.`, 'token-unsigned'],
      [`${encoded({ alg: 'HS256' })}.${payload}.${signature}`, 'token-unsigned'],
      [`${header}.${other}.${signature}`, 'token-signature-invalid'],
      [`${header}.${payload}`, 'token-malformed'],
    ] as const) {
      const error = await attestIn(it, { env: it.env(token) }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code })
      expect(it.list('dist')).toEqual(['app.tgz'])
    }
    // Another machine's embedded Sigstore has the same name and other keys.
    const elsewhere = await mintLocalJobToken(checkoutState(it), 'github', { sha: it.commit })
    expect(await codeOfAsync(() => attestIn(it, { env: it.env(elsewhere) }))).toBe('token-signature-invalid')
  })

  it('a folder that is no repository, one without a commit, and a shallow one', async () => {
    const it = checkout()
    const bare = join(it.folder, '..', 'bare')
    mkdirSync(bare)
    writeFileSync(join(bare, 'app.tgz'), 'x')
    const attestThere = (cwd: string, more: Partial<AttestRequest> = {}): Promise<Attestation> =>
      attest({ paths: ['app.tgz'], sigstore: { kind: 'local', state: it.state }, cwd, env: it.env(), ...more })
    expect(await codeOfAsync(() => attestThere(bare))).toBe('git-no-repository')
    execFileSync('git', ['init', '--quiet'], { cwd: bare })
    expect(await codeOfAsync(() => attestThere(bare))).toBe('git-no-commit')

    const shallow = join(it.folder, '..', 'shallow')
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${it.folder}`, shallow], { stdio: 'ignore' })
    writeFileSync(join(shallow, 'app.tgz'), 'x')
    expect(await codeOfAsync(() => attestThere(shallow))).toBe('history-shallow')
    const { notes } = await attestThere(shallow, { history: 'allow-shallow', dryRun: true })
    expect(notes.join()).toContain('shallow')
  })

  it('to write the name of a private repository to the public log, and asks nobody but the issuer', async () => {
    const it = checkout()
    const issuer = 'https://token.actions.githubusercontent.com'
    const sigstore = await startLocalSigstore({ issuer })
    try {
      for (const visibility of ['private', 'internal'] as const) {
        const requests: string[] = []
        const answers: Record<string, unknown> = {
          [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/keys` },
          [`${issuer}/keys`]: sigstore.jwks,
        }
        const token = await sigstore.mintToken(providerClaims('github', { sha: it.commit, visibility }))
        const code = await codeOfAsync(() =>
          attest({
            paths: ['dist/app.tgz'],
            sigstore: { kind: 'public' },
            cwd: it.folder,
            env: it.env(token),
            fetch: (input) => {
              const url = input instanceof Request ? input.url : input.toString()
              requests.push(url)
              return Promise.resolve(Response.json(answers[url]))
            },
          }),
        )
        expect(code).toBe('private-to-public-log')
        expect(requests).toEqual(Object.keys(answers))
      }
    } finally {
      await sigstore.close()
    }
  })
})

function checkoutState(it: Checkout): string {
  return join(it.folder, '..', 'other-state')
}

describe('the output', () => {
  it('is a sidecar of one artifact', async () => {
    const it = checkout()
    const { signed } = await attestIn(it)
    expect(signed!.out).toBe(join(it.folder, 'dist/app.tgz.sigstore.json'))
    expect(it.list('dist')).toEqual(['app.tgz', 'app.tgz.sigstore.json'])
  })

  it('is one .jsonl for several, to which further attestations are added', async () => {
    const it = checkout()
    it.write('dist/app.zip', 'another artifact')
    const paths = ['dist/*']
    const first = await attestIn(it, { paths })
    expect(first.signed!.out).toBe(join(it.folder, 'dist/widget.intoto.jsonl'))
    expect(statementOf(first).subject.map((subject) => subject.name)).toEqual(['app.tgz', 'app.zip'])
    const second = await attestIn(it, { paths: ['dist/app.tgz', 'dist/app.zip'] })
    expect(lines(first.signed!.out)).toEqual([first.signed!.bundle, second.signed!.bundle])
    const replaced = await attestIn(it, { paths: ['dist/app.tgz', 'dist/app.zip'], whenPresent: 'replace' })
    expect(lines(first.signed!.out)).toEqual([replaced.signed!.bundle])
    expect(it.list('dist')).toEqual(['app.tgz', 'app.zip', 'widget.intoto.jsonl'])
  })

  it('is added to a .jsonl whose last line has no end', async () => {
    const it = checkout()
    it.write('dist/all.jsonl', '{"kept":true}')
    const { signed } = await attestIn(it, { out: 'dist/all.jsonl' })
    expect(lines(join(it.folder, 'dist/all.jsonl'))).toEqual(['{"kept":true}', signed!.bundle])
  })

  it('goes to the file or into the folder that is named', async () => {
    const it = checkout()
    mkdirSync(join(it.folder, '..', 'out'))
    const inFolder = await attestIn(it, { out: '../out' })
    expect(inFolder.signed!.out).toBe(join(it.folder, '../out/app.tgz.sigstore.json'))
    const named = await attestIn(it, { out: '../out/mine.json' })
    expect(lines(named.signed!.out)).toEqual([named.signed!.bundle])
  })

  it('never takes the place of what is there, unless that is asked for', async () => {
    const it = checkout()
    it.write('dist/app.tgz.sigstore.json', 'precious')
    expect(await codeOfAsync(() => attestIn(it))).toBe('output-exists')
    expect(readFileSync(join(it.folder, 'dist/app.tgz.sigstore.json'), 'utf8')).toBe('precious')
    const { signed } = await attestIn(it, { whenPresent: 'replace' })
    expect(lines(signed!.out)).toEqual([signed!.bundle])
    expect(it.list('dist')).toEqual(['app.tgz', 'app.tgz.sigstore.json'])
  })

  it('is never a device or a pipe', async () => {
    const it = checkout()
    const pipe = join(it.folder, 'dist/pipe')
    execFileSync('mkfifo', [pipe])
    expect(await codeOfAsync(() => attestIn(it, { out: pipe, whenPresent: 'replace' }))).toBe('output-failed')
    expect(lstatSync(pipe).isFIFO()).toBe(true)
  })

  it.each([
    ['below a file', 'dist/app.tgz/bundle.json'],
    ['in a folder that is not there', 'gone/bundle.json'],
  ])('that cannot be written, %s, leaves nothing behind', async (_, out) => {
    const it = checkout()
    const before = [it.list('.'), it.list('dist')]
    expect(await codeOfAsync(() => attestIn(it, { out }))).toBe('output-failed')
    expect([it.list('.'), it.list('dist')]).toEqual(before)
  })

  it('of a dry run is the statement, and no file', async () => {
    const it = checkout()
    const { statement, signed } = await attestIn(it, { dryRun: true })
    expect(signed).toBeUndefined()
    expect((JSON.parse(statement) as EditableStatement).subject[0]!.name).toBe('app.tgz')
    expect(it.list('dist')).toEqual(['app.tgz'])
    // The same facts give the same bytes, but for the run that they were collected in.
    expect((await attestIn(it, { dryRun: true })).statement).toBe(statement)
  })
})

describe('two jobs at once', () => {
  it('share one embedded Sigstore', async () => {
    const it = checkout()
    it.write('dist/app.zip', 'another artifact')
    const env = it.env(await it.token())
    const both = await Promise.all(['dist/app.tgz', 'dist/app.zip'].map((path) => attestIn(it, { paths: [path], env })))
    const trust = await localTrust(it.state)
    for (const { signed, subjects } of both) {
      const artifact = join(it.folder, 'dist', subjects[0]!.name)
      expect(refusals(await judge({ artifact, trust, ...signed!.question }))).toEqual([])
    }
  })
})
