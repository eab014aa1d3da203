/** Views of a lineage, each drawn from the same value. */
import type { Lineage } from '../model/lineage.ts'
import { jsonOf } from '../model/written-json.ts'
import { unsteeringJson } from '../one-line.ts'
import { lineageDot } from './lineage/dot.ts'
import { lineageMermaid } from './lineage/mermaid.ts'
import { lineageText } from './lineage/text.ts'
import { plainStyle } from './style.ts'
import type { Style } from './style.ts'

/**
 * The views that there are of a lineage.
 *
 * @example
 * ```ts
 * import { lineageFormats } from 'countersign/report'
 *
 * console.log(lineageFormats.join()) // text,mermaid,dot,json
 * ```
 */
export const lineageFormats = ['text', 'mermaid', 'dot', 'json'] as const
export type LineageFormat = (typeof lineageFormats)[number]

/**
 * Lineage → output that ends with a newline. Text tells it change by change; Mermaid and DOT (Graphviz) draw it; JSON
 * (`schemas/lineage/v1`), one line, has all of it. A drawing has the changes in which AI took part, and counts the others.
 *
 * @example
 * ```ts
 * import { collectLineage } from 'countersign/attest'
 * import { renderLineage } from 'countersign/report'
 *
 * process.stdout.write(renderLineage(await collectLineage({ network: 'none' }), 'mermaid'))
 * ```
 */
export function renderLineage(lineage: Lineage, format: LineageFormat, style: Style = plainStyle): string {
  switch (format) {
    case 'text':
      return lineageText(lineage, style)
    case 'mermaid':
      return lineageMermaid(lineage)
    case 'dot':
      return lineageDot(lineage)
    case 'json':
      return `${unsteeringJson(jsonOf(lineage))}\n`
  }
}
