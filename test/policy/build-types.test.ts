/** Predicate equals certificate, build type by build type, field by field, as `written-rows.ts` says a second time. */
import { describe, expect, it } from 'vitest'
import type { VerifiedStatement } from '../../src/model/evidence.ts'
import { CountersignError } from '../../src/errors.ts'
import type { CertificateIdentity, ExtensionName, Extensions } from '../../src/model/identity.ts'
import type { Check } from '../../src/model/verdict.ts'
import { buildTypeRows } from '../../src/policy/build-types/index.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { parseQuestion } from '../../src/policy/question.ts'
import { readPredicate } from '../../src/predicates/read.ts'
import { providerClaims } from '../../src/embedded/claims.ts'
import { tokenIdentity } from '../../src/providers/token-identity.ts'
import { writtenRows } from './written-rows.ts'

const provenanceV1 = 'https://slsa.dev/provenance/v1'
const provenanceV02 = 'https://slsa.dev/provenance/v0.2'
const commit = '0123456789abcdef0123456789abcdef01234567'
/** Where the workflow file was read: not the commit that was built, so that neither can stand for the other. */
const configCommit = '89abcdef0123456789abcdef0123456789abcdef'
const generator = 'https://github.com/slsa-framework/slsa-github-generator'

/** What Fulcio would write for a job, so that the samples below cannot agree with a table of our own making. */
function extensionsOf(provider: 'github' | 'gitlab', workflow?: string): Extensions {
  const claims = providerClaims(provider, {
    repository: 'acme/widget',
    ref: 'refs/tags/v1.2.0',
    sha: commit,
    runId: '42',
    event: 'push',
    ...(workflow === undefined ? {} : { workflow }),
  })
  const identity = tokenIdentity({ ...claims, workflow_sha: configCommit, iss: 'https://issuer.example' })
  if (identity === undefined) throw new Error('the claims are incomplete')
  return identity.extensions
}

const gitHub = extensionsOf('github')
const gitLab = extensionsOf('gitlab')
const byWorkflow = (path: string): Extensions => extensionsOf('github', path)

const source = { uri: 'git+https://github.com/acme/widget@refs/tags/v1.2.0', digest: { gitCommit: commit } }
const sha1Source = { uri: source.uri, digest: { sha1: commit } }
const run = 'https://github.com/acme/widget/actions/runs/42/attempts/1'
const workflow = {
  workflow: {
    ref: 'refs/tags/v1.2.0',
    repository: 'https://github.com/acme/widget',
    path: '.github/workflows/release.yml',
  },
}
const github = {
  event_name: 'push',
  repository_id: gitHub.sourceRepositoryIdentifier,
  repository_owner_id: gitHub.sourceRepositoryOwnerIdentifier,
  runner_environment: 'github-hosted',
}
const variables = {
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF: 'refs/tags/v1.2.0',
  GITHUB_SHA: commit,
  GITHUB_REPOSITORY: 'acme/widget',
  GITHUB_REPOSITORY_ID: gitHub.sourceRepositoryIdentifier,
  GITHUB_REPOSITORY_OWNER_ID: gitHub.sourceRepositoryOwnerIdentifier,
  GITHUB_WORKFLOW_REF: 'acme/widget/.github/workflows/release.yml@refs/tags/v1.2.0',
  GITHUB_WORKFLOW_SHA: configCommit,
  GITHUB_RUN_ID: 42,
  GITHUB_RUN_ATTEMPT: '1',
}
const lowerVariables = Object.fromEntries(
  Object.entries(variables).map(([name, value]) => [name === 'GITHUB_SHA' ? 'github_sha1' : name.toLowerCase(), value]),
)
const v1 = (
  buildType: string,
  externalParameters: object,
  internalParameters: object,
  id: string,
  first: object = source,
): object => ({
  buildDefinition: { buildType, externalParameters, internalParameters, resolvedDependencies: [first] },
  runDetails: { builder: { id }, metadata: { invocationId: run } },
})
const v02 = (buildType: string, id: string, environment: object): object => ({
  buildType,
  builder: { id },
  invocation: {
    configSource: { uri: source.uri, digest: { sha1: commit }, entryPoint: '.github/workflows/release.yml' },
    parameters: {},
    environment,
  },
  metadata: { buildInvocationID: '42-1' },
  materials: [sha1Source],
})
const signerOf = ({ buildSignerUri }: Extensions): string => buildSignerUri ?? ''

