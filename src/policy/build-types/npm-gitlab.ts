/** What npm writes for GitLab CI (npm/cli libnpmpublish). */
import {
  builderIsGitLabRunner,
  commit,
  external,
  field,
  gitUriWithoutRef,
  run,
  sourceCommit,
  sourceUriOf,
} from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const npmGitlab: BuildTypeRow = {
  buildType: 'https://github.com/npm/cli/gitlab/v0alpha1',
  version: '0.2',
  provider: 'gitlab',
  parameters: ['configSource', 'parameters'],
  fields: [
    builderIsGitLabRunner,
    field('invocation.configSource.uri', 'required', gitUriWithoutRef, external('configSource', 'uri')),
    field('invocation.configSource.digest.sha1', 'required', commit, external('configSource', 'digest', 'sha1')),
    field('source.uri', 'required', gitUriWithoutRef, sourceUriOf),
    sourceCommit,
    field('metadata.buildInvocationId', 'optional', run, (it) => it.invocationId),
  ],
}
