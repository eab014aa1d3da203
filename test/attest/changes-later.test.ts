/** Changes and provenance after an outage: both are kept, signed later in their order, and verify together; or it is said what is missing. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { attest, attestEach } from '../../src/attest/attest.ts'
import { DeferredError } from '../../src/attest/deferred.ts'
import type { Attestation, AttestRequest, ResumeEachRequest } from '../../src/attest/request.ts'
import { resumeEach } from '../../src/attest/resume.ts'
import { sha256Hex } from '../../src/model/digest.ts'
import { parsePrepared } from '../../src/model/prepared.ts'
import { changeProvenanceV1 } from '../../src/predicates/change-provenance.ts'
import { judge } from '../../src/verify/verify.ts'
import { countersign } from '../cli/terminal.ts'
import { failureOf } from '../world/failure.ts'
import { downForLong, useOutages } from '../world/outage.ts'
import type { Checkout } from '../world/checkout.ts'
import type { Outage as AnyOutage } from '../world/outage.ts'
import { trustIn } from '../world/release.ts'
import type { Job } from '../world/release.ts'
import { isEach, part } from '../world/runs.ts'

const { sigstore, outage, tokenFor, jobWorld } = useOutages()

const own = 'dist/app.tgz.sigstore.json'
const changesFile = 'dist/app.tgz.changes.sigstore.json'
const keptChanges = `${changesFile}.unsigned.json`
const keptOwn = `${own}.unsigned.json`

type Outage = AnyOutage<Checkout>

async function requestIn({ at, config }: Outage, paths = ['dist/app.tgz']): Promise<AttestRequest> {
  return {
    subjects: { paths },
    sigstore: { kind: 'config', path: config },
    world: jobWorld(at, await tokenFor(at)),
    out: {},
    changes: { path: changesFile },
    onOutage: 'defer',
  }
}

// Checkouts are copies of one, so what was kept in one of them is what would be kept in any: people are hashed anew in each.
let before: readonly (readonly [string, Buffer])[] | undefined

/** An outage in which both statements were kept. */
async function kept(): Promise<Outage> {
  const world = await outage('rekorTlogUrls', downForLong)
  if (before === undefined) {
    await failureOf(async () => attest(await requestIn(world)))
    before = [keptChanges, keptOwn].map((path) => [path, readFileSync(join(world.at.folder, path))] as const)
  } else {
    for (const [path, bytes] of before) writeFileSync(join(world.at.folder, path), bytes)
  }
  world.end()
  return world
}

async function resumeIn(
  { at, config }: Outage,
  prepared: readonly string[],
  { job, ...asked }: Partial<ResumeEachRequest> & { readonly job?: Job } = {},
): Promise<Attestation[]> {
  const world = jobWorld(at, await tokenFor(at, job))
  return Array.fromAsync(resumeEach({ prepared, sigstore: { kind: 'config', path: config }, out: {}, world, ...asked }))
}

/** Why it is refused; nothing was signed, so nothing was asked of the log. */
async function refusalOf(world: Outage, prepared: readonly string[], job: Job = {}): Promise<string> {
  const state = [world.proxy.requests.length, world.at.list('dist')]
  const { code } = await failureOf(() => resumeIn(world, prepared, { job }))
  expect([world.proxy.requests.length, world.at.list('dist')]).toEqual(state)
  return code
}

const statementIn = (path: string): string =>
  Buffer.from(parsePrepared(readFileSync(path)).statement.base64, 'base64').toString()

/** The kept statement with an edit, its digest made right: whoever can write the file can do that too. */
function edit({ at }: Outage, file: string, edited: (statement: string) => string): void {
  const path = join(at.folder, file)
  const statement = Buffer.from(edited(statementIn(path)))
  const content = {
    ...parsePrepared(readFileSync(path)),
    statement: { base64: statement.toString('base64'), sha256: sha256Hex(statement) },
  }
  writeFileSync(path, JSON.stringify(content))
}

/** An edit of one member of the predicate. */
function editChanges(world: Outage, edited: (predicate: EditablePredicate) => void): void {
  edit(world, keptChanges, (text) => {
    const statement = JSON.parse(text) as { predicate: EditablePredicate }
    edited(statement.predicate)
    return JSON.stringify(statement)
  })
}

