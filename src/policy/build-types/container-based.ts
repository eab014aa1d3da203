/** SLSA's container-based builds (slsa-github-generator internal/builders/docker). */
import {
  builderIsSigner,
  commit,
  external,
  field,
  gitHubVariables,
  gitUri,
  invocation,
  sourceCommit,
  sourceUri,
} from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const containerBased: BuildTypeRow = {
  buildType: 'https://slsa.dev/container-based-build/v0.1?draft',
  version: '1',
  provider: 'github',
  parameters: ['source', 'builderImage', 'configPath', 'buildConfig'],
  fields: [
    builderIsSigner,
    sourceCommit,
    sourceUri,
    invocation,
    field('externalParameters.source.uri', 'required', gitUri, external('source', 'uri')),
    field('externalParameters.source.digest.sha1', 'required', commit, external('source', 'digest', 'sha1')),
    ...gitHubVariables('upper'),
  ],
}
