/** What `attest` signs, what it refuses before it signs, and what it leaves on disk: a whole bundle or nothing. */
import { wereLookedFor } from '../../src/model/session-words.ts'
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { CountersignError, attemptAsync } from '../../src/errors.ts'
import { attest, attestEach, buildStatement } from '../../src/attest/attest.ts'
import { sessionReaders } from '../../src/collect/sessions/readers/index.ts'
import type {
  Attestation,
  AttestRequest,
  OutputRequest,
  StatementRequest,
  UnsignedAttestation,
} from '../../src/attest/request.ts'
import { claimKinds, providerClaims } from '../../src/embedded/claims.ts'
import { embeddedSigstore, localTrust, mintLocalJobToken } from '../../src/embedded/project.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import type { Environment } from '../../src/platform/environment.ts'
import { openVerifier } from '../../src/verify/verifier.ts'
import type { ArtifactInput } from '../../src/model/artifact.ts'
import { render } from '../../src/report/index.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import { judge } from '../../src/verify/verify.ts'
import { cursorSession, useCheckouts, useWorkplaces } from '../world/checkout.ts'
import type { Checkout, Workplace } from '../world/checkout.ts'
import { loopback } from '../world/loopback-server.ts'
import { codeOfAsync } from '../world/failure.ts'
import { refusals } from '../world/release.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import type { EditableBundle, EditableStatement, Job } from '../world/release.ts'
import { isEach, part } from '../world/runs.ts'

const checkout = useCheckouts()
const workplace = useWorkplaces()

interface Asked extends Partial<StatementRequest> {
  readonly out?: OutputRequest
  /** Default: a CI job with a token for HEAD. */
  readonly env?: Environment
}

/** In CI, with a token for HEAD, under the embedded Sigstore of the checkout. */
async function requestIn(it: Workplace, { env, world, ...asked }: Asked, job: Job = {}): Promise<StatementRequest> {
  return {
    subjects: { paths: ['dist/app.tgz'] },
    sigstore: embeddedSigstore(),
    world: { cwd: it.folder, env: env ?? it.env(await it.token(job)), ...world },
    ...asked,
  }
}

/** The bundle lies beside the artifact, unless `out` says another place. */
async function attestIn(it: Workplace, { out = {}, ...asked }: Asked = {}, job: Job = {}): Promise<Written> {
  const attestation = await attest({ ...(await requestIn(it, asked, job)), out })
  return { ...attestation, written: attestation.written! }
}

type Written = Attestation & Required<Pick<Attestation, 'written'>>

async function buildIn(it: Workplace, asked: Asked = {}, job: Job = {}): Promise<UnsignedAttestation> {
  return buildStatement(await requestIn(it, asked, job))
}

const statementOf = ({ statement }: UnsignedAttestation): EditableStatement =>
  JSON.parse(statement) as EditableStatement
const sourceIn = (made: UnsignedAttestation): Descriptor =>
  statementOf(made).predicate.buildDefinition.resolvedDependencies![0]!
const byproductsIn = (made: UnsignedAttestation): Descriptor[] => statementOf(made).predicate.runDetails.byproducts!
type Descriptor = NonNullable<EditableStatement['predicate']['buildDefinition']['resolvedDependencies']>[number]
const lines = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1)

