/**
 * SLSA build provenance: v1 (slsa.dev/provenance/v1, unchanged in SLSA 1.2) written and read, v0.2 read. Unknown fields are
 * ignored, as the specification asks (parsing rules); what they may say is never a reason to accept.
 */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import type { Facts } from '../model/facts.ts'
import { gitHubServer } from '../model/provider.ts'
import type { Provenance } from '../model/evidence.ts'
import type { AttributionSummary } from '../model/session.ts'
import { issueText, resourceDescriptor } from '../model/statement.ts'
import type { ResourceDescriptor } from '../model/statement.ts'
import { readSession, readSummary, sessionDescriptor, summaryDescriptor } from './session.ts'

export const provenanceV1 = 'https://slsa.dev/provenance/v1'
export const provenanceV02 = 'https://slsa.dev/provenance/v0.2'

/** GitHub's own build type, with the fields that gh, npm and the admission controllers read. */
export const gitHubWorkflowV1 = 'https://actions.github.io/buildtypes/workflow/v1'
/** Ours, for every other CI. A name, never fetched; described in docs/build-type.md. */
export const ciJobV1 = 'https://w3id.org/countersign/buildtypes/ci-job/v1'

const text = z.string().check(z.maxLength(8_192))
const parameters = z.optional(z.nullable(z.record(z.string(), z.unknown())))
const dependencies = z.optional(z.nullable(z.array(resourceDescriptor)))

/** Provenance v1 as it goes over the wire (slsa.dev/spec/v1.2/build-provenance). */
export const provenancePredicate = z.looseObject({
  buildDefinition: z.looseObject({
    buildType: text,
    externalParameters: parameters,
    internalParameters: parameters,
    resolvedDependencies: dependencies,
  }),
  runDetails: z.looseObject({
    builder: z.looseObject({ id: text, version: z.optional(z.record(z.string(), z.string())) }),
    metadata: z.optional(
      z.nullable(
        z.looseObject({
          invocationId: z.optional(text),
          startedOn: z.optional(text),
          finishedOn: z.optional(text),
        }),
      ),
    ),
    byproducts: dependencies,
  }),
})
export type ProvenancePredicate = z.infer<typeof provenancePredicate>

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
      environment: parameters,
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

/** Predicate of `provenanceV1` → view. Error: `predicate-malformed`. */
export function readProvenanceV1(predicate: unknown): Provenance {
  const parsed = provenancePredicate.safeParse(predicate)
  if (!parsed.success) throw malformed(issueText(parsed.error))
  const { buildDefinition, runDetails } = parsed.data
  const resolvedDependencies = buildDefinition.resolvedDependencies ?? []
  return {
    version: '1',
    buildType: buildDefinition.buildType,
    builderId: runDetails.builder.id,
    invocationId: runDetails.metadata?.invocationId,
    externalParameters: buildDefinition.externalParameters ?? {},
    internalParameters: buildDefinition.internalParameters ?? {},
    resolvedDependencies,
    startedOn: runDetails.metadata?.startedOn,
    finishedOn: runDetails.metadata?.finishedOn,
    sessions: resolvedDependencies.flatMap((it) => readSession(it) ?? []),
    attribution: (runDetails.byproducts ?? []).map(readSummary).find((it) => it !== undefined),
  }
}

/** Predicate of `provenanceV02` → view, by the mapping of slsa.dev/spec/v1.0/provenance#migrating-from-02. */
export function readProvenanceV02(predicate: unknown): Provenance {
  const parsed = provenanceV02Shape.safeParse(predicate)
  if (!parsed.success) throw malformed(issueText(parsed.error))
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
  }
}

function malformed(reason: string): CountersignError {
  return new CountersignError('predicate-malformed', `the provenance is malformed: ${reason}`)
}

/**
 * Facts → predicate. Every platform fact comes from the verified token (DESIGN rule 5); only what the token cannot say comes
 * from git, and only declared inputs from the environment.
 */
