/**
 * Statements about one release → its lineage: from what was asked for to where it went. Whoever hands statements over says whether they
 * were verified; nothing here believes more than they say, and what they do not say is a gap, not a node.
 */
import type { ChangeProvenance, Predicate, Provenance } from '../model/predicate.ts'
import { lineageType } from '../model/lineage.ts'
import type { Lineage, LineageGap } from '../model/lineage.ts'
import type { Session } from '../model/session.ts'
import { sessionUri } from '../predicates/session.ts'
import { gapsOf, gatherChange } from './change-lineage.ts'
import { gatherDeployment, withoutDeployed } from './deployment.ts'
import { artifactNodes, factsOf, newGathering } from './nodes.ts'
import type { Gathering, NamedSubject } from './nodes.ts'

/** What a signed statement, or one that would be signed, says. */
export interface LineageStatement {
  readonly subjects: readonly NamedSubject[]
  /** SHA-256 of its bytes, in lower-case hex; undefined where only what it says is at hand. */
  readonly sha256: string | undefined
  /** Who signed it, as the certificate names them; undefined where nobody did. */
  readonly signer: string | undefined
  readonly predicate: Predicate
}

/** Statements of other kinds than provenance, changes and deployments add nothing. */
export function lineageOf(statements: readonly LineageStatement[], basis: Lineage['basis']): Lineage {
  const all = newGathering()
  const gaps: LineageGap[] = []
  let untold = 0
  const told: ToldRelease[] = []
  for (const { sha256, predicate } of statements) {
    if (predicate.kind !== 'change-provenance') continue
    const release = releaseNode(predicate.range, all)
    told.push({ sha256, commit: predicate.range.until, release })
    gaps.push(...gatherChanges(predicate, release, all))
    untold += Math.max(0, (predicate.total ?? 0) - predicate.changes.length)
  }
  for (const statement of statements) {
    if (statement.predicate.kind === 'build-provenance') gatherBuild(statement, statement.predicate, told, all)
  }
  for (const { subjects, signer, predicate } of statements) {
    if (predicate.kind === 'deployment') gatherDeployment(subjects, signer, predicate, all)
  }
  const open = withoutDeployed(unique(gaps), all)
  return { type: lineageType, basis, nodes: all.nodes(), edges: all.edges(), gaps: open, untold }
}

/** A release whose changes a statement tells. */
interface ToldRelease {
  readonly sha256: string | undefined
  readonly commit: string
  readonly release: string
}

/**
 * The one that a build names, by its bytes: two releases can end in one commit, and anybody can tell another story of it. Of bundles whose
 * bytes are not at hand it is the only one that ends in the commit.
 */
function namedRelease(
  { changeStatement }: Provenance,
  commit: string | undefined,
  told: readonly ToldRelease[],
): string | undefined {
  if (changeStatement === undefined) return undefined
  const named = told.filter((it) => (it.sha256 === undefined ? it.commit === commit : it.sha256 === changeStatement))
  return named.length === 1 ? named[0]?.release : undefined
}

function gatherChanges(predicate: ChangeProvenance, release: string, all: Gathering): LineageGap[] {
  const sessions = gatherSessions(predicate.sessions, all)
  return predicate.changes.flatMap((change) => {
    const id = gatherChange(change, all, (uri) => sessions.get(uri) ?? sessionNamed(uri, all))
    all.edge(id, 'released-in', release)
    return gapsOf(change, id, predicate.readers)
  })
}

/** A build, what it made, and where no statement tells the changes, the sessions that it names itself. */
function gatherBuild(
  { subjects, signer }: LineageStatement,
  provenance: Provenance,
  told: readonly ToldRelease[],
  all: Gathering,
): void {
  const name = provenance.invocationId ?? provenance.builderId
  const build = all.node('build', name, 'build', {
    time: provenance.startedOn,
    facts: factsOf({ builder: provenance.builderId, run: provenance.invocationId, signer }),
  })
  for (const artifact of artifactNodes(subjects, all)) all.edge(build, 'made', artifact)
  const commit = provenance.attribution?.range.until ?? commitOf(provenance)
  const known = namedRelease(provenance, commit, told)
  const release = known ?? releaseOf(provenance, commit, all)
  if (release !== undefined) all.edge(release, 'built-in', build)
  if (known !== undefined || release === undefined) return
  const sessions = gatherSessions(provenance.sessions, all)
  for (const session of provenance.sessions) {
    const from = sessions.get(uriOf(session))
    for (const sha of session.commits) {
      const change = all.node('change', sha, `change ${sha.slice(0, 12)}`)
      all.edge(change, 'released-in', release)
      if (from !== undefined) all.edge(from, 'took-part', change, { facts: factsOf({ linkage: session.linkage }) })
    }
  }
}

function releaseOf({ attribution }: Provenance, commit: string | undefined, all: Gathering): string | undefined {
  if (attribution !== undefined) return releaseNode(attribution.range, all)
  return commit === undefined ? undefined : all.node('release', commit, `release of ${commit.slice(0, 12)}`)
}

function releaseNode(
  range: { since: string | null; until: string; reason?: string | undefined },
  all: Gathering,
): string {
  const { since, until } = range
  const from = since === null ? 'the first commit' : since.slice(0, 12)
  return all.node('release', `${since ?? ''}..${until}`, `release from ${from} up to ${until.slice(0, 12)}`, {
    facts: factsOf({ since, until }),
  })
}

function commitOf({ resolvedDependencies }: Provenance): string | undefined {
  return resolvedDependencies.flatMap(({ digest }) => digest?.['gitCommit'] ?? digest?.['sha1'] ?? [])[0]
}

/** URI → node. Planners stand before their workers, also where they are none of the range. */
function gatherSessions(sessions: readonly Session[], all: Gathering): Map<string, string> {
  const nodes = new Map(sessions.map((it) => [uriOf(it), sessionNode(it, all)]))
  for (const session of sessions) {
    if (typeof session.parent !== 'string') continue
    const parent = sessionUri(session.tool, session.parent)
    all.edge(nodes.get(parent) ?? sessionNamed(parent, all), 'started', nodes.get(uriOf(session)) ?? '')
  }
  return nodes
}

function sessionNode(session: Session, all: Gathering): string {
  const { tool, id, level, models, role, startedAt, iterations, receipt, portal } = session
  return all.node('session', uriOf(session), id === undefined ? tool : `${tool} ${id}`, {
    time: startedAt,
    facts: factsOf({
      ...{ level, tool, models: models.length === 0 ? undefined : models.join(', '), role, iterations },
      ...{ receipt: receipt?.issuer, portal: portal?.host },
    }),
  })
}

/** One that something names, and of which nothing more is told. */
function sessionNamed(uri: string, all: Gathering): string {
  const [, , tool = '', id] = uri.split(':')
  return all.node('session', uri, id === undefined ? decoded(tool) : `${decoded(tool)} ${decoded(id)}`)
}

function uriOf({ tool, id }: Pick<Session, 'tool' | 'id'>): string {
  return sessionUri(tool, id)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function unique(gaps: readonly LineageGap[]): LineageGap[] {
  return [...new Map(gaps.map((it) => [JSON.stringify(it), it])).values()]
}