describe('an attestation', () => {
  // Those that say nothing of the runner, or name their own machines, need no waiver.
  const selfHosted = ['buildkite', 'circleci']

  async function judged(it: Checkout, { question }: Attestation): Promise<string[]> {
    const trust = await localTrust(it.state)
    return refusals(await judge({ artifact: join(it.folder, 'dist/app.tgz'), trust, question }))
  }

  it.each(
    part(
      claimKinds.filter((kind) => !selfHosted.includes(kind)),
      4,
    ),
  )('of a job of %s passes the question that it names', async (provider) => {
    const it = checkout()
    const attestation = await attestIn(it, {}, { provider })
    expect(attestation.question).not.toHaveProperty('selfHostedRunner')
    expect(await judged(it, attestation)).toEqual([])
  })

  it.each([
    ['buildkite', { selfHostedRunner: 'allow' }],
    ['circleci', {}],
  ] as const)('of a job of %s too, with the waiver that it needs', async (provider, waiver) => {
    const it = checkout()
    const attestation = await attestIn(it, {}, { provider, runner: 'self-hosted' })
    expect(attestation.question).toMatchObject(waiver)
    expect(await judged(it, attestation)).toEqual([])
  })

  it.runIf(isEach)('of a workstation, which has no token, names the checkout and says what it is', async () => {
    const it = checkout()
    const { signer, question } = await attestIn(it, { env: it.env() })
    expect(signer).toBe('https://sigstore.countersign.localhost/widget')
    expect(question).toMatchObject({ signer, source: 'https://github.com/acme/widget' })
  })

  it.runIf(isEach)('of a reusable workflow names the workflow that called it', async () => {
    const it = checkout()
    const signer = 'acme/builders/.github/workflows/build.yml@refs/tags/v1'
    const attestation = await attestIn(it, {}, { workflow: signer, callerWorkflow: 'release.yml' })
    expect(attestation.question).toMatchObject({
      repo: 'acme/widget',
      signerWorkflow: signer,
      workflow: '.github/workflows/release.yml',
    })
    expect(await judged(it, attestation)).toEqual([])
    const called = await attestIn(
      it,
      { out: { whenPresent: 'replace' } },
      { workflow: signer, callerWorkflow: 'evil.yml' },
    )
    expect(await judged(it, { ...called, question: attestation.question })).toEqual(['caller caller-mismatch'])
  })

  it.runIf(isEach)('of a foreign change says that everybody must allow its trigger', async () => {
    const { question } = await attestIn(checkout(), {}, { event: 'pull_request_target' })
    expect(question.trigger).toEqual(['pull_request_target'])
  })

  it('signs the very bytes of the statement', async () => {
    const it = checkout()
    const { statement, bundle, written } = await attestIn(it)
    const { dsseEnvelope } = JSON.parse(bundle) as EditableBundle
    expect(Buffer.from(dsseEnvelope.payload, 'base64').toString()).toBe(statement)
    expect(readFileSync(written, 'utf8')).toBe(`${bundle}\n`)
    expect(bundle).not.toContain('\n')
  })

  it('says what the token says, whatever the environment pretends', async () => {
    const it = checkout()
    const env = {
      ...it.env(await it.token()),
      GITHUB_REPOSITORY: 'mallory/widget',
      GITHUB_SHA: 'f'.repeat(40),
      GITHUB_REF: 'refs/heads/evil',
      GITHUB_RUN_ID: 'pretended',
      GITHUB_WORKFLOW_REF: 'mallory/widget/.github/workflows/x.yml@refs/heads/evil',
    }
    const { statement } = await attestIn(it, { env })
    expect(statement).not.toMatch(/mallory|f{40}|evil|pretended/)
    const { predicate, subject } = statementOf(await attestIn(it, { env, out: { whenPresent: 'replace' } }))
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
      annotations: { countersign: { dirty: false, untracked: { count: 0 } } },
    })
  })

  it.runIf(isEach)('has one descriptor for each AI session, and counts the commits of which nobody knows', async () => {
    const it = checkout()
    const { statement, sessions, commits } = await attestIn(it)
    const { predicate } = JSON.parse(statement) as EditableStatement
    expect(predicate.buildDefinition.resolvedDependencies!.slice(1)).toEqual([
      {
        name: 'ai-session/claude-code/session_01TestParseWidgets',
        uri: 'urn:ai-session:claude-code:session_01TestParseWidgets',
        annotations: {
          countersign: {
            level: 'claimed',
            tool: 'claude-code',
            models: ['claude-opus-4-6'],
            modelsSaid: ['Claude Opus 4.6'],
            commits: [it.trailed],
            linkage: 'direct',
            readers: ['trailer'],
          },
        },
      },
      {
        name: `ai-session/cursor/${cursorSession}`,
        uri: `urn:ai-session:cursor:${cursorSession}`,
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

  it.runIf(isEach)('begins after `since`, or with the first commit where there is no tag', async () => {
    const it = checkout()
    const since = await buildIn(it, { since: it.noted })
    expect(since.commits).toEqual({ total: 1, claimed: 0 })
    it.git('tag', '--delete', 'v1.0.0', 'v1.1.0')
    const whole = await buildIn(it)
    expect(whole.commits).toEqual({ total: 4, claimed: 2 })
    expect(await codeOfAsync(() => buildIn(it, { since: 'nowhere' }))).toBe('revision-unknown')
  })

  it('holds no credentials of the remote and no e-mail address', async () => {
    const it = checkout()
    const { statement } = await attestIn(it, { env: it.env() })
    expect(statement).toContain('github.com/acme/widget')
    expect(statement).not.toMatch(/secret|ann@|noreply@|user:/)
  })

  it.runIf(isEach)(
    'of a run that a person dispatched holds the inputs that are named, under our build type, and is asked for them',
    async () => {
      const it = checkout()
      const event = join(it.folder, '..', 'event.json')
      writeFileSync(event, JSON.stringify({ inputs: { channel: 'beta', token: 'for nobody' } }))
      const dispatched = async (job: Job, inputs?: string[]): Promise<UnsignedAttestation> =>
        buildIn(it, {
          ...(inputs === undefined ? {} : { inputs }),
          env: {
            ...it.env(await it.token(job)),
            GITHUB_ACTIONS: 'true',
            GITHUB_EVENT_NAME: 'workflow_dispatch',
            GITHUB_EVENT_PATH: event,
          },
        })
      const job = { event: 'workflow_dispatch' }
      const { statement } = await dispatched(job)
      expect(statement).toContain('https://actions.github.io/buildtypes/workflow/v1')
      expect(statement).not.toMatch(/inputs|beta|nobody/)
      const named = await dispatched(job, ['channel'])
      const { predicate } = statementOf(named)
      expect(predicate.buildDefinition.buildType).toBe('https://w3id.org/countersign/buildtypes/ci-job/v1')
      expect(predicate.buildDefinition.externalParameters).toMatchObject({ inputs: { channel: 'beta' } })
      expect(named.statement).not.toContain('nobody')
      expect(await codeOfAsync(() => dispatched(job, ['chanel']))).toBe('run-input-missing')
      // What started the run is said by the token, not by the environment.
      expect(await codeOfAsync(() => dispatched({ event: 'push' }, ['channel']))).toBe('run-input-missing')
    },
  )

  it('gets its token where GitHub Actions gives one', async () => {
    const it = checkout()
    const token = await it.token()
    const asked: (string | undefined)[] = []
    const origin = await loopback((request, response) => {
      asked.push(request.url, request.headers.authorization)
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ value: token }))
    })
    const env = {
      ...it.env(),
      GITHUB_ACTIONS: 'true',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/token?x=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer',
    }
    const sigstore = { kind: 'config', path: await trustConfigFor(it) } as const
    // Its issuer is only a name here, so its keys cannot be had, and nothing is believed.
    expect(await codeOfAsync(() => buildIn(it, { sigstore, env }))).toBe('issuer-keys-unavailable')
    expect(asked).toEqual(['/token?x=1&audience=sigstore', 'Bearer bearer'])
  })
})

