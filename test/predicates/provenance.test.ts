import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountersignError } from '../../src/errors.ts'
import type { Provenance } from '../../src/model/predicate.ts'
import { readProvenanceV1 } from '../../src/predicates/provenance.ts'
import { readPredicate } from '../../src/predicates/read.ts'
import { codeOf } from '../world/failure.ts'
import { useRelease } from '../world/release.ts'
import { runs } from '../world/runs.ts'

const release = useRelease()
const commit = 'a'.repeat(40)

const rest = { commits: [], linkage: 'direct', readers: [] }
/** That a session has no parent is said by null. */
const annotated = { level: 'claimed', tool: 'codex', models: [], toolVersion: null, role: null, ...rest, parent: null }

function readProvenanceV02(predicate: unknown): Provenance {
  const read = readPredicate('https://slsa.dev/provenance/v0.2', predicate)
  if (read.kind !== 'build-provenance') throw new Error('version 0.2 is build provenance')
  return read
}

describe('provenance v1', () => {
  it('is read as it was built', () => {
    const { predicate } = release().statement()
    const provenance = readProvenanceV1(predicate)
    expect(provenance).toMatchObject({
      version: '1',
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      builderId: release().question().signer,
      invocationId: 'https://github.com/acme/widget/actions/runs/7300000001/attempts/1',
    })
    expect(provenance.sessions).toHaveLength(2)
    expect(provenance.attribution?.commits).toEqual({ total: 3, claimed: 2, unknown: 1 })
  })

  it.each<[string, unknown, Provenance['tree']]>([
    ['that files were left out', { count: 1 }, { dirty: false, untracked: { count: 0 }, sparse: { count: 1 } }],
    ['in words that nobody can read', 'a.txt', { untracked: { count: 0 } }],
  ])('is not read as of a whole work tree where it says %s', (_, sparse, tree) => {
    const { predicate } = release().statement()
    const [source] = predicate.buildDefinition.resolvedDependencies ?? []
    if (source === undefined) throw new Error('it names its source')
    const own = { dirty: false, untracked: { count: 0 }, sparse }
    const resolvedDependencies = [{ ...source, annotations: { countersign: own } }]
    const { buildDefinition } = predicate
    const read = readProvenanceV1({ ...predicate, buildDefinition: { ...buildDefinition, resolvedDependencies } })
    expect(read.tree).toEqual(tree)
  })

  it('on another CI is of our own build type, and names only what the token says', () => {
    const { predicate } = release().statement({ provider: 'buildkite' })
    expect(predicate.buildDefinition).toMatchObject({
      buildType: 'https://w3id.org/countersign/buildtypes/ci-job/v1',
      internalParameters: { ci: { provider: 'buildkite', runnerEnvironment: 'self-hosted' } },
    })
    expect(JSON.stringify(predicate)).not.toContain('undefined')
  })

  it.each([
    ['push', true],
    ['create', true],
    ['release', true],
    ['workflow_dispatch', true],
    ['schedule', false],
    ['pull_request', false],
    ['workflow_run', false],
    ['repository_dispatch', false],
    ['merge_group', false],
  ])('of a run that %s started is of GitHub’s build type: %s', (event, isGitHubs) => {
    const { buildType, externalParameters } = release().statement({ event }).predicate.buildDefinition
    expect(buildType.startsWith('https://actions.github.io/')).toBe(isGitHubs)
    expect(Object.keys(externalParameters ?? {})).toEqual(isGitHubs ? ['workflow'] : ['source', 'config'])
  })

  it('names a repository by a whole address, and a person by theirs', () => {
    const { predicate } = release().statement({ provider: 'circleci' })
    expect(predicate.buildDefinition).toMatchObject({
      externalParameters: { source: { repository: 'https://github.com/acme/widget' } },
      resolvedDependencies: [{ uri: 'git+https://github.com/acme/widget@refs/heads/main' }, {}, {}],
    })
    expect(predicate.buildDefinition.internalParameters).not.toHaveProperty('ci.runnerEnvironment')
    const person = release().statement({ provider: 'generic', email: 'dev@acme.example' }).predicate
    expect(person.runDetails.builder.id).toBe('mailto:dev@acme.example')
  })

  it('may leave out what the specification lets it', () => {
    const least = { buildDefinition: { buildType: 'b' }, runDetails: { builder: { id: 'i' } } }
    expect(readProvenanceV1(least)).toMatchObject({ externalParameters: {}, resolvedDependencies: [], sessions: [] })
    const nulls = {
      buildDefinition: {
        buildType: 'b',
        externalParameters: null,
        internalParameters: null,
        resolvedDependencies: null,
      },
      runDetails: { builder: { id: 'i' }, metadata: null, byproducts: null },
    }
    expect(readProvenanceV1(nulls)).toMatchObject({ invocationId: undefined, attribution: undefined })
  })

  it.each([
    ['metadata', { invocationId: null, startedOn: null, finishedOn: null }, {}],
    ['builder', { id: 'i', version: null, builderDependencies: null }, { id: 'i' }],
  ] as const)('reads null in a field of %s as none', (member, withNulls, without) => {
    const of = (it: object): unknown => ({
      buildDefinition: { buildType: 'b' },
      runDetails: { builder: { id: 'i' }, [member]: it },
    })
    expect(readProvenanceV1(of(withNulls))).toEqual(readProvenanceV1(of(without)))
  })

  it('reads null in a field of a descriptor as none', () => {
    const source = { uri: 'git+https://github.com/acme/widget', digest: { gitCommit: commit } }
    const others = { name: null, content: null, downloadLocation: null, mediaType: null, annotations: null }
    const log = { name: 'built-commit', digest: { gitCommit: commit } }
    const session = { uri: 'urn:ai-session:codex:7', digest: null, annotations: { countersign: annotated } }
    const of = (dependencies: unknown[], byproduct: unknown): unknown => ({
      buildDefinition: { buildType: 'b', resolvedDependencies: dependencies },
      runDetails: { builder: { id: 'i' }, byproducts: [byproduct] },
    })
    const digestAlone = { uri: null, digest: { sha256: 'a'.repeat(64) } }
    const read = readProvenanceV1(of([{ ...source, ...others }, session, digestAlone], { ...log, uri: null }))
    expect(read.resolvedDependencies[0]).toEqual(source)
    expect(read.builtCommit).toBe(commit)
    expect(read.sessions).toEqual([{ level: 'claimed', tool: 'codex', models: [], ...rest, parent: null, id: '7' }])
    const nothing = of([{ name: 'x', uri: null, digest: null, content: null }], log)
    expect(codeOf(() => readProvenanceV1(nothing))).toBe('predicate-malformed')
  })

  it.each([
    ['a digest and a form', { digest: { sha256: 'a'.repeat(64) }, mediaType: 'text/html' }, 'text/html'],
    ['a form that is none of ours', { digest: { sha256: 'a'.repeat(64) }, mediaType: 'text/x' }, undefined],
  ])('reads of a log of reasoning %s', (_, said, mediaType) => {
    const byproducts = [
      { name: 'log', digest: { sha256: 'b'.repeat(64) } },
      { name: 'reasoning-log', ...said },
    ]
    const read = readProvenanceV1({
      buildDefinition: { buildType: 'b' },
      runDetails: { builder: { id: 'i' }, byproducts },
    })
    expect(read.reasoningLog?.sha256).toBe('a'.repeat(64))
    expect(read.reasoningLog?.mediaType).toBe(mediaType)
  })

  it.each([{ sha256: 'A'.repeat(64) }, { sha256: '../x' }, { sha512: 'a'.repeat(128) }])(
    'reads no log of reasoning whose digest is none: %j',
    (digest) => {
      const byproducts = [{ name: 'reasoning-log', digest }]
      const read = readProvenanceV1({
        buildDefinition: { buildType: 'b' },
        runDetails: { builder: { id: 'i' }, byproducts },
      })
      expect(read.reasoningLog).toBeUndefined()
    },
  )

  it('is malformed without builder or build type, or of other kinds', () => {
    for (const predicate of [
      undefined,
      null,
      [],
      {},
      { buildDefinition: { buildType: 'b' } },
      { buildDefinition: {}, runDetails: { builder: { id: 'i' } } },
      { buildDefinition: { buildType: 'b' }, runDetails: { builder: {} } },
      { buildDefinition: { buildType: 1 }, runDetails: { builder: { id: 'i' } } },
      { buildDefinition: { buildType: 'b', resolvedDependencies: [{}] }, runDetails: { builder: { id: 'i' } } },
      { buildDefinition: { buildType: 'b', resolvedDependencies: {} }, runDetails: { builder: { id: 'i' } } },
    ]) {
      expect(codeOf(() => readProvenanceV1(predicate))).toBe('predicate-malformed')
    }
  })
})

