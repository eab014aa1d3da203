/** A new build type of SLSA 1, whose own field is the repository; its row by hand, and a genuine predicate. */
import { camelOf } from './made.ts'
import type { Made } from './made.ts'

export function newBuildType(name: string): Made {
  const buildType = `https://${name}.example/buildtypes/v1`
  return {
    files: { [`src/policy/build-types/${name}.ts`]: row(name, buildType) },
    rows: [
      {
        path: 'test/policy/written-rows.ts',
        behind: /^export const writtenRows: .* = \{\n/m,
        text: written(buildType),
      },
      { path: 'test/policy/build-types.test.ts', behind: /^const samples: .* = \{\n/m, text: sample(buildType) },
    ],
    now: `npm run tables && npx vitest run test/policy/build-types.test.ts`,
  }
}

const row = (
  name: string,
  buildType: string,
): string => `/** ${name} (say here who writes it, and where that is described). */
import { builderIsSigner, external, field, invocation, repository, sourceCommit, sourceUri } from './fields.ts'
import type { BuildTypeRow } from './row.ts'

export const ${camelOf(name)}: BuildTypeRow = {
  buildType: '${buildType}',
  version: '1',
  parameters: ['repository'],
  fields: [
    builderIsSigner,
    sourceCommit,
    sourceUri,
    invocation,
    field('externalParameters.repository', 'required', repository, external('repository')),
  ],
}
`

const written = (buildType: string): string => `  '${buildType}': {
    version: '1',
    parameters: ['repository'],
    fields: [
      required('builder.id', builderV1, 'buildSignerUri'),
      ...gitHubSource,
      required('externalParameters.repository', 'buildDefinition.externalParameters.repository', 'sourceRepositoryUri'),
    ],
  },
`

const sample = (buildType: string): string => `  '${buildType}': {
    type: provenanceV1,
    certificate: gitHub,
    predicate: v1('${buildType}', { repository: 'https://github.com/acme/widget' }, {}, signerOf(gitHub)),
  },
`