describe('untracked files', () => {
  it.runIf(isEach)(
    'are not what was attested before, wherever it lies: the same again has the same answer',
    async () => {
      const it = checkout()
      it.write('dist/b.tgz', 'b')
      it.write('o/.keep', '')
      it.git('add', '-f', 'o/.keep')
      it.git('commit', '--quiet', '-m', 'a folder that nothing ignores')
      for (const out of [{ path: 'o/a.json' }, { path: 'o' }, { path: 'release.jsonl' }]) {
        expect((await attestIn(it, { out })).signedBefore, out.path).toBeUndefined()
        expect((await attestIn(it, { out })).signedBefore, out.path).toBe(true)
      }
      const other = await attestIn(it, { out: { path: 'release.jsonl' }, subjects: { paths: ['dist/b.tgz'] } })
      expect(sourceIn(other).annotations).toMatchObject({ countersign: { untracked: { count: 0, apart: 2 } } })
      expect(other.notes.join()).not.toContain('1 untracked')
    },
  )

  it.runIf(isEach)('are signed and told, and refused only to who asks', async () => {
    const it = checkout()
    it.write('new.js', 'x')
    it.write('src/\u001b[2Jx.js', 'x')
    it.write('SHA256SUMS', 'x')
    const attestation = await attestIn(it)
    const untracked = { count: 2, paths: ['new.js', 'src/\u001b[2Jx.js'], apart: 1 }
    expect(sourceIn(attestation).annotations).toEqual({ countersign: { dirty: false, untracked } })
    expect(attestation.notes[0]).toContain(
      'the work tree is not clean, and the provenance says so: 2 untracked files: new.js, src/ [2Jx.js (and 1 beside artifacts); ',
    )
    const trust = await localTrust(it.state)
    const ask = async (more: object): Promise<Verdict> => {
      const question = { ...attestation.question, ...more }
      return judge({ artifact: join(it.folder, 'dist/app.tgz'), trust, question })
    }
    const verdict = await ask({})
    expect(refusals(verdict)).toEqual([])
    expect(verdict.attestations[0]?.summary?.tree).toEqual({ dirty: false, untracked })
    expect(refusals(await ask({ cleanTree: true }))).toEqual(['clean-tree tree-not-clean'])
    expect(refusals(await ask({ strict: true }))).toEqual(['clean-tree tree-not-clean'])
  })

  it.each<[string, readonly (readonly string[])[], 'allow-dirty' | 'clean', object]>(
    part(
      [
        [
          'in a folder that ignores itself',
          [],
          'clean',
          { untracked: { count: 2, paths: ['gen/.gitignore', 'gen/x.js'] } },
        ],
        [
          'beside a file that the index hides',
          [['update-index', '--skip-worktree', 'README']],
          'allow-dirty',
          { dirty: true },
        ],
        [
          'beside one that a sparse checkout leaves out',
          [
            ['update-index', '--refresh'],
            ['sparse-checkout', 'set', '--no-cone', '/*', '!README'],
          ],
          'clean',
          { dirty: false, sparse: { count: 1, paths: ['README'] } },
        ],
      ],
      3,
    ),
  )('%s are no part of a clean tree', async (_, commands, worktree, told) => {
    const it = checkout()
    it.write('gen/x.js', 'x')
    it.write('gen/.gitignore', '*\n')
    for (const command of commands) it.git(...command)
    if (commands.length > 0) rmSync(join(it.folder, 'README'), { force: true })
    const attestation = await attestIn(it, { worktree })
    expect(sourceIn(attestation).annotations).toMatchObject({ countersign: told })
    const trust = await localTrust(it.state)
    for (const more of [{ cleanTree: true }, { strict: true }] as const) {
      const question = { ...attestation.question, ...more }
      const verdict = await judge({ artifact: join(it.folder, 'dist/app.tgz'), trust, question })
      expect(refusals(verdict)).toEqual(['clean-tree tree-not-clean'])
    }
  })

  it.runIf(isEach)('that there are none is signed as well, so that it can be asked for', async () => {
    const it = checkout()
    const { question } = await attestIn(it)
    const trust = await localTrust(it.state)
    const asked = { ...question, cleanTree: true, strict: true } as const
    expect(refusals(await judge({ artifact: join(it.folder, 'dist/app.tgz'), trust, question: asked }))).toEqual([])
  })
})

describe('a job that committed before it built', () => {
  /** A checkout with a commit of the job on top, as a version bump makes it. */
  function bumped(): Checkout & { readonly started: string } {
    const it = checkout()
    const started = it.commit
    it.write('package.json', '{"version":"1.2.0"}\n')
    it.git('add', '--all')
    it.git(
      'commit',
      '--quiet',
      '-m',
      'Release 1.2.0',
      '-m',
      'Claude-Session: https://claude.ai/code/session_01TestBump',
    )
    return Object.assign(it, { started })
  }

  it.runIf(isEach)(
    'attests that commit as what was built, beside the one that started it, and its sessions',
    async () => {
      const it = bumped()
      const job = { sha: it.started, ref: 'refs/heads/main' }
      const attestation = await attestIn(it, { builtCommit: true }, job)
      expect(sourceIn(attestation).digest).toEqual({ gitCommit: it.started })
      expect(byproductsIn(attestation)[1]).toEqual({
        name: 'built-commit',
        uri: 'git+https://github.com/acme/widget',
        digest: { gitCommit: it.commit },
      })
      expect(byproductsIn(attestation)[0]!.annotations!['countersign']).toMatchObject({ range: { until: it.commit } })
      expect(attestation.sessions.map((session) => session.id)).toContain('session_01TestBump')
      expect(attestation.notes[0]).toContain(`what was built is ${it.commit}`)
      expect(attestation.question).toMatchObject({ allowBuiltCommit: true })
      const trust = await localTrust(it.state)
      const ask = (question: Attestation['question']): Promise<Verdict> =>
        judge({ artifact: join(it.folder, 'dist/app.tgz'), trust, question })
      const verdict = await ask(attestation.question)
      expect(refusals(verdict)).toEqual([])
      expect(verdict.attestations[0]?.summary).toMatchObject({ builtCommit: it.commit })
      const { allowBuiltCommit: _, ...unwaived } = attestation.question
      expect(refusals(await ask(unwaived as Attestation['question']))).toEqual(['built-commit built-commit-differs'])
    },
  )

  it.runIf(isEach)('says so, or is refused; and is one like any other where it made none', async () => {
    const it = bumped()
    expect(await codeOfAsync(() => buildIn(it, {}, { sha: it.started }))).toBe('commit-not-head')
    const plain = checkout()
    const [one, other] = [await buildIn(plain, { builtCommit: true }), await buildIn(plain)]
    expect(byproductsIn(one)).toEqual(byproductsIn(other))
  })

  it('is refused where its commit does not come of the one that started it', async () => {
    const it = bumped()
    const asked = { builtCommit: true } as const
    // One before it, one beside it, and one that is not here.
    it.git('checkout', '--quiet', it.noted)
    expect(await codeOfAsync(() => buildIn(it, asked, { sha: it.started }))).toBe('commit-not-head')
    it.git('commit', '--quiet', '--allow-empty', '-m', 'Aside')
    expect(await codeOfAsync(() => buildIn(it, asked, { sha: it.started }))).toBe('commit-not-head')
    expect(await codeOfAsync(() => buildIn(it, asked, { sha: 'a'.repeat(40) }))).toBe('commit-not-head')
  })

  it.runIf(isEach)(
    'is refused in a cut clone that does not reach back to the other, which is told as the cause',
    async () => {
      const it = bumped()
      it.git('commit', '--quiet', '--allow-empty', '-m', 'More')
      const hintFor = async (): Promise<string | undefined> => {
        const refused = await attemptAsync(() => buildIn(it, { builtCommit: true }, { sha: it.started }))
        return refused instanceof CountersignError ? `${refused.code}: ${refused.hint ?? ''}` : undefined
      }
      expect(await hintFor()).toBeUndefined()
      writeFileSync(join(it.folder, '.git/shallow'), `${it.commit}\n`)
      expect(await hintFor()).toMatch(/^commit-not-head: .*fetch-depth: 0/)
    },
  )

  it('is refused where a commit of another parent lies under its id', async () => {
    const it = bumped()
    it.git('checkout', '--quiet', it.noted)
    it.git('commit', '--quiet', '--allow-empty', '-m', 'Aside')
    const aside = it.commit
    it.git('commit', '--quiet', '--allow-empty', '-m', 'More')
    // The loose object of the commit between is one that has the other commit as its parent.
    const text = execFileSync('git', ['cat-file', 'commit', aside], { cwd: it.folder, encoding: 'utf8' })
    const forged = text.replace(/^parent .*$/m, `parent ${it.started}`)
    const path = join(it.folder, '.git/objects', aside.slice(0, 2), aside.slice(2))
    chmodSync(path, 0o644)
    writeFileSync(path, deflateSync(`commit ${Buffer.byteLength(forged)}\0${forged}`))
    expect(await codeOfAsync(() => buildIn(it, { builtCommit: true }, { sha: it.started }))).toBe('object-altered')
  })
})

