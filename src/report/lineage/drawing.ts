/**
 * What is drawn of a lineage: a picture of a thousand changes shows nothing. Changes of which only their author is known are counted,
 * the checks of a change are one node, and what is beyond the most is counted too.
 */
import type { Lineage, LineageEdge, LineageNode } from '../../model/lineage.ts'
import { cell } from '../table.ts'
import { counted } from '../../model/counted.ts'

export interface Drawing {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
  /** What is left out, in words. */
  readonly notes: readonly string[]
}

/** Mermaid refuses to draw more edges than 500, unless it is told otherwise (its `maxEdges`). */
const mostEdges = 450

export function drawingOf(lineage: Lineage): Drawing {
  const { nodes, edges } = withoutChecks(lineage)
  const byId = new Map(nodes.map((it) => [it.id, it]))
  const kindOf = (id: string): LineageNode['kind'] | undefined => byId.get(id)?.kind
  const told = new Set<string>()
  for (const { from, to, relation } of edges) {
    if (relation === 'released-in' || (relation === 'authored' && kindOf(to) === 'change')) continue
    for (const id of [from, to]) if (kindOf(id) === 'change') told.add(id)
  }
  const isShown = (id: string): boolean => kindOf(id) !== 'change' || told.has(id)
  const shown = edges.filter(({ from, to }) => isShown(from) && isShown(to))
  const drawn = shown.slice(0, mostEdges)
  const used = new Set(drawn.flatMap(({ from, to }) => [from, to]))
  const quiet = nodes.filter(({ id, kind }) => kind === 'change' && !told.has(id)).length + lineage.untold
  return {
    nodes: nodes.filter(({ id }) => used.has(id) || (edges.length === 0 && isShown(id))),
    edges: drawn,
    notes: [
      ...(quiet === 0 ? [] : [`${countOf(quiet)} of which nothing but their author is known, not drawn`]),
      ...(shown.length === drawn.length ? [] : [`${shown.length - drawn.length} more links are not drawn`]),
    ],
  }
}

function withoutChecks({ nodes, edges }: Lineage): Pick<Lineage, 'nodes' | 'edges'> {
  const checks = new Map(nodes.filter(({ kind }) => kind === 'check').map((it) => [it.id, it]))
  const ran = Map.groupBy(
    edges.filter(({ relation }) => relation === 'ran-on'),
    ({ from }) => from,
  )
  const joined = [...ran].map(([change, of]) => {
    const outcomes = of.map(({ to }) => String(checks.get(to)?.facts?.['outcome'] ?? 'unknown'))
    const counts = [...Map.groupBy(outcomes, (it) => it)].map(([outcome, all]) => `${all.length} ${outcome}`)
    return {
      node: { id: `check:all:${change}`, kind: 'check' as const, label: `checks: ${counts.join(', ')}` },
      change,
    }
  })
  return {
    nodes: [...nodes.filter(({ kind }) => kind !== 'check'), ...joined.map(({ node }) => node)],
    edges: [
      ...edges.filter(({ relation }) => relation !== 'ran-on'),
      ...joined.map(({ node, change }) => ({ from: change, to: node.id, relation: 'ran-on' as const })),
    ],
  }
}

/** What an edge is called. */
export function edgeLabel({ relation, facts }: LineageEdge): string {
  const lines = facts?.['lines']
  return relation === 'wrote' && typeof lines === 'number'
    ? `wrote ${counted(lines, 'line')}`
    : relation.replaceAll('-', ' ')
}

/** What stands in a node: its label, and of a session its level and its models. */
export function nodeLines({ kind, label, facts = {} }: LineageNode): string[] {
  if (kind === 'session') return [label, ...[facts['level'], facts['models']].flatMap((it) => it ?? []).map(String)]
  if (kind === 'review')
    return [label, ...[facts['order']].flatMap((it) => (it === undefined ? [] : words(String(it))))]
  if (kind === 'deployment')
    return [label, ...[facts['state']].flatMap((it) => (it === undefined ? [] : words(String(it))))]
  return [label]
}

function words(text: string): string[] {
  return [text.replaceAll('-', ' ')]
}

/** One line that fits into a node; where it is cut, that can be seen. The JSON view has all of it. */
export function shortened(text: string): string {
  const characters = Array.from(cell(text))
  return characters.length <= longest ? characters.join('') : `${characters.slice(0, longest).join('')}…`
}

const longest = 120

/** `1 change`, `3 changes`. */
export function countOf(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`
}

export const basisWords: { readonly [basis in Lineage['basis']]: string } = {
  verified: 'of statements that passed verification',
  claimed: 'as bundles claim it, not verified',
  unsigned: 'of a range, nothing of it signed',
}
