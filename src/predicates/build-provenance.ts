/** Facts → the predicate of build provenance that an attestation carries. */
import type { CollectedSessions, Facts, ReleaseRange, Source } from '../model/facts.ts'
import { builderUri, certifiedBuild, splitIdentity } from '../model/identity.ts'
import type { AttributionSummary, ReaderReport } from '../model/session.ts'
import type { SourceAnnotation, Submodules } from '../model/source-tree.ts'
import type { ResourceDescriptor } from '../model/statement.ts'
import { gitHubServer } from '../providers/github.ts'
import { aiConfigurationDescriptor } from './ai-configuration.ts'
import { builtCommitDescriptor, preparedInDescriptor, reasoningLogDescriptor } from './byproducts.ts'
import type { ProvenancePredicate } from './provenance.ts'
import { changesDescriptor, sessionDescriptor, summaryDescriptor } from './session.ts'

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
  const source = certifiedBuild(extensions).source ?? facts.source?.remote
  const ref = extensions.sourceRepositoryRef ?? facts.source?.ref
  const built = facts.source?.commit
  const commit = extensions.sourceRepositoryDigest ?? built
  if (commit === undefined) throw new TypeError('neither token nor checkout names a commit')
  const definition = fitsGitHubsType(facts) ? gitHubDefinition(facts) : ciJobDefinition(facts)
  const sourceDependency: ResourceDescriptor = {
    ...(source === undefined ? {} : { uri: `git+${source}${ref === undefined ? '' : `@${ref}`}` }),
    digest: { gitCommit: commit },
    // Said also of a clean one: silence would be no answer to whoever asks for it.
    ...(facts.source === undefined ? {} : { annotations: { countersign: annotationOf(facts.source) } }),
  }
  return {
    buildDefinition: {
      ...definition,
      resolvedDependencies: [
        sourceDependency,
        ...aiDependencies(facts.sessions),
        ...(facts.changeStatement === undefined ? [] : [changesDescriptor(facts.changeStatement)]),
      ],
    },
    runDetails: {
      builder: {
        id: builderUri(identity) ?? identity.subjectAlternativeName.value,
        version: { countersign: toolVersion },
      },
      metadata: {
        ...(extensions.runInvocationUri === undefined ? {} : { invocationId: extensions.runInvocationUri }),
      },
      byproducts: [
        summaryDescriptor(summaryOf(facts)),
        ...(built === undefined || built === commit ? [] : [builtCommitDescriptor(source, built)]),
        ...(facts.preparedIn === undefined ? [] : [preparedInDescriptor(facts.preparedIn)]),
        ...(facts.reasoningLog === undefined ? [] : [reasoningLogDescriptor(facts.reasoningLog)]),
      ],
    },
  }
}

/** A range that no job has built: what its provenance will say of AI, and nothing else. */
export function unbuiltProvenance(range: Collected): ProvenancePredicate {
  return {
    buildDefinition: { buildType: ciJobV1, resolvedDependencies: aiDependencies(range.sessions) },
    runDetails: { builder: { id: '' }, byproducts: [summaryDescriptor(summaryOf(range))] },
  }
}

/** What is known of a range, and of the tree that it ends with. */
export interface Collected extends Pick<Facts, 'sessions'> {
  readonly source: Pick<Source, 'submodules'> | undefined
}

function aiDependencies({ sessions, aiConfiguration }: CollectedSessions): ResourceDescriptor[] {
  return [
    ...sessions.map(sessionDescriptor),
    ...(aiConfiguration === undefined ? [] : [aiConfigurationDescriptor(aiConfiguration)]),
  ]
}

/** The events that GitHub's build type is for, by its own document. */
const gitHubEvents: readonly unknown[] = ['create', 'release', 'push', 'workflow_dispatch']

function fitsGitHubsType({ token: { identity, claims }, inputs }: Facts): boolean {
  return identity.provider === 'github' && inputs === undefined && gitHubEvents.includes(claims['event_name'])
}

/** What is signed of a work tree. */
export function annotationOf({ dirty, untracked, sparse }: Source): SourceAnnotation {
  return { dirty, untracked: { ...untracked }, ...(sparse === undefined ? {} : { sparse: { ...sparse } }) }
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
        repository: certifiedBuild(extensions).source ?? `${gitHubServer(issuer)}/${repository}`,
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
        repository: source ?? facts.source?.remote,
        ref: extensions.sourceRepositoryRef ?? facts.source?.ref,
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

function summaryOf(facts: Collected): AttributionSummary {
  const { sessions, source } = facts
  const submodules = source?.submodules ?? { count: 0, first: [] }
  const { total, claimed } = sessions.commits
  return {
    range: rangeOf(sessions.range),
    commits: { total, claimed, unknown: total - claimed },
    ...(sessions.lines === undefined ? {} : { lines: { ...sessions.lines } }),
    readers: readersOf(facts).map((it) => ({ ...it })),
    findings: { ...sessions.findingCounts },
    ...(sessions.config === undefined ? {} : { config: { ...sessions.config } }),
    ...(submodules.count === 0 ? {} : { submodules: { ...submodules, first: [...submodules.first] } }),
  }
}

/** Not a reader of ours, but as much a place where sessions may be that nobody looked at. */
export const submodulesReader = 'submodules'

/** Every place where sessions may be, and what came of it. */
export function readersOf({ sessions, source }: Collected): ReaderReport[] {
  return [...sessions.readers, ...(source === undefined ? [] : submoduleReports(source.submodules))]
}

/** What is said of submodules among the readers; nothing where there are none. */
export function submoduleReports({ count }: Pick<Submodules, 'count'>): ReaderReport[] {
  if (count === 0) return []
  const detail = `${count} submodule${count === 1 ? '' : 's'}, whose own history was not looked at`
  return [{ reader: submodulesReader, outcome: 'not-collected', claims: 0, detail }]
}

export function rangeOf({
  since,
  until,
  sinceName,
  reason,
  base,
  paths,
  cut,
}: ReleaseRange): AttributionSummary['range'] {
  return {
    since,
    until,
    reason,
    ...present({ sinceName, base }),
    ...(paths.length === 0 ? {} : { paths: [...paths] }),
    ...(cut ? { cut } : {}),
  }
}