interface EditablePredicate {
  [name: string]: unknown
  range: { since: string | null; until: string }
  total: number
  changes: Record<string, unknown>[]
  sessions: { annotations: { countersign: Record<string, unknown> } }[]
}

async function verdictOf({ at }: Outage, { question }: Attestation): Promise<Awaited<ReturnType<typeof judge>>> {
  const trust = trustIn(sigstore().trustedRoot)
  return judge({ artifact: join(at.folder, 'dist/app.tgz'), trust, question: { ...question, strict: true } })
}

const notesOf = (attestations: readonly Attestation[]): string => attestations.flatMap((it) => it.notes).join('\n')

describe('an outage before the changes are signed', () => {
  test('keeps both statements, that of the changes first, and signs nothing', async () => {
    const world = await outage('rekorTlogUrls', downForLong)
    const failed = await failureOf(async () => attest(await requestIn(world)))
    if (!(failed instanceof DeferredError)) throw failed
    const files = [keptChanges, keptOwn].map((it) => join(world.at.folder, it))
    expect(failed).toMatchObject({ code: 'service-unavailable', prepared: files[0], preparedAll: files })
    expect(world.at.list('dist')).toEqual(['app.tgz', ...[keptChanges, keptOwn].map((it) => it.slice(5))])
    const [changes = '', provenance = ''] = files.map(statementIn)
    expect(JSON.parse(changes)).toMatchObject({ predicateType: changeProvenanceV1 })
    expect(provenance).toContain(sha256Hex(changes))
    expect(provenance).not.toContain(changeProvenanceV1)
  })

  test('keeps neither where one of them cannot be kept', async () => {
    const world = await outage('rekorTlogUrls', downForLong)
    mkdirSync(join(world.at.folder, 'gone'))
    const { world: job, ...request } = await requestIn(world)
    // Somebody removes the folder once the place was chosen.
    const progress = (): void => rmSync(join(world.at.folder, 'gone'), { recursive: true, force: true })
    const asked = { ...request, out: { path: 'gone' }, world: { ...job, progress } } as AttestRequest
    const { code, message } = await failureOf(() => attest(asked))
    expect([code, message]).toEqual([expect.stringMatching(/^output-/), expect.stringContaining('could not be kept')])
    expect(world.at.list('dist')).toEqual(['app.tgz'])
  })

  test.runIf(isEach)('keeps one for all and each of several, and one command signs them', async () => {
    const world = await outage('rekorTlogUrls', downForLong)
    world.at.write('dist/app.zip', 'another artifact')
    const request = await requestIn(world, ['dist/app.*'])
    const failed = await failureOf(() => Array.fromAsync(attestEach(request)))
    if (!(failed instanceof DeferredError)) throw failed
    expect(failed.preparedAll).toHaveLength(3)
    world.end()
    const signed = await resumeIn(world, failed.preparedAll.toReversed())
    expect(signed.map((it) => it.subjects.length)).toEqual([2, 1, 1])
    expect(notesOf(signed)).not.toContain('sha256:')
    expect((await verdictOf(world, signed[1]!)).outcome).toBe('pass')
  })
})

test('an outage after the changes are signed keeps the provenance, which is signed later beside them', async () => {
  const world = await outage('rekorTlogUrls', downForLong, 1)
  const failed = await failureOf(async () => attest(await requestIn(world)))
  expect(failed).toMatchObject({ preparedAll: [join(world.at.folder, keptOwn)] })
  expect(world.at.list('dist')).toContain('app.tgz.changes.sigstore.json')
  world.end()
  const signed = await resumeIn(world, [keptOwn])
  expect(notesOf(signed)).not.toContain('sha256:')
  expect(await verdictOf(world, signed[0]!)).toMatchObject({ outcome: 'pass', findings: [] })
})

