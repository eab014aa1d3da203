/** What a policy asks of the provenance itself: types, parameters, level, age. */
import { describe, expect, test } from 'vitest'
import { codeOfAsync } from '../../world/failure.ts'
import { editedProvenance } from '../../world/policy-changes.ts'
import type { Told } from '../../world/policy-changes.ts'
import { judgeBy, policyText, refusalsIn, releaseJob } from '../../world/policy-release.ts'
import { useRelease } from '../../world/release.ts'

const release = useRelease()
const signer = 'https://github.com/acme/widget/.github/workflows/release.yml@refs/heads/main'
const scanType = 'https://acme.example/scan/v1'

async function rows(provenance: object, told: Told = {}, more: object = {}, now?: string): Promise<string[]> {
  const bundle = await release().sign(editedProvenance(release(), told), releaseJob)
  const text = policyText(release(), { provenance, ...more })
  return refusalsIn(await judgeBy(release(), [bundle], text, now === undefined ? {} : { now }))
}

/** The same of a statement that is no build provenance. */
async function rowsOfScan(provenance: object, more: object = {}): Promise<string[]> {
  const statement = { ...release().statement(releaseJob), predicateType: scanType, predicate: {} }
  const bundle = await release().sign(statement, releaseJob)
  const sections = { provenance: { predicateTypes: [scanType], ...provenance }, ...more }
  return refusalsIn(await judgeBy(release(), [bundle], policyText(release(), sections)))
}

const parameters =
  (value: unknown): Told['edit'] =>
  (it) => {
    it.predicate.buildDefinition.buildType = 'https://acme.example/build/v1'
    it.predicate.buildDefinition.externalParameters = value as Record<string, unknown>
  }

describe('provenance/predicate-types', () => {
  test('takes these types, whole', async () => {
    expect(await rows({ predicateTypes: ['https://slsa.dev/provenance/v1'] })).toEqual([])
    const identity = undefined
    const beside = { repo: 'acme/widget', workflow: 'release.yml', issuer: release().sigstore.issuer }
    const bundle = await release().genuine(releaseJob)
    const at = async (type: string): Promise<string[]> => {
      const text = policyText(release(), { identity, provenance: { predicateTypes: [type] } })
      return refusalsIn(await judgeBy(release(), [bundle], text, { beside }))
    }
    expect(await at('https://slsa.dev/provenance/v1')).toEqual([])
    expect(await at('https://slsa.dev/provenance/v1.1')).toEqual([
      'provenance/predicate-types fail predicate-type-mismatch',
    ])
  })

  test('has nothing to look at where no statement holds', async () => {
    expect(await rows({ predicateTypes: [scanType] })).toEqual(['identity/signers fail evidence-missing'])
  })
})

describe('provenance/build-types', () => {
  const id = 'provenance/build-types'

  test('takes those that a glob fits', async () => {
    const edit = parameters({ a: 'b' })
    expect(await rows({ buildTypes: ['https://acme.example/build/*'] }, { edit })).toEqual([])
    expect(await rows({ buildTypes: ['https://acme.example/build'] }, { edit })).toEqual([
      `${id} fail build-type-refused`,
    ])
    expect(await rowsOfScan({ buildTypes: ['https://**'] })).toEqual([`${id} fail evidence-missing`])
  })
})

describe('provenance/parameters', () => {
  const id = 'provenance/parameters'
  const at = (asked: object, value: unknown): Promise<string[]> =>
    rows({ parameters: asked }, { edit: parameters(value) })

  test('lets those pass that are named, and no others', async () => {
    expect(await at({ allow: ['target', 'mode'] }, { target: 'x' })).toEqual([])
    expect(await at({ allow: ['target'] }, { target: 'x', debug: true, shell: '' })).toEqual([
      `${id} fail parameter-refused`,
      `${id} fail parameter-refused`,
    ])
    expect(await at({ allow: ['target'], require: { mode: 'release' } }, { target: 'x', mode: 'release' })).toEqual([])
  })

  test('asks for values, whole', async () => {
    const asked = { require: { 'workflow.path': '.github/workflows/*.yml', mode: 'release' } }
    const good = { workflow: { path: '.github/workflows/a.yml' }, mode: 'release' }
    expect(await at(asked, good)).toEqual([])
    expect(await at(asked, { ...good, mode: 'released' })).toEqual([`${id} fail parameter-mismatch`])
    expect(await at(asked, { ...good, mode: ['release'] })).toEqual([`${id} fail parameter-mismatch`])
    expect(await at(asked, { ...good, mode: '' })).toEqual([`${id} fail parameter-mismatch`])
  })

  test('takes null for unset, and what is unset for nothing', async () => {
    expect(await at({ require: { mode: 'release' } }, { mode: null, a: 'b' })).toEqual([`${id} fail evidence-missing`])
    expect(await at({ allow: ['a'] }, { a: 'b', debug: null })).toEqual([])
    expect(await at({ allow: ['a'] }, {})).toEqual([`${id} fail evidence-missing`])
    expect(await rowsOfScan({ parameters: { allow: ['a'] } })).toEqual([`${id} fail evidence-missing`])
  })

  test('holds under both readings of a name with a dot', async () => {
    const asked = { require: { 'workflow.path': 'good' } }
    const edit = { 'workflow.path': 'good', workflow: { path: 'bad' } }
    expect(await at(asked, edit)).toEqual([`${id} fail parameter-mismatch`])
  })

  test.each(['parameters', 'inputs'])('%s that ask for nothing are no rule', async (member) => {
    for (const asked of [{}, { require: {} }]) {
      expect(await codeOfAsync(() => rows({ [member]: asked }))).toBe('policy-malformed')
    }
  })
})

