import { describe, expect, it } from 'vitest'
import type { Evidence } from '../../src/model/evidence.ts'
import type { CertificateIdentity, Extensions } from '../../src/model/identity.ts'
import { tokenIdentity } from '../../src/model/provider.ts'
import type { Check } from '../../src/model/verdict.ts'
import { buildTypeRows } from '../../src/policy/build-types.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { parseQuestion } from '../../src/policy/question.ts'
import { readPredicate } from '../../src/predicates/index.ts'
import { provenanceV02, provenanceV1 } from '../../src/predicates/provenance.ts'
import { providerClaims } from '../../src/embedded/claims.ts'

const commit = '0123456789abcdef0123456789abcdef01234567'
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
  const identity = tokenIdentity({ ...claims, iss: 'https://issuer.example' })
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
  GITHUB_WORKFLOW_SHA: commit,
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

function checksOf({ type, certificate, predicate }: Sample, options: { strict?: true } = {}): readonly Check[] {
  const identity: CertificateIdentity = {
    subjectAlternativeName: { kind: 'uri', value: signerOf(certificate) },
    extensions: certificate,
    fingerprint: '',
    serialNumber: '',
    notBefore: '',
    notAfter: '',
  }
  const evidence = {
    signed: { signatory: { kind: 'certificate', identity } },
    statement: { predicateType: type },
    provenance: readPredicate(type, predicate),
  } as unknown as Evidence
  const question = parseQuestion({ signer: 'https://x/**', issuer: 'https://x/**', anySource: true, ...options })
  return evaluate(evidence, question).filter((it) => /^(provenance-equals|external-param)/.test(it.rule))
}

const failed = (checks: readonly Check[]): string[] => checks.filter((it) => it.outcome === 'fail').map((it) => it.rule)

/** The sample with one text or number in it changed, for every one there is. */
function* mutants(value: unknown, rebuild: (value: unknown) => object): Generator<object> {
  if (typeof value === 'string') yield rebuild(`x${value}`)
  else if (typeof value === 'number') yield rebuild(value + 1)
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield* mutants(item, (changed) => rebuild(value.map((it: unknown, at) => (at === index ? changed : it))))
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      if (name === 'buildType') continue
      yield* mutants(item, (changed) => rebuild({ ...value, [name]: changed }))
    }
  }
}

describe('predicate equals certificate', () => {
  it('has a sample for every build type of the table', () => {
    expect(Object.keys(samples).sort()).toEqual(buildTypeRows.map((it) => it.buildType).sort())
  })

  it.each(Object.keys(samples))('holds for genuine provenance of %s, every field of the row decided', (buildType) => {
    const sample = samples[buildType]!
    const checks = checksOf(sample)
    expect(failed(checks)).toEqual([])
    const undecided = checks.filter((it) => it.outcome === 'skipped').map((it) => it.rule)
    expect(undecided).toEqual([])
  })

  it.each(Object.keys(samples))(
    'fails in %s for each field that is changed, and in no field that was not',
    (buildType) => {
      const sample = samples[buildType]!
      const caught = new Set<string>()
      for (const predicate of mutants(sample.predicate, (it) => it as object)) {
        for (const rule of failed(checksOf({ ...sample, predicate }))) caught.add(rule)
      }
      const fields = buildTypeRows.find((it) => it.buildType === buildType)!.fields
      expect([...caught].sort()).toEqual(fields.map((it) => `provenance-equals-certificate ${it.field}`).sort())
    },
  )

  it.each(Object.keys(samples))('fails in %s where the same statement is signed by another repository', (buildType) => {
    const sample = samples[buildType]!
    const certificate = { ...sample.certificate, sourceRepositoryUri: 'https://github.com/mallory/widget' }
    expect(failed(checksOf({ ...sample, certificate })).length).toBeGreaterThan(0)
  })

  it('lets only the delegators speak for another builder', () => {
    const sample = samples[`${generator}/delegator-generic@v0`]!
    const mallory =
      'https://github.com/mallory/slsa-github-generator/.github/workflows/delegator_generic_slsa3.yml@refs/tags/v2.1.0'
    expect(failed(checksOf({ ...sample, certificate: { ...sample.certificate, buildSignerUri: mallory } }))).toEqual([
      'provenance-equals-certificate builder.id',
    ])
  })

  it('refuses a runner that calls itself another kind of runner', () => {
    const sample = samples['https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1']!
    const certificate = { ...sample.certificate, runnerEnvironment: 'self-hosted' }
    expect(failed(checksOf({ ...sample, certificate }))).toContain('provenance-equals-certificate builder.id')
  })

  describe('of a build type that nobody knows', () => {
    const unknown = (id: string, dependency: object = source): Sample => ({
      type: provenanceV1,
      certificate: gitHub,
      predicate: v1('https://example.com/build/v1', { anything: 1 }, {}, id, dependency),
    })

    it('is skipped, and said so, or refused when asked strictly', () => {
      const checks = checksOf(unknown('https://example.com/builder'))
      expect(failed(checks)).toEqual([])
      expect(checks.some((it) => it.outcome === 'skipped' && it.note?.includes('build type') === true)).toBe(true)
      const strict = checksOf(unknown('https://example.com/builder'), { strict: true })
      expect(strict.filter((it) => it.outcome === 'fail').map((it) => it.code)).toEqual(['build-type-unknown'])
    })

    it('still may not name another workflow as its builder, nor another commit of the same repository', () => {
      expect(failed(checksOf(unknown(signerOf(gitHub))))).toEqual([])
      expect(failed(checksOf(unknown(mavenBuilder)))).toEqual(['provenance-equals-certificate builder.id'])
      const other = { uri: source.uri, digest: { gitCommit: 'f'.repeat(40) } }
      expect(failed(checksOf(unknown(signerOf(gitHub), other)))).toEqual([
        'provenance-equals-certificate resolvedDependencies[0].digest',
      ])
    })
  })

  it('shows external parameters that the build type does not know', () => {
    const buildType = 'https://actions.github.io/buildtypes/workflow/v1'
    const predicate = v1(buildType, { ...workflow, surprise: 1 }, { github }, signerOf(gitHub))
    const row = checksOf({ type: provenanceV1, certificate: gitHub, predicate }).find(
      (it) => it.rule === 'external-parameters',
    )
    expect(row).toMatchObject({ outcome: 'skipped', note: expect.stringContaining('surprise') as unknown })
  })
})
