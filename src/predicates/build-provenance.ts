/** Facts → the predicate of build provenance that an attestation carries. */
import type { Facts, ReleaseRange } from '../model/facts.ts'
import { builderUri, certifiedBuild, splitIdentity } from '../model/identity.ts'
import type { AttributionSummary } from '../model/session.ts'
import type { ResourceDescriptor } from '../model/statement.ts'
import { gitHubServer } from '../providers/github.ts'
import type { ProvenancePredicate } from './provenance.ts'
import { sessionDescriptor, summaryDescriptor } from './session.ts'

/** GitHub's own build type, with the fields that gh, npm and the admission controllers read; it knows no inputs. */
export const gitHubWorkflowV1 = 'https://actions.github.io/buildtypes/workflow/v1'
/** Ours, for every other CI, and where inputs are recorded. A name, never fetched; described in docs/build-type.md. */
export const ciJobV1 = 'https://w3id.org/countersign/buildtypes/ci-job/v1'

/**
 * Facts → predicate. Every platform fact comes from the verified token (DESIGN rule 5); only what the token cannot say comes
 * from git, and only declared inputs from the environment.
 */
export function buildProvenance(facts: Facts, toolVersion: string): ProvenancePredicate {
  const { identity } = facts.token
  const { extensions } = identity
  const source = certifiedBuild(extensions).source ?? facts.source.remote
  const ref = extensions.sourceRepositoryRef ?? facts.source.ref
  const commit = extensions.sourceRepositoryDigest ?? facts.source.commit
  const definition = fitsGitHubsType(facts) ? gitHubDefinition(facts) : ciJobDefinition(facts)
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
        id: builderUri(identity) ?? identity.subjectAlternativeName.value,
        version: { countersign: toolVersion },
      },
      metadata: {
        ...(extensions.runInvocationUri === undefined ? {} : { invocationId: extensions.runInvocationUri }),
      },
      byproducts: [summaryDescriptor(summaryOf(facts))],
    },
  }
}

/** The events that GitHub's build type is for, by its own document. */
const gitHubEvents: readonly unknown[] = ['create', 'release', 'push', 'workflow_dispatch']

function fitsGitHubsType({ token: { identity, claims }, inputs }: Facts): boolean {
  return identity.provider === 'github' && inputs === undefined && gitHubEvents.includes(claims['event_name'])
}

interface Definition {
  readonly buildType: string
  readonly externalParameters: Record<string, unknown>
  readonly internalParameters: Record<string, unknown>
}

/** The fields of actions/attest (@actions/attest buildSLSAProvenancePredicate), which its document knows; inputs are none of them. */
function gitHubDefinition(facts: Facts): Definition {
  const { claims, issuer } = facts.token
  const { extensions } = facts.token.identity
  const repository = String(claims['repository'])
  const { file } = splitIdentity(String(claims['workflow_ref']))
  return {
    buildType: gitHubWorkflowV1,
    externalParameters: {
      workflow: {
        ref: String(claims['ref']),
        repository: `${gitHubServer(issuer)}/${repository}`,
        path: file.slice(`${repository}/`.length),
      },
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
  const { source, runner } = certifiedBuild(extensions)
  return {
    buildType: ciJobV1,
    externalParameters: {
      source: present({
        repository: source ?? facts.source.remote,
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
          runnerEnvironment: runner,
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
    range: rangeOf(sessions.range),
    commits: { total, claimed, unknown: total - claimed },
    ...(sessions.lines === undefined ? {} : { lines: { ...sessions.lines } }),
    readers: sessions.readers.map((it) => ({ ...it })),
    findings: { ...sessions.findingCounts },
  }
}

function rangeOf({ since, until, sinceName, reason, base, paths, cut }: ReleaseRange): AttributionSummary['range'] {
  return {
    since,
    until,
    reason,
    ...present({ sinceName, base }),
    ...(paths.length === 0 ? {} : { paths: [...paths] }),
    ...(cut ? { cut } : {}),
  }
}