const container = byWorkflow(
  'slsa-framework/slsa-github-generator/.github/workflows/builder_container-based_slsa3.yml@refs/tags/v2.1.0',
)
const delegator = byWorkflow(
  'slsa-framework/slsa-github-generator/.github/workflows/delegator_lowperms-generic_slsa3.yml@refs/tags/v2.1.0',
)
const generic = byWorkflow(
  'slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0',
)
const mavenBuilder = `${generator}/.github/workflows/builder_maven_slsa3.yml@refs/tags/v2.1.0`
const gitLabSource = { uri: 'https://gitlab.com/acme/widget', digest: { sha256: commit } }

interface Sample {
  readonly type: string
  readonly certificate: Extensions
  readonly predicate: object
}

/** A genuine predicate for every row of the table, by build type. */
const samples: Record<string, Sample> = {
  'https://actions.github.io/buildtypes/workflow/v1': {
    type: provenanceV1,
    certificate: gitHub,
    predicate: v1('https://actions.github.io/buildtypes/workflow/v1', workflow, { github }, signerOf(gitHub)),
  },
  'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1': {
    type: provenanceV1,
    certificate: gitHub,
    predicate: v1(
      'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
      workflow,
      { github },
      'https://github.com/actions/runner/github-hosted',
    ),
  },
  'https://w3id.org/countersign/buildtypes/ci-job/v1': {
    type: provenanceV1,
    certificate: { ...gitLab, deploymentEnvironment: 'production' },
    predicate: {
      buildDefinition: {
        buildType: 'https://w3id.org/countersign/buildtypes/ci-job/v1',
        externalParameters: {
          source: { repository: 'https://gitlab.com/acme/widget', ref: 'refs/tags/v1.2.0' },
          config: gitLab.buildConfigUri,
        },
        internalParameters: {
          ci: {
            trigger: 'push',
            runnerEnvironment: 'gitlab-hosted',
            sourceRepositoryIdentifier: gitLab.sourceRepositoryIdentifier,
            sourceRepositoryOwnerIdentifier: gitLab.sourceRepositoryOwnerIdentifier,
            deploymentEnvironment: 'production',
          },
        },
        resolvedDependencies: [
          { uri: 'git+https://gitlab.com/acme/widget@refs/tags/v1.2.0', digest: { gitCommit: commit } },
        ],
      },
      runDetails: { builder: { id: signerOf(gitLab) }, metadata: { invocationId: gitLab.runInvocationUri } },
    },
  },
  'https://slsa.dev/container-based-build/v0.1?draft': {
    type: provenanceV1,
    certificate: container,
    predicate: v1(
      'https://slsa.dev/container-based-build/v0.1?draft',
      { source: { uri: source.uri, digest: { sha1: commit } }, builderImage: {}, configPath: 'x', buildConfig: {} },
      variables,
      signerOf(container),
      sha1Source,
    ),
  },
  [`${generator}/delegator-generic@v0`]: {
    type: provenanceV1,
    certificate: delegator,
    predicate: v1(`${generator}/delegator-generic@v0`, { inputs: {}, vars: {} }, variables, mavenBuilder),
  },
  ...Object.fromEntries(
    ['generic@v1', 'go@v1', 'container@v1'].map((kind) => [
      `${generator}/${kind}`,
      {
        type: provenanceV02,
        certificate: generic,
        predicate: v02(`${generator}/${kind}`, signerOf(generic), lowerVariables),
      },
    ]),
  ),
  'https://github.com/npm/cli/gha/v2': {
    type: provenanceV02,
    certificate: gitHub,
    predicate: v02('https://github.com/npm/cli/gha/v2', 'https://github.com/actions/runner', variables),
  },
  'https://github.com/npm/cli/gitlab/v0alpha1': {
    type: provenanceV02,
    certificate: gitLab,
    predicate: {
      buildType: 'https://github.com/npm/cli/gitlab/v0alpha1',
      builder: { id: 'https://gitlab.com/acme/widget/-/runners/12270837' },
      invocation: {
        configSource: { uri: 'git+https://gitlab.com/acme/widget', digest: { sha1: commit }, entryPoint: 'release' },
      },
      metadata: { buildInvocationId: gitLab.runInvocationUri },
      materials: [{ uri: 'git+https://gitlab.com/acme/widget', digest: { sha1: commit } }],
    },
  },
  ...Object.fromEntries(
    [
      [
        'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/*/PROVENANCE.md',
        'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v17.1.0/PROVENANCE.md',
      ],
      [
        'https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1',
        'https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1',
      ],
    ].map(([row = '', buildType = '']) => [
      row,
      {
        type: provenanceV1,
        certificate: gitLab,
        predicate: v1(
          buildType,
          { source: 'https://gitlab.com/acme/widget', entryPoint: 'release', variables: {} },
          {},
          'https://gitlab.com/acme/widget/-/runners/1',
          gitLabSource,
        ),
      },
    ]),
  ),
}

