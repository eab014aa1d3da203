/** A log of reasoning as one HTML file: no script, nothing that it loads, a policy that forbids both, light, dark and on paper. */
import { htmlHead } from '../html-head.ts'
import type { ReasoningLog } from '../../model/reasoning-log.ts'
import { escaped } from '../html-text.ts'
import { reasoningBlocks, reasoningTitle } from './blocks.ts'
import type { Block } from './blocks.ts'

const css = [
  ':root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }',
  'body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; overflow-wrap: anywhere }',
  'h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2.5rem } h3 { font-size: 1rem }',
  // Letters that are written from the right do not move what stands beside them.
  'pre { border-inline-start: .25rem solid color-mix(in srgb, currentColor 40%, transparent); margin: 0 0 1rem; padding: .25rem .75rem; white-space: pre-wrap; unicode-bidi: isolate }',
  '.label { font-weight: 600; margin: 1rem 0 .25rem }',
  '@media print { body { margin: 0; max-width: none } h2, h3, .label { break-after: avoid } }',
].join('\n')

export function reasoningHtml(log: ReasoningLog): string {
  return [
    ...htmlHead(escaped(reasoningTitle), css),
    '<body>',
    '<main>',
    ...reasoningBlocks(log).map(blockHtml),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function blockHtml(block: Block): string {
  if (block.kind === 'heading') return `<h${block.level}>${escaped(block.text)}</h${block.level}>`
  if (block.kind === 'note') return `<p>${escaped(block.text)}</p>`
  const lines = block.text.split('\n').map(escaped).join('\n')
  return `<p class="label">${escaped(block.label)}</p>\n<pre>${lines}</pre>`
}