export function buildProvenance(facts: Facts, toolVersion: string): ProvenancePredicate {
  const { extensions, subjectAlternativeName } = facts.token.identity
  const source = extensions.sourceRepositoryUri ?? facts.source.remote
  const ref = extensions.sourceRepositoryRef ?? facts.source.ref
  const commit = extensions.sourceRepositoryDigest ?? facts.source.commit
  const definition = facts.token.identity.provider === 'github' ? gitHubDefinition(facts) : ciJobDefinition(facts)
  const sourceDependency: ResourceDescriptor = {
    ...(source === undefined ? {} : { uri: `git+${source}${ref === undefined ? '' : `@${ref}`}` }),
    digest: { gitCommit: commit },
    ...(facts.source.dirty ? { annotations: { countersign: { dirty: true } } } : {}),
  }
  return {
    buildDefinition: {
      ...definition,
      resolvedDependencies: [sourceDependency, ...facts.sessions.sessions.map(sessionDescriptor)],
    },
    runDetails: {
      builder: {
        id: extensions.buildSignerUri ?? subjectAlternativeName.value,
        version: { countersign: toolVersion },
      },
      metadata: {
        ...(extensions.runInvocationUri === undefined ? {} : { invocationId: extensions.runInvocationUri }),
      },
      byproducts: [summaryDescriptor(summaryOf(facts))],
    },
  }
}

interface Definition {
  readonly buildType: string
  readonly externalParameters: Record<string, unknown>
  readonly internalParameters: Record<string, unknown>
}

/** The fields of actions/attest (@actions/attest buildSLSAProvenancePredicate), plus the inputs of a dispatched run. */
function gitHubDefinition(facts: Facts): Definition {
  const { claims, issuer } = facts.token
  const { extensions } = facts.token.identity
  const repository = String(claims['repository'])
  const [path] = String(claims['workflow_ref']).slice(`${repository}/`.length).split('@', 1)
  return {
    buildType: gitHubWorkflowV1,
    externalParameters: {
      workflow: { ref: String(claims['ref']), repository: `${gitHubServer(issuer)}/${repository}`, path: path ?? '' },
      ...(facts.inputs === undefined ? {} : { inputs: facts.inputs }),
    },
    internalParameters: {
      github: {
        event_name: extensions.buildTrigger,
        repository_id: extensions.sourceRepositoryIdentifier,
        repository_owner_id: extensions.sourceRepositoryOwnerIdentifier,
        runner_environment: extensions.runnerEnvironment,
      },
    },
  }
}

function ciJobDefinition(facts: Facts): Definition {
  const { extensions, provider } = facts.token.identity
  return {
    buildType: ciJobV1,
    externalParameters: {
      source: present({
        repository: extensions.sourceRepositoryUri ?? facts.source.remote,
        ref: extensions.sourceRepositoryRef ?? facts.source.ref,
      }),
      ...present({ config: extensions.buildConfigUri }),
      ...(facts.inputs === undefined ? {} : { inputs: facts.inputs }),
    },
    internalParameters: {
      ci: {
        provider,
        ...present({
          trigger: extensions.buildTrigger,
          runnerEnvironment: extensions.runnerEnvironment,
          sourceRepositoryIdentifier: extensions.sourceRepositoryIdentifier,
          sourceRepositoryOwnerIdentifier: extensions.sourceRepositoryOwnerIdentifier,
          deploymentEnvironment: extensions.deploymentEnvironment,
        }),
      },
    },
  }
}

function present(values: { readonly [name: string]: string | undefined }): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function summaryOf({ sessions }: Facts): AttributionSummary {
  const { total, claimed } = sessions.commits
  return {
    range: { since: sessions.range.since, until: sessions.range.until },
    commits: { total, claimed, unknown: total - claimed },
    ...(sessions.lines === undefined ? {} : { lines: { ...sessions.lines } }),
    readers: sessions.readers.map((it) => ({ ...it })),
    findings: { ...sessions.findingCounts },
  }
}