interface Options {
  readonly strict?: true
}

function checksOf({ type, certificate, predicate }: Sample, options: Options = {}): readonly Check[] {
  const identity: CertificateIdentity = {
    subjectAlternativeName: { kind: 'uri', value: signerOf(certificate) },
    extensions: certificate,
    fingerprint: '',
    serialNumber: '',
    notBefore: '',
    notAfter: '',
  }
  const statement = {
    signed: { signatory: { kind: 'certificate', identity } },
    statement: { predicateType: type },
    predicate: readPredicate(type, predicate),
  } as unknown as VerifiedStatement
  const question = parseQuestion({ signer: 'https://x/**', issuer: 'https://x/**', anySource: true, ...options })
  return evaluate(statement, question).filter((it) => /^(provenance-equals|external-param)/.test(it.rule))
}

const equals = (field: string): string => `provenance-equals-certificate ${field}`
const rulesOf = (checks: readonly Check[], outcome: Check['outcome']): string[] =>
  checks.filter((it) => it.outcome === outcome).map((it) => it.rule)
const failed = (checks: readonly Check[]): string[] => rulesOf(checks, 'fail')

/** The rules that fail, or the code of a predicate that cannot be read. */
function refusedBy(sample: Sample): string[] {
  try {
    return failed(checksOf(sample))
  } catch (thrown) {
    if (thrown instanceof CountersignError) return [thrown.code]
    throw thrown
  }
}

/** Paths of all texts and numbers. */
function leavesOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, item]) => leavesOf(item, path === '' ? name : `${path}.${name}`))
}

/** A copy in which the value at a path is what `change` makes of it; undefined takes it away. */
function changedAt(value: object, path: string, change: (value: unknown) => unknown): object {
  const copy = structuredClone(value)
  const names = path.split('.')
  let parent = copy as Record<string, unknown>
  for (const name of names.slice(0, -1)) parent = parent[name] as Record<string, unknown>
  const last = names.at(-1)!
  expect(parent, path).toHaveProperty([last])
  const changed = change(parent[last])
  if (changed === undefined) Reflect.deleteProperty(parent, last)
  else parent[last] = changed
  return copy
}

const spoiled = (value: unknown): unknown => (typeof value === 'number' ? value + 1 : `x${String(value)}`)

/** What another job's certificate says: of each extension, another value of the same kind. */
function otherExtension(name: ExtensionName, value: string): string {
  const [host = ''] = /^https:\/\/[^/]+/.exec(value) ?? []
  const workflow = `${host}/mallory/gadget/.github/workflows/other.yml@refs/heads/other`
  const others: { readonly [name in ExtensionName]?: string } = {
    buildSignerUri: workflow,
    runnerEnvironment: 'self-hosted',
    sourceRepositoryUri: `${host}/mallory/gadget`,
    sourceRepositoryDigest: 'f'.repeat(40),
    sourceRepositoryRef: 'refs/heads/other',
    sourceRepositoryIdentifier: '101',
    sourceRepositoryOwnerIdentifier: '102',
    buildConfigUri: workflow,
    buildConfigDigest: 'e'.repeat(40),
    buildTrigger: 'schedule',
    runInvocationUri: `${host}/mallory/gadget/actions/runs/7/attempts/9`,
    deploymentEnvironment: 'staging',
  }
  return others[name] ?? `x${value}`
}

const buildTypes = Object.keys(writtenRows)
const cases = buildTypes.flatMap((buildType) =>
  writtenRows[buildType]!.fields.map((it) => [it.field, buildType, it] as const),
)

