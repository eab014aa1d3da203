/** A statement that could not be signed is kept, and signed later by the same run: by nobody else, and as it was. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attest, attestEach } from '../../src/attest/attest.ts'
import { DeferredError } from '../../src/attest/deferred.ts'
import type { Attestation, ResumeRequest } from '../../src/attest/request.ts'
import { resume } from '../../src/attest/resume.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { startLocalSigstore } from '../../src/embedded/index.ts'
import { limits } from '../../src/model/limits.ts'
import { parsePrepared } from '../../src/model/prepared.ts'
import type { Prepared } from '../../src/model/prepared.ts'
import type { World } from '../../src/platform/world.ts'
import { removeUnsigned } from '../../src/store/prepared-file.ts'
import { judge } from '../../src/verify/verify.ts'
import { countersign } from '../cli/terminal.ts'
import type { Ran } from '../cli/terminal.ts'
import { codeOf, failureOf } from '../world/failure.ts'
import type { Checkout, Workplace } from '../world/checkout.ts'
import type { Fault } from '../world/fault-proxy.ts'
import { issuerAnswers } from '../world/issuer-answers.ts'
import { useOutages } from '../world/outage.ts'
import type { Duty, Outage } from '../world/outage.ts'
import { edited, refusals, trustIn } from '../world/release.ts'
import type { EditableBundle, EditableStatement, Job } from '../world/release.ts'
import { steppedClock } from '../world/stepped-clock.ts'
import { isEach, part } from '../world/runs.ts'

const { sigstore, workplace, outage, outageIn, tokenFor, jobWorld } = useOutages()

const subjects = { paths: ['dist/app.tgz'] }

async function attestIn(
  { at, config }: Outage,
  onOutage: 'fail' | 'defer',
  job: Job = {},
  { inputs, ...world }: Partial<World> & { readonly inputs?: readonly string[] } = {},
): Promise<Attestation> {
  return attest({
    subjects,
    ...(inputs === undefined ? {} : { inputs }),
    sigstore: { kind: 'config', path: config },
    out: {},
    onOutage,
    world: { ...jobWorld(at, await tokenFor(at, job)), ...world },
  })
}

interface Kept<At extends Workplace = Workplace> extends Outage<At> {
  /** Path of the kept statement. */
  readonly file: string
}

async function resumeIn(
  { at, config, file }: Kept,
  request: Pick<ResumeRequest, 'out'> = { out: {} },
  job: Job = {},
): Promise<Attestation> {
  const world = jobWorld(at, await tokenFor(at, job))
  return resume({ prepared: file, sigstore: { kind: 'config', path: config }, ...request, world })
}

const codeFor = async (run: () => Promise<unknown>): Promise<string> => (await failureOf(run)).code

const unsigned = 'app.tgz.sigstore.json.unsigned.json'

// Checkouts are copies of one, so what was kept in one of them is what would be kept in any.
const keptBefore = new Map<string, Buffer>()

/** An outage in which a statement was kept, by a job. */
async function kept(duty: Duty = 'rekorTlogUrls', job: Job = {}): Promise<Kept<Checkout>> {
  const world = await outage(duty, { kind: 'status', status: 503, headers: { 'retry-after': '3600' } })
  const file = join(world.at.folder, 'dist', unsigned)
  const which = JSON.stringify([duty, job])
  const before = keptBefore.get(which)
  if (before === undefined) {
    await failureOf(() => attestIn(world, 'defer', job))
    keptBefore.set(which, readFileSync(file))
  } else {
    writeFileSync(file, before)
  }
  return { ...world, file }
}

const read = (path: string): Prepared => parsePrepared(readFileSync(path))

const logOf = (mediaType: string): Record<string, unknown> => ({
  name: 'reasoning-log',
  digest: { sha256: 'a'.repeat(64) },
  mediaType,
})

/** The kept statement with an edit, its digest made right: whoever can write the file can do that too. */
function editStatement(file: string, edit: (statement: EditableStatement) => unknown): void {
  const prepared = read(file)
  const statement = JSON.parse(Buffer.from(prepared.statement.base64, 'base64').toString()) as EditableStatement
  edit(statement)
  const bytes = Buffer.from(JSON.stringify(statement))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  writeFileSync(file, JSON.stringify({ ...prepared, statement: { base64: bytes.toString('base64'), sha256 } }))
}

const hexOf = (algorithm: string, bytes: Buffer): string => createHash(algorithm).update(bytes).digest('hex')

type Descriptor = NonNullable<EditableStatement['predicate']['buildDefinition']['resolvedDependencies']>[number]

const dependenciesOf = (it: EditableStatement): Descriptor[] => it.predicate.buildDefinition.resolvedDependencies!
const sourceIn = (it: EditableStatement): Descriptor => dependenciesOf(it)[0]!
const sessionIn = (it: EditableStatement): Record<string, unknown> =>
  dependenciesOf(it)[1]!.annotations!['countersign'] as Record<string, unknown>
const summaryIn = (it: EditableStatement): { range: { until: string } } =>
  it.predicate.runDetails.byproducts![0]!.annotations!['countersign'] as { range: { until: string } }

/** Why it is refused; nothing was signed, so nothing was asked of the log. */
async function refusalOf(world: Kept, job: Job = {}): Promise<string> {
  world.end()
  const before = [world.proxy.requests.length, world.at.list('dist')]
  const code = await codeFor(() => resumeIn(world, { out: {} }, job))
  expect([world.proxy.requests.length, world.at.list('dist')]).toEqual(before)
  return code
}

