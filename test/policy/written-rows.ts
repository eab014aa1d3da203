/**
 * What each build type must repeat from the certificate, written out a second time and by hand: a row or a field that is lost
 * from the table in `src/policy/build-types` is lost from a test too.
 */
import type { ExtensionName } from '../../src/model/identity.ts'

export interface WrittenField {
  /** As a report names it. */
  readonly field: string
  readonly presence: 'required' | 'optional'
  /** Where it stands in the predicate. */
  readonly at: string
  /** The extensions of the certificate that decide it. */
  readonly by: readonly ExtensionName[]
}

export interface WrittenRow {
  readonly version: '1' | '0.2'
  /** The CI provider whose jobs it describes. */
  readonly provider?: 'github' | 'gitlab'
  /** External parameters that are known. */
  readonly parameters: readonly string[]
  readonly fields: readonly WrittenField[]
}

function required(field: string, at: string, ...by: readonly ExtensionName[]): WrittenField {
  return { field, presence: 'required', at, by }
}

function optional(field: string, at: string, ...by: readonly ExtensionName[]): WrittenField {
  return { field, presence: 'optional', at, by }
}

const builderV1 = 'runDetails.builder.id'
const firstDependency = 'buildDefinition.resolvedDependencies.0'

const gitHubSource = [
  required('source.digest', `${firstDependency}.digest`, 'sourceRepositoryDigest'),
  required('source.uri', `${firstDependency}.uri`, 'sourceRepositoryUri', 'sourceRepositoryRef'),
  optional('metadata.invocationId', 'runDetails.metadata.invocationId', 'runInvocationUri'),
]

const gitHubWorkflow = [
  required(
    'externalParameters.workflow.repository',
    'buildDefinition.externalParameters.workflow.repository',
    'sourceRepositoryUri',
  ),
  required('externalParameters.workflow.ref', 'buildDefinition.externalParameters.workflow.ref', 'sourceRepositoryRef'),
  required(
    'externalParameters.workflow.path',
    'buildDefinition.externalParameters.workflow.path',
    'buildConfigUri',
    'sourceRepositoryUri',
  ),
  optional(
    'internalParameters.github.event_name',
    'buildDefinition.internalParameters.github.event_name',
    'buildTrigger',
  ),
  optional(
    'internalParameters.github.repository_id',
    'buildDefinition.internalParameters.github.repository_id',
    'sourceRepositoryIdentifier',
  ),
  optional(
    'internalParameters.github.repository_owner_id',
    'buildDefinition.internalParameters.github.repository_owner_id',
    'sourceRepositoryOwnerIdentifier',
  ),
  optional(
    'internalParameters.github.runner_environment',
    'buildDefinition.internalParameters.github.runner_environment',
    'runnerEnvironment',
  ),
]

function gitHubVariables(inside: string): WrittenField[] {
  return [
    optional('environment GITHUB_EVENT_NAME', `${inside}.GITHUB_EVENT_NAME`, 'buildTrigger'),
    optional('environment GITHUB_REF', `${inside}.GITHUB_REF`, 'sourceRepositoryRef'),
    optional('environment GITHUB_SHA', `${inside}.GITHUB_SHA`, 'sourceRepositoryDigest'),
    optional('environment GITHUB_REPOSITORY', `${inside}.GITHUB_REPOSITORY`, 'sourceRepositoryUri'),
    optional('environment GITHUB_REPOSITORY_ID', `${inside}.GITHUB_REPOSITORY_ID`, 'sourceRepositoryIdentifier'),
    optional(
      'environment GITHUB_REPOSITORY_OWNER_ID',
      `${inside}.GITHUB_REPOSITORY_OWNER_ID`,
      'sourceRepositoryOwnerIdentifier',
    ),
    optional('environment GITHUB_WORKFLOW_REF', `${inside}.GITHUB_WORKFLOW_REF`, 'buildConfigUri'),
    optional('environment GITHUB_WORKFLOW_SHA', `${inside}.GITHUB_WORKFLOW_SHA`, 'buildConfigDigest'),
    optional('environment GITHUB_RUN_ID', `${inside}.GITHUB_RUN_ID`, 'runInvocationUri'),
    optional('environment GITHUB_RUN_ATTEMPT', `${inside}.GITHUB_RUN_ATTEMPT`, 'runInvocationUri'),
  ]
}