describe('a job without a checkout', () => {
  const digest = createHash('sha256').update('the artifact').digest('hex')

  /** A folder beside the checkout that is in no repository, with the artifact in it. */
  async function elsewhere(it: Checkout, asked: Asked = {}, job: Job = {}): Promise<AttestRequest> {
    const cwd = join(it.folder, '../elsewhere')
    mkdirSync(cwd, { recursive: true })
    writeFileSync(join(cwd, 'app.tgz'), 'the artifact')
    return {
      ...(await requestIn(it, { sigstore: embeddedSigstore(it.state), ...asked }, job)),
      ...{ world: { cwd, env: asked.env ?? it.env(await it.token(job)) } },
    }
  }

  it.each(
    part(
      [
        ['a digest', { named: [`app.tgz=sha256:${digest}`] }],
        ['a file', { paths: ['app.tgz'] }],
      ],
      2,
    ),
  )('attests %s, with what the token says, and says that nobody looked for sessions', async (_, subjects) => {
    const it = checkout()
    const attestation = await attest(await elsewhere(it, { subjects }))
    expect(wereLookedFor(attestation.looked)).toBe(false)
    expect(sourceIn(attestation)).toEqual({
      uri: 'git+https://github.com/acme/widget@refs/tags/v1.1.0',
      digest: { gitCommit: it.commit },
    })
    const readers = [...sessionReaders.map(({ id }) => id), 'pull-requests']
    const summary = byproductsIn(attestation)[0]!.annotations!['countersign']
    expect(summary).toMatchObject({
      range: { since: null, until: it.commit, reason: 'not-collected' },
      commits: { total: 0, claimed: 0, unknown: 0 },
      readers: readers.map((reader) => ({
        ...{ reader, outcome: 'not-collected', claims: 0, detail: 'there is no checkout' },
      })),
    })
    expect(attestation.notes).toEqual([
      'no commit was looked at: there was no checkout',
      `not looked at: ${readers.join(', ')} (not collected: there is no checkout)`,
    ])
    const { bundle, question } = attestation
    const trust = await localTrust(it.state)
    const ask = (asked: Attestation['question']): Promise<Verdict> =>
      judge({ artifact: { digest: `sha256:${digest}` }, bundle: Buffer.from(bundle), trust, question: asked })
    const verdict = await ask(question)
    expect(refusals(verdict)).toEqual([])
    expect(render(verdict, 'text')).toContain('no commit was looked at: there was no checkout')
    expect(refusals(await ask({ ...question, strict: true }))).toEqual(['released-range not-answerable'])
    expect(refusals(await ask({ ...question, cleanTree: true }))).toEqual(['clean-tree not-answerable'])
  })

  it('needs a token that names source and commit', async () => {
    const it = checkout()
    const code = async (asked: Asked, job?: Job): Promise<string> =>
      codeOfAsync(async () => attest(await elsewhere(it, { subjects: { paths: ['app.tgz'] }, ...asked }, job)))
    expect(await code({ env: it.env() })).toBe('git-no-repository')
    expect(await code({}, { provider: 'generic' })).toBe('git-no-repository')
    expect(await code({}, { provider: 'buildkite' })).toBe('git-no-repository')
  })

  it.each<Asked>(
    part([{ since: 'v1.0.0' }, { adopt: true }, { tagPattern: 'v*' }, { folders: ['src'] }, { builtCommit: true }], 5),
  )('cannot be asked for commits: %j', async (asked) => {
    const [option] = Object.keys(asked)
    await expect(elsewhere(checkout(), asked).then(attest)).rejects.toMatchObject({ code: 'git-no-repository', option })
  })

  it('is not one whose checkout git does not accept', async () => {
    const it = checkout()
    const hidden = checkout()
    hidden.git('config', 'core.worktree', it.folder)
    expect(await codeOfAsync(() => buildIn(hidden))).toBe('git-no-repository')
  })
})