describe('an outage', () => {
  it.each<[Duty, Fault, string]>(
    part(
      [
        ['caUrls', { kind: 'drop' }, 'service-unavailable'],
        ['rekorTlogUrls', { kind: 'status', status: 503 }, 'service-unavailable'],
        ['tsaUrls', { kind: 'status', status: 500 }, 'service-unavailable'],
        ['rekorTlogUrls', { kind: 'instead', body: '<html>', contentType: 'text/html' }, 'service-answer-malformed'],
      ],
      2,
    ),
  )('of %s leaves nothing by default, and the statement if that was asked for', async (duty, fault, code) => {
    const world = await outageIn(workplace(), duty, fault)
    expect(await codeFor(() => attestIn(world, 'fail'))).toBe(code)
    expect(world.at.list('dist')).toEqual(['app.tgz'])

    const failed = await failureOf(() => attestIn(world, 'defer'))
    expect([failed.code, failed.kind, failed.option]).toEqual([code, 'undecided', 'prepared'])
    expect(failed).toBeInstanceOf(DeferredError)
    expect(failed).toMatchObject({ prepared: join(world.at.folder, 'dist', unsigned) })
    expect(failed.hint).toContain(`(\`prepared\` ${join(world.at.folder, 'dist', unsigned)})`)
    expect(world.at.list('dist')).toEqual(['app.tgz', unsigned])
  })

  it('that is a refusal leaves nothing', async () => {
    const world = await outageIn(workplace(), 'caUrls', { kind: 'status', status: 400 })
    const failed = await failureOf(() => attestIn(world, 'defer'))
    expect(failed.code).toBe('service-refused')
    expect(failed).not.toBeInstanceOf(DeferredError)
    expect(world.at.list('dist')).toEqual(['app.tgz'])
  })

  it('until the token has expired keeps the statement for the next one', async () => {
    const world = await outageIn(workplace(), 'caUrls')
    const time = new Date()
    // The token is good when it is looked at, and dead when Fulcio is asked again.
    const now = (): Date => (world.proxy.requests.length === 0 ? time : new Date(time.getTime() + 3_600_000))
    const failed = await failureOf(() => attestIn(world, 'defer', {}, { now }))
    expect(failed.code).toBe('token-expired')
    expect(world.proxy.requests).toHaveLength(1)
    expect(world.at.list('dist')).toContain(unsigned)
  })

  it.runIf(isEach)(
    'replaces what an earlier try has kept, of this run or another, and nothing that is about other files',
    async () => {
      const world = await outageIn(workplace())
      const out = { path: 'dist/all.jsonl' }
      const keep = async (paths: readonly string[], job: Job = {}): Promise<string> => {
        const { at, config } = world
        const failed = await failureOf(async () =>
          attest({
            subjects: { paths },
            sigstore: { kind: 'config', path: config },
            out,
            onOutage: 'defer',
            world: jobWorld(at, await tokenFor(at, job)),
          }),
        )
        if (!(failed instanceof DeferredError)) throw failed
        return failed.prepared
      }
      world.at.write('dist/app.zip', 'another artifact')
      const first = await keep(['dist/app.tgz'])
      expect(first).toBe(join(world.at.folder, 'dist/all.jsonl.unsigned.json'))
      expect(await keep(['dist/app.tgz'])).toBe(first)
      const second = await keep(['dist/app.zip'])
      expect(second).toMatch(/all\.jsonl\.[0-9a-f]{12}\.unsigned\.json$/)
      expect(await keep(['dist/app.zip'])).toBe(second)
      world.at.write('dist/app.tgz', 'built again within the run')
      const third = await keep(['dist/app.tgz'])
      expect(new Set([first, second, third]).size).toBe(3)
      world.at.write('dist/app.tgz', 'built by another run')
      expect(await keep(['dist/app.tgz'], { runId: '4711' })).toBe(first)
      world.end()
      const resumed = await resumeIn({ ...world, file: second })
      expect(resumed.subjects.map((it) => it.name)).toEqual(['app.zip'])
      expect(resumed.written).toBe(join(world.at.folder, 'dist/all.jsonl'))
      expect([first, second, third].map((it) => existsSync(it))).toEqual([true, false, true])
    },
  )

  it('keeps the very bytes, for whom they are, and no secret', async () => {
    const world = await outage()
    const token = await tokenFor(world.at)
    await failureOf(() => attestIn(world, 'defer', {}, jobWorld(world.at, token)))
    const file = join(world.at.folder, 'dist', unsigned)
    const { statement, identity, output } = read(file)
    const bytes = Buffer.from(statement.base64, 'base64')
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(statement.sha256)
    expect(identity).toEqual({
      signer: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.1.0',
      issuer: sigstore().issuer,
      source: 'https://github.com/acme/widget',
      ref: 'refs/tags/v1.1.0',
      commit: world.at.commit,
      trigger: 'push',
      run: expect.stringMatching(/\/actions\/runs\/\d+\/attempts\/1$/) as string,
    })
    expect(output).toBe('app.tgz.sigstore.json')
    const schema = JSON.parse(
      readFileSync(new URL('../../schemas/prepared/v1.json', import.meta.url), 'utf8'),
    ) as object
    const validate = new Ajv2020({ strict: true }).compile(schema)
    validate(JSON.parse(readFileSync(file, 'utf8')))
    expect(validate.errors ?? []).toEqual([])
    for (const part of token.split('.')) expect(readFileSync(file, 'utf8')).not.toContain(part)
  })
})