describe('both kept statements', () => {
  test.each(
    part(
      [
        ['as they were kept', [keptChanges, keptOwn]],
        ['given the other way round', [keptOwn, keptChanges]],
      ],
      2,
    ),
  )('are signed in their order, %s, and verify together', async (_, files) => {
    const world = await kept()
    const texts = [keptChanges, keptOwn].map((it) => statementIn(join(world.at.folder, it)))
    const signed = await resumeIn(world, files)
    expect(signed.map(({ statement, written }) => [statement, written])).toEqual([
      [texts[0], join(world.at.folder, changesFile)],
      [texts[1], join(world.at.folder, own)],
    ])
    expect(world.at.list('dist').filter((it) => it.endsWith('.unsigned.json'))).toEqual([])
    expect(await verdictOf(world, signed[1]!)).toMatchObject({
      outcome: 'pass',
      findings: [],
      attestations: [
        { summary: { changeStatement: { sha256: sha256Hex(texts[0]!), given: true } } },
        { outcome: 'pass', summary: { changes: { until: world.at.commit } } },
      ],
    })
  })

  test.runIf(isEach)('of another attempt are signed as they name each other', async () => {
    const world = await kept()
    const signed = await resumeIn(world, [keptChanges, keptOwn], { job: { runAttempt: '7' }, attempt: 'any' })
    expect(signed[1]!.statement).toContain('prepared-in')
    expect((await verdictOf(world, signed[1]!)).outcome).toBe('pass')
  })

  test('are signed once: again, where somebody put them back, nothing is logged', async () => {
    const world = await kept()
    const files = [keptChanges, keptOwn].map((it) => [it, readFileSync(join(world.at.folder, it))] as const)
    await resumeIn(world, [keptChanges, keptOwn])
    expect((await failureOf(() => resumeIn(world, [keptChanges, keptOwn]))).code).toBe('path-missing')
    for (const [path, bytes] of files) writeFileSync(join(world.at.folder, path), bytes)
    const logged = world.proxy.requests.filter((it) => it.startsWith('POST ')).length
    const again = await resumeIn(world, [keptChanges, keptOwn])
    expect(again.map((it) => it.signedBefore)).toEqual([true, true])
    expect(world.proxy.requests.filter((it) => it.startsWith('POST '))).toHaveLength(logged)
  })

  test('stay, those that are left, where services fail again', async () => {
    const world = await kept()
    const failing = await outage('rekorTlogUrls', downForLong)
    const again = { ...world, config: failing.config }
    const failed = await failureOf(() => resumeIn(again, [keptOwn, keptChanges], { onOutage: 'defer' }))
    expect(failed).toMatchObject({ preparedAll: [keptChanges, keptOwn].map((it) => join(world.at.folder, it)) })
    expect(world.at.list('dist')).toHaveLength(3)
  })

  test('are not written to one file, nor is one given twice', async () => {
    const world = await kept()
    const out = { path: 'dist/one.json' }
    expect((await failureOf(() => resumeIn(world, [keptChanges, keptOwn], { out }))).code).toBe('usage')
    expect(await refusalOf(world, [keptOwn, `./${keptOwn}`])).toBe('usage')
    // A file of many lines has a place for both.
    const lines = { out: { path: 'dist/all.jsonl' } }
    expect((await failureOf(() => resumeIn(world, [keptOwn, `./${keptOwn}`], lines))).code).toBe('usage')
  })
})

describe('one of the two', () => {
  test('alone says that the other still waits, and then nothing is missing', async () => {
    for (const [first, second] of [
      [keptChanges, keptOwn],
      [keptOwn, keptChanges],
    ] as const) {
      const world = await kept()
      expect(notesOf(await resumeIn(world, [first]))).toContain(
        `is not signed yet: it waits in ${join(world.at.folder, second)}`,
      )
      const signed = await resumeIn(world, [second])
      expect(notesOf(signed)).not.toContain('sha256:')
    }
  })

  test.each(
    part(
      [
        [keptChanges, keptOwn, 'the provenance that names these changes'],
        [keptOwn, keptChanges, 'the statement of changes that this provenance names'],
      ],
      2,
    ),
  )('alone says what is missing where the other is lost: %s', async (file, lost, words) => {
    const world = await kept()
    rmSync(join(world.at.folder, lost))
    expect(notesOf(await resumeIn(world, [file]))).toMatch(new RegExp(`^${words} .* neither signed with this nor`, 'm'))
  })
})