describe('each subject by itself', () => {
  async function eachIn(it: Checkout, asked: Asked): Promise<Written[]> {
    const { out = {}, ...rest } = asked
    const made = await Array.fromAsync(attestEach({ ...(await requestIn(it, rest)), out }))
    return made.map((attestation) => ({ ...attestation, written: attestation.written! }))
  }

  it('has a bundle of its own, of one token and one look at the commits', async () => {
    const it = checkout()
    it.write('dist/app.zip', 'another artifact')
    it.write('dist/sub/lib.zip', 'a third')
    const made = await eachIn(it, { subjects: { paths: ['dist/**'] } })
    expect(made.map((one) => [one.subjects.map((subject) => subject.name), one.written])).toEqual([
      [['app.tgz'], join(it.folder, 'dist/app.tgz.sigstore.json')],
      [['app.zip'], join(it.folder, 'dist/app.zip.sigstore.json')],
      [['lib.zip'], join(it.folder, 'dist/sub/lib.zip.sigstore.json')],
    ])
    const predicates = made.map((one) => statementOf(one).predicate)
    expect(predicates[1]).toEqual(predicates[0])
    const trust = await localTrust(it.state)
    for (const { question, subjects, written } of made) {
      const artifact = written.replace(/\.sigstore\.json$/, '')
      expect(refusals(await judge({ artifact, trust, question })), subjects[0]!.name).toEqual([])
    }
  })

  it.runIf(isEach)('is a line of a .jsonl, or a file in a folder, and never two in one file', async () => {
    const it = checkout()
    it.write('dist/app.zip', 'another artifact')
    it.write('out/.keep', '')
    const subjects = { paths: ['dist/app.*'] }
    const listed = await eachIn(it, { subjects, out: { path: 'dist/all.jsonl' } })
    expect(lines(join(it.folder, 'dist/all.jsonl'))).toEqual(listed.map((one) => one.bundle))
    const replaced = await eachIn(it, { subjects, out: { path: 'dist/all.jsonl', whenPresent: 'replace' } })
    expect(lines(join(it.folder, 'dist/all.jsonl'))).toEqual(replaced.map((one) => one.bundle))
    const inFolder = await eachIn(it, { subjects, out: { path: 'out' } })
    expect(inFolder.map((one) => one.written)).toEqual(
      ['app.tgz', 'app.zip'].map((name) => join(it.folder, `out/${name}.sigstore.json`)),
    )
    const before = logSize(it)
    expect(await codeOfAsync(() => eachIn(it, { subjects, out: { path: 'out/one.json' } }))).toBe('usage')
    const paths = { paths: ['a/x', 'b/x'], fileNames: 'path' } as const
    it.write('a/x', '1')
    it.write('b/x', '2')
    expect(await codeOfAsync(() => eachIn(it, { subjects: paths, out: { path: 'out' } }))).toBe('usage')
    expect(logSize(it)).toBe(before)
    const beside = await eachIn(it, { subjects: paths })
    expect(beside.map((one) => [one.subjects[0]!.name, one.written])).toEqual([
      ['a/x', join(it.folder, 'a/x.sigstore.json')],
      ['b/x', join(it.folder, 'b/x.sigstore.json')],
    ])
  })
})

describe('an output', () => {
  it('is no subject, though a run that was ended left nothing in it', async () => {
    const it = checkout()
    it.write('dist/all.jsonl', '')
    const request = await requestIn(it, { subjects: { paths: ['dist/*'] }, out: { path: 'dist/all.jsonl' } })
    expect((await attest(request)).subjects.map(({ name }) => name)).toEqual(['app.tgz'])
  })
})