describe('provenance/inputs', () => {
  const id = 'provenance/inputs'
  const at = (asked: object, inputs: unknown): Promise<string[]> =>
    rows({ inputs: asked }, { edit: parameters({ source: 'x', inputs }) })

  test('are those that the provenance declares', async () => {
    expect(await at({ allow: ['level'], require: { level: 'full' } }, { level: 'full' })).toEqual([])
    expect(await at({ allow: ['level'] }, {})).toEqual([])
    expect(await at({ allow: ['level'] }, { level: 'full', debug: 'yes' })).toEqual([`${id} fail parameter-refused`])
    expect(await at({ require: { level: 'full' } }, { level: 'fast' })).toEqual([`${id} fail parameter-mismatch`])
    expect(await at({ require: { level: 'full' } }, {})).toEqual([`${id} fail evidence-missing`])
  })

  test('that nobody declared may have been any', async () => {
    expect(await at({ allow: ['level'] }, undefined)).toEqual([`${id} fail evidence-missing`])
    expect(await at({ allow: ['level'] }, ['level'])).toEqual([`${id} fail evidence-missing`])
  })
})

describe('provenance/build-level', () => {
  const id = 'provenance/build-level'
  const low = [`${id} fail build-level-too-low`]
  const at = (levels: readonly object[] | undefined, edit?: Told['edit']): Promise<string[]> =>
    rows({ buildLevel: { atLeast: 2 } }, edit === undefined ? {} : { edit }, levels === undefined ? {} : { levels })
  const byOther: Told['edit'] = (it) => {
    it.predicate.buildDefinition.buildType = 'https://acme.example/build/v1'
    it.predicate.runDetails.builder.id = 'https://builds.example/strong'
  }

  test('is that of the map, for a signer with its builder', async () => {
    expect(await at([{ signer, level: 2 }])).toEqual([])
    expect(await at([{ signer, level: 1 }])).toEqual(low)
    expect(await at([{ signer, builder: signer, level: 3 }])).toEqual([])
    expect(
      await at([
        { signer: 'https://github.com/acme/widget/**', level: 1 },
        { signer, level: 3 },
      ]),
    ).toEqual([])
  })

  test('is 0 for whoever is not in it', async () => {
    expect(await at(undefined)).toEqual(low)
    expect(await at([{ signer: signer.replace('release.yml', 'other.yml'), level: 3 }])).toEqual(low)
  })

  test('is not that of a builder which another signer may name', async () => {
    const strong = 'https://builds.example/strong'
    const other = 'https://github.com/acme/builds/.github/workflows/build.yml@refs/heads/main'
    expect(await at([{ signer: other, builder: strong, level: 3 }], byOther)).toEqual(low)
    // Who names no builder in the map binds the signer to itself.
    expect(await at([{ signer, level: 3 }], byOther)).toEqual(low)
    expect(await at([{ signer, builder: strong, level: 3 }], byOther)).toEqual([])
  })

  test('has nothing to look at where there is no build', async () => {
    expect(await rowsOfScan({ buildLevel: { atLeast: 1 } }, { levels: [{ signer, level: 3 }] })).toEqual([
      `${id} fail evidence-missing`,
    ])
  })

  test('of a profile is by the map of its file', async () => {
    const profiles = { strict: { provenance: { buildLevel: { atLeast: 2 } } } }
    const bundle = await release().genuine(releaseJob)
    const text = policyText(release(), { levels: [{ signer, level: 2 }] }, { profiles })
    expect(refusalsIn(await judgeBy(release(), [bundle], text, { profile: 'strict' }))).toEqual([])
  })
})

describe('provenance/age', () => {
  const id = 'provenance/age'
  const inDays = (days: number): string => new Date(new Date().getTime() + days * 86_400_000).toISOString()
  const at = (now?: string): Promise<string[]> => rows({ maxAgeDays: 30 }, {}, {}, now)

  test('is from the signature until now', async () => {
    expect(await at()).toEqual([])
    expect(await at(inDays(29))).toEqual([])
    expect(await at(inDays(31))).toEqual([`${id} fail attestation-too-old`])
  })

  test('of a time to come is refused', async () => {
    expect(await at(inDays(-1))).toEqual([`${id} fail signed-in-future`])
  })
})
