/** Ours, for every CI without a build type of its own (docs/build-type.md). */
import { ciJobV1 } from '../../predicates/build-provenance.ts'
import {
  builderIsSigner,
  configuration,
  external,
  field,
  internal,
  invocation,
  ownerId,
  ref,
  repository,
  repositoryId,
  runner,
  sourceCommit,
  sourceUri,
  trigger,
} from './fields.ts'
import type { FromCertificate } from './fields.ts'
import type { BuildTypeRow, FieldRow } from './row.ts'

const ciField = (name: string, expected: FromCertificate): FieldRow =>
  field(`internalParameters.ci.${name}`, 'required', expected, internal('ci', name))

export const ciJob: BuildTypeRow = {
  buildType: ciJobV1,
  version: '1',
  parameters: ['source', 'config', 'inputs'],
  fields: [
    builderIsSigner,
    sourceCommit,
    sourceUri,
    invocation,
    field('externalParameters.source.repository', 'required', repository, external('source', 'repository')),
    field('externalParameters.source.ref', 'required', ref, external('source', 'ref')),
    field('externalParameters.config', 'required', configuration, external('config')),
    ciField('trigger', trigger),
    ciField('runnerEnvironment', runner),
    ciField('sourceRepositoryIdentifier', repositoryId),
    ciField('sourceRepositoryOwnerIdentifier', ownerId),
    ciField('deploymentEnvironment', (it) => it.extensions.deploymentEnvironment),
  ],
}