describe('a kept statement', () => {
  it.each<Duty>(part(['caUrls', 'rekorTlogUrls', 'tsaUrls'], 3))(
    'is signed once %s are back, as it was',
    async (duty) => {
      const world = await kept(duty)
      const { statement } = read(world.file)
      world.end()
      const { bundle, written, question, sessions, commits, notes } = await resumeIn(world)
      expect(written).toBe(join(world.at.folder, 'dist/app.tgz.sigstore.json'))
      expect((JSON.parse(bundle) as EditableBundle).dsseEnvelope.payload).toBe(statement.base64)
      expect([sessions.length, commits]).toEqual([2, { total: 3, claimed: 2 }])
      expect(notes.join()).toContain('the files of 1 of 1 subjects are here')
      expect(existsSync(world.file)).toBe(false)
      const artifact = join(world.at.folder, 'dist/app.tgz')
      const verdict = await judge({ artifact, trust: trustIn(sigstore().trustedRoot), question })
      expect(refusals(verdict)).toEqual([])
    },
  )

  it('is given back where no place is asked for: nothing is written, and nothing removed', async () => {
    const world = await kept()
    const before = [world.at.list('dist'), readFileSync(world.file, 'utf8')]
    world.end()
    const attestation = await resumeIn(world, {})
    expect(attestation).not.toHaveProperty('written')
    expect([world.at.list('dist'), readFileSync(world.file, 'utf8')]).toEqual(before)
    const { bundle, question } = attestation
    const artifact = join(world.at.folder, 'dist/app.tgz')
    const trust = trustIn(sigstore().trustedRoot)
    expect(refusals(await judge({ artifact, bundle: Buffer.from(bundle), trust, question }))).toEqual([])
  })

  it.runIf(isEach)('is no change of the source, nor is its artifact, where nothing is ignored', async () => {
    const world = await outage()
    world.at.git('rm', '--quiet', '.gitignore')
    world.at.git('commit', '--quiet', '--message=ignore nothing')
    await failureOf(() => attestIn(world, 'defer'))
    world.end()
    const file = join(world.at.folder, 'dist', unsigned)
    const { statement } = await resumeIn({ ...world, file })
    expect(sourceIn(JSON.parse(statement) as EditableStatement).annotations).toEqual({
      countersign: { dirty: false, untracked: { count: 0 } },
    })
  })

  it.runIf(isEach)('stays if the outage does', async () => {
    const world = await kept()
    const before = readFileSync(world.file, 'utf8')
    expect(await codeFor(() => resumeIn(world))).toBe('service-unavailable')
    expect(readFileSync(world.file, 'utf8')).toBe(before)
  })

  it.each(part(['gitlab', 'circleci', 'buildkite', 'generic'] as const, 4))(
    'of a job of %s is signed too',
    async (provider) => {
      const world = await kept('rekorTlogUrls', { provider })
      world.end()
      const { written } = await resumeIn(world, { out: {} }, { provider })
      expect(existsSync(written!)).toBe(true)
    },
  )

  it.runIf(isEach)('of a run that somebody started may hold inputs, if they are texts', async () => {
    const job: Job = { event: 'workflow_dispatch' }
    const out = await outage('rekorTlogUrls', { kind: 'status', status: 503, headers: { 'retry-after': '3600' } })
    const world = { ...out, file: join(out.at.folder, 'dist', unsigned) }
    const event = join(out.at.folder, '..', 'event.json')
    writeFileSync(event, JSON.stringify({ inputs: { version: '1.1.0' } }))
    const dispatched = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'workflow_dispatch', GITHUB_EVENT_PATH: event }
    const env = { ...out.at.env(await tokenFor(out.at, job)), ...dispatched }
    await failureOf(() => attestIn(out, 'defer', job, { env, inputs: ['version'] }))
    const withInputs = (inputs: unknown): void =>
      editStatement(world.file, (it) => (it.predicate.buildDefinition.externalParameters!['inputs'] = inputs))
    world.end()
    withInputs({ version: { nested: '1.1.0' } })
    expect(await refusalOf(world, job)).toBe('prepared-identity-mismatch')
    withInputs({ version: '1.1.0' })
    expect((await resumeIn(world, { out: {} }, job)).written).toBeDefined()
  })

  it.runIf(isEach)('is signed where its files are no more, and then nobody has looked at them', async () => {
    const world = await kept()
    world.end()
    renameSync(join(world.at.folder, 'dist/app.tgz'), join(world.at.folder, '../elsewhere'))
    const { notes } = await resumeIn(world)
    expect(notes.join()).toContain('the files of 0 of 1 subjects are here')
  })

  it.runIf(isEach)('replaces no bundle, unless that is said again', async () => {
    const world = await kept()
    world.at.write('dist/app.tgz.sigstore.json', 'there already')
    expect(await refusalOf(world)).toBe('output-exists')
    await resumeIn(world, { out: { whenPresent: 'replace' } })
    expect(existsSync(world.file)).toBe(false)
  })

  /** Runs the command line of a job in the checkout. */
  async function run({ at }: Outage, ...argv: readonly string[]): Promise<Ran> {
    const token = await tokenFor(at)
    return countersign(
      { ...steppedClock(), cwd: at.folder, env: at.env(token), fetch: issuerAnswers(sigstore()) },
      ...argv,
    )
  }

  it.each(part(['bundle.json', "it's `key` & $HOME.json"], 2))(
    'in %s is signed by the command that the hint names, pasted into a shell',
    async (name) => {
      const world = await outage()
      mkdirSync(join(world.at.folder, 'dist/the out'))
      const out = `dist/the out/${name}`
      const flags = ['--sigstore', world.config, '--audience', 'sigstore', '--retry-budget', '90s', '--overwrite']
      const failed = await run(world, 'attest', ...subjects.paths, '--out', out, ...flags, '--on-outage', 'defer')
      expect(failed).toMatchObject({ exitCode: 3, stdout: '' })
      expect(failed.stderr).toMatch(/^countersign: error: .*\(service-unavailable\)$/m)
      const [, command = ''] =
        /^countersign: hint: .* with: (countersign attest --resume .*)$/m.exec(failed.stderr) ?? []
      const print = `countersign() { printf '%s\\0' "$@"; }; ${command}`
      const words = execFileSync('sh', ['-c', print], { encoding: 'utf8' }).split('\0').slice(0, -1)
      expect(words).toEqual(['attest', '--resume', `${out}.unsigned.json`, ...flags])
      world.end()
      expect(await run(world, ...words)).toMatchObject({ exitCode: 0, stdout: `${out}\n` })
      expect(existsSync(join(world.at.folder, `${out}.unsigned.json`))).toBe(false)
    },
  )

  it.runIf(isEach)('says on stderr that it waits, a line for each service that is asked again', async () => {
    const world = await outage('rekorTlogUrls', { kind: 'status', status: 503 })
    const { stderr } = await run(
      world,
      'attest',
      ...subjects.paths,
      '--sigstore',
      world.config,
      '--retry-budget',
      '60s',
    )
    const waits = stderr.split('\n').filter((line) => line.startsWith('countersign: waiting: '))
    expect(waits.length).toBeGreaterThan(1)
    expect(waits.length).toBeLessThanOrEqual(world.proxy.requests.length)
    for (const line of waits)
      expect(line).toMatch(
        /the transparency log http.*: status 503.*; (?:asked again in [\d.]+ s at the earliest|another one is asked)$/,
      )
  })

  it('of another attempt is signed where --resume-attempt says so', async () => {
    const world = await kept('rekorTlogUrls', { runAttempt: '7' })
    world.end()
    const argv = ['attest', '--resume', world.file, '--sigstore', world.config]
    const refused = await run(world, ...argv)
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('--resume-attempt any')])
    expect(await run(world, ...argv, '--resume-attempt', 'any')).toMatchObject({ exitCode: 0 })
    const alone = await run(world, 'attest', ...subjects.paths, '--sigstore', world.config, '--resume-attempt', 'any')
    expect([alone.exitCode, alone.stderr]).toEqual([2, expect.stringContaining('(usage)')])
  })

  it.runIf(isEach)('fails the job, but not where that is said; what is no outage fails it all the same', async () => {
    const world = await outage()
    const flags = ['--sigstore', world.config, '--defer-exit', '0', '--on-outage', 'defer']
    const deferred = await run(world, 'attest', ...subjects.paths, ...flags)
    expect(deferred).toMatchObject({ exitCode: 0, stdout: '' })
    expect(deferred.stderr).toMatch(/^countersign: warning: not signed: .*\(service-unavailable\)$/m)
    expect(deferred.stderr).toMatch(/^countersign: hint: .*--resume dist\/app\.tgz\.sigstore\.json\.unsigned\.json/m)
    expect(existsSync(join(world.at.folder, 'dist', unsigned))).toBe(true)
    expect((await run(world, 'attest', 'dist/none.tgz', ...flags)).exitCode).toBe(2)
    expect((await run(world, 'attest', ...subjects.paths, ...flags.slice(0, 4))).exitCode).toBe(2)
    expect((await run(world, 'attest', ...subjects.paths, ...flags.slice(0, 3), '3', ...flags.slice(4))).exitCode).toBe(
      2,
    )
  })

  it.runIf(isEach)('stays where services fail again, and does not fail the job where that is said', async () => {
    const world = await kept('rekorTlogUrls', { runAttempt: '7' })
    const flags = ['--sigstore', world.config, '--resume-attempt', 'any', '-o', 'made.json']
    const defer = ['--on-outage', 'defer', '--defer-exit', '0']
    const before = readFileSync(world.file)
    const again = await run(world, 'attest', '--resume', world.file, ...flags, ...defer)
    expect(again).toMatchObject({ exitCode: 0, stdout: '' })
    const name = `dist/${unsigned}`
    expect(again.stderr).toContain(`; the unsigned statement is still kept in ${name} (service-unavailable)\n`)
    expect(again.stderr).toContain(
      `with: countersign attest --resume ${name} --sigstore ${world.config} --out made.json --resume-attempt any\n`,
    )
    const failing = await run(world, 'attest', '--resume', world.file, ...flags, ...defer.slice(0, 2))
    expect([failing.exitCode, failing.stderr]).toEqual([3, expect.stringContaining('still kept in')])
    expect(readFileSync(world.file)).toEqual(before)
    expect((await run(world, 'attest', '--resume', `${world.file}x`, ...flags, ...defer)).exitCode).toBe(2)
    world.end()
    const signed = await run(world, 'attest', '--resume', world.file, ...flags, ...defer)
    expect(signed).toMatchObject({ exitCode: 0, stdout: 'made.json\n' })
    expect(existsSync(world.file)).toBe(false)
  })

  it.runIf(isEach)('of each subject is signed by the one command that the hint names', async () => {
    const world = await outage()
    const names = ["it's $HOME.zip", 'app.zip']
    for (const name of names) world.at.write(`dist/${name}`, name)
    world.at.write('dist/all.jsonl', '')
    const flags = ['--sigstore', world.config, '--overwrite']
    const argv = ['attest', 'dist/*', '--each', '-o', 'dist/all.jsonl', ...flags, '--on-outage', 'defer']
    const failed = await run(world, ...argv)
    const [, command = ''] = /^countersign: hint: .* with: (countersign .*)$/m.exec(failed.stderr) ?? []
    const print = `countersign() { printf '%s\\0' "$@"; }; ${command}`
    const words = execFileSync('sh', ['-c', print], { encoding: 'utf8' }).split('\0').slice(0, -1)
    expect(words.slice(0, 2)).toEqual(['attest', '--resume'])
    expect(words.slice(5)).toEqual(['--sigstore', world.config])
    world.end()
    expect(await run(world, ...words)).toMatchObject({ exitCode: 0, stdout: 'dist/all.jsonl\n'.repeat(3) })
    expect(world.at.list('dist').filter((it) => it.endsWith('.unsigned.json'))).toEqual([])
    expect(readFileSync(join(world.at.folder, 'dist/all.jsonl'), 'utf8').trim().split('\n')).toHaveLength(3)
  })

  it.runIf(isEach)('says where the files were looked for that are not here', async () => {
    const world = await outage()
    world.at.write('out/.keep', '')
    const flags = ['--sigstore', world.config, '-o', 'out']
    await run(world, 'attest', ...subjects.paths, ...flags, '--on-outage', 'defer')
    world.end()
    const signed = await run(world, 'attest', '--resume', `out/${unsigned}`, '--sigstore', world.config)
    expect(signed.stderr).toContain(
      `note: the others lie neither in ${join(world.at.folder, 'out')} nor in ${world.at.folder}, and are signed as`,
    )
  })

  it.each(part(['90', '1h', '0s', '11m', '-1s'], 5))('is not waited for by a budget of %s', async (budget) => {
    const world = await outage()
    const refused = await run(
      world,
      'attest',
      ...subjects.paths,
      '--sigstore',
      world.config,
      `--retry-budget=${budget}`,
    )
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('(usage)')])
    expect(world.proxy.requests).toEqual([])
  })

  it.each(
    part(
      [
        ['files', [...subjects.paths]],
        ['a subject', ['--subject', `x=sha256:${'a'.repeat(64)}`]],
        ['a checksum file', ['--checksums', 'SUMS']],
        ['a start', ['--since', 'v1.0.0']],
        ['no signature', ['--dry-run']],
      ],
      3,
    ),
  )('says what is signed: beside it nobody can ask for %s', async (_, argv) => {
    const world = await kept()
    world.end()
    const before = [world.proxy.requests.length, world.at.list('dist')]
    const refused = await run(world, 'attest', '--resume', world.file, '--sigstore', world.config, ...argv)
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('(usage)')])
    expect([world.proxy.requests.length, world.at.list('dist')]).toEqual(before)
  })
})

