/** GitLab's, by the name of its newer documentation. */
import { gitLabJobFields } from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const gitlabProvenance: BuildTypeRow = {
  buildType: 'https://docs.gitlab.com/ci/pipeline_security/slsa/provenance_v1',
  version: '1',
  provider: 'gitlab',
  parameters: ['source', 'entryPoint', 'variables'],
  fields: gitLabJobFields,
}
