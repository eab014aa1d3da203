/** A lineage in DOT, for Graphviz (graphviz.org/doc/info/lang.html): every text is a quoted string. */
import type { Lineage, NodeKind } from '../../model/lineage.ts'
import { basisWords, drawingOf, edgeLabel, nodeLines, shortened } from './drawing.ts'

const shapes: { readonly [kind in NodeKind]: string } = {
  requirement: 'parallelogram',
  ticket: 'parallelogram',
  person: 'oval',
  session: 'hexagon',
  request: 'box',
  change: 'box',
  review: 'diamond',
  check: 'cds',
  release: 'box3d',
  build: 'box3d',
  artifact: 'cylinder',
  deployment: 'doublecircle',
}

export function lineageDot(lineage: Lineage): string {
  const { nodes, edges, notes } = drawingOf(lineage)
  const names = new Map(nodes.map(({ id }, at) => [id, `n${at}`]))
  return [
    'digraph lineage {',
    '  rankdir=LR',
    `  label=${quoted([`lineage ${basisWords[lineage.basis]}`, ...notes])}`,
    ...nodes.map((it) => `  ${names.get(it.id) ?? ''} [shape=${shapes[it.kind]}, label=${quoted(nodeLines(it))}]`),
    ...edges.map(
      (it) => `  ${names.get(it.from) ?? ''} -> ${names.get(it.to) ?? ''} [label=${quoted([edgeLabel(it)])}]`,
    ),
    '}',
    '',
  ].join('\n')
}

/** Lines in one string; in DOT a backslash begins an escape, and `\n` is a new line. */
function quoted(lines: readonly string[]): string {
  return `"${lines.map((it) => shortened(it).replace(/[\\"]/g, '\\$&')).join('\\n')}"`
}
