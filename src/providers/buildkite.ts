/** Buildkite (buildkite.com/docs/agent/v3/cli-oidc): the agent beside the job gives the token. */
import type { ProviderRow } from './row.ts'
import { ownerOf, refType, shortRef, uuid } from './sample.ts'

export const buildkite: ProviderRow = {
  id: 'buildkite',
  title: 'Buildkite',
  issuers: ['https://agent.buildkite.com'],
  certifies: (name) => /^https:\/\/buildkite\.com\/[^/]+\/[^/]+$/.test(name),
  mark: 'pipeline_slug',
  required: [
    'organization_slug',
    'pipeline_slug',
    'build_number',
    'build_commit',
    'job_id',
    'runner_environment',
    'build_source',
  ],
  identity(claim) {
    const pipeline = `${claim('url') || 'https://buildkite.com'}/${claim('organization_slug')}/${claim('pipeline_slug')}`
    return {
      san: pipeline,
      extensions: {
        runnerEnvironment: claim('runner_environment'),
        sourceRepositoryDigest: claim('build_commit'),
        buildTrigger: claim('build_source'),
        runInvocationUri: `${pipeline}/builds/${claim('build_number')}#${claim('job_id')}`,
      },
    }
  },
  job: {
    variable: 'BUILDKITE',
    value: 'true',
    token: {
      kind: 'program',
      program: 'buildkite-agent',
      args: (audience) => ['oidc', 'request-token', '--audience', audience],
    },
  },
  // buildkite.com/docs "Environment variables", BUILDKITE_SOURCE: a build of a fork is a `webhook` as any other (SECURITY.md).
  foreignTriggers: [],
  hostedRunners: ['buildkite-hosted'],
  sampleClaims(facts) {
    const { repository, ref, sha } = facts
    const pipeline = facts.workflow ?? repository.slice(ownerOf(repository).length + 1)
    const step = 'release'
    return {
      sub: `organization:${ownerOf(repository)}:pipeline:${pipeline}:ref:${ref}:commit:${sha}:step:${step}`,
      agent_id: uuid(`agent ${repository}`),
      build_branch: shortRef(ref),
      build_commit: sha,
      build_number: 42,
      build_source: facts.event ?? 'webhook',
      build_tag: refType(ref) === 'tag' ? shortRef(ref) : null,
      job_id: uuid(`job ${facts.runId}`),
      organization_id: uuid(ownerOf(repository)),
      organization_slug: ownerOf(repository),
      pipeline_id: uuid(repository),
      pipeline_slug: pipeline,
      runner_environment: facts.runner ?? 'self-hosted',
      step_key: step,
    }
  },
}
