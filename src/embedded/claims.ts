/**
 * Claim sets as the CI providers' OIDC issuers write them, for tests and the demonstration: a few facts in, the claims that
 * depend on each other derived from them. What a token says beyond is added by spreading.
 */
import { createHash } from 'node:crypto'
import type { Claims, ProviderId } from '../model/provider.ts'

/** Facts of a CI job. Absent ones get a plausible value. */
export interface ClaimInputs {
  /** `owner/name`; for `local` any URL. */
  readonly repository?: string
  /** Full ref: `refs/heads/main`. */
  readonly ref?: string
  /** Full commit id. */
  readonly sha?: string
  /**
   * GitHub: the workflow of the job, as a file name in the repository (`release.yml`) or, for a reusable one elsewhere, whole
   * (`org/workflows/.github/workflows/build.yml@refs/tags/v1`). Others: the name of the pipeline.
   */
  readonly workflow?: string
  /** GitHub: file name of the workflow that called a reusable one. */
  readonly callerWorkflow?: string
  /** What started it, in the provider's own word. */
  readonly event?: string
  /** `github-hosted`, `self-hosted`… */
  readonly runner?: string
  /** `public`, `private`, `internal` */
  readonly visibility?: string
  readonly environment?: string
  readonly runId?: string
  readonly runAttempt?: string
  /** `generic`: the verified e-mail address. */
  readonly email?: string
}

type Facts = ClaimInputs & Required<Pick<ClaimInputs, 'repository' | 'ref' | 'sha' | 'runId'>>

/** All claims of a token but iss, aud and times, which the issuer sets. */
export function providerClaims(provider: ProviderId, inputs: ClaimInputs = {}): Claims {
  const facts: Facts = {
    ...inputs,
    repository: inputs.repository ?? (provider === 'local' ? 'https://github.com/acme/widget' : 'acme/widget'),
    ref: inputs.ref ?? 'refs/heads/main',
    sha: inputs.sha ?? '0123456789abcdef0123456789abcdef01234567',
    runId: inputs.runId ?? '7300000001',
  }
  return writers[provider](facts)
}

/** One row per provider. */
const writers: { readonly [provider in ProviderId]: (facts: Facts) => Claims } = {
  github(facts) {
    const { repository, ref, sha, environment } = facts
    const event = facts.event ?? 'push'
    const workflow = facts.workflow ?? 'release.yml'
    const inRepository = (file: string): string => `${repository}/.github/workflows/${file}@${ref}`
    const reusable = workflow.includes('@')
    const caller = reusable ? (facts.callerWorkflow ?? 'release.yml') : workflow
    const jobWorkflow = reusable ? workflow : inRepository(workflow)
    const context =
      environment !== undefined ? `environment:${environment}` : event === 'pull_request' ? event : `ref:${ref}`
    return {
      sub: `repo:${repository}:${context}`,
      actor: 'octocat',
      actor_id: '583231',
      base_ref: event === 'pull_request' ? 'main' : '',
      head_ref: event === 'pull_request' ? 'topic' : '',
      ...(environment === undefined ? {} : { environment }),
      event_name: event,
      job_workflow_ref: jobWorkflow,
      job_workflow_sha: reusable ? commitId(jobWorkflow) : sha,
      ref,
      ref_protected: 'true',
      ref_type: refType(ref),
      repository,
      repository_id: numericId(repository),
      repository_owner: owner(repository),
      repository_owner_id: numericId(owner(repository)),
      repository_visibility: facts.visibility ?? 'public',
      run_attempt: facts.runAttempt ?? '1',
      run_id: facts.runId,
      run_number: '42',
      runner_environment: facts.runner ?? 'github-hosted',
      sha,
      workflow: caller.replace(/\.ya?ml$/, ''),
      workflow_ref: inRepository(caller),
      workflow_sha: sha,
    }
  },

  gitlab(facts) {
    const { repository, ref, sha } = facts
    const name = shortRef(ref)
    return {
      sub: `project_path:${repository}:ref_type:${refType(ref)}:ref:${name}`,
      ci_config_ref_uri: `gitlab.com/${repository}//${facts.workflow ?? '.gitlab-ci.yml'}@${ref}`,
      ci_config_sha: sha,
      ...(facts.environment === undefined ? {} : { environment: facts.environment, environment_protected: 'true' }),
      job_id: facts.runId,
      namespace_id: numericId(owner(repository)),
      namespace_path: owner(repository),
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

  buildkite(facts) {
    const { repository, ref, sha } = facts
    const pipeline = facts.workflow ?? repository.slice(owner(repository).length + 1)
    const step = 'release'
    return {
      sub: `organization:${owner(repository)}:pipeline:${pipeline}:ref:${ref}:commit:${sha}:step:${step}`,
      agent_id: uuid(`agent ${repository}`),
      build_branch: shortRef(ref),
      build_commit: sha,
      build_number: 42,
      build_source: facts.event ?? 'webhook',
      build_tag: refType(ref) === 'tag' ? shortRef(ref) : null,
      job_id: uuid(`job ${facts.runId}`),
      organization_id: uuid(owner(repository)),
      organization_slug: owner(repository),
      pipeline_id: uuid(repository),
      pipeline_slug: pipeline,
      runner_environment: facts.runner ?? 'self-hosted',
      step_key: step,
    }
  },

  circleci(facts) {
    const { repository, ref } = facts
    const organization = uuid(owner(repository))
    const project = uuid(repository)
    const origin = `github.com/${repository}`
    const claims = {
      'context-ids': [],
      'job-id': uuid(`job ${facts.runId}`),
      'org-id': organization,
      'pipeline-definition-id': uuid(`definition ${facts.workflow ?? repository}`),
      'pipeline-id': uuid(`pipeline ${facts.runId}`),
      'project-id': project,
      'ssh-rerun': false,
      'vcs-origin': origin,
      'vcs-ref': ref,
      'workflow-id': uuid(`workflow ${facts.runId}`),
    }
    const user = uuid('octocat')
    return {
      sub: `org/${organization}/project/${project}/user/${user}/vcs-origin/${origin}/vcs-ref/${ref}`,
      ...Object.fromEntries(Object.entries(claims).map(([name, value]) => [`oidc.circleci.com/${name}`, value])),
    }
  },

  local({ repository, ref, sha, runId }) {
    return { sub: 'countersign:workstation', countersign_local: 'workstation', repository, ref, sha, run_id: runId }
  },

  generic({ email }) {
    const address = email ?? 'dev@acme.example'
    // Clients disagree on which of the two to sign as proof of possession, so both say the same.
    return { sub: address, email: address, email_verified: true }
  },
}

function owner(repository: string): string {
  return repository.slice(0, Math.max(repository.lastIndexOf('/'), 0)) || repository
}

function refType(ref: string): 'branch' | 'tag' {
  return ref.startsWith('refs/tags/') ? 'tag' : 'branch'
}

function shortRef(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '')
}

/** Ids that depend on their names alone, so that two tokens of one repository agree. */
function commitId(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 40)
}

function numericId(name: string): string {
  return createHash('sha256').update(name).digest().readUInt32BE().toString()
}

function uuid(name: string): string {
  return commitId(name).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')
}
