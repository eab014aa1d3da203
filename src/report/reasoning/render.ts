/** Every form of a log of reasoning. */
import type { ReasoningLog } from '../../model/reasoning-log.ts'
import { reasoningHtml } from './html.ts'
import { reasoningMarkdown } from './markdown.ts'

/** Those that are text; PDF is made by a flow, for it takes a program. */
const forms = { markdown: reasoningMarkdown, html: reasoningHtml } as const

/**
 * @example
 * ```ts
 * import { reasoningFormats } from 'countersign/report'
 *
 * console.log(reasoningFormats.includes('markdown')) // true
 * ```
 */
export const reasoningFormats = ['markdown', 'html', 'pdf'] as const
export type ReasoningFormat = (typeof reasoningFormats)[number]

/**
 * Texts of sessions are data in it, whatever they are.
 *
 * @example
 * ```ts
 * import { collectReasoningLog } from 'countersign/attest'
 * import { renderReasoning } from 'countersign/report'
 *
 * const log = await collectReasoningLog({ range: { network: 'none' } })
 * console.log(renderReasoning(log, 'markdown').startsWith('#')) // true
 * ```
 */
export function renderReasoning(log: ReasoningLog, format: keyof typeof forms): string {
  return forms[format](log)
}
