/** slsa-github-generator's go builder. */
import { builderIsSigner, configSourceFields, gitHubVariables, slsaGenerator } from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const slsaGo: BuildTypeRow = {
  buildType: `${slsaGenerator}/go@v1`,
  version: '0.2',
  provider: 'github',
  parameters: ['configSource', 'parameters'],
  fields: [builderIsSigner, ...configSourceFields, ...gitHubVariables('lower')],
}
