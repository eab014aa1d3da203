/** Signed deployments: where an artifact went, who says so, and which changes went there with it. */
import type { LineageEdge, LineageGap } from '../model/lineage.ts'
import type { Deployment } from '../model/predicate.ts'
import { artifactNodes, factsOf } from './nodes.ts'
import type { Gathering, NamedSubject } from './nodes.ts'

/** The environment at one time, after each artifact; a removal is a node of its own, so that a graph shows both in their order. */
export function gatherDeployment(
  subjects: readonly NamedSubject[],
  signer: string | undefined,
  { environment, state, at, target, job }: Deployment,
  all: Gathering,
): void {
  const name = JSON.stringify([environment, target ?? '', state, at, job.run ?? ''])
  const node = all.node('deployment', name, `deployment ${environment}`, {
    time: at,
    facts: factsOf({ state, target, run: job.run, repository: job.repository, commit: job.commit, signer }),
  })
  for (const artifact of artifactNodes(subjects, all)) {
    all.edge(artifact, 'deployed-to', node, { facts: factsOf({ signer }) })
  }
}

/** Gaps without the deployments that a signed statement tells of what was built of the change. */
export function withoutDeployed(gaps: readonly LineageGap[], all: Gathering): LineageGap[] {
  const outgoing = Map.groupBy(all.edges(), ({ from }) => from)
  const states = new Map(all.nodes().map(({ id, facts }) => [id, facts?.['state']]))
  const next = (ids: readonly string[], relation: LineageEdge['relation']): string[] => [
    ...new Set(
      ids.flatMap((it) => (outgoing.get(it) ?? []).flatMap((edge) => (edge.relation === relation ? edge.to : []))),
    ),
  ]
  return gaps.filter(({ change, missing }) => {
    if (missing !== 'deployment') return true
    const artifacts = next(next(next([change], 'released-in'), 'built-in'), 'made')
    return !next(artifacts, 'deployed-to').some((it) => states.get(it) === 'deployed')
  })
}