/** slsa-github-generator's v0.2 writes them in lower case, and calls the commit `github_sha1`. */
const lowerVariables = [
  optional('environment github_event_name', 'invocation.environment.github_event_name', 'buildTrigger'),
  optional('environment github_ref', 'invocation.environment.github_ref', 'sourceRepositoryRef'),
  optional('environment github_sha1', 'invocation.environment.github_sha1', 'sourceRepositoryDigest'),
  optional('environment github_repository', 'invocation.environment.github_repository', 'sourceRepositoryUri'),
  optional(
    'environment github_repository_id',
    'invocation.environment.github_repository_id',
    'sourceRepositoryIdentifier',
  ),
  optional(
    'environment github_repository_owner_id',
    'invocation.environment.github_repository_owner_id',
    'sourceRepositoryOwnerIdentifier',
  ),
  optional('environment github_workflow_ref', 'invocation.environment.github_workflow_ref', 'buildConfigUri'),
  optional('environment github_workflow_sha', 'invocation.environment.github_workflow_sha', 'buildConfigDigest'),
  optional('environment github_run_id', 'invocation.environment.github_run_id', 'runInvocationUri'),
  optional('environment github_run_attempt', 'invocation.environment.github_run_attempt', 'runInvocationUri'),
]

const configSource = [
  required('invocation.configSource.uri', 'invocation.configSource.uri', 'sourceRepositoryUri', 'sourceRepositoryRef'),
  required('invocation.configSource.digest.sha1', 'invocation.configSource.digest.sha1', 'sourceRepositoryDigest'),
  required(
    'invocation.configSource.entryPoint',
    'invocation.configSource.entryPoint',
    'buildConfigUri',
    'sourceRepositoryUri',
  ),
  required('source.uri', 'materials.0.uri', 'sourceRepositoryUri', 'sourceRepositoryRef'),
  required('source.digest', 'materials.0.digest', 'sourceRepositoryDigest'),
  optional('metadata.buildInvocationID', 'metadata.buildInvocationID', 'runInvocationUri'),
]

const gitLabJob: WrittenRow = {
  version: '1',
  provider: 'gitlab',
  parameters: ['source', 'entryPoint', 'variables'],
  fields: [
    required('builder.id', builderV1, 'sourceRepositoryUri'),
    required('externalParameters.source', 'buildDefinition.externalParameters.source', 'sourceRepositoryUri'),
    required('source.uri', `${firstDependency}.uri`, 'sourceRepositoryUri'),
    required('source.digest', `${firstDependency}.digest`, 'sourceRepositoryDigest'),
  ],
}

const slsaGeneratorV02: WrittenRow = {
  version: '0.2',
  provider: 'github',
  parameters: ['configSource', 'parameters'],
  fields: [required('builder.id', 'builder.id', 'buildSignerUri'), ...configSource, ...lowerVariables],
}

const ci = 'buildDefinition.internalParameters.ci'

