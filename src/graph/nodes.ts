/** Nodes and edges of a lineage while it is gathered: each node once, whoever names it, and each edge once. */
import type { LineageEdge, LineageNode, NodeKind, Relation } from '../model/lineage.ts'

type More<T, K extends keyof T> = Partial<Omit<T, K>>

export interface Gathering {
  /** Id of the node; who names it again adds what was not said before. */
  node(kind: NodeKind, name: string, label: string, more?: More<LineageNode, 'id' | 'kind' | 'label'>): string
  edge(from: string, relation: Relation, to: string, more?: More<LineageEdge, 'from' | 'relation' | 'to'>): void
  /** When what a node stands for happened, or began; undefined where nobody says it. */
  timeOf(id: string): string | undefined
  readonly nodes: () => LineageNode[]
  readonly edges: () => LineageEdge[]
}

export function newGathering(): Gathering {
  const nodes = new Map<string, LineageNode>()
  const edges = new Map<string, LineageEdge>()
  return {
    node(kind, name, label, more = {}) {
      const id = `${kind}:${name}`
      const known = nodes.get(id)
      nodes.set(id, known === undefined ? { id, kind, label, ...said(more) } : { ...said(more), ...known })
      return id
    },
    edge(from, relation, to, more = {}) {
      const key = JSON.stringify([from, relation, to])
      if (from !== to && !edges.has(key)) edges.set(key, { from, to, relation, ...said(more) })
    },
    timeOf: (id) => nodes.get(id)?.time,
    nodes: () => [...nodes.values()],
    edges: () => [...edges.values()],
  }
}

/** Without members that are not said, and without facts where there are none. */
function said<T extends { readonly facts?: object | undefined }>(more: T): T {
  const known = Object.entries(more).filter(([name, value]) => {
    return value !== undefined && (name !== 'facts' || Object.keys(value).length > 0)
  })
  return Object.fromEntries(known) as T
}

/** Facts without those that are not said. */
export function factsOf(
  facts: Readonly<Record<string, string | number | boolean | undefined | null>>,
): Record<string, string | number | boolean> {
  const known = Object.entries(facts).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(known) as Record<string, string | number | boolean>
}

/** A subject of a statement. */
export interface NamedSubject {
  readonly name?: string | null | undefined
  readonly digest: { readonly [algorithm: string]: string }
}

/** Artifacts by their digests, by SHA-256 where there is one: the same node whichever statement names it. */
export function artifactNodes(subjects: readonly NamedSubject[], all: Gathering): string[] {
  return subjects.map(({ name, digest }) => {
    const [algorithm = '', value = ''] =
      Object.entries(digest).find(([it]) => it === 'sha256') ?? Object.entries(digest)[0] ?? []
    return all.node('artifact', `${algorithm}:${value}`, name ?? `${algorithm}:${value.slice(0, 12)}`, {
      facts: { digest: `${algorithm}:${value}` },
    })
  })
}