describe('the table of build types', () => {
  it('is the one that is written out in written-rows.ts: rows, versions, parameters, fields and whether each must be there', () => {
    const table = buildTypeRows.map(({ buildType, version, parameters, fields }) => [
      buildType,
      { version, parameters, fields: fields.map(({ field, presence }) => ({ field, presence })) },
    ])
    const written = Object.entries(writtenRows).map(([buildType, { version, parameters, fields }]) => [
      buildType,
      { version, parameters, fields: fields.map(({ field, presence }) => ({ field, presence })) },
    ])
    expect(Object.fromEntries(table)).toEqual(Object.fromEntries(written))
    expect(buildTypeRows).toHaveLength(written.length)
    expect(Object.keys(samples).sort()).toEqual(buildTypes.sort())
  })
})

/** What stands in for an extension that a certificate does not have. */
const deprecated: { readonly [name in ExtensionName]?: ExtensionName } = {
  sourceRepositoryUri: 'githubRepository',
  sourceRepositoryDigest: 'githubSha',
  sourceRepositoryRef: 'githubRef',
  buildTrigger: 'githubTrigger',
}

describe('predicate equals certificate', () => {
  it.each(buildTypes)('holds for genuine provenance of %s, every field of the row decided', (buildType) => {
    const checks = checksOf(samples[buildType]!)
    const fields = writtenRows[buildType]!.fields.map((it) => equals(it.field))
    const platform = writtenRows[buildType]!.provider === undefined ? [] : [equals('buildType')]
    expect(rulesOf(checks, 'pass')).toEqual([...fields, ...platform, 'external-parameters'])
    expect(checks).toHaveLength(fields.length + platform.length + 1)
  })

  it.each(cases)('fails in %s of %s where the predicate says something else', (field, buildType, { at, presence }) => {
    const sample = samples[buildType]!
    const leaves = leavesOf(sample.predicate).filter((it) => it === at || it.startsWith(`${at}.`))
    expect(leaves).not.toEqual([])
    for (const leaf of leaves) {
      expect(failed(checksOf({ ...sample, predicate: changedAt(sample.predicate, leaf, spoiled) }))).toEqual([
        equals(field),
      ])
      if (presence === 'optional') continue
      // In a list it is not what it seems: another reader would take it for the text in it.
      const listed = changedAt(sample.predicate, leaf, (it) => [it])
      expect(refusedBy({ ...sample, predicate: listed })).not.toEqual([])
    }
    const without = { ...sample, predicate: changedAt(sample.predicate, at, () => undefined) }
    const refusal = field === 'builder.id' ? 'predicate-malformed' : equals(field)
    expect(refusedBy(without)).toEqual(presence === 'required' ? [refusal] : [])
  })

  it.each(buildTypes)('does not ask %s for anything else', (buildType) => {
    const sample = samples[buildType]!
    const { fields } = writtenRows[buildType]!
    const others = leavesOf(sample.predicate).filter(
      (leaf) => !leaf.endsWith('buildType') && !fields.some(({ at }) => leaf === at || leaf.startsWith(`${at}.`)),
    )
    for (const leaf of others) {
      expect(failed(checksOf({ ...sample, predicate: changedAt(sample.predicate, leaf, spoiled) })), leaf).toEqual([])
    }
  })

  it.each(buildTypes)('fails in %s in just the fields that a certificate of another job decides', (buildType) => {
    const sample = samples[buildType]!
    const { fields } = writtenRows[buildType]!
    for (const [name, value] of Object.entries(sample.certificate) as [ExtensionName, string][]) {
      const expected = fields.filter(({ by }) => by.includes(name)).map((it) => equals(it.field))
      const certificate = { ...sample.certificate, [name]: otherExtension(name, value) }
      expect(failed(checksOf({ ...sample, certificate })), name).toEqual(expected)
      const { [name]: _, [deprecated[name] ?? name]: __, ...less } = sample.certificate
      const passed = rulesOf(checksOf({ ...sample, certificate: less }), 'pass')
      expect(
        passed.filter((it) => expected.includes(it)),
        `without ${name}`,
      ).toEqual([])
    }
  })

  describe('finds the source among the dependencies by its address:', () => {
    const buildType = 'https://actions.github.io/buildtypes/workflow/v1'
    const sample = samples[buildType]!
    const withDependencies = (...dependencies: object[]): string[] =>
      failed(
        checksOf({
          ...sample,
          predicate: changedAt(sample.predicate, 'buildDefinition.resolvedDependencies', () => dependencies),
        }),
      )
    const tool = { uri: 'git+https://github.com/acme/tool@refs/heads/main', digest: { gitCommit: 'e'.repeat(40) } }
    const image = { uri: 'pkg:docker/node@24', digest: { sha256: 'e'.repeat(64) } }

    it('it may stand behind others', () => {
      expect(withDependencies(image, tool, { name: 'no address', digest: { sha256: 'a'.repeat(64) } }, source)).toEqual(
        [],
      )
    })

    it('what names another repository alone is none', () => {
      expect(withDependencies(tool)).toEqual([equals('source.digest'), equals('source.uri')])
      expect(withDependencies()).toEqual([equals('source.digest'), equals('source.uri')])
    })

    it('behind others it still has its ref and its commit, and so has each that is the same repository', () => {
      const other = { uri: source.uri, digest: { gitCommit: 'e'.repeat(40) } }
      expect(withDependencies(tool, other)).toEqual([equals('source.digest')])
      expect(withDependencies(tool, { ...source, uri: 'git+https://github.com/acme/widget@refs/heads/main' })).toEqual([
        equals('source.uri'),
      ])
      expect(withDependencies(tool, source, other)).toEqual([equals('resolvedDependencies[2].digest')])
    })
  })

  it('is asked of a build type in the version of its row alone', () => {
    const sample = samples['https://github.com/npm/cli/gha/v2']!
    const v1 = samples['https://actions.github.io/buildtypes/workflow/v1']!
    const misplaced: Sample[] = [
      {
        ...sample,
        predicate: changedAt(sample.predicate, 'buildType', () => 'https://actions.github.io/buildtypes/workflow/v1'),
      },
      {
        ...v1,
        predicate: changedAt(v1.predicate, 'buildDefinition.buildType', () => 'https://github.com/npm/cli/gha/v2'),
      },
    ]
    for (const it of misplaced) {
      const codes = checksOf(it, { strict: true }).flatMap((check) => (check.outcome === 'fail' ? [check.code] : []))
      expect(codes).toContain('build-type-unknown')
    }
  })
})

