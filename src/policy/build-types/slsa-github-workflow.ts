/** The SLSA community's build type for GitHub Actions, which npm writes as v1: the builder may be named as the runner. */
import { builderIsRunner, invocation, sourceCommit, sourceUri, workflowFields } from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const slsaGithubWorkflow: BuildTypeRow = {
  buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
  version: '1',
  provider: 'github',
  parameters: ['workflow', 'inputs', 'vars', 'release', 'deployment'],
  fields: [builderIsRunner, sourceCommit, sourceUri, invocation, ...workflowFields],
}
