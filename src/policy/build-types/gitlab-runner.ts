/** GitLab's runner, by its own document (gitlab-runner PROVENANCE.md). */
import { gitLabJobFields } from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const gitlabRunner: BuildTypeRow = {
  buildType: 'https://gitlab.com/gitlab-org/gitlab-runner/-/blob/*/PROVENANCE.md',
  version: '1',
  provider: 'gitlab',
  parameters: ['source', 'entryPoint', 'variables'],
  fields: gitLabJobFields,
}
