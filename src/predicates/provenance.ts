/**
 * SLSA build provenance v1 (slsa.dev/provenance/v1, unchanged in SLSA 1.2), read. Unknown fields are ignored, as the
 * specification asks (parsing rules); what they may say is never a reason to accept.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import type { Provenance } from '../model/predicate.ts'
import { memberAt } from '../model/json.ts'
import { isClean, sparseFiles, untrackedFiles } from '../model/source-tree.ts'
import type { SourceAnnotation } from '../model/source-tree.ts'
import { absent, issueText, present, resourceDescriptor } from '../model/statement.ts'
import type { ResourceDescriptor } from '../model/statement.ts'
import { readAiConfiguration } from './ai-configuration.ts'
import { readBuild } from './byproducts.ts'
import type { PredicateRow } from './row.ts'
import { readChangesDigest, readSession, readSummary } from './session.ts'

export const provenanceV1 = 'https://slsa.dev/provenance/v1'

const text = z.string().check(z.maxLength(8_192))
const parameters = absent(z.record(z.string(), z.unknown()))
const dependencies = absent(z.array(resourceDescriptor))

/** Provenance v1 as it goes over the wire (slsa.dev/spec/v1.2/build-provenance). */
export const provenancePredicate = z.looseObject({
  buildDefinition: z.looseObject({
    buildType: text,
    externalParameters: parameters,
    internalParameters: parameters,
    resolvedDependencies: dependencies,
  }),
  runDetails: z.looseObject({
    builder: z.looseObject({ id: text, version: absent(z.record(z.string(), z.string())) }),
    metadata: absent(
      z.looseObject({
        invocationId: absent(text),
        startedOn: absent(text),
        finishedOn: absent(text),
      }),
    ),
    byproducts: dependencies,
  }),
})
export type ProvenancePredicate = z.infer<typeof provenancePredicate>

export const provenance: PredicateRow = {
  type: provenanceV1,
  read: (predicate) => ({ kind: 'build-provenance', ...readProvenanceV1(predicate) }),
}

/** Predicate of `provenanceV1` → view. Error: `predicate-malformed`. */
export function readProvenanceV1(predicate: unknown): Provenance {
  const parsed = provenancePredicate.safeParse(predicate)
  if (!parsed.success) {
    throw new CountersignError('predicate-malformed', `the provenance is malformed: ${issueText(parsed.error)}`)
  }
  const { buildDefinition, runDetails } = parsed.data
  const resolvedDependencies = (buildDefinition.resolvedDependencies ?? []).map(present)
  const byproducts = (runDetails.byproducts ?? []).map(present)
  const metadata = present(runDetails.metadata ?? {})
  return {
    version: '1',
    buildType: buildDefinition.buildType,
    builderId: runDetails.builder.id,
    invocationId: metadata.invocationId,
    externalParameters: buildDefinition.externalParameters ?? {},
    internalParameters: buildDefinition.internalParameters ?? {},
    resolvedDependencies,
    startedOn: metadata.startedOn,
    finishedOn: metadata.finishedOn,
    sessions: resolvedDependencies.flatMap((it) => readSession(it) ?? []),
    attribution: byproducts.map(readSummary).find((it) => it !== undefined),
    aiConfiguration: resolvedDependencies.map(readAiConfiguration).find((it) => it !== undefined),
    changeStatement: resolvedDependencies.map(readChangesDigest).find((it) => it !== undefined),
    tree: treeIn(resolvedDependencies),
    ...readBuild(byproducts),
  }
}

/** Of the source, wherever it stands; one that was changed is not hidden by another. */
function treeIn(dependencies: readonly ResourceDescriptor[]): SourceAnnotation | undefined {
  const said = dependencies.flatMap(({ annotations }) => {
    const ours = annotations?.['countersign']
    // Each by itself: one that is malformed hides no other.
    const [dirty, untracked] = [memberAt(ours, 'dirty'), untrackedFiles.safeParse(memberAt(ours, 'untracked'))]
    const sparse = z.nullable(sparseFiles).safeParse(memberAt(ours, 'sparse'))
    const tree: SourceAnnotation = {
      // Where nobody can read what was left out, nobody knows that the rest was all.
      ...(typeof dirty === 'boolean' && (dirty || sparse.success) ? { dirty } : {}),
      ...(untracked.success ? { untracked: untracked.data } : {}),
      ...(sparse.data === undefined || sparse.data === null ? {} : { sparse: sparse.data }),
    }
    return Object.keys(tree).length === 0 ? [] : [tree]
  })
  return said.find((it) => !isClean(it)) ?? said[0]
}
