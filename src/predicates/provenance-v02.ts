/** SLSA build provenance v0.2, read into the view of v1 (slsa.dev/spec/v1.0/provenance#migrating-from-02). */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import type { Provenance } from '../model/predicate.ts'
import { absent, issueText, present } from '../model/statement.ts'
import type { PredicateRow } from './row.ts'

const text = z.string().check(z.maxLength(8_192))

const materialV02 = z.looseObject({
  uri: absent(text),
  digest: absent(z.record(z.string(), z.string())),
})

const provenanceV02Shape = z.looseObject({
  builder: z.looseObject({ id: text }),
  buildType: text,
  invocation: absent(
    z.looseObject({
      configSource: absent(z.record(z.string(), z.unknown())),
      parameters: absent(z.unknown()),
      environment: absent(z.record(z.string(), z.unknown())),
    }),
  ),
  metadata: absent(
    z.looseObject({
      buildInvocationID: absent(text),
      buildInvocationId: absent(text),
      buildStartedOn: absent(text),
      buildFinishedOn: absent(text),
    }),
  ),
  materials: absent(z.array(materialV02)),
})

export const provenanceV02: PredicateRow = {
  type: 'https://slsa.dev/provenance/v0.2',
  read: (predicate) => ({ kind: 'build-provenance', ...readProvenanceV02(predicate) }),
}

/** Predicate → view. Error: `predicate-malformed`. */
function readProvenanceV02(predicate: unknown): Provenance {
  const parsed = provenanceV02Shape.safeParse(predicate)
  if (!parsed.success) {
    throw new CountersignError('predicate-malformed', `the provenance is malformed: ${issueText(parsed.error)}`)
  }
  const { builder, buildType, materials } = parsed.data
  const [invocation, metadata] = [present(parsed.data.invocation ?? {}), present(parsed.data.metadata ?? {})]
  return {
    version: '0.2',
    buildType,
    builderId: builder.id,
    invocationId: metadata.buildInvocationID ?? metadata.buildInvocationId,
    externalParameters: {
      ...(invocation.configSource === undefined ? {} : { configSource: invocation.configSource }),
      ...(invocation.parameters === undefined ? {} : { parameters: invocation.parameters }),
    },
    internalParameters: invocation.environment ?? {},
    resolvedDependencies: (materials ?? []).map(present).map(({ uri, digest }) => ({
      ...(uri === undefined ? {} : { uri }),
      digest: digest ?? {},
    })),
    startedOn: metadata.buildStartedOn,
    finishedOn: metadata.buildFinishedOn,
    sessions: [],
    attribution: undefined,
    aiConfiguration: undefined,
    changeStatement: undefined,
    tree: undefined,
    builtCommit: undefined,
    preparedIn: undefined,
    reasoningLog: undefined,
  }
}
