/** What a deployment signs, what it refuses before it signs, and what it leaves on disk. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attest } from '../../src/attest/attest.ts'
import { DeferredError } from '../../src/attest/deferred.ts'
import { attestDeployment, buildDeploymentStatement } from '../../src/attest/deployment.ts'
import type { DeploymentAttestation, DeploymentRequest } from '../../src/attest/deployment.ts'
import { resume } from '../../src/attest/resume.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import { embeddedSigstore, localTrust } from '../../src/embedded/project.ts'
import { sha256Hex } from '../../src/model/digest.ts'
import type { Prepared } from '../../src/model/prepared.ts'
import type { DeploymentPredicate } from '../../src/predicates/deployment.ts'
import { judge } from '../../src/verify/verify.ts'
import { countersign } from '../cli/terminal.ts'
import { useCheckouts, useWorkplaces } from '../world/checkout.ts'
import type { Checkout } from '../world/checkout.ts'
import { codeOfAsync, failureOf } from '../world/failure.ts'
import { downForLong, useOutages } from '../world/outage.ts'
import { refusals } from '../world/release.ts'
import type { Job } from '../world/release.ts'
import { part } from '../world/runs.ts'

const checkout = useCheckouts()
const workplace = useWorkplaces()
const { outage, tokenFor, jobWorld } = useOutages()
const environment = 'production'

async function deploy(
  it: ReturnType<typeof workplace>,
  asked: Partial<DeploymentRequest> = {},
  job: Job = {},
): Promise<DeploymentAttestation> {
  return attestDeployment({
    ...{ environment, subjects: { paths: ['dist/app.tgz'] }, sigstore: embeddedSigstore() },
    ...{ out: {}, world: { cwd: it.folder, env: it.env(await it.token(job)) } },
    ...asked,
  })
}

interface Signed {
  readonly predicateType: string
  readonly predicate: DeploymentPredicate
}
const statementOf = ({ statement }: { readonly statement: string }): Signed => JSON.parse(statement) as Signed

async function attested(it: Checkout): Promise<Awaited<ReturnType<typeof attest>>> {
  return attest({
    ...{ subjects: { paths: ['dist/app.tgz'] }, sigstore: embeddedSigstore(), out: {} },
    world: { cwd: it.folder, env: it.env(await it.token()) },
  })
}

describe('a deployment', () => {
  it('is signed by a job without a checkout, lies beside the artifact, and is found there', async () => {
    const it = workplace()
    const made = await deploy(it, { target: 'https://cluster.acme.example/widget' })
    expect(made.written).toBe(join(it.folder, 'dist/app.tgz.deployed-production.sigstore.json'))
    const { predicate } = statementOf(made)
    expect(predicate).toMatchObject({ environment, state: 'deployed', target: 'https://cluster.acme.example/widget' })
    expect(predicate.job).toMatchObject({ repository: 'https://github.com/acme/widget', commit: it.commit })
    const trust = await localTrust(it.state)
    const verdict = await judge({ artifact: join(it.folder, 'dist/app.tgz'), trust, question: made.question })
    expect(refusals(verdict)).toEqual([])
    const { predicateType: _, environment: __, ...provenance } = made.question
    const asProvenance = await judge({ artifact: join(it.folder, 'dist/app.tgz'), trust, question: provenance })
    expect(refusals(asProvenance)).toContain('predicate-type predicate-type-mismatch')
  })

  it('is never written over another one; a removal has a name of its own, and needs the waiver', async () => {
    const it = workplace()
    await deploy(it)
    const before = readFileSync(join(it.folder, 'dist/app.tgz.deployed-production.sigstore.json'))
    expect(await codeOfAsync(() => deploy(it))).toBe('output-exists')
    expect(readFileSync(join(it.folder, 'dist/app.tgz.deployed-production.sigstore.json'))).toEqual(before)
    const removed = await deploy(it, { state: 'removed' })
    expect(removed.written).toBe(join(it.folder, 'dist/app.tgz.removed-production.sigstore.json'))
    expect(removed.question).toMatchObject({ allowRemoved: true })
  })

  it('is not written over what it is about', async () => {
    const it = workplace()
    const out = { path: 'dist/app.tgz', whenPresent: 'replace' } as const
    const before = readFileSync(join(it.folder, 'dist/app.tgz'))
    expect(await codeOfAsync(() => deploy(it, { out }))).toBe('usage')
    expect(readFileSync(join(it.folder, 'dist/app.tgz'))).toEqual(before)
  })

  it('names no other environment than the token of the job', async () => {
    const it = workplace()
    const failure = await failureOf(() => deploy(it, {}, { environment: 'staging' }))
    expect(failure).toMatchObject({ code: 'environment-mismatch', expected: 'staging', found: environment })
    expect(it.list('dist')).toEqual(['app.tgz'])
    const made = await deploy(it, {}, { environment })
    expect(made.notes.join()).not.toContain('names no environment')
  })

  it.each(
    part(
      [
        ['https://ann:secret@cluster.example/app'],
        ['https://token@cluster.example/app'],
        ['k8s://ann:secret@cluster/app'],
        ['x:ann:secret@host'],
        ['https://cluster.example/app?token=secret'],
        ['https://cluster.example/app#secret'],
        ['file:///home/secret/app'],
        ['secret'],
        ['/home/secret'],
        ['https://cluster.example/\u202Esecret'],
      ],
      4,
    ),
  )('has no target such as %j', async (target) => {
    const failure = await failureOf(() => deploy(workplace(), { target }))
    expect(failure).toMatchObject({ code: 'usage', option: 'target' })
    expect(failure.message).not.toContain(target)
  })

  it.each(part(['', ' production', 'x'.repeat(256), 'a\nb', 'a\u202Eb'], 5))(
    'has no environment such as %j',
    async (name) => {
      expect(await failureOf(() => deploy(workplace(), { environment: name }))).toMatchObject({
        ...{ code: 'usage', option: 'environment' },
      })
    },
  )

  it('of a private repository is not written to the public log, unless that is asked for by name', async () => {
    const it = workplace()
    const issuer = 'https://token.actions.githubusercontent.com'
    const own = await startLocalSigstore({ issuer })
    try {
      const requests: string[] = []
      const answers: Record<string, unknown> = {
        [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/keys` },
        [`${issuer}/keys`]: own.jwks,
      }
      const token = await own.mintToken(providerClaims('github', { sha: it.commit, visibility: 'private' }))
      const fetch = (input: string | URL | Request): Promise<Response> => {
        const url = input instanceof Request ? input.url : input.toString()
        requests.push(url)
        return Promise.resolve(Response.json(answers[url]))
      }
      const world = { cwd: it.folder, env: it.env(token), fetch }
      expect(await codeOfAsync(() => deploy(it, { sigstore: { kind: 'public' }, world }))).toBe('private-to-public-log')
      expect(requests).toEqual(Object.keys(answers))
      expect(it.list('dist')).toEqual(['app.tgz'])
    } finally {
      await own.close()
    }
  })

  it('is printed and not signed where that is asked', async () => {
    const it = workplace()
    const world = { cwd: it.folder, env: it.env(await it.token()) }
    const { statement } = await buildDeploymentStatement({
      ...{ environment, subjects: { paths: ['dist/app.tgz'] }, sigstore: embeddedSigstore(), world },
    })
    expect(statementOf({ statement }).predicate.environment).toBe(environment)
    expect(it.list('dist')).toEqual(['app.tgz'])
  })
})

describe('countersign deployed', () => {
  it('says where the bundle is and how it is verified, and that command passes', async () => {
    const it = workplace()
    const at = { cwd: it.folder, env: it.env(await it.token({ environment })) }
    const made = await countersign(at, 'deployed', environment, 'dist/app.tgz', '--sigstore', 'local')
    expect(made).toMatchObject({ exitCode: 0, stdout: 'dist/app.tgz.deployed-production.sigstore.json\n' })
    const command = /verify with: countersign (.*)/.exec(made.stderr)?.[1] ?? ''
    const words = command.replace('ARTIFACT', 'dist/app.tgz').split(' ')
    expect(await countersign(at, ...words)).toMatchObject({ exitCode: 0 })
  })

  it('asks of the token alone, and not of another commit that is checked out', async () => {
    const it = checkout()
    const at = { cwd: it.folder, env: it.env(await it.token({ sha: 'e'.repeat(40) })) }
    expect(await countersign(at, 'deployed', environment, 'dist/app.tgz', '--sigstore', 'local')).toMatchObject({
      exitCode: 0,
    })
  })

  it.each<[string[], string]>(
    part(
      [
        [['--signer', 'x@acme.example'], 'a question without a bundle'],
        [['--trusted-root', 'root.json', '-b', 'x'], 'a root without a question'],
        [['--overwrite', '--append'], 'both'],
        [['--defer-exit', '0'], 'no deferral'],
        [['--dry-run', '--on-outage', 'defer'], 'nothing that could be kept'],
        [['--target', 'nowhere'], 'no URI'],
      ],
      3,
    ),
  )('is used wrongly with %j: %s', async (flags) => {
    const it = workplace()
    const at = { cwd: it.folder, env: it.env(await it.token()) }
    const run = await countersign(at, 'deployed', environment, 'dist/app.tgz', '--sigstore', 'local', ...flags)
    expect(run).toMatchObject({ exitCode: 2, stdout: '' })
    expect(it.list('dist')).toEqual(['app.tgz'])
  })
})

describe('the provenance of what is deployed', () => {
  const bundle = 'dist/app.tgz.sigstore.json'

  it('is named by its statement, and not said to be verified', async () => {
    const it = checkout()
    const { statement } = await attested(it)
    const made = await deploy(it, { provenance: { bundle } })
    expect(statementOf(made).predicate.provenance).toEqual([
      { predicateType: 'https://slsa.dev/provenance/v1', statement: { sha256: sha256Hex(statement) } },
    ])
    expect(made.notes.join()).toContain('was not verified')
  })

  it('is verified where a question is asked, before anything is signed', async () => {
    const it = checkout()
    const { question } = await attested(it)
    const trust = await localTrust(it.state)
    const made = await deploy(it, { provenance: { bundle, question, trust } })
    expect(statementOf(made).predicate.provenance?.[0]).toMatchObject({
      verified: { issuer: 'https://oidc.countersign.localhost' },
    })
    const other = { ...question, commit: 'f'.repeat(40) }
    const refused = { provenance: { bundle, question: other, trust }, environment: 'staging' }
    expect(await codeOfAsync(() => deploy(it, refused))).toBe('commit-mismatch')
    expect(existsSync(join(it.folder, 'dist/app.tgz.deployed-staging.sigstore.json'))).toBe(false)
  })

  it('is that of the very file, and no deployment of it', async () => {
    const it = checkout()
    await attested(it)
    it.write('dist/other.tgz', 'other')
    const subjects = { paths: ['dist/other.tgz'] }
    expect(await codeOfAsync(() => deploy(it, { subjects, provenance: { bundle } }))).toBe('subject-mismatch')
    await deploy(it)
    const deployment = 'dist/app.tgz.deployed-production.sigstore.json'
    const again = { environment: 'staging', provenance: { bundle: deployment } }
    expect(await codeOfAsync(() => deploy(it, again))).toBe('subject-mismatch')
  })
})

describe('a deployment that was kept in an outage', () => {
  async function kept(): Promise<{ readonly it: Awaited<ReturnType<typeof outage>>; readonly file: string }> {
    const it = await outage('rekorTlogUrls', downForLong)
    const failure = await failureOf(async () =>
      attestDeployment({
        ...{ environment, subjects: { paths: ['dist/app.tgz'] }, sigstore: { kind: 'config', path: it.config } },
        ...{ out: {}, onOutage: 'defer', world: jobWorld(it.at, await tokenFor(it.at)) },
      }),
    )
    if (!(failure instanceof DeferredError)) throw failure
    it.end()
    return { it, file: failure.prepared }
  }

  async function signed(
    { it, file }: Awaited<ReturnType<typeof kept>>,
    attempt: 'same' | 'any' = 'same',
    job: Job = {},
  ): Promise<ReturnType<typeof resume>> {
    const world = jobWorld(it.at, await tokenFor(it.at, job))
    return resume({ prepared: file, sigstore: { kind: 'config', path: it.config }, out: {}, attempt, world })
  }

  function edit(file: string, change: (it: Signed) => unknown): void {
    const prepared = JSON.parse(readFileSync(file, 'utf8')) as Prepared
    const statement = JSON.parse(Buffer.from(prepared.statement.base64, 'base64').toString()) as Signed
    change(statement)
    const bytes = Buffer.from(JSON.stringify(statement))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    writeFileSync(file, JSON.stringify({ ...prepared, statement: { base64: bytes.toString('base64'), sha256 } }))
  }

  it('is signed later by the same job, as it was', async () => {
    const one = await kept()
    const made = await signed(one)
    expect(made.written).toBe(join(one.it.at.folder, 'dist/app.tgz.deployed-production.sigstore.json'))
    expect(made.question).toMatchObject({ predicateType: ['https://w3id.org/countersign/deployment/v1'] })
    expect(existsSync(one.file)).toBe(false)
  })

  it('says in another attempt of the run which one prepared it', async () => {
    const made = await signed(await kept(), 'any', { runAttempt: '7' })
    const { job, preparedIn } = statementOf(made).predicate
    expect(job.run).toMatch(/\/attempts\/7$/)
    expect(preparedIn).toMatch(/\/attempts\/1$/)
  })

  it.each<readonly [string, (it: Signed) => unknown]>([
    ['another repository', (it) => (it.predicate.job.repository = 'https://github.com/acme/other')],
    ['another run', (it) => (it.predicate.job.run = 'https://github.com/acme/widget/actions/runs/1/attempts/1')],
    ['more of the job', (it) => (it.predicate.job['actor'] = 'ann')],
    ['more members', (it) => Object.assign(it.predicate, { reason: 'because' })],
    ['another attempt', (it) => (it.predicate.preparedIn = 'https://github.com/acme/widget/actions/runs/1/attempts/1')],
    ['no predicate', (it) => Object.assign(it, { predicate: {} })],
    ['another type', (it) => Object.assign(it, { predicateType: 'constructor' })],
  ])('is not signed where somebody wrote %s into it', async (_, change) => {
    const one = await kept()
    edit(one.file, change)
    expect(await codeOfAsync(() => signed(one))).toBe('prepared-identity-mismatch')
  })

  it('is not signed for another environment than the token says', async () => {
    const one = await kept()
    expect(await codeOfAsync(() => signed(one, 'same', { environment: 'staging' }))).not.toBe('')
  })
})
