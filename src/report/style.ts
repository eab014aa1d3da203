/** How a view may look: plain when piped, coloured on a terminal. Colour is never the only carrier of a verdict. */
export interface Style {
  good(text: string): string
  bad(text: string): string
  faint(text: string): string
  strong(text: string): string
  /** Our own words about options (`option`), in those of the reader: the command line says flags. */
  options(text: string): string
  /** Columns that lines are folded to; without them, no line is. */
  readonly width?: number
}

const asIs = (text: string): string => text

/**
 * Text as it is.
 *
 * @example
 * ```ts
 * import { inspectFile } from 'countersign/inspect'
 * import { plainStyle, render } from 'countersign/report'
 *
 * const style = { ...plainStyle, strong: (text: string) => `*${text}*` }
 * const [inspection] = await inspectFile('dist/app.tgz.sigstore.json')
 * if (inspection !== undefined) process.stdout.write(render(inspection, 'text', style))
 * ```
 */
export const plainStyle: Style = { good: asIs, bad: asIs, faint: asIs, strong: asIs, options: asIs }
