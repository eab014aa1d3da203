/** A lineage as a Mermaid flowchart, for Markdown pages of forges. What comes from outside stands in quotes, with entities for the rest. */
import type { Lineage, NodeKind } from '../../model/lineage.ts'
import { basisWords, drawingOf, edgeLabel, nodeLines, shortened } from './drawing.ts'

/** Opening and closing of a shape, so that kinds are told apart without colour. */
const shapes: { readonly [kind in NodeKind]: readonly [string, string] } = {
  requirement: ['[/', '/]'],
  ticket: ['[/', '/]'],
  person: ['([', '])'],
  session: ['{{', '}}'],
  request: ['[', ']'],
  change: ['[', ']'],
  review: ['{', '}'],
  check: ['>', ']'],
  release: ['[[', ']]'],
  build: ['[[', ']]'],
  artifact: ['[(', ')]'],
  deployment: ['((', '))'],
}

export function lineageMermaid(lineage: Lineage): string {
  const { nodes, edges, notes } = drawingOf(lineage)
  const names = new Map(nodes.map(({ id }, at) => [id, `n${at}`]))
  return [
    'flowchart LR',
    ...[`lineage ${basisWords[lineage.basis]}`, ...notes].map((it) => `  %% ${it}`),
    ...nodes.map((node) => {
      const [open, close] = shapes[node.kind]
      return `  ${names.get(node.id) ?? ''}${open}"${nodeLines(node).map(quoted).join('<br/>')}"${close}`
    }),
    ...edges.map((it) => `  ${names.get(it.from) ?? ''} -->|"${quoted(edgeLabel(it))}"| ${names.get(it.to) ?? ''}`),
    '',
  ].join('\n')
}

/** Mermaid reads `#34;` as a character by its number; letters, digits and blanks mean nothing to it, and what else is harmless stays. */
function quoted(text: string): string {
  return Array.from(shortened(text), (it) =>
    /[\p{L}\p{N} .,:/@_+…-]/u.test(it) ? it : `#${it.codePointAt(0) ?? 0};`,
  ).join('')
}
