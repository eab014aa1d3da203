/** SLSA build provenance v0.2, read into the view of v1 (slsa.dev/spec/v1.0/provenance#migrating-from-02). */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import type { Provenance } from '../model/predicate.ts'
import { issueText } from '../model/statement.ts'
import type { PredicateRow } from './row.ts'

const text = z.string().check(z.maxLength(8_192))

const materialV02 = z.looseObject({
  uri: z.optional(text),
  digest: z.optional(z.nullable(z.record(z.string(), z.string()))),
})

const provenanceV02Shape = z.looseObject({
  builder: z.looseObject({ id: text }),
  buildType: text,
  invocation: z.optional(
    z.looseObject({
      configSource: z.optional(z.record(z.string(), z.unknown())),
      parameters: z.optional(z.unknown()),
      environment: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
    }),
  ),
  metadata: z.optional(
    z.looseObject({
      buildInvocationID: z.optional(text),
      buildInvocationId: z.optional(text),
      buildStartedOn: z.optional(text),
      buildFinishedOn: z.optional(text),
    }),
  ),
  materials: z.optional(z.nullable(z.array(materialV02))),
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
  const { builder, buildType, invocation, metadata, materials } = parsed.data
  return {
    version: '0.2',
    buildType,
    builderId: builder.id,
    invocationId: metadata?.buildInvocationID ?? metadata?.buildInvocationId,
    externalParameters: {
      ...(invocation?.configSource === undefined ? {} : { configSource: invocation.configSource }),
      ...(invocation?.parameters === undefined ? {} : { parameters: invocation.parameters }),
    },
    internalParameters: invocation?.environment ?? {},
    resolvedDependencies: (materials ?? []).map(({ uri, digest }) => ({
      ...(uri === undefined ? {} : { uri }),
      digest: digest ?? {},
    })),
    startedOn: metadata?.buildStartedOn,
    finishedOn: metadata?.buildFinishedOn,
    sessions: [],
    attribution: undefined,
    tree: undefined,
    builtCommit: undefined,
    preparedIn: undefined,
  }
}