describe('a kept statement is refused, before anything is signed,', () => {
  it.each<[string, Job]>(
    part(
      [
        ['another repository', { repository: 'mallory/widget' }],
        ['another workflow', { workflow: 'other.yml' }],
        ['another ref', { ref: 'refs/heads/main' }],
        ['another run', { runId: '4711' }],
        ['another attempt of the run', { runAttempt: '2' }],
        ['another trigger', { event: 'workflow_dispatch' }],
      ],
      4,
    ),
  )('under the token of %s', async (_, job) => {
    expect(await refusalOf(await kept(), job)).toBe('prepared-identity-mismatch')
  })

  it('under the token of another commit', async () => {
    const world = await kept()
    expect(await refusalOf(world, { sha: world.at.noted })).toBe('prepared-identity-mismatch')
  })

  it('where its identity was edited to that of the job: the statement is still about another build', async () => {
    const mine: Job = { repository: 'mallory/widget' }
    const [victim, own] = [await kept(), await kept('rekorTlogUrls', mine)]
    const { identity } = read(own.file)
    writeFileSync(victim.file, JSON.stringify({ ...read(victim.file), identity }))
    expect(await refusalOf(victim, mine)).toBe('prepared-identity-mismatch')
  })

  it.each<[string, (it: EditableStatement) => unknown]>(
    part(
      [
        [
          'the builder',
          (it) => (it.predicate.runDetails.builder.id = 'https://github.com/acme/widget/evil.yml@refs/heads/x'),
        ],
        ['the run', (it) => (it.predicate.runDetails.metadata = { invocationId: 'https://example.com/run' })],
        ['the run away', (it) => delete it.predicate.runDetails.metadata],
        ['the build type', (it) => (it.predicate.buildDefinition.buildType = 'https://example.com/unknown/v1')],
        [
          'the source',
          (it) => (it.predicate.buildDefinition.resolvedDependencies![0]!.uri = 'git+https://example.com/x'),
        ],
        [
          'the commit',
          (it) => (it.predicate.buildDefinition.resolvedDependencies![0]!.digest = { gitCommit: 'a'.repeat(40) }),
        ],
        ['the parameters', (it) => (it.predicate.buildDefinition.externalParameters = { workflow: {} })],
        ['a parameter in', (it) => (it.predicate.buildDefinition.externalParameters!['more'] = 'x')],
        [
          'the trigger',
          (it) => (it.predicate.buildDefinition.internalParameters = { github: { event_name: 'release' } }),
        ],
        ['a mark at the source', (it) => (sourceIn(it).annotations = { other: true })],
        ['a member into the source', (it) => (sourceIn(it)['name'] = 'x')],
        [
          'another commit of the same repository in',
          (it) => dependenciesOf(it).push({ ...sourceIn(it), digest: { gitCommit: 'a'.repeat(40) } }),
        ],
        ['a digest into the source', (it) => (sourceIn(it).digest!['sha1'] = 'a'.repeat(40))],
        ['a dependency that is no session in', (it) => dependenciesOf(it).push({ uri: 'pkg:npm/left-pad@1.0.0' })],
        ['a dependency before the source', (it) => dependenciesOf(it).unshift({ uri: 'pkg:npm/left-pad@1.0.0' })],
        ['a member into a session', (it) => (dependenciesOf(it)[1]!['downloadLocation'] = 'https://example.com')],
        ['a member into what is said of a session', (it) => (sessionIn(it)['approved'] = true)],
        [
          'inputs into a run that has none',
          (it) => (it.predicate.buildDefinition.externalParameters!['inputs'] = { a: 'b' }),
        ],
        ['a parameter of the platform in', (it) => (it.predicate.buildDefinition.internalParameters!['more'] = 'x')],
        ['a member into the definition', (it) => (it.predicate.buildDefinition['more'] = 'x')],
        ['a member into the predicate', (it) => (it.predicate['more'] = 'x')],
        ['a member into the builder', (it) => (it.predicate.runDetails.builder['builderDependencies'] = [])],
        ['a time into the run', (it) => (it.predicate.runDetails.metadata!.startedOn = '2026-01-01T00:00:00Z')],
        ['the summary away', (it) => delete it.predicate.runDetails.byproducts],
        [
          'a log of reasoning of another form in',
          (it) => it.predicate.runDetails.byproducts!.push(logOf('text/plain')),
        ],
        [
          'two logs of reasoning in',
          (it) => it.predicate.runDetails.byproducts!.push(logOf('text/html'), logOf('text/markdown')),
        ],
        ['a byproduct in', (it) => it.predicate.runDetails.byproducts!.push({ uri: 'https://example.com/sbom' })],
        [
          'the end of the range',
          (it) => {
            const byproduct = it.predicate.runDetails.byproducts![0]!
            byproduct.uri = byproduct.uri!.replace(/\.\..*$/, `..${'a'.repeat(40)}`)
            summaryIn(it).range.until = 'a'.repeat(40)
          },
        ],
        ['a member into the statement', (it) => Object.assign(it, { more: 'x' })],
        ['a member into the subject', (it) => Object.assign(it.subject[0]!, { uri: 'https://example.com/app.tgz' })],
        ['the version of the statement', (it) => (it._type = 'https://in-toto.io/Statement/v0.1')],
        ['the kind of predicate', (it) => (it.predicateType = 'https://slsa.dev/verification_summary/v1')],
        ['the predicate away', (it) => delete (it as Partial<EditableStatement>).predicate],
      ],
      5,
    ),
  )('where somebody edited %s and made its digest right', async (_, edit) => {
    const world = await kept()
    editStatement(world.file, edit)
    expect(await refusalOf(world)).toBe('prepared-identity-mismatch')
  })

  it('but not where it names a log of reasoning, which nobody has to look up again', async () => {
    const world = await kept()
    editStatement(world.file, (it) => it.predicate.runDetails.byproducts!.push(logOf('text/markdown')))
    world.end()
    expect((await resumeIn(world)).statement).toContain('"name":"reasoning-log"')
  })

  it('where it says that the work tree was clean, and it is not', async () => {
    const world = await kept()
    world.at.write('README', 'evil\n')
    expect(await refusalOf(world)).toBe('prepared-identity-mismatch')
    const tree = { dirty: true, untracked: { count: 0 } }
    editStatement(world.file, (it) => (sourceIn(it).annotations = { countersign: tree }))
    expect((await resumeIn(world)).written).toBeDefined()
  })

  it.each<[string, unknown]>(
    part(
      [
        ['nothing of the work tree', undefined],
        ['more of it than is known', { dirty: false, untracked: { count: 0 }, reviewed: true }],
        ['more of untracked files', { dirty: false, untracked: { count: 0, harmless: true } }],
        ['something else of them', { dirty: false, untracked: 'none' }],
        [
          'more of files that were left out',
          { dirty: false, untracked: { count: 0 }, sparse: { count: 1, harmless: true } },
        ],
        ['something else of those', { dirty: false, untracked: { count: 0 }, sparse: 'none' }],
      ],
      5,
    ),
  )('where it says %s', async (_, tree) => {
    const world = await kept()
    editStatement(world.file, (it) => (sourceIn(it).annotations = { countersign: tree }))
    expect(await refusalOf(world)).toBe('prepared-identity-mismatch')
  })

  it.runIf(isEach)('where it says of submodules what the checkout does not', async () => {
    const world = await kept()
    editStatement(world.file, (it) => {
      const summary = summaryIn(it) as unknown as { readers: unknown[] }
      summary.readers.push({ reader: 'submodules', outcome: 'nothing', claims: 0 })
    })
    expect(await refusalOf(world)).toBe('prepared-identity-mismatch')
  })

  it.runIf(isEach)('without the checkout that it was prepared in', async () => {
    const world = await kept()
    const sha = world.at.commit
    rmSync(join(world.at.folder, '.git'), { recursive: true })
    expect(await refusalOf(world, { sha })).toBe('prepared-identity-mismatch')
  })

  it.runIf(isEach)('in the checkout of another commit, under the token of its own', async () => {
    const world = await kept()
    const sha = world.at.commit
    world.at.git('commit', '--quiet', '--allow-empty', '--message=more')
    expect(await refusalOf(world, { sha })).toBe('commit-not-head')
  })

  it.each(part(['private', 'internal'] as const, 2))(
    'to the public log, of a repository that is %s',
    async (visibility) => {
      const { at, file } = await kept()
      const issuer = 'https://token.actions.githubusercontent.com'
      writeFileSync(file, JSON.stringify(edited(read(file), (it) => (it.identity.issuer = issuer))))
      const github = await startLocalSigstore({ issuer })
      try {
        const claims = providerClaims('github', { ref: 'refs/tags/v1.1.0', sha: at.commit, visibility })
        const requests: string[] = []
        const answers: Record<string, unknown> = {
          [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/keys` },
          [`${issuer}/keys`]: github.jwks,
        }
        const world = {
          ...jobWorld(at, await github.mintToken(claims)),
          fetch: (input: string | URL | Request) => {
            const url = input instanceof Request ? input.url : input.toString()
            requests.push(url)
            return Promise.resolve(Response.json(answers[url]))
          },
        }
        const before = at.list('dist')
        const code = await codeFor(() => resume({ prepared: file, sigstore: { kind: 'public' }, out: {}, world }))
        expect([code, requests, at.list('dist')]).toEqual(['private-to-public-log', Object.keys(answers), before])
      } finally {
        await github.close()
      }
    },
  )

  it.each(part(['sha384', 'sha512'], 2))(
    'where its file has another %s than it says, and not where it has that',
    async (algorithm) => {
      const world = await kept()
      editStatement(world.file, (it) => (it.subject[0]!.digest[algorithm] = hexOf(algorithm, Buffer.from('malware'))))
      expect(await refusalOf(world)).toBe('subject-mismatch')
      const file = readFileSync(join(world.at.folder, 'dist/app.tgz'))
      editStatement(world.file, (it) => (it.subject[0]!.digest[algorithm] = hexOf(algorithm, file)))
      expect((await resumeIn(world)).written).toBeDefined()
    },
  )

  it.each<[string, string]>(
    part(
      [
        ['sha1', 'a'.repeat(40)],
        ['gitCommit', 'a'.repeat(40)],
        ['sha512', 'a'.repeat(64)],
        ['sha256', 'A'.repeat(64)],
      ],
      3,
    ),
  )('where a subject has a digest that nobody can hold against a file: %s', async (algorithm, value) => {
    const world = await kept()
    editStatement(world.file, (it) => (it.subject[0]!.digest[algorithm] = value))
    expect(await refusalOf(world)).toBe('prepared-malformed')
  })

  it.each(part(['/etc/hostname', '../widget.tgz', 'a/../../b', 'a\\..\\b', '..'], 5))(
    'where the name of a subject leaves its folder: %j',
    async (name) => {
      const world = await kept()
      editStatement(world.file, (it) => (it.subject[0]!.name = name))
      expect(await refusalOf(world)).toBe('prepared-malformed')
    },
  )

  it('where somebody put the digest of another file into it', async () => {
    const world = await kept()
    editStatement(world.file, (it) => (it.subject[0]!.digest['sha256'] = 'a'.repeat(64)))
    expect(await refusalOf(world)).toBe('subject-mismatch')
  })

  it('where its file was built again', async () => {
    const world = await kept()
    world.at.write('dist/app.tgz', 'built again')
    expect(await refusalOf(world)).toBe('subject-mismatch')
  })

  it('where its bytes are not those of its digest', async () => {
    const world = await kept()
    const prepared = read(world.file)
    const bytes = Buffer.from(prepared.statement.base64, 'base64').toString().replace('claimed', 'vouched')
    const base64 = Buffer.from(bytes).toString('base64')
    writeFileSync(world.file, JSON.stringify(edited(prepared, (it) => (it.statement.base64 = base64))))
    expect(await refusalOf(world)).toBe('prepared-malformed')
  })

  it.each<[string, unknown]>(
    part(
      [
        ['no object', []],
        ['an empty object', {}],
        ['a bundle', { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' }],
      ],
      3,
    ),
  )('where it is %s', async (_, content) => {
    const world = await kept()
    writeFileSync(world.file, JSON.stringify(content))
    expect(await refusalOf(world)).toBe('prepared-malformed')
  })

  it.each(part(['../escape.json', '/etc/passwd', '..', 'a/b', 'a\\b', '', 'a\nb'], 7))(
    'where its output is %j',
    async (output) => {
      const world = await kept()
      writeFileSync(world.file, JSON.stringify({ ...read(world.file), output }))
      expect(await refusalOf(world)).toBe('prepared-malformed')
      expect(existsSync(join(dirname(world.file), '../escape.json'))).toBe(false)
    },
  )

  it('where it is larger than any statement, cut, a folder, or not there', async () => {
    const world = await kept()
    const whole = readFileSync(world.file)
    truncateSync(world.file, limits.preparedBytes + 1)
    expect(await refusalOf(world)).toBe('input-too-large')
    writeFileSync(world.file, whole.subarray(0, whole.length / 2))
    expect(await refusalOf(world)).toBe('prepared-malformed')
    expect(await refusalOf({ ...world, file: join(world.at.folder, 'dist') })).toBe('path-directory')
    expect(await refusalOf({ ...world, file: join(world.at.folder, 'none') })).toBe('path-missing')
  })
})

describe('what another attempt of the run has kept', () => {
  const second: Job = { runAttempt: '2' }

  async function resumeAny(world: Kept, job: Job = second, more: Partial<ResumeRequest> = {}): Promise<Attestation> {
    const { at, config, file } = world
    const request = { prepared: file, sigstore: { kind: 'config', path: config }, out: {}, attempt: 'any' } as const
    return resume({ ...request, world: jobWorld(at, await tokenFor(at, job)), ...more })
  }

  /** Why it is refused, although any attempt may have kept it; nothing was asked of the log. */
  async function refusal(world: Kept, job: Job = second): Promise<string> {
    world.end()
    const before = [world.proxy.requests.length, world.at.list('dist')]
    const code = await codeFor(() => resumeAny(world, job))
    expect([world.proxy.requests.length, world.at.list('dist')]).toEqual(before)
    return code
  }

  it('is signed where that is said, as of this attempt, and tells which one prepared it', async () => {
    const world = await kept()
    const before = read(world.file)
    world.end()
    const failed = await failureOf(() => resumeIn(world, { out: {} }, second))
    expect([failed.code, failed.option]).toEqual(['prepared-identity-mismatch', 'attempt'])
    const { statement, question, written, bundle } = await resumeAny(world)
    const [now, then] = [
      JSON.parse(statement) as EditableStatement,
      JSON.parse(Buffer.from(before.statement.base64, 'base64').toString()) as EditableStatement,
    ]
    const run = before.identity.run ?? ''
    expect(now.predicate.runDetails.metadata).toEqual({ invocationId: run.replace(/1$/, '2') })
    expect(now.predicate.runDetails.byproducts).toEqual([
      ...then.predicate.runDetails.byproducts!,
      { name: 'prepared-in', uri: run },
    ])
    // Nothing else of it is another.
    then.predicate.runDetails = now.predicate.runDetails
    expect(now).toEqual(then)
    expect([written, existsSync(world.file)]).toEqual([join(world.at.folder, 'dist/app.tgz.sigstore.json'), false])
    const artifact = join(world.at.folder, 'dist/app.tgz')
    const trust = trustIn(sigstore().trustedRoot)
    const verdict = await judge({
      artifact,
      bundle: Buffer.from(bundle),
      trust,
      question: { ...question, strict: true },
    })
    expect(refusals(verdict)).toEqual([])
    expect(verdict.attestations[0]?.summary?.preparedIn).toBe(run)
  })

  it.runIf(isEach)('of the same attempt is signed as it was', async () => {
    const world = await kept()
    world.end()
    const { statement } = await resumeAny(world, {})
    expect(statement).not.toContain('prepared-in')
  })

  it.each<[string, Job]>(
    part(
      [
        ['another run', { runId: '4711' }],
        ['another run whose number begins like it', { runId: '73000000011', runAttempt: '1' }],
        ['another repository', { repository: 'mallory/widget', runAttempt: '2' }],
        ['another workflow', { workflow: 'other.yml', runAttempt: '2' }],
        ['another ref', { ref: 'refs/heads/main', runAttempt: '2' }],
        ['another trigger', { event: 'workflow_dispatch', runAttempt: '2' }],
        ['a provider whose runs have no attempts', { provider: 'gitlab' }],
      ],
      4,
    ),
  )('is not signed under the token of %s', async (_, job) => {
    expect(await refusal(await kept(), job)).toBe('prepared-identity-mismatch')
  })

  it('is not signed under the token of another commit', async () => {
    const world = await kept()
    expect(await refusal(world, { ...second, sha: world.at.noted })).toBe('prepared-identity-mismatch')
  })

  it.each<[string, (it: EditableStatement) => unknown, string]>(
    part(
      [
        [
          'the run',
          (it) => (it.predicate.runDetails.metadata = { invocationId: 'https://example.com/run' }),
          'prepared-identity-mismatch',
        ],
        [
          'the run to this attempt',
          (it) => {
            const { metadata } = it.predicate.runDetails
            it.predicate.runDetails.metadata = { invocationId: metadata!.invocationId!.replace(/1$/, '2') }
          },
          'prepared-identity-mismatch',
        ],
        ['the commit', (it) => (sourceIn(it).digest = { gitCommit: 'a'.repeat(40) }), 'prepared-identity-mismatch'],
        ['a member into the predicate', (it) => (it.predicate['more'] = 'x'), 'prepared-identity-mismatch'],
        [
          'a byproduct in that says another run',
          (it) => it.predicate.runDetails.byproducts!.push({ name: 'prepared-in', uri: 'https://example.com' }),
          'prepared-identity-mismatch',
        ],
        ['the digest of its file', (it) => (it.subject[0]!.digest['sha256'] = 'a'.repeat(64)), 'subject-mismatch'],
      ],
      4,
    ),
  )('is not signed where somebody edited %s', async (_, edit, code) => {
    const world = await kept()
    editStatement(world.file, edit)
    expect(await refusal(world)).toBe(code)
  })

  it('is not signed where its identity was edited to another run, whose statement it is not', async () => {
    const world = await kept()
    const { identity, ...rest } = read(world.file)
    const run = identity.run!.replace(/runs\/\d+/, 'runs/4711')
    writeFileSync(world.file, JSON.stringify({ ...rest, identity: { ...identity, run } }))
    expect(await refusal(world, { runId: '4711', runAttempt: '2' })).toBe('prepared-identity-mismatch')
  })

  it('is not signed where its file was built again', async () => {
    const world = await kept()
    world.at.write('dist/app.tgz', 'built again')
    expect(await refusal(world)).toBe('subject-mismatch')
  })

  it.runIf(isEach)('is not replaced by what this attempt keeps, if that is about other files', async () => {
    const world = await outageIn(workplace())
    const keep = async (job: Job): Promise<string> => {
      const failed = await failureOf(() => attestIn(world, 'defer', job))
      if (!(failed instanceof DeferredError)) throw failed
      return failed.prepared
    }
    const first = await keep({})
    expect(await keep(second)).toBe(first)
    world.at.write('dist/app.tgz', 'built again')
    const other = await keep({ runAttempt: '3' })
    expect(other).not.toBe(first)
    // Another job of the run keeps its own, about the very same files too.
    expect(new Set([first, other, await keep({ workflow: 'other.yml', runAttempt: '3' })]).size).toBe(3)
  })
})

describe('a statement of a job that committed before it built', () => {
  it.runIf(isEach)('is kept, and signed where that is said again', async () => {
    const world = await outage()
    const started = world.at.commit
    world.at.write('VERSION', '1.2.0\n')
    world.at.git('add', '--all')
    world.at.git('commit', '--quiet', '-m', 'Release 1.2.0')
    const sigstoreAt = { kind: 'config', path: world.config } as const
    const job: Job = { sha: started }
    const failed = await failureOf(async () =>
      attest({
        ...{ subjects, sigstore: sigstoreAt, out: {}, onOutage: 'defer', builtCommit: true },
        world: jobWorld(world.at, await tokenFor(world.at, job)),
      }),
    )
    if (!(failed instanceof DeferredError)) throw failed
    const file = failed.prepared
    expect(await refusalOf({ ...world, file }, job)).toBe('commit-not-head')
    const request = { prepared: file, sigstore: sigstoreAt, builtCommit: true, out: {} } as const
    const again = async (): Promise<Attestation> =>
      resume({ ...request, world: jobWorld(world.at, await tokenFor(world.at, job)) })
    expect((await again()).question).toMatchObject({ allowBuiltCommit: true })
  })
})

describe('an outage while each subject is attested by itself', () => {
  it.runIf(isEach)('keeps all that is not signed yet, without trying each', async () => {
    const world = await outageIn(workplace(), 'rekorTlogUrls', {
      kind: 'status',
      status: 503,
      headers: { 'retry-after': '3600' },
    })
    world.at.write('dist/app.zip', 'another artifact')
    world.at.write('dist/lib.zip', 'a third')
    const each = async (): Promise<Attestation[]> =>
      Array.fromAsync(
        attestEach({
          ...{
            subjects: { paths: ['dist/*'] },
            sigstore: { kind: 'config', path: world.config },
            out: {},
            onOutage: 'defer',
          },
          world: jobWorld(world.at, await tokenFor(world.at)),
        }),
      )
    const failed = await failureOf(each)
    if (!(failed instanceof DeferredError)) throw failed
    expect(failed.preparedAll).toEqual(
      ['app.tgz', 'app.zip', 'lib.zip'].map((name) =>
        join(world.at.folder, `dist/${name}.sigstore.json.unsigned.json`),
      ),
    )
    // Beside the question which key it has, which is asked before.
    expect(world.proxy.requests.filter((it) => it.startsWith('POST '))).toHaveLength(1)
    world.end()
    for (const file of failed.preparedAll) expect((await resumeIn({ ...world, file })).written).toBeDefined()
  })
})

describe('a kept statement can be read again', () => {
  it.each(part(['a\\b.json', 'a\u0007b.json', `${'x'.repeat(230)}.json`], 3))(
    'whatever its bundle is called: %j',
    async (name) => {
      const world = await outageIn(workplace())
      const request = {
        subjects,
        sigstore: { kind: 'config', path: world.config },
        out: { path: `dist/${name}` },
      } as const
      const failed = await failureOf(async () =>
        attest({ ...request, onOutage: 'defer', world: jobWorld(world.at, await tokenFor(world.at)) }),
      )
      if (!(failed instanceof DeferredError)) throw failed
      world.end()
      expect((await resumeIn({ ...world, file: failed.prepared })).written).toBeDefined()
    },
  )

  it.runIf(isEach)('and what another job has kept in its place meanwhile is not removed', async () => {
    const world = await kept()
    const { statement } = read(world.file)
    const other = `{"other":${JSON.stringify(statement.sha256)}}`
    expect(await removeUnsigned(world.file, 'a'.repeat(64))).toBe(false)
    expect(existsSync(world.file)).toBe(true)
    const digest = createHash('sha256').update(other).digest('hex')
    writeFileSync(
      world.file,
      JSON.stringify({
        ...read(world.file),
        statement: { base64: Buffer.from(other).toString('base64'), sha256: digest },
      }),
    )
    expect(await removeUnsigned(world.file, statement.sha256)).toBe(false)
    expect(await removeUnsigned(world.file, digest)).toBe(true)
    expect(existsSync(world.file)).toBe(false)
  })
})

it('whatever a file holds, it is a prepared statement or a coded refusal', () => {
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((it) => Buffer.from(it)),
  )
  fc.assert(
    fc.property(junk, (bytes) => {
      expect(codeOf(() => parsePrepared(bytes))).toBe('prepared-malformed')
    }),
  )
})

it.runIf(isEach)('what was prepared under a configuration of the commit is signed as it was', async () => {
  const world = await outage()
  world.at.write('.countersign/config.yaml', 'version: 1\nreaders: { skip: [git-ai-note] }\n')
  world.at.git('add', '--all')
  world.at.git('commit', '--quiet', '-m', 'Configure')
  world.at.git('tag', '--force', 'v1.1.0')
  await failureOf(() => attestIn(world, 'defer'))
  world.end()
  const { statement } = await resumeIn({ ...world, file: join(world.at.folder, 'dist', unsigned) })
  expect(statement).toContain('"skipped":["git-ai-note"]')
})
