/** CircleCI (circleci.com/docs/openid-connect-tokens, "custom claims"). */
import type { ProviderRow } from './row.ts'
import { notSaid } from '../model/identity.ts'
import { ownerOf, uuid } from './sample.ts'

const circle = (name: string): string => `oidc.circleci.com/${name}`

export const circleci: ProviderRow = {
  id: 'circleci',
  title: 'CircleCI',
  issuers: ['https://oidc.circleci.com', 'https://oidc.circleci.com/org/*'],
  certifies: (name) => name.startsWith('https://circleci.com/api/v2/projects/'),
  mark: circle('pipeline-definition-id'),
  required: [
    circle('project-id'),
    circle('pipeline-definition-id'),
    circle('pipeline-id'),
    circle('workflow-id'),
    circle('job-id'),
  ],
  identity(claim) {
    const api = claim('api_url') || 'https://circleci.com/api/v2'
    // The slash at its end is Fulcio's: certificates have two of them there.
    const platform = claim('platform_url') || 'https://app.circleci.com/'
    const definition = `${api}/projects/${claim(circle('project-id'))}/pipeline-definitions/${claim(circle('pipeline-definition-id'))}`
    return {
      san: definition,
      extensions: {
        buildSignerUri: definition,
        buildConfigUri: `${api}/pipeline/${claim(circle('pipeline-id'))}/config`,
        runInvocationUri: `${platform}/workflow/${claim(circle('workflow-id'))}/job/${claim(circle('job-id'))}`,
        runnerEnvironment: claim(circle('ssh-rerun')) === 'true' ? 'ssh-rerun' : notSaid,
        sourceRepositoryRef: claim(circle('vcs-ref')),
        sourceRepositoryUri: claim(circle('vcs-origin')),
      },
    }
  },
  job: {
    variable: 'CIRCLECI',
    value: 'true',
    // The tokens in CIRCLE_OIDC_TOKEN and its _V2 have the organisation as their audience and are of no use to Sigstore.
    token: {
      kind: 'program',
      program: 'circleci',
      args: (audience) => ['run', 'oidc', 'get', '--claims', JSON.stringify({ aud: audience })],
    },
  },
  foreignTriggers: [],
  hostedRunners: [],
  sampleClaims(facts) {
    const { repository, ref } = facts
    const organization = uuid(ownerOf(repository))
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
}
