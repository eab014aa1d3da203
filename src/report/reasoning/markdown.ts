/** A log of reasoning as Markdown: texts from outside stand in fences that are longer than any in them, so that none of it is Markdown. */
import type { ReasoningLog } from '../../model/reasoning-log.ts'
import { escaped } from '../html-text.ts'
import { reasoningBlocks } from './blocks.ts'
import type { Block } from './blocks.ts'

export function reasoningMarkdown(log: ReasoningLog): string {
  return `${reasoningBlocks(log).map(blockText).join('\n\n')}\n`
}

function blockText(block: Block): string {
  if (block.kind === 'heading') return `${'#'.repeat(block.level)} ${escaped(block.text)}`
  if (block.kind === 'note') return escaped(block.text)
  const longest = Math.max(2, ...Array.from(block.text.matchAll(/`+/g), ([it]) => it.length))
  const fence = '`'.repeat(longest + 1)
  return `**${escaped(block.label)}**\n\n${fence}text\n${block.text}\n${fence}`
}
