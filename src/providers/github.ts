/** GitHub Actions (docs.github.com, "OpenID Connect reference"). */
import type { ProviderRow } from './row.ts'
import { splitIdentity } from '../model/identity.ts'
import { commitId, numericId, ownerOf, refType } from './sample.ts'

/** GitHub's server for an issuer: github.com, a data-residency tenant (*.ghe.com) or a GitHub Enterprise Server. */
export function gitHubServer(issuer: string): string {
  const tenant = /^https:\/\/token\.actions\.([a-z0-9-]+)\.ghe\.com(\/|$)/.exec(issuer)
  if (tenant?.[1] !== undefined) return `https://${tenant[1]}.ghe.com`
  const enterprise = /^(https:\/\/[a-z0-9.-]+)\/_services\/token$/.exec(issuer)
  return enterprise?.[1] ?? 'https://github.com'
}

export const github: ProviderRow = {
  id: 'github',
  title: 'GitHub Actions',
  issuers: ['https://token.actions.githubusercontent.com', 'https://token.actions.githubusercontent.com/*'],
  certifies: (name) => /^https:\/\/[^/]+\/[^/]+\/[^/]+\/\.github\/workflows\/[^/]+@./.test(name),
  mark: 'job_workflow_ref',
  required: [
    'event_name',
    'sha',
    'workflow',
    'repository',
    'ref',
    'job_workflow_ref',
    'job_workflow_sha',
    'runner_environment',
    'repository_id',
    'repository_owner',
    'repository_owner_id',
    'repository_visibility',
    'workflow_ref',
    'workflow_sha',
    'run_id',
    'run_attempt',
  ],
  identity(claim) {
    const url = claim('url') || gitHubServer(claim('iss'))
    const repository = `${url}/${claim('repository')}`
    return {
      san: `${url}/${claim('job_workflow_ref')}`,
      extensions: {
        githubTrigger: claim('event_name'),
        githubSha: claim('sha'),
        githubName: claim('workflow'),
        githubRepository: claim('repository'),
        githubRef: claim('ref'),
        buildSignerUri: `${url}/${claim('job_workflow_ref')}`,
        buildSignerDigest: claim('job_workflow_sha'),
        runnerEnvironment: claim('runner_environment'),
        sourceRepositoryUri: repository,
        sourceRepositoryDigest: claim('sha'),
        sourceRepositoryRef: claim('ref'),
        sourceRepositoryIdentifier: claim('repository_id'),
        sourceRepositoryOwnerUri: `${url}/${claim('repository_owner')}`,
        sourceRepositoryOwnerIdentifier: claim('repository_owner_id'),
        buildConfigUri: `${url}/${claim('workflow_ref')}`,
        buildConfigDigest: claim('workflow_sha'),
        buildTrigger: claim('event_name'),
        runInvocationUri: `${repository}/actions/runs/${claim('run_id')}/attempts/${claim('run_attempt')}`,
        sourceRepositoryVisibility: claim('repository_visibility'),
        deploymentEnvironment: claim('environment'),
      },
    }
  },
  job: {
    variable: 'GITHUB_ACTIONS',
    value: 'true',
    // docs.github.com, "OpenID Connect reference": requesting the JWT by environment variables
    token: {
      kind: 'request',
      url: 'ACTIONS_ID_TOKEN_REQUEST_URL',
      bearer: 'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
      hint: 'give the job `permissions: id-token: write` (a pull request from a fork never gets it)',
    },
    inputs: {
      variable: 'GITHUB_EVENT_NAME',
      value: 'workflow_dispatch',
      file: 'GITHUB_EVENT_PATH',
      member: 'inputs',
    },
  },
  // docs.github.com "Events that trigger workflows": the first four run on the merge commit of a pull request; of the others the
  // code is the repository's, but they are there to act on a pull request, or on what one built, and anybody can cause them.
  foreignTriggers: [
    'pull_request',
    'pull_request_target',
    'pull_request_review',
    'pull_request_review_comment',
    'workflow_run',
    'issue_comment',
  ],
  hostedRunners: ['github-hosted'],
  sampleClaims(facts) {
    const { repository, ref, sha, environment } = facts
    const event = facts.event ?? 'push'
    const workflow = facts.workflow ?? 'release.yml'
    const inRepository = (file: string): string => `${repository}/.github/workflows/${file}@${ref}`
    const reusable = workflow.includes('/')
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
      job_workflow_sha: reusable ? calledCommit(jobWorkflow) : sha,
      ref,
      ref_protected: 'true',
      ref_type: refType(ref),
      repository,
      repository_id: numericId(repository),
      repository_owner: ownerOf(repository),
      repository_owner_id: numericId(ownerOf(repository)),
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
}

/** A workflow that is called at a commit is that commit's; what else a ref points to is made up. */
function calledCommit(workflow: string): string {
  const { ref = '' } = splitIdentity(workflow)
  return /^[0-9a-f]+$/.test(ref) ? ref : commitId(workflow)
}
