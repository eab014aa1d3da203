/** slsa-github-generator's container builder. */
import { builderIsSigner, configSourceFields, gitHubVariables, slsaGenerator } from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const slsaContainer: BuildTypeRow = {
  buildType: `${slsaGenerator}/container@v1`,
  version: '0.2',
  provider: 'github',
  parameters: ['configSource', 'parameters'],
  fields: [builderIsSigner, ...configSourceFields, ...gitHubVariables('lower')],
}