describe('nothing is signed', () => {
  test('where the changes of another try were put in the place of those that the provenance names', async () => {
    const world = await kept()
    const other = await outage('rekorTlogUrls', downForLong)
    await failureOf(async () => attest(await requestIn(other)))
    writeFileSync(join(world.at.folder, keptChanges), readFileSync(join(other.at.folder, keptChanges)))
    expect(await refusalOf(world, [keptChanges, keptOwn])).toBe('prepared-changes-mismatch')
  })

  test('where the provenance names others, or none', async () => {
    for (const replace of ['a'.repeat(64), undefined]) {
      const world = await kept()
      const digest = sha256Hex(statementIn(join(world.at.folder, keptChanges)))
      edit(world, keptOwn, (text) => {
        if (replace !== undefined) return text.replace(digest, replace)
        const statement = JSON.parse(text) as {
          predicate: { buildDefinition: { resolvedDependencies: { name?: string }[] } }
        }
        const { buildDefinition } = statement.predicate
        buildDefinition.resolvedDependencies = buildDefinition.resolvedDependencies.filter(
          (it) => it.name !== 'change-provenance',
        )
        return JSON.stringify(statement)
      })
      expect(await refusalOf(world, [keptChanges, keptOwn])).toBe('prepared-changes-mismatch')
    }
  })

  test('where one of two provenances names others than those that the first one names', async () => {
    const world = await kept()
    const digest = sha256Hex(statementIn(join(world.at.folder, keptChanges)))
    const copy = join(world.at.folder, 'dist/copy.unsigned.json')
    const content = parsePrepared(readFileSync(join(world.at.folder, keptOwn)))
    writeFileSync(copy, JSON.stringify({ ...content, output: 'copy.json' }))
    edit(world, 'dist/copy.unsigned.json', (text) => text.replace(digest, 'a'.repeat(64)))
    expect(await refusalOf(world, [keptChanges, keptOwn, copy])).toBe('prepared-changes-mismatch')
  })

  test('where the changes are of another range than the provenance that names them', async () => {
    const world = await kept()
    const digest = sha256Hex(statementIn(join(world.at.folder, keptChanges)))
    editChanges(world, ({ range }) => (range.since = world.at.noted))
    const now = sha256Hex(statementIn(join(world.at.folder, keptChanges)))
    edit(world, keptOwn, (text) => text.replace(digest, now))
    expect(await refusalOf(world, [keptChanges, keptOwn])).toBe('prepared-changes-mismatch')
  })

  test.each<[string, (predicate: EditablePredicate, world: Outage) => void]>(
    part(
      [
        ['of another commit', ({ range }, { at }) => (range.until = at.noted)],
        ['with a member that is never written', (it) => (it['reviewed'] = 'by everybody')],
        [
          'with a review that nobody collected',
          (it) => (it.changes[0]!['reviews'] = [{ by: `hmac-sha256:${'a'.repeat(64)}`, verdict: 'approved' }]),
        ],
        [
          'with a request in another repository',
          (it) => (it.changes[0]!['pullRequest'] = 'https://github.com/mallory/widget/pull/7'),
        ],
        ['that tells all changes, and has left out one', (it) => void it.changes.shift()],
        ['with a member in a session', (it) => (it.sessions[0]!.annotations.countersign['prompt'] = 'quite secret')],
      ],
      2,
    ),
  )('of changes %s', async (_, edited) => {
    const world = await kept()
    editChanges(world, (it) => edited(it, world))
    expect(await refusalOf(world, [keptChanges])).toBe('prepared-identity-mismatch')
  })

  test('of changes that another job kept', async () => {
    const world = await kept()
    for (const job of [{ workflow: 'other.yml' }, { repository: 'mallory/widget' }, { runAttempt: '7' }]) {
      expect(await refusalOf(world, [keptChanges], job)).toBe('prepared-identity-mismatch')
    }
  })
})

test('the command line keeps both and prints the command that signs both', async () => {
  const world = await outage('rekorTlogUrls', downForLong)
  const run = async (...argv: string[]): ReturnType<typeof countersign> =>
    countersign({ ...jobWorld(world.at, await tokenFor(world.at)), cwd: world.at.folder }, ...argv)
  const flags = ['--sigstore', world.config]
  const failed = await run('attest', 'dist/app.tgz', ...flags, '--changes', changesFile, '--on-outage', 'defer')
  expect(failed.exitCode).toBe(3)
  expect(failed.stderr).toContain(`with: countersign attest --resume ${keptChanges} ${keptOwn} ${flags.join(' ')}\n`)
  world.end()
  const signed = await run('attest', '--resume', keptChanges, keptOwn, ...flags)
  expect(signed).toMatchObject({ exitCode: 0, stdout: `${changesFile}\n${own}\n` })
  expect(signed.stderr).toContain(`verify with: countersign verify ARTIFACT --bundle ${changesFile} `)
  expect(signed.stderr).toContain('verify with: countersign verify dist/app.tgz --')
})
