/**
 * What a CI provider's OIDC token becomes: OIDC claim → certificate extension, as Fulcio's configuration maps them
 * (sigstore/fulcio config/identity/config.yaml, `ci-issuer-metadata`). One row per provider; the attestation flow uses it to
 * know the identity that it will get, the embedded Fulcio to issue it.
 */
import type { Extensions } from './identity.ts'

/** Claims of a token after its signature was checked; all values are still of unknown type. */
export type Claims = { readonly [claim: string]: unknown }

/** The identity that Fulcio writes into the certificate for a token. */
export interface TokenIdentity {
  readonly provider: ProviderId
  readonly subjectAlternativeName: { readonly kind: 'uri' | 'email'; readonly value: string }
  readonly extensions: Extensions
}

export type ProviderId = 'github' | 'gitlab' | 'buildkite' | 'circleci' | 'local' | 'generic'

/** One provider: how to know its token, and the identity it gives. Absent claims are named, never guessed. */
export interface ProviderRow {
  readonly id: ProviderId
  readonly title: string
  /** Issuers that may mint such a token on public-good Sigstore, as globs without a scheme change. */
  readonly issuers: readonly string[]
  /** A claim that only this provider's tokens have. */
  readonly mark: string
  readonly required: readonly string[]
  identity(claim: (name: string) => string): {
    readonly san: string
    readonly extensions: { readonly [name in keyof Extensions]: string | undefined }
  }
}

const circle = (name: string): string => `oidc.circleci.com/${name}`

/** GitHub's server for an issuer: github.com, a data-residency tenant (*.ghe.com) or a GitHub Enterprise Server. */
export function gitHubServer(issuer: string): string {
  const tenant = /^https:\/\/token\.actions\.([a-z0-9-]+)\.ghe\.com(\/|$)/.exec(issuer)
  if (tenant?.[1] !== undefined) return `https://${tenant[1]}.ghe.com`
  const enterprise = /^(https:\/\/[a-z0-9.-]+)\/_services\/token$/.exec(issuer)
  return enterprise?.[1] ?? 'https://github.com'
}

export const providerRows: readonly ProviderRow[] = [
  {
    id: 'github',
    title: 'GitHub Actions',
    issuers: ['https://token.actions.githubusercontent.com', 'https://token.actions.githubusercontent.com/*'],
    mark: 'job_workflow_ref',
    required: [
      'event_name',
      'sha',
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
      const url = gitHubServer(claim('iss'))
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
  },
  {
    id: 'gitlab',
    title: 'GitLab CI',
    issuers: ['https://gitlab.com', 'https://dev.gitlab.org', 'https://ops.gitlab.net', 'https://gitlab.archlinux.org'],
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
      const url = `https://${claim('ci_config_ref_uri').split('/', 1)[0] ?? ''}`
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
  },
  {
    id: 'buildkite',
    title: 'Buildkite',
    issuers: ['https://agent.buildkite.com'],
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
      const pipeline = `https://buildkite.com/${claim('organization_slug')}/${claim('pipeline_slug')}`
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
  },
  {
    id: 'circleci',
    title: 'CircleCI',
    issuers: ['https://oidc.circleci.com', 'https://oidc.circleci.com/org/*'],
    mark: circle('pipeline-definition-id'),
    required: [
      circle('project-id'),
      circle('pipeline-definition-id'),
      circle('pipeline-id'),
      circle('workflow-id'),
      circle('job-id'),
      circle('vcs-ref'),
      circle('vcs-origin'),
    ],
    identity(claim) {
      const api = 'https://circleci.com/api/v2'
      const definition = `${api}/projects/${claim(circle('project-id'))}/pipeline-definitions/${claim(circle('pipeline-definition-id'))}`
      return {
        san: definition,
        extensions: {
          buildSignerUri: definition,
          buildConfigUri: `${api}/pipeline/${claim(circle('pipeline-id'))}/config`,
          runInvocationUri: `https://app.circleci.com/workflow/${claim(circle('workflow-id'))}/job/${claim(circle('job-id'))}`,
          runnerEnvironment: claim(circle('ssh-rerun')) === 'true' ? 'ssh-rerun' : undefined,
          sourceRepositoryRef: claim(circle('vcs-ref')),
          sourceRepositoryUri: claim(circle('vcs-origin')),
        },
      }
    },
  },
  {
    // Not a CI provider: what `--sigstore local` gives a person at a workstation. Its names say so.
    id: 'local',
    title: 'embedded Sigstore (proves nothing to others)',
    issuers: [],
    mark: 'countersign_local',
    required: ['countersign_local', 'repository', 'sha', 'ref', 'run_id'],
    identity(claim) {
      const signer = `https://sigstore.countersign.localhost/${claim('countersign_local')}`
      return {
        san: signer,
        extensions: {
          buildSignerUri: signer,
          sourceRepositoryUri: claim('repository'),
          sourceRepositoryDigest: claim('sha'),
          sourceRepositoryRef: claim('ref'),
          buildTrigger: 'workstation',
          runInvocationUri: `${signer}#${claim('run_id')}`,
        },
      }
    },
  },
]

/** The claim as text; numbers and booleans as GitLab and CircleCI send some of them. Absent or structured: ''. */
function textOf(claims: Claims, name: string): string {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** The row whose mark the claims carry; undefined for a token of no CI provider that we know (an e-mail, a workload). */
export function providerOf(claims: Claims): ProviderRow | undefined {
  return providerRows.find((row) => textOf(claims, row.mark) !== '')
}

/** The required claims that are absent or empty. */
export function missingClaims(row: ProviderRow, claims: Claims): string[] {
  return row.required.filter((name) => textOf(claims, name) === '')
}

/**
 * The identity that Fulcio writes for these claims. For tokens of no known provider: the e-mail address if it is verified,
 * else the subject where it is a URI; undefined where Fulcio would refuse.
 */
export function tokenIdentity(claims: Claims): TokenIdentity | undefined {
  const common = { issuer: textOf(claims, 'iss'), issuerV1: textOf(claims, 'iss'), tokenSubject: textOf(claims, 'sub') }
  const row = providerOf(claims)
  if (row !== undefined) {
    if (missingClaims(row, claims).length > 0) return undefined
    const { san, extensions } = row.identity((name) => textOf(claims, name))
    return {
      provider: row.id,
      subjectAlternativeName: { kind: 'uri', value: san },
      extensions: { ...common, ...withoutGaps(extensions) },
    }
  }
  const email = textOf(claims, 'email')
  const subject = textOf(claims, 'sub')
  if (email !== '') {
    if (textOf(claims, 'email_verified') !== 'true') return undefined
    return { provider: 'generic', subjectAlternativeName: { kind: 'email', value: email }, extensions: common }
  }
  if (!/^(https?|spiffe):\/\/./.test(subject)) return undefined
  return { provider: 'generic', subjectAlternativeName: { kind: 'uri', value: subject }, extensions: common }
}

function withoutGaps(extensions: { readonly [name in keyof Extensions]: string | undefined }): Extensions {
  return Object.fromEntries(Object.entries(extensions).filter(([, value]) => value !== undefined && value !== ''))
}