describe('provenance v0.2', () => {
  const predicate = {
    builder: { id: 'https://builder.example' },
    buildType: 'https://github.com/slsa-framework/slsa-github-generator/generic@v1',
    invocation: {
      configSource: {
        uri: 'git+https://github.com/acme/widget@refs/heads/main',
        digest: { sha1: commit },
        entryPoint: 'x.yml',
      },
      parameters: { a: 1 },
      environment: { github_event_name: 'push' },
    },
    metadata: { buildInvocationID: '123-1' },
    materials: [{ uri: 'git+https://github.com/acme/widget@refs/heads/main', digest: { sha1: commit } }],
  }

  it('is seen through the same window', () => {
    expect(readProvenanceV02(predicate)).toMatchObject({
      version: '0.2',
      builderId: 'https://builder.example',
      invocationId: '123-1',
      externalParameters: { parameters: { a: 1 }, configSource: { entryPoint: 'x.yml' } },
      internalParameters: { github_event_name: 'push' },
      resolvedDependencies: [{ digest: { sha1: commit } }],
      sessions: [],
    })
    expect(readProvenanceV02({ ...predicate, metadata: { buildInvocationId: '123-2' } }).invocationId).toBe('123-2')
  })

  it('reads null in a field as none', () => {
    const { invocation, materials } = predicate
    const [{ uri, digest } = { uri: '', digest: {} }] = materials
    const asIs = (more: object): unknown => readProvenanceV02({ ...predicate, ...more })
    const none = { parameters: null, environment: null, configSource: null }
    expect(asIs({ invocation: null })).toEqual(asIs({ invocation: {} }))
    expect(asIs({ invocation: none })).toEqual(asIs({ invocation: {} }))
    expect(asIs({ invocation: { ...invocation, parameters: null } })).not.toHaveProperty(
      'externalParameters.parameters',
    )
    const names = ['buildInvocationID', 'buildInvocationId', 'buildStartedOn', 'buildFinishedOn', 'completeness']
    expect(asIs({ metadata: Object.fromEntries(names.map((it) => [it, null])) })).toEqual(asIs({ metadata: {} }))
    expect(asIs({ metadata: null })).toEqual(asIs({ metadata: {} }))
    expect(
      asIs({
        materials: [
          { uri, digest: null },
          { uri: null, digest },
        ],
      }),
    ).toMatchObject({
      resolvedDependencies: [{ uri, digest: {} }, { digest }],
    })
  })

  it('is malformed without builder or build type', () => {
    for (const wrong of [{}, { builder: predicate.builder }, { buildType: 'b' }, { ...predicate, materials: {} }]) {
      expect(codeOf(() => readProvenanceV02(wrong))).toBe('predicate-malformed')
    }
  })
})

it('a predicate of an unknown type is kept as it is, and is nothing that a rule believes', () => {
  for (const type of ['https://example.com/x', 'https://slsa.dev/provenance/v2', 'toString', '']) {
    const content = { buildDefinition: { buildType: 'b' }, anything: true }
    expect(readPredicate(type, content)).toEqual({ kind: 'other', type, content })
  }
})

it('whatever stands in a predicate, it is read or it is malformed', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (some, other, third) => {
      for (const [type, value] of [
        [
          'https://slsa.dev/provenance/v1',
          {
            buildDefinition: { buildType: 'b', externalParameters: some, resolvedDependencies: other },
            runDetails: { builder: { id: 'i' }, byproducts: third },
          },
        ],
        [
          'https://slsa.dev/provenance/v0.2',
          { builder: { id: 'i' }, buildType: 'b', invocation: some, metadata: other, materials: third },
        ],
      ] as const) {
        try {
          expect(readPredicate(type, value)).toMatchObject({ kind: 'build-provenance', buildType: 'b' })
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(CountersignError)
          expect(thrown).toMatchObject({ code: 'predicate-malformed' })
        }
      }
    }),
    { numRuns: runs(300) },
  )
})
