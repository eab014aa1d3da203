/** What npm wrote for GitHub Actions before it took the community's build type (npm/cli libnpmpublish). */
import { builderIsRunner, configSourceFields, gitHubVariables } from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const npmGithub: BuildTypeRow = {
  buildType: 'https://github.com/npm/cli/gha/v2',
  version: '0.2',
  provider: 'github',
  parameters: ['configSource', 'parameters'],
  fields: [builderIsRunner, ...configSourceFields, ...gitHubVariables('upper')],
}
