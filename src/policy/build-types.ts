/**
 * Predicate equals certificate (DESIGN rule 4): one row per build type seen in the field, and in it each field of the
 * predicate that has a certificate extension. Whoever signs can write any predicate; only the certificate was filled in by
 * somebody else.
 */
import type { Provenance } from '../model/evidence.ts'
import { compilePattern } from '../model/identity.ts'
import type { CertificateIdentity } from '../model/identity.ts'
import { ciJobV1, gitHubWorkflowV1 } from '../predicates/provenance.ts'
import { textAt } from './text-at.ts'

/** What a certificate makes of a field: in words, and as a test. */
export interface Expectation {
  readonly text: string
  readonly accepts: (found: string) => boolean
}

/** One field. `read` gives what the predicate says, `expect` what the certificate asks for; undefined is "not said". */
export interface FieldRow {
  readonly field: string
  /** A required field that is absent fails; an optional one may be left out, but not be wrong. */
  readonly presence: 'required' | 'optional'
  readonly read: (provenance: Provenance) => string | undefined
  readonly expect: (certificate: CertificateIdentity) => Expectation | undefined
}

export interface BuildTypeRow {
  /** Exact, or a glob. */
  readonly buildType: string
  readonly version: Provenance['version']
  /** External parameters that the build type defines; others are shown. */
  readonly parameters: readonly string[]
  readonly fields: readonly FieldRow[]
}

const exactly = (text: string): Expectation => ({ text, accepts: (found) => found === text })
const exactlyIf = (text: string | undefined): Expectation | undefined =>
  text === undefined ? undefined : exactly(text)

type Read = FieldRow['read']
type FromCertificate = (certificate: CertificateIdentity) => string | undefined

function field(name: string, presence: FieldRow['presence'], expected: FromCertificate, read: Read): FieldRow {
  return { field: name, presence, read, expect: (certificate) => exactlyIf(expected(certificate)) }
}

// What the certificate says, by the names that predicates use for it.
const signerUri: FromCertificate = (it) => it.extensions.buildSignerUri
const repository: FromCertificate = (it) => it.extensions.sourceRepositoryUri
const commit: FromCertificate = (it) => it.extensions.sourceRepositoryDigest
const ref: FromCertificate = (it) => it.extensions.sourceRepositoryRef
const trigger: FromCertificate = (it) => it.extensions.buildTrigger
const repositoryId: FromCertificate = (it) => it.extensions.sourceRepositoryIdentifier
const ownerId: FromCertificate = (it) => it.extensions.sourceRepositoryOwnerIdentifier
const runner: FromCertificate = (it) => it.extensions.runnerEnvironment
const run: FromCertificate = (it) => it.extensions.runInvocationUri
const configuration: FromCertificate = (it) => it.extensions.buildConfigUri

