/** GitHub's own build type, as actions/attest and we write it (actions.github.io/buildtypes/workflow/v1). */
import { gitHubWorkflowV1 } from '../../predicates/build-provenance.ts'
import { builderIsSigner, invocation, sourceCommit, sourceUri, workflowFields } from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const githubWorkflow: BuildTypeRow = {
  buildType: gitHubWorkflowV1,
  version: '1',
  provider: 'github',
  parameters: ['workflow'],
  fields: [builderIsSigner, sourceCommit, sourceUri, invocation, ...workflowFields],
}
