/** Which row a provenance is held against, and what holds where there is none. */
import { compilePattern } from '../../model/identity.ts'
import { textAt } from '../../model/json.ts'
import type { Provenance } from '../../model/predicate.ts'
import { builderIsDelegated, commit, exactlyIf, gitHubWorkflow, gitUriWithoutRef } from './fields.ts'
import { buildTypeRows } from './index.ts'
import type { BuildTypeRow, FieldRow } from './row.ts'

const rows = buildTypeRows.map((row) => ({ row, pattern: compilePattern(row.buildType, 'the build type') }))

/** The row of a build type; undefined for one that nobody has described to us. */
export function buildTypeRow({ buildType, version }: Provenance): BuildTypeRow | undefined {
  return rows.find(({ row, pattern }) => row.version === version && pattern.matches(buildType))?.row
}

/**
 * What holds for every build type: a builder that is named as a workflow is the one that signed, and a dependency that is the
 * certificate's repository has the certificate's commit.
 */
export function generalFields({ resolvedDependencies }: Provenance): readonly FieldRow[] {
  const dependencies = resolvedDependencies.map((it, index): FieldRow => ({
    field: `resolvedDependencies[${index}].digest`,
    presence: 'optional',
    read: () => textAt(it, 'digest', 'gitCommit') ?? textAt(it, 'digest', 'sha1'),
    expect(certificate) {
      const uri = gitUriWithoutRef(certificate)
      return uri !== undefined && (it.uri === uri || it.uri?.startsWith(`${uri}@`) === true)
        ? exactlyIf(commit(certificate))
        : undefined
    },
  }))
  const builder: FieldRow = {
    ...builderIsDelegated,
    presence: 'optional',
    read: ({ builderId }) => (gitHubWorkflow.accepts(builderId) ? builderId : undefined),
  }
  return [builder, ...dependencies]
}
