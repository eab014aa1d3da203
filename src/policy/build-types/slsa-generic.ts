/** slsa-github-generator's generic builder. */
import { builderIsSigner, configSourceFields, gitHubVariables, slsaGenerator } from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const slsaGeneric: BuildTypeRow = {
  buildType: `${slsaGenerator}/generic@v1`,
  version: '0.2',
  provider: 'github',
  parameters: ['configSource', 'parameters'],
  fields: [builderIsSigner, ...configSourceFields, ...gitHubVariables('lower')],
}
