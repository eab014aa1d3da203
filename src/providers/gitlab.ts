/** GitLab CI (docs.gitlab.com, "OpenID Connect authentication using ID tokens"). */
import type { ProviderRow } from './row.ts'
import { numericId, ownerOf, refType, shortRef } from './sample.ts'

export const gitlab: ProviderRow = {
  id: 'gitlab',
  title: 'GitLab CI',
  issuers: ['https://gitlab.com', 'https://dev.gitlab.org', 'https://ops.gitlab.net', 'https://gitlab.archlinux.org'],
  certifies: (name) => /^https:\/\/[^/]+\/.+?\/\/[^/].*@refs\/./.test(name),
  mark: 'ci_config_ref_uri',
  required: [
    'ci_config_ref_uri',
    'ci_config_sha',
    'runner_environment',
    'project_path',
    'sha',
    'ref_type',
    'ref',
    'project_id',
    'namespace_path',
    'namespace_id',
    'pipeline_source',
    'job_id',
    'project_visibility',
  ],
  identity(claim) {
    const config = `https://${claim('ci_config_ref_uri')}`
    // The public Fulcio has one address for all of GitLab's servers that it knows; a private one has its own server's.
    const host = claim('ci_config_ref_uri').split('/', 1)[0] ?? ''
    const url = claim('url') || (gitlab.issuers.includes(claim('iss')) ? 'https://gitlab.com' : `https://${host}`)
    const project = `${url}/${claim('project_path')}`
    return {
      san: config,
      extensions: {
        buildSignerUri: config,
        buildSignerDigest: claim('ci_config_sha'),
        runnerEnvironment: claim('runner_environment'),
        sourceRepositoryUri: project,
        sourceRepositoryDigest: claim('sha'),
        sourceRepositoryRef: `refs/${claim('ref_type') === 'branch' ? 'heads' : 'tags'}/${claim('ref')}`,
        sourceRepositoryIdentifier: claim('project_id'),
        sourceRepositoryOwnerUri: `${url}/${claim('namespace_path')}`,
        sourceRepositoryOwnerIdentifier: claim('namespace_id'),
        buildConfigUri: config,
        buildConfigDigest: claim('ci_config_sha'),
        buildTrigger: claim('pipeline_source'),
        runInvocationUri: `${project}/-/jobs/${claim('job_id')}`,
        sourceRepositoryVisibility: claim('project_visibility'),
        deploymentEnvironment: claim('environment'),
      },
    }
  },
  job: {
    variable: 'GITLAB_CI',
    value: 'true',
    token: {
      kind: 'variable',
      variable: 'SIGSTORE_ID_TOKEN',
      hint: (audience) => `add to the job: id_tokens: { SIGSTORE_ID_TOKEN: { aud: ${JSON.stringify(audience)} } }`,
    },
  },
  // docs.gitlab.com "Predefined CI/CD variables", CI_PIPELINE_SOURCE. A child of the pipeline of a merge request, and one that
  // another project started, do not say on whose change they run.
  foreignTriggers: ['merge_request_event', 'external_pull_request_event', 'parent_pipeline', 'pipeline'],
  hostedRunners: ['gitlab-hosted'],
  sampleClaims(facts) {
    const { repository, ref, sha } = facts
    const name = shortRef(ref)
    return {
      sub: `project_path:${repository}:ref_type:${refType(ref)}:ref:${name}`,
      ci_config_ref_uri: `gitlab.com/${repository}//${facts.workflow ?? '.gitlab-ci.yml'}@${ref}`,
      ci_config_sha: sha,
      ...(facts.environment === undefined ? {} : { environment: facts.environment, environment_protected: 'true' }),
      job_id: facts.runId,
      namespace_id: numericId(ownerOf(repository)),
      namespace_path: ownerOf(repository),
      pipeline_id: '880000001',
      pipeline_source: facts.event ?? 'push',
      project_id: numericId(repository),
      project_path: repository,
      project_visibility: facts.visibility ?? 'public',
      ref: name,
      ref_path: ref,
      ref_protected: 'true',
      ref_type: refType(ref),
      runner_environment: facts.runner ?? 'gitlab-hosted',
      runner_id: 12_270_837,
      sha,
      user_id: '1001',
      user_login: 'octocat',
    }
  },
}
