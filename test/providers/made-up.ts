/** A CI provider that does not exist, as a row: what somebody writes who adds one, and all of it. */
import type { ProviderRow } from '../../src/providers/row.ts'
import { numericId, ownerOf, refType, shortRef } from '../../src/providers/sample.ts'

export const madeUp: ProviderRow = {
  id: 'made-up',
  title: 'Made-up CI',
  issuers: ['https://oidc.made-up.example', 'https://*.made-up.example'],
  certifies: (name) => name.startsWith('https://made-up.example/'),
  mark: 'made_up_pipeline',
  required: ['made_up_pipeline', 'made_up_run', 'repository', 'commit', 'ref', 'trigger', 'machine'],
  identity(claim) {
    const server = 'https://made-up.example'
    const repository = `${server}/${claim('repository')}`
    const pipeline = `${repository}/pipelines/${claim('made_up_pipeline')}@${claim('ref')}`
    return {
      san: pipeline,
      extensions: {
        buildSignerUri: pipeline,
        buildConfigUri: pipeline,
        sourceRepositoryUri: repository,
        sourceRepositoryDigest: claim('commit'),
        sourceRepositoryRef: claim('ref'),
        sourceRepositoryOwnerUri: `${server}/${claim('owner')}`,
        sourceRepositoryOwnerIdentifier: claim('owner_id'),
        buildTrigger: claim('trigger'),
        runnerEnvironment: claim('machine'),
        runInvocationUri: `${repository}/runs/${claim('made_up_run')}`,
      },
    }
  },
  job: {
    variable: 'MADE_UP_CI',
    value: 'yes',
    token: {
      kind: 'variable',
      variable: 'MADE_UP_TOKEN',
      hint: (audience) => `ask for one in the job: token: ${JSON.stringify(audience)}`,
    },
  },
  foreignTriggers: ['suggestion'],
  hostedRunners: ['made-up-cloud'],
  sampleClaims(facts) {
    const { repository, ref, sha } = facts
    return {
      sub: `made-up:${repository}:${refType(ref)}:${shortRef(ref)}`,
      made_up_pipeline: facts.workflow ?? 'release',
      made_up_run: Number(facts.runId),
      repository,
      owner: ownerOf(repository),
      owner_id: numericId(ownerOf(repository)),
      commit: sha,
      ref,
      trigger: facts.event ?? 'push',
      machine: facts.runner ?? 'made-up-cloud',
    }
  },
}