const gitUri: FromCertificate = (it) => {
  const uri = repository(it)
  if (uri === undefined) return undefined
  return ref(it) === undefined ? `git+${uri}` : `git+${uri}@${ref(it) ?? ''}`
}
const gitUriWithoutRef: FromCertificate = (it) => prefixed('git+', repository(it))
/** `owner/name` of the repository. */
const repositoryPath: FromCertificate = (it) => repository(it)?.replace(/^https:\/\/[^/]+\//, '')
/** Path of the workflow file in the repository. */
const workflowPath: FromCertificate = (it) => {
  const file = configuration(it)?.split('@', 1)[0]
  const uri = repository(it)
  if (file === undefined || uri === undefined) return undefined
  return file.startsWith(`${uri}/`) ? file.slice(uri.length + 1) : file
}
/** `owner/name/.github/workflows/file@ref` */
const workflowRef: FromCertificate = (it) => configuration(it)?.replace(/^https:\/\/[^/]+\//, '')
/** `…/actions/runs/<id>/attempts/<attempt>` */
const runId: FromCertificate = (it) => run(it)?.split('/').at(-3)
const runAttempt: FromCertificate = (it) => run(it)?.split('/').at(-1)

function prefixed(prefix: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${prefix}${text}`
}

/** A commit stands under several names; GitLab's runner even calls it sha256. */
const commitOf: Read = ({ resolvedDependencies: [source] }) =>
  textAt(source, 'digest', 'gitCommit') ?? textAt(source, 'digest', 'sha1') ?? textAt(source, 'digest', 'sha256')
const external =
  (...path: readonly string[]): Read =>
  (it) =>
    textAt(it.externalParameters, ...path)
const internal =
  (...path: readonly string[]): Read =>
  (it) =>
    textAt(it.internalParameters, ...path)

/** The builder is whoever signed: a reusable workflow, or the workflow itself. */
const builderIsSigner = field('builder.id', 'required', signerUri, (it) => it.builderId)

/** Before GitHub's own build type, npm and others named the runner as the builder. */
const builderIsRunner: FieldRow = {
  field: 'builder.id',
  presence: 'required',
  read: (it) => it.builderId,
  expect(certificate) {
    const named = [
      'https://github.com/actions/runner',
      prefixed('https://github.com/actions/runner/', runner(certificate)),
    ]
    const accepted = [...named, signerUri(certificate)].filter((it) => it !== undefined)
    return { text: accepted.join(' or '), accepts: (found) => accepted.includes(found) }
  },
}

/** GitLab's runner names itself, below the project. */
const builderIsGitLabRunner: FieldRow = {
  field: 'builder.id',
  presence: 'required',
  read: (it) => it.builderId,
  expect(certificate) {
    const project = repository(certificate)
    if (project === undefined) return undefined
    return compiled(`${project}/-/runners/*`)
  },
}

const gitHubWorkflow = compiled('https://github.com/*/*/.github/workflows/*@**')

/**
 * Signers that may speak for other builders (slsa-github-generator's "bring your own builder"): the delegator runs the
 * tool's reusable workflow, reads its identity from the token, and signs for it.
 */
const delegators = ['delegator_generic_slsa3.yml', 'delegator_lowperms-generic_slsa3.yml'].map((file) =>
  compilePattern(
    `https://github.com/slsa-framework/slsa-github-generator/.github/workflows/${file}@**`,
    'the delegator',
  ),
)

const builderIsDelegated: FieldRow = {
  field: 'builder.id',
  presence: 'required',
  read: (it) => it.builderId,
  expect(certificate) {
    const signer = signerUri(certificate)
    if (signer === undefined) return undefined
    return delegators.some((it) => it.matches(signer)) ? gitHubWorkflow : exactly(signer)
  },
}

function compiled(text: string): Expectation {
  const pattern = compilePattern(text, 'the expectation')
  return { text, accepts: (found) => pattern.matches(found) }
}

const invocation = field('metadata.invocationId', 'optional', run, (it) => it.invocationId)
const sourceCommit = field('resolvedDependencies[0].digest', 'required', commit, commitOf)
const sourceUri = field('resolvedDependencies[0].uri', 'required', gitUri, (it) => it.resolvedDependencies[0]?.uri)

/** GitHub's variables, as builders copy them from the runner: upper case, or lower case in slsa-github-generator's v0.2. */
function gitHubVariables(letters: 'upper' | 'lower'): FieldRow[] {
  const variable = (name: string, expected: FromCertificate): FieldRow => {
    const written = letters === 'upper' ? `GITHUB_${name.toUpperCase()}` : `github_${name}`
    return field(`environment ${written}`, 'optional', expected, internal(written))
  }
  return [
    variable('event_name', trigger),
    variable('ref', ref),
    variable(letters === 'upper' ? 'sha' : 'sha1', commit),
    variable('repository', repositoryPath),
    variable('repository_id', repositoryId),
    variable('repository_owner_id', ownerId),
    variable('workflow_ref', workflowRef),
    variable('workflow_sha', (it) => it.extensions.buildConfigDigest),
    variable('run_id', runId),
    variable('run_attempt', runAttempt),
  ]
}

/** SLSA v0.2: configSource is the source, materials begin with it, and the invocation is run and attempt. */
const configSourceFields: readonly FieldRow[] = [
  field('invocation.configSource.uri', 'required', gitUri, external('configSource', 'uri')),
  field('invocation.configSource.digest.sha1', 'required', commit, external('configSource', 'digest', 'sha1')),
  field('invocation.configSource.entryPoint', 'required', workflowPath, external('configSource', 'entryPoint')),
  field('materials[0].uri', 'required', gitUri, (it) => it.resolvedDependencies[0]?.uri),
  field('materials[0].digest', 'required', commit, commitOf),
  field(
    'metadata.buildInvocationID',
    'optional',
    (it) => (runId(it) === undefined ? undefined : `${runId(it) ?? ''}-${runAttempt(it) ?? ''}`),
    (it) => it.invocationId,
  ),
]

const workflowFields: readonly FieldRow[] = [
  field('externalParameters.workflow.repository', 'required', repository, external('workflow', 'repository')),
  field('externalParameters.workflow.ref', 'required', ref, external('workflow', 'ref')),
  field('externalParameters.workflow.path', 'required', workflowPath, external('workflow', 'path')),
  field('internalParameters.github.event_name', 'optional', trigger, internal('github', 'event_name')),
  field('internalParameters.github.repository_id', 'optional', repositoryId, internal('github', 'repository_id')),
  field(
    'internalParameters.github.repository_owner_id',
    'optional',
    ownerId,
    internal('github', 'repository_owner_id'),
  ),
  field('internalParameters.github.runner_environment', 'optional', runner, internal('github', 'runner_environment')),
]

const ciField = (name: string, expected: FromCertificate): FieldRow =>
  field(`internalParameters.ci.${name}`, 'required', expected, internal('ci', name))

const generator = 'https://github.com/slsa-framework/slsa-github-generator'

const gitLabJobFields: readonly FieldRow[] = [
  builderIsGitLabRunner,
  field('externalParameters.source', 'required', repository, external('source')),
  field('resolvedDependencies[0].uri', 'required', repository, (it) =>
    it.resolvedDependencies[0]?.uri?.replace(/^git\+/, ''),
  ),
  sourceCommit,
]

export const buildTypeRows: readonly BuildTypeRow[] = [
  {
    buildType: gitHubWorkflowV1,
    version: '1',
    parameters: ['workflow', 'inputs'],
    fields: [builderIsSigner, sourceCommit, sourceUri, invocation, ...workflowFields],
  },
  {
    // The SLSA community's, and npm's v1: the builder may be named as the runner.
    buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
    version: '1',
    parameters: ['workflow', 'inputs', 'vars', 'release', 'deployment'],
    fields: [builderIsRunner, sourceCommit, sourceUri, invocation, ...workflowFields],
  },
  {
    buildType: ciJobV1,
    version: '1',
    parameters: ['source', 'config', 'inputs'],
    fields: [
      builderIsSigner,
      sourceCommit,
      sourceUri,
      invocation,
      field('externalParameters.source.repository', 'required', repository, external('source', 'repository')),
      field('externalParameters.source.ref', 'required', ref, external('source', 'ref')),
      field('externalParameters.config', 'required', configuration, external('config')),
      ciField('trigger', trigger),
      ciField('runnerEnvironment', runner),
      ciField('sourceRepositoryIdentifier', repositoryId),
      ciField('sourceRepositoryOwnerIdentifier', ownerId),
      ciField('deploymentEnvironment', (it) => it.extensions.deploymentEnvironment),
    ],
  },
  {
    buildType: 'https://slsa.dev/container-based-build/v0.1?draft',
    version: '1',
    parameters: ['source', 'builderImage', 'configPath', 'buildConfig'],
    fields: [
      builderIsSigner,
      sourceCommit,
      sourceUri,
      invocation,
      field('externalParameters.source.uri', 'required', gitUri, external('source', 'uri')),
      field('externalParameters.source.digest.sha1', 'required', commit, external('source', 'digest', 'sha1')),
      ...gitHubVariables('upper'),
    ],
  },
  {
    buildType: `${generator}/delegator-generic@v0`,
    version: '1',
    parameters: ['inputs', 'vars'],
    fields: [builderIsDelegated, sourceCommit, sourceUri, invocation, ...gitHubVariables('upper')],
  },
  ...['generic@v1', 'go@v1', 'container@v1'].map((kind): BuildTypeRow => ({
    buildType: `${generator}/${kind}`,
    version: '0.2',
    parameters: ['configSource', 'parameters'],
    fields: [builderIsSigner, ...configSourceFields, ...gitHubVariables('lower')],
  })),
  {
    buildType: 'https://github.com/npm/cli/gha/v2',
    version: '0.2',
    parameters: ['configSource', 'parameters'],
    fields: [builderIsRunner, ...configSourceFields, ...gitHubVariables('upper')],
  },
  {
    buildType: 'https://github.com/npm/cli/gitlab/v0alpha1',
    version: '0.2',
    parameters: ['configSource', 'parameters'],
    fields: [
      builderIsGitLabRunner,
      field('invocation.configSource.uri', 'required', gitUriWithoutRef, external('configSource', 'uri')),
      field('invocation.configSource.digest.sha1', 'required', commit, external('configSource', 'digest', 'sha1')),
      field('materials[0].uri', 'required', gitUriWithoutRef, (it) => it.resolvedDependencies[0]?.uri),
      field('materials[0].digest', 'required', commit, commitOf),
      field('metadata.buildInvocationId', 'optional', run, (it) => it.invocationId),
    ],
  },
  {
    buildType: 'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/*/PROVENANCE.md',
    version: '1',
    parameters: ['source', 'entryPoint', 'variables'],
    fields: gitLabJobFields,
  },
  {
    buildType: 'https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1',
    version: '1',
    parameters: ['source', 'entryPoint', 'variables'],
    fields: gitLabJobFields,
  },
]

/**
 * What holds for every build type: a builder that is named as a workflow is the one that signed, and a dependency that is the
 * certificate's repository has the certificate's commit.
 */
export function generalFields({ resolvedDependencies }: Provenance): readonly FieldRow[] {
  const dependencies = resolvedDependencies.map((it, index): FieldRow => ({
    field: `resolvedDependencies[${index}].digest`,
    presence: 'optional',
    read: () => textAt(it, 'digest', 'gitCommit') ?? textAt(it, 'digest', 'sha1'),
    expect(certificate) {
      const uri = gitUriWithoutRef(certificate)
      return uri !== undefined && (it.uri === uri || it.uri?.startsWith(`${uri}@`) === true)
        ? exactlyIf(commit(certificate))
        : undefined
    },
  }))
  const builder: FieldRow = {
    ...builderIsDelegated,
    presence: 'optional',
    read: ({ builderId }) => (gitHubWorkflow.accepts(builderId) ? builderId : undefined),
  }
  return [builder, ...dependencies]
}

const rows = buildTypeRows.map((row) => ({ row, pattern: compilePattern(row.buildType, 'the build type') }))

/** The row of a build type; undefined for one that nobody has described to us. */
export function buildTypeRow({ buildType, version }: Provenance): BuildTypeRow | undefined {
  return rows.find(({ row, pattern }) => row.version === version && pattern.matches(buildType))?.row
}