describe('a subject that somebody else has hashed', () => {
  it.runIf(isEach)('by sha512 alone is found by a verifier, who hashes the file by that as well', async () => {
    const it = checkout()
    const hex = (algorithm: string): string => createHash(algorithm).update('the artifact').digest('hex')
    for (const algorithm of ['sha384', 'sha512'] as const) {
      const subjects = { named: [`pkg:npm/x@1.0.0=${algorithm}:${hex(algorithm)}`] }
      const { bundle, question } = await attest(await requestIn(it, { subjects }))
      const trust = await localTrust(it.state)
      const ask = (artifact: string | ArtifactInput): Promise<Verdict> =>
        judge({ artifact, bundle: Buffer.from(bundle), trust, question })
      const verdict = await ask(join(it.folder, 'dist/app.tgz'))
      expect(refusals(verdict)).toEqual([])
      expect(verdict.artifact.digest).toEqual({ sha256: hex('sha256'), [algorithm]: hex(algorithm) })
      expect(refusals(await ask({ digest: `${algorithm}:${hex(algorithm)}` }))).toEqual([])
      it.write('dist/other.tgz', 'another')
      expect(refusals(await ask(join(it.folder, 'dist/other.tgz')))).toEqual(['subject subject-mismatch'])
      expect(refusals(await ask({ digest: `sha256:${hex('sha256')}` }))).toEqual(['subject subject-mismatch'])
    }
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
  async function refusal(it: Checkout, request: Asked, job: Job = {}): Promise<string> {
    const env = request.env ?? it.env(await it.token(job))
    const log = join(it.state, 'rekor-v1.jsonl')
    const before = [it.list('.'), it.list('dist'), statSync(log).size]
    const code = await codeOfAsync(() => attestIn(it, { ...request, env }))
    expect([it.list('.'), it.list('dist'), statSync(log).size]).toEqual(before)
    return code
  }

  it('a work tree that is dirty, in CI', async () => {
    const it = checkout()
    it.write('parse.js', 'changed')
    it.write('README', 'changed\n')
    expect(await refusal(it, {})).toBe('worktree-dirty')
    await expect(attestIn(it)).rejects.toMatchObject({
      message: expect.stringMatching(/: README, parse\.js$/) as string,
    })
    const { statement, notes } = await attestIn(it, { worktree: 'allow-dirty' })
    const { predicate } = JSON.parse(statement) as EditableStatement
    expect(predicate.buildDefinition.resolvedDependencies![0]!.annotations).toEqual({
      countersign: { dirty: true, untracked: { count: 0 } },
    })
    expect(notes.join()).toContain('not clean, and the provenance says so: changed')
  })

  it.each(
    part(
      [
        ['TF_BUILD', 'True'],
        ['JENKINS_URL', 'https://ci.example/'],
        ['TEAMCITY_VERSION', '2026.1'],
        ['CI', 'yes'],
        ['CI', 'TRUE'],
        ['CI', 'woodpecker'],
        ['NOTHING_KNOWN', '1'],
      ],
      7,
    ),
  )('a work tree that is dirty, in a job that only %s=%s and its token tell', async (name, value) => {
    const it = checkout()
    it.write('README', 'changed\n')
    const token = { SIGSTORE_ID_TOKEN: await it.token() }
    const env = { ...it.env(), CI: undefined, [name]: value }
    expect(await refusal(it, { env: { ...env, ...token } })).toBe('worktree-dirty')
    await expect(attestIn(it, { env: { ...env, ...token } })).rejects.toMatchObject({
      message: expect.stringMatching(/: README$/) as string,
    })
    const file = join(it.folder, '..', 'token')
    writeFileSync(file, token.SIGSTORE_ID_TOKEN)
    expect(await refusal(it, { env: it.env(), identityTokenFile: file })).toBe('worktree-dirty')
  })

  it('but records it on a workstation', async () => {
    const it = checkout()
    it.write('parse.js', 'changed')
    const { predicate } = statementOf(await buildIn(it, { env: it.env() }))
    expect(predicate.buildDefinition.resolvedDependencies![0]!.annotations).toMatchObject({
      countersign: { dirty: true },
    })
  })

  it('a token for another commit', async () => {
    expect(await refusal(checkout(), {}, { sha: 'a'.repeat(40) })).toBe('commit-not-head')
    const it = checkout()
    it.git('checkout', '--quiet', it.noted)
    expect(await refusal(it, {}, { sha: it.released })).toBe('commit-not-head')
  })

  it.each<[string, (it: Checkout) => Asked | Promise<Asked>, string]>(
    part(
      [
        ['no subject', () => ({ subjects: { paths: [] } }), 'subject-none'],
        ['a file that is not there', () => ({ subjects: { paths: ['dist/other.tgz'] } }), 'path-missing'],
        ['a folder', () => ({ subjects: { paths: ['dist'] } }), 'path-directory'],
        ['a glob without a match', () => ({ subjects: { paths: ['dist/*.zip'] } }), 'glob-empty'],
        ['a subject that is none', () => ({ subjects: { named: ['app=sha256:abc'] } }), 'subject-invalid'],
        [
          'a sigstore configuration that is not there',
          () => ({ sigstore: { kind: 'config', path: 'none.json' } }),
          'path-missing',
        ],
        ['a token file that is not there', () => ({ identityTokenFile: 'none' }), 'path-missing'],
        ['a token that is none', (it) => ({ env: it.env('hello') }), 'token-malformed'],
      ],
      4,
    ),
  )('%s', async (_, request, code) => {
    const it = checkout()
    expect(await codeOfAsync(async () => attestIn(it, await request(it)))).toBe(code)
    expect(it.list('dist')).toEqual(['app.tgz'])
  })

  it.each(
    part(
      [
        ['outside CI, without a choice', {}],
        ['in a CI that nobody knows', { CI: 'true' }],
      ],
      2,
    ),
  )('no token %s', async (_, variables) => {
    const it = checkout()
    const request: AttestRequest = {
      subjects: { paths: ['dist/app.tgz'] },
      out: {},
      world: { cwd: it.folder, env: { ...it.env(), ...variables } },
    }
    expect(await codeOfAsync(() => attest(request))).toBe('identity-missing')
    expect(it.list('dist')).toEqual(['app.tgz'])
  })

  it('a token that is expired, for another audience, of another issuer, unsigned, or changed', async () => {
    const it = checkout()
    const claims = providerClaims('github', { sha: it.commit })
    const time = new Date()
    const now = (): Date => time
    const seconds = Math.floor(time.getTime() / 1_000)
    const mint = async (options: { audience?: string; iss?: string; exp?: number }): Promise<string> => {
      const { iss, exp, audience } = options
      const sigstore = await startLocalSigstore({ state: it.state, now, ...(iss === undefined ? {} : { issuer: iss }) })
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
      expect(await codeOfAsync(() => attestIn(it, { env: it.env(token), world: { now } }))).toBe(code)
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
    const requestThere = (cwd: string): StatementRequest => ({
      subjects: { paths: ['app.tgz'] },
      sigstore: embeddedSigstore(it.state),
      world: { cwd, env: it.env() },
    })
    // A workstation without a checkout has nothing that could name a commit.
    expect(await codeOfAsync(() => attest(requestThere(bare)))).toBe('git-no-repository')
    execFileSync('git', ['init', '--quiet'], { cwd: bare })
    expect(await codeOfAsync(() => attest(requestThere(bare)))).toBe('git-no-commit')

    const shallow = join(it.folder, '..', 'shallow')
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${it.folder}`, shallow], { stdio: 'ignore' })
    writeFileSync(join(shallow, 'app.tgz'), 'x')
    expect(await codeOfAsync(() => attest(requestThere(shallow)))).toBe('history-shallow')
    const { notes } = await buildStatement({ ...requestThere(shallow), history: 'allow-shallow' })
    expect(notes.join()).toContain('shallow')
  })

  it('to write the name of a private repository to the public log, and asks nobody but the issuer and its own forge', async () => {
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
            subjects: { paths: ['dist/app.tgz'] },
            sigstore: { kind: 'public' },
            world: {
              cwd: it.folder,
              env: it.env(token),
              fetch: (input) => {
                const url = input instanceof Request ? input.url : input.toString()
                requests.push(url)
                return Promise.resolve(Response.json(answers[url]))
              },
            },
          }),
        )
        expect(code).toBe('private-to-public-log')
        // Its own forge, which is asked for notes, knows its name.
        const others = requests.filter((it) => it !== 'https://github.com/acme/widget.git/git-upload-pack')
        expect(others).toEqual(Object.keys(answers))
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
  it.runIf(isEach)('is a sidecar of one artifact', async () => {
    const it = checkout()
    const { written } = await attestIn(it)
    expect(written).toBe(join(it.folder, 'dist/app.tgz.sigstore.json'))
    expect(it.list('dist')).toEqual(['app.tgz', 'app.tgz.sigstore.json'])
  })

  it.runIf(isEach)('is one .jsonl for several, which is no subject of the next attestation', async () => {
    const it = checkout()
    it.write('dist/app.zip', 'another artifact')
    const subjects = { paths: ['dist/*'] }
    const first = await attestIn(it, { subjects })
    expect(first.written).toBe(join(it.folder, 'dist/widget.intoto.jsonl'))
    const second = await attestIn(it, { subjects, out: { whenPresent: 'append' } }, { runId: '2' })
    for (const made of [first, second]) {
      expect(statementOf(made).subject.map((subject) => subject.name)).toEqual(['app.tgz', 'app.zip'])
    }
    const release = expect.stringMatching(/^the release is 3 commits since v1\.0\.0 /) as string
    expect(first.notes).toEqual([release])
    expect(second.notes).toEqual(['left out of the glob: 1 bundle file', release])
    expect(lines(first.written)).toEqual([first.bundle, second.bundle])
    const replaced = await attestIn(it, { subjects, out: { whenPresent: 'replace' } }, { runId: '3' })
    expect(lines(first.written)).toEqual([replaced.bundle])
    expect(it.list('dist')).toEqual(['app.tgz', 'app.zip', 'widget.intoto.jsonl'])
  })

  it.runIf(isEach)('and what else a glob leaves out is no change of the source, where nothing is ignored', async () => {
    const it = checkout()
    it.git('rm', '--quiet', '.gitignore')
    it.git('commit', '--quiet', '--message=ignore nothing')
    it.write('dist/app.zip', 'another artifact')
    it.write('dist/SHA256SUMS', 'x')
    const subjects = { paths: ['dist/*'] }
    await attestIn(it, { subjects })
    const again = await attestIn(it, { subjects, out: { whenPresent: 'append' } }, { runId: '2' })
    expect(sourceIn(again).annotations).toEqual({ countersign: { dirty: false, untracked: { count: 0 } } })
  })

  it.each<[string, string | undefined]>(
    part(
      [
        ['a sidecar', undefined],
        ['a file', 'dist/mine.json'],
        ['a folder', '../out'],
        ['a .jsonl', 'dist/all.jsonl'],
      ],
      4,
    ),
  )(
    'in %s is not put beside or in place of another statement for the same subject, unless that is said',
    async (_, path) => {
      const it = workplace()
      mkdirSync(join(it.folder, '../out'))
      const to = (whenPresent: 'refuse' | 'append' | 'replace', runId: string): Promise<Written> =>
        attestIn(
          it,
          { subjects: { paths: ['dist/*'] }, out: { ...(path === undefined ? {} : { path }), whenPresent } },
          { runId },
        )
      const first = await to('refuse', '1')
      const before = [logSize(it), readFileSync(first.written, 'utf8')]
      expect(await codeOfAsync(() => to('refuse', '2'))).toBe('output-exists')
      expect([logSize(it), readFileSync(first.written, 'utf8')]).toEqual(before)
      const second = await to('append', '2')
      expect(lines(first.written)).toEqual([first.bundle, second.bundle])
      expect(await codeOfAsync(() => to('refuse', '3'))).toBe('output-exists')
      const third = await to('replace', '3')
      expect(lines(first.written)).toEqual([third.bundle])
      expect(third.subjects.map((subject) => subject.name)).toEqual(['app.tgz'])
    },
  )

  it.runIf(isEach)(
    'of the very same statement is the one that is there, if it verifies, and nothing is signed again',
    async () => {
      const it = checkout()
      const first = await attestIn(it)
      const size = logSize(it)
      const second = await attestIn(it)
      expect(second).toEqual({
        ...first,
        signedBefore: true,
        notes: [...first.notes, 'this very statement about app.tgz was signed before, and nothing was signed now'],
      })
      expect(first).not.toHaveProperty('signedBefore')
      const forged = JSON.parse(first.bundle) as EditableBundle
      forged.dsseEnvelope.signatures[0]!.sig = Buffer.from('another').toString('base64')
      writeFileSync(first.written, JSON.stringify(forged))
      expect(await codeOfAsync(() => attestIn(it))).toBe('output-exists')
      expect(logSize(it)).toBe(size)
    },
  )

  it.runIf(isEach)(
    'is added to a .jsonl of other subjects by itself, and to a bundle over many lines as a line',
    async () => {
      const it = workplace()
      it.write('dist/app.zip', 'another artifact')
      const out = { path: 'dist/all.jsonl' }
      const first = await attestIn(it, { subjects: { paths: ['dist/app.tgz'] }, out })
      const second = await attestIn(it, { subjects: { paths: ['dist/app.zip'] }, out })
      expect(lines(first.written)).toEqual([first.bundle, second.bundle])
      const pretty = `${JSON.stringify(JSON.parse(first.bundle), null, 2)}\n`
      it.write('dist/app.tgz.sigstore.json', pretty)
      const added = await attestIn(it, { out: { whenPresent: 'append' } }, { runId: '2' })
      expect(lines(added.written)).toEqual([first.bundle, added.bundle])
    },
  )

  it.runIf(isEach)('that is signed, and cannot be written where it belongs, is kept beside that place', async () => {
    const it = workplace()
    const path = 'dist/all.jsonl'
    it.write(`${path}.lock`, JSON.stringify({ pid: 1, host: 'elsewhere.example', id: 'x' }))
    // The token is made after the clock, which stands still: it must not come from the future.
    const clock = steppedClock(new Date(new Date().getTime() + 60_000))
    const failed = await attestIn(it, { out: { path }, world: clock }).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'output-busy' })
    const [kept, ...others] = it.list('dist').filter((name) => name.endsWith('.sigstore.json'))
    expect(others).toEqual([])
    expect((failed as Error).message).toContain(kept)
    const bundle = readFileSync(join(it.folder, 'dist', kept!))
    const question = { signer: 'https://github.com/acme/widget/**', issuer: 'https://oidc.countersign.localhost' }
    const artifact = join(it.folder, 'dist/app.tgz')
    const asked = { ...question, source: 'https://github.com/acme/widget' }
    expect(refusals(await judge({ artifact, bundle, trust: await localTrust(it.state), question: asked }))).toEqual([])
  })

  it.runIf(isEach)(
    'that is signed is kept before another writer is waited for, and removed when it is written',
    async () => {
      const it = workplace()
      const path = 'dist/all.jsonl'
      const lock = `${path}.lock`
      it.write(lock, JSON.stringify({ pid: 1, host: 'elsewhere.example', id: 'x' }))
      const clock = steppedClock(new Date(new Date().getTime() + 60_000))
      const kept: string[][] = []
      const said: string[] = []
      const sleep = (milliseconds: number): Promise<void> => {
        kept.push(it.list('dist').filter((name) => name.endsWith('.sigstore.json')))
        if (clock.elapsed() > 2_000) rmSync(join(it.folder, lock))
        return clock.sleep(milliseconds)
      }
      const progress = (text: string, kind: string): void => {
        if (kind === 'wait') said.push(text)
      }
      const { bundle } = await attestIn(it, { out: { path }, world: { ...clock, sleep, progress } })
      expect([...new Set(kept.map((names) => names.length))]).toEqual([1])
      const place = join(it.folder, 'dist', kept[0]![0]!)
      expect(said).toEqual([expect.stringContaining(place) as string])
      expect(it.list('dist')).toEqual(['all.jsonl', 'app.tgz'])
      expect(lines(join(it.folder, path))).toEqual([bundle])
    },
  )

  it.each(
    part(
      [
        ['a file that is replaced', { path: 'dist/x.jsonl', whenPresent: 'replace' }],
        ['a file that is added to', { path: 'dist/x.jsonl' }],
        ['the same by another way', { path: 'dist/../dist/x.jsonl', whenPresent: 'append' }],
      ] as const,
      3,
    ),
  )('is not written to a file that it is about: %s', async (_, out) => {
    const it = workplace()
    const { bundle } = await attestIn(it, { out: { path: 'dist/x.jsonl' } })
    const before = [logSize(it), it.list('dist')]
    const subjects = { paths: ['dist/app.tgz', 'dist/x.jsonl'] }
    const request = { ...(await requestIn(it, { subjects }, { runId: '2' })), out }
    await expect(attest(request)).rejects.toMatchObject({ code: 'usage', option: 'out' })
    await expect(attestEach(request).next()).rejects.toMatchObject({ code: 'usage', option: 'out' })
    expect([logSize(it), it.list('dist')]).toEqual(before)
    expect(lines(join(it.folder, 'dist/x.jsonl'))).toEqual([bundle])
  })

  it.runIf(isEach)('is added to a .jsonl whose last line has no end', async () => {
    const it = workplace()
    const { bundle: kept } = await attestIn(it, { out: { path: '../kept.json' } })
    it.write('dist/all.jsonl', kept)
    const out = { path: 'dist/all.jsonl', whenPresent: 'append' } as const
    const { bundle } = await attestIn(it, { out }, { runId: '2' })
    expect(lines(join(it.folder, 'dist/all.jsonl'))).toEqual([kept, bundle])
  })

  it.runIf(isEach)('goes to the file or into the folder that is named', async () => {
    const it = workplace()
    mkdirSync(join(it.folder, '..', 'out'))
    const inFolder = await attestIn(it, { out: { path: '../out' } })
    expect(inFolder.written).toBe(join(it.folder, '../out/app.tgz.sigstore.json'))
    const named = await attestIn(it, { out: { path: '../out/mine.json' } })
    expect(named.written).toBe(join(it.folder, '../out/mine.json'))
    expect(lines(named.written)).toEqual([named.bundle])
  })

  it.runIf(isEach)('never takes the place of what is there, unless that is asked for', async () => {
    const it = workplace()
    it.write('dist/app.tgz.sigstore.json', 'precious')
    expect(await codeOfAsync(() => attestIn(it))).toBe('output-exists')
    expect(readFileSync(join(it.folder, 'dist/app.tgz.sigstore.json'), 'utf8')).toBe('precious')
    const { bundle, written } = await attestIn(it, { out: { whenPresent: 'replace' } })
    expect(lines(written)).toEqual([bundle])
    expect(it.list('dist')).toEqual(['app.tgz', 'app.tgz.sigstore.json'])
  })

  it('is never a link, and that is known before anything is signed', async () => {
    const it = workplace()
    writeFileSync(join(it.folder, '../elsewhere'), 'precious')
    symlinkSync(join(it.folder, '../elsewhere'), join(it.folder, '../link.json'))
    const out = { path: '../link.json', whenPresent: 'replace' } as const
    const before = logSize(it)
    expect(await codeOfAsync(() => attestIn(it, { out }))).toBe('output-failed')
    expect([logSize(it), readFileSync(join(it.folder, '../elsewhere'), 'utf8')]).toEqual([before, 'precious'])
  })

  it('is never a device or a pipe', async () => {
    const it = workplace()
    const path = join(it.folder, 'dist/pipe')
    execFileSync('mkfifo', [path])
    expect(await codeOfAsync(() => attestIn(it, { out: { path, whenPresent: 'replace' } }))).toBe('output-failed')
    expect(lstatSync(path).isFIFO()).toBe(true)
  })

  it.each(
    part(
      [
        ['below a file', 'dist/app.tgz/bundle.json', 'path-missing'],
        ['in a folder that is not there', 'gone/bundle.json', 'path-missing'],
        ['as a folder that is not there', 'gone/', 'path-missing'],
        ['on standard output', '-', 'usage'],
      ],
      4,
    ),
  )('that cannot be written, %s, is refused before it is signed', async (_, path, code) => {
    const it = workplace()
    await attestIn(it)
    const before = [logSize(it), it.list('.'), it.list('dist')]
    const refused = attestIn(it, { out: { path, whenPresent: 'append' } }, { runId: '2' })
    await expect(refused).rejects.toMatchObject({ code, option: 'out' })
    expect([logSize(it), it.list('.'), it.list('dist')]).toEqual(before)
  })

  it.runIf(isEach)('of a statement alone is the statement, and no file', async () => {
    const it = checkout()
    const made = await buildIn(it)
    expect(made).not.toHaveProperty('bundle')
    expect(statementOf(made).subject[0]!.name).toBe('app.tgz')
    expect(it.list('dist')).toEqual(['app.tgz'])
    // The same facts give the same bytes, but for the run that they were collected in.
    expect((await buildIn(it)).statement).toBe(made.statement)
  })

  it.runIf(isEach)('is nowhere where none is asked for: the bundle is given back, and holds in memory', async () => {
    const it = workplace()
    const env = it.env(await it.token())
    const before = filesBelow(it.folder)
    const attestation = await attest(await requestIn(it, { env }))
    expect(filesBelow(it.folder)).toEqual(before)
    expect(attestation).not.toHaveProperty('written')

    const verifier = await openVerifier({ trust: await localTrust(it.state) })
    const judged = (content: string): Promise<Verdict> =>
      verifier.judge(
        Buffer.from(attestation.bundle),
        { bytes: Buffer.from(content), name: 'app.tgz' },
        attestation.question,
      )
    expect(refusals(await judged('the artifact'))).toEqual([])
    expect(refusals(await judged('another one'))).toEqual(['subject subject-mismatch'])
    expect(filesBelow(it.folder)).toEqual(before)
  })
})

/** Bytes of the log that a signature adds to. */
function logSize(it: Workplace): number {
  return statSync(join(it.state, 'rekor-v1.jsonl')).size
}

/** Every file of the checkout with its content, so that a file that is written, moved or changed is seen. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath, it.name))
    .map((path) => `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`)
    .sort()
}

describe('two jobs at once', () => {
  it('share one embedded Sigstore', async () => {
    const it = workplace()
    it.write('dist/app.zip', 'another artifact')
    const env = it.env(await it.token())
    const both = await Promise.all(
      ['dist/app.tgz', 'dist/app.zip'].map((path) => attestIn(it, { subjects: { paths: [path] }, env })),
    )
    const trust = await localTrust(it.state)
    for (const { question, subjects } of both) {
      const artifact = join(it.folder, 'dist', subjects[0]!.name)
      expect(refusals(await judge({ artifact, trust, question }))).toEqual([])
    }
  })
})