describe('the builder', () => {
  const delegatorType = `${generator}/delegator-generic@v0`
  const slsaType = 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1'
  const named = (buildType: string, id: string, more: Extensions = {}): string[] => {
    const sample = samples[buildType]!
    const at = writtenRows[buildType]!.fields.find((it) => it.field === 'builder.id')!.at
    return failed(
      checksOf({
        ...sample,
        predicate: changedAt(sample.predicate, at, () => id),
        certificate: { ...sample.certificate, ...more },
      }),
    )
  }
  const refused = [equals('builder.id')]

  it.each(['delegator_generic_slsa3.yml', 'delegator_lowperms-generic_slsa3.yml'])(
    'of another repository may be named by %s of slsa-github-generator, at whatever ref it is called',
    (file) => {
      for (const ref of ['refs/tags/v2.1.0', 'refs/heads/main']) {
        const buildSignerUri = `${generator}/.github/workflows/${file}@${ref}`
        expect(named(delegatorType, mavenBuilder, { buildSignerUri })).toEqual([])
      }
    },
  )

  it.each([
    'https://github.com/mallory/slsa-github-generator/.github/workflows/delegator_generic_slsa3.yml@refs/tags/v2.1.0',
    'https://github.com/mallory/slsa-framework/.github/workflows/delegator_generic_slsa3.yml@refs/tags/v2.1.0',
    'https://github.com/slsa-framework/example-package/.github/workflows/delegator_generic_slsa3.yml@refs/tags/v2.1.0',
    `${generator}/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0`,
    `${generator}/.github/workflows/delegator_generic_slsa3.yml.evil.yml@refs/tags/v2.1.0`,
    `${generator}/.github/workflows/delegator_generic_slsa3.yml`,
    `${generator}-evil/.github/workflows/delegator_generic_slsa3.yml@refs/tags/v2.1.0`,
    'https://evil.example/slsa-framework/slsa-github-generator/.github/workflows/delegator_generic_slsa3.yml@refs/tags/v1',
  ])('of another repository may not be named by %s', (buildSignerUri) => {
    expect(named(delegatorType, mavenBuilder, { buildSignerUri })).toEqual(refused)
    // It may name itself.
    expect(named(delegatorType, buildSignerUri, { buildSignerUri })).toEqual([])
  })

  it.each([
    'https://github.com/acme/builder',
    'https://github.com/acme/builder/.github/workflows/build.yml',
    'https://github.com/acme/builder/build.yml@refs/tags/v1',
    'https://github.com/acme/b/c/.github/workflows/build.yml@refs/tags/v1',
    'https://evil.example/acme/builder/.github/workflows/build.yml@refs/tags/v1',
  ])('that a delegator names is a workflow at a ref on GitHub, and not %s', (id) => {
    expect(named(delegatorType, id)).toEqual(refused)
  })

  it('in provenance of the SLSA community is the runner of the job, the runner, or the workflow', () => {
    for (const id of [
      'https://github.com/actions/runner',
      'https://github.com/actions/runner/github-hosted',
      signerOf(gitHub),
    ]) {
      expect(named(slsaType, id), id).toEqual([])
    }
    for (const id of ['https://github.com/actions/runner/self-hosted', 'https://github.com/actions', mavenBuilder]) {
      expect(named(slsaType, id), id).toEqual(refused)
    }
  })

  it.each([
    'https://github.com/npm/cli/gitlab/v0alpha1',
    'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/*/PROVENANCE.md',
    'https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1',
  ])('in %s is a runner of the project itself', (buildType) => {
    expect(named(buildType, 'https://gitlab.com/acme/widget/-/runners/99')).toEqual([])
    for (const id of [
      'https://gitlab.com/mallory/widget/-/runners/99',
      'https://gitlab.com/acme/widget-evil/-/runners/99',
      'https://gitlab.com/acme/widget/-/runners/99/of/mallory',
      'https://gitlab.com/acme/widget/-/jobs/99',
      'https://gitlab.com/acme/widget',
      'https://gitlab.example/acme/widget/-/runners/99',
    ]) {
      expect(named(buildType, id), id).toEqual(refused)
    }
  })
})