/** By build type. */
export const writtenRows: { readonly [buildType: string]: WrittenRow } = {
  'https://actions.github.io/buildtypes/workflow/v1': {
    version: '1',
    provider: 'github',
    parameters: ['workflow'],
    fields: [required('builder.id', builderV1, 'buildSignerUri'), ...gitHubSource, ...gitHubWorkflow],
  },
  'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1': {
    version: '1',
    provider: 'github',
    parameters: ['workflow', 'inputs', 'vars', 'release', 'deployment'],
    fields: [required('builder.id', builderV1, 'runnerEnvironment'), ...gitHubSource, ...gitHubWorkflow],
  },
  'https://w3id.org/countersign/buildtypes/ci-job/v1': {
    version: '1',
    parameters: ['source', 'config', 'inputs'],
    fields: [
      required('builder.id', builderV1, 'buildSignerUri'),
      ...gitHubSource,
      required(
        'externalParameters.source.repository',
        'buildDefinition.externalParameters.source.repository',
        'sourceRepositoryUri',
      ),
      required('externalParameters.source.ref', 'buildDefinition.externalParameters.source.ref', 'sourceRepositoryRef'),
      required('externalParameters.config', 'buildDefinition.externalParameters.config', 'buildConfigUri'),
      required('internalParameters.ci.trigger', `${ci}.trigger`, 'buildTrigger'),
      required('internalParameters.ci.runnerEnvironment', `${ci}.runnerEnvironment`, 'runnerEnvironment'),
      required(
        'internalParameters.ci.sourceRepositoryIdentifier',
        `${ci}.sourceRepositoryIdentifier`,
        'sourceRepositoryIdentifier',
      ),
      required(
        'internalParameters.ci.sourceRepositoryOwnerIdentifier',
        `${ci}.sourceRepositoryOwnerIdentifier`,
        'sourceRepositoryOwnerIdentifier',
      ),
      required('internalParameters.ci.deploymentEnvironment', `${ci}.deploymentEnvironment`, 'deploymentEnvironment'),
    ],
  },
  'https://slsa.dev/container-based-build/v0.1?draft': {
    version: '1',
    provider: 'github',
    parameters: ['source', 'builderImage', 'configPath', 'buildConfig'],
    fields: [
      required('builder.id', builderV1, 'buildSignerUri'),
      ...gitHubSource,
      required(
        'externalParameters.source.uri',
        'buildDefinition.externalParameters.source.uri',
        'sourceRepositoryUri',
        'sourceRepositoryRef',
      ),
      required(
        'externalParameters.source.digest.sha1',
        'buildDefinition.externalParameters.source.digest.sha1',
        'sourceRepositoryDigest',
      ),
      ...gitHubVariables('buildDefinition.internalParameters'),
    ],
  },
  'https://github.com/slsa-framework/slsa-github-generator/delegator-generic@v0': {
    version: '1',
    provider: 'github',
    parameters: ['inputs', 'vars'],
    fields: [
      required('builder.id', builderV1, 'buildSignerUri'),
      ...gitHubSource,
      ...gitHubVariables('buildDefinition.internalParameters'),
    ],
  },
  'https://github.com/slsa-framework/slsa-github-generator/generic@v1': slsaGeneratorV02,
  'https://github.com/slsa-framework/slsa-github-generator/go@v1': slsaGeneratorV02,
  'https://github.com/slsa-framework/slsa-github-generator/container@v1': slsaGeneratorV02,
  'https://github.com/npm/cli/gha/v2': {
    version: '0.2',
    provider: 'github',
    parameters: ['configSource', 'parameters'],
    fields: [
      // The runner, whichever it was.
      required('builder.id', 'builder.id'),
      ...configSource,
      ...gitHubVariables('invocation.environment'),
    ],
  },
  'https://github.com/npm/cli/gitlab/v0alpha1': {
    version: '0.2',
    provider: 'gitlab',
    parameters: ['configSource', 'parameters'],
    fields: [
      required('builder.id', 'builder.id', 'sourceRepositoryUri'),
      required('invocation.configSource.uri', 'invocation.configSource.uri', 'sourceRepositoryUri'),
      required('invocation.configSource.digest.sha1', 'invocation.configSource.digest.sha1', 'sourceRepositoryDigest'),
      required('source.uri', 'materials.0.uri', 'sourceRepositoryUri'),
      required('source.digest', 'materials.0.digest', 'sourceRepositoryDigest'),
      optional('metadata.buildInvocationId', 'metadata.buildInvocationId', 'runInvocationUri'),
    ],
  },
  'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/*/PROVENANCE.md': gitLabJob,
  'https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1': gitLabJob,
}
