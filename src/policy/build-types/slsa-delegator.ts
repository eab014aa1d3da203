/** slsa-github-generator's "bring your own builder": the delegator signs for the tool that built. */
import { builderIsDelegated, gitHubVariables, invocation, slsaGenerator, sourceCommit, sourceUri } from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const slsaDelegator: BuildTypeRow = {
  buildType: `${slsaGenerator}/delegator-generic@v0`,
  version: '1',
  provider: 'github',
  parameters: ['inputs', 'vars'],
  fields: [builderIsDelegated, sourceCommit, sourceUri, invocation, ...gitHubVariables('upper')],
}
