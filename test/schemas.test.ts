/** The published schemas against what the code really writes, read by another implementation (Ajv, draft 2020-12, strict). */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspect } from '../src/inspect/inspect.ts'
import type { Inspection } from '../src/model/inspection.ts'
import type { Verdict } from '../src/model/verdict.ts'
import { startLocalSigstore } from '../src/embedded/index.ts'
import { edited, trustIn, useRelease } from './world/release.ts'
import type { EditableStatement } from './world/release.ts'

const release = useRelease()

function schema(name: string): ValidateFunction {
  const url = new URL(`../schemas/${name}/v1.json`, import.meta.url)
  const json = JSON.parse(readFileSync(url, 'utf8')) as object
  expect(json).toMatchObject({ $id: `https://w3id.org/countersign/schemas/${name}/v1` })
  // `type: [string, null]` is draft 2020-12; Ajv's strict mode only wants it said that this is meant.
  return new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(json)
}

function accepts(validate: ValidateFunction, value: unknown): void {
  validate(JSON.parse(JSON.stringify(value)))
  expect(validate.errors ?? []).toEqual([])
}

const refuses = (validate: ValidateFunction, value: unknown): void => expect(validate(value)).toBe(false)

let statement: EditableStatement
let bundlePath: string
beforeAll(async () => {
  statement = release().statement()
  bundlePath = release().write(await release().attested())
})

describe('schemas/statement', () => {
  const validate = schema('statement')
  it('accepts the statement of every provider', () => {
    for (const provider of ['github', 'gitlab', 'buildkite', 'circleci', 'local', 'generic'] as const) {
      accepts(validate, release().statement({ provider }))
    }
  })
  it.each<[string, (it: EditableStatement) => unknown]>([
    ['another _type', (it) => (it._type = 'https://in-toto.io/Statement/v2')],
    ['no subject', (it) => (it.subject = [])],
    ['a subject without a digest', (it) => Reflect.deleteProperty(it.subject[0]!, 'digest')],
    ['an empty predicate type', (it) => (it.predicateType = '')],
    ['1,025 subjects', (it) => (it.subject = Array.from({ length: 1_025 }, () => it.subject[0]!))],
  ])('refuses %s', (_, edit) => refuses(validate, edited(statement, edit)))
})

describe('schemas/provenance', () => {
  const validate = schema('provenance')
  it('accepts the predicate of every provider', () => {
    for (const provider of ['github', 'gitlab', 'buildkite', 'circleci', 'local', 'generic'] as const) {
      accepts(validate, release().statement({ provider }).predicate)
    }
  })
  it.each([
    'buildDefinition',
    'buildDefinition.buildType',
    'runDetails',
    'runDetails.builder',
    'runDetails.builder.id',
  ])('refuses a predicate without %s', (path) => refuses(validate, without(statement.predicate, path)))
})

describe('schemas/ai-session', () => {
  const validate = schema('ai-session')
  const annotations = (): Record<string, unknown>[] =>
    statement.predicate.buildDefinition
      .resolvedDependencies!.slice(1)
      .map((it) => it.annotations!['countersign'] as Record<string, unknown>)
  it('accepts the annotations of the sessions in a statement', () => {
    expect(annotations()).toHaveLength(2)
    for (const annotation of annotations()) accepts(validate, annotation)
  })
  it.each(['level', 'tool', 'models', 'commits', 'linkage', 'readers'])('refuses one without %s', (member) => {
    refuses(validate, without(annotations()[0]!, member))
  })
  it('refuses a level that does not exist', () => refuses(validate, { ...annotations()[0], level: 'certain' }))
})

describe('schemas/attribution', () => {
  const validate = schema('attribution')
  const summary = (): object => statement.predicate.runDetails.byproducts![0]!.annotations!['countersign'] as object
  it('accepts the summary in a statement', () => accepts(validate, summary()))
  it.each(['range', 'commits', 'commits.unknown', 'readers', 'findings'])('refuses one without %s', (path) => {
    refuses(validate, without(summary(), path))
  })
})

describe('schemas/verdict', () => {
  const validate = schema('verdict')
  const verdicts = async (): Promise<Verdict[]> => {
    const genuine = await release().attested()
    const other = await startLocalSigstore()
    await other.close()
    return [
      await release().judge(genuine),
      await release().judge(await release().attested({ provider: 'generic' })),
      await release().judge(await release().attested({ workflow: 'evil.yml', event: 'pull_request' })),
      await release().judge(genuine, { trust: trustIn(other.trustedRoot) }),
      await release().judge('garbage'),
      await release().judge(`junk\n${JSON.stringify(genuine)}`),
      await release().judge(genuine, { artifact: join(release().folder, 'nowhere') }),
    ]
  }
  it('accepts verdicts of every outcome', async () => {
    const all = await verdicts()
    expect(new Set(all.map((it) => it.outcome))).toEqual(new Set(['pass', 'fail', 'undecided']))
    for (const verdict of all) accepts(validate, verdict)
  })
  it('refuses what is none', async () => {
    const verdict = await release().judge(await release().attested())
    for (const wrong of [
      { ...verdict, outcome: 'maybe' },
      { ...verdict, type: 'https://example.com' },
      { ...verdict, checks: [{ rule: 'x', outcome: 'fail', code: 'no-such-code' }] },
      without(verdict, 'question'),
      without(verdict, 'checks'),
      without(verdict, 'artifact.digest'),
      true,
    ]) {
      refuses(validate, wrong)
    }
  })
})

describe('schemas/inspection', () => {
  const validate = schema('inspection')
  const first = async (path: string): Promise<Inspection> => (await inspect(path))[0]!
  it('accepts inspections of bundles, envelopes and what is broken', async () => {
    accepts(validate, await first(bundlePath))
    const bundle = await release().attested({ provider: 'generic' }, { rekor: 2 })
    accepts(validate, await first(release().write(bundle)))
    accepts(validate, await first(release().write(bundle.dsseEnvelope)))
    accepts(
      validate,
      await first(
        release().write(
          edited(bundle, (it) => {
            it.verificationMaterial.certificate!.rawBytes = 'AAAA'
            it.dsseEnvelope.payload = 'AAAA'
          }),
        ),
      ),
    )
  })
  it('refuses what claims to be verified', async () => {
    const inspection = await first(bundlePath)
    for (const wrong of [
      { ...inspection, verified: true },
      without(inspection, 'verified'),
      without(inspection, 'signer.kind'),
    ]) {
      refuses(validate, wrong)
    }
  })
})

it('the schemas are those that the code generates', () => {
  const script = fileURLToPath(new URL('../scripts/schemas.ts', import.meta.url))
  expect(spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 20_000 })).toMatchObject({
    status: 0,
    stderr: '',
  })
})

/** A copy without the member at a path. */
function without(value: object, path: string): object {
  return edited(value, (copy) => {
    const names = path.split('.')
    let current = copy as Record<string, unknown>
    for (const name of names.slice(0, -1)) current = current[name] as Record<string, unknown>
    expect(current).toHaveProperty(names.at(-1)!)
    Reflect.deleteProperty(current, names.at(-1)!)
  })
}