describe('a build type that nobody knows', () => {
  const unknown = (id: string, dependency: object = source): Sample => ({
    type: provenanceV1,
    certificate: gitHub,
    predicate: v1('https://example.com/build/v1', { anything: 1 }, {}, id, dependency),
  })

  it('is skipped, and said so, or refused when asked strictly', () => {
    const checks = checksOf(unknown('https://example.com/builder'))
    expect(failed(checks)).toEqual([])
    expect(checks.some((it) => it.outcome === 'skipped' && it.note.includes('build type'))).toBe(true)
    const strict = checksOf(unknown('https://example.com/builder'), { strict: true })
    expect(strict.flatMap((it) => (it.outcome === 'fail' ? [it.code] : []))).toEqual(['build-type-unknown'])
  })

  it('still may not name another workflow as its builder, nor another commit of the same repository', () => {
    expect(failed(checksOf(unknown(signerOf(gitHub))))).toEqual([])
    expect(failed(checksOf(unknown(mavenBuilder)))).toEqual([equals('builder.id')])
    for (const name of ['gitCommit', 'sha1']) {
      const other = { uri: source.uri, digest: { [name]: 'f'.repeat(40) } }
      expect(failed(checksOf(unknown(signerOf(gitHub), other)))).toEqual([equals('resolvedDependencies[0].digest')])
    }
  })
})

describe('external parameters', () => {
  it.each(buildTypes)('that %s does not define are shown', (buildType) => {
    const sample = samples[buildType]!
    const at = sample.type === provenanceV1 ? 'buildDefinition.externalParameters' : 'invocation'
    const predicate = changedAt(sample.predicate, at, (it) => ({ ...(it as object), surprise: 1 }))
    const row = checksOf({ ...sample, predicate }).find((it) => it.rule === 'external-parameters')
    // Version 0.2 has nothing but configSource and parameters, so that a surprise beside them is not read.
    const shown = { outcome: 'skipped', note: expect.stringContaining('surprise') as unknown }
    expect(row).toMatchObject(sample.type === provenanceV1 ? shown : { outcome: 'pass' })
  })
})
