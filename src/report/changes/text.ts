/** A range for a person at a terminal: tables that fit its width. */
import type { RangeReport } from '../../model/range-report.ts'
import { grid, wrapped } from '../grid.ts'
import type { Style } from '../style.ts'
import { sectionsOf, title } from './sections.ts'
import type { Section } from './draft.ts'

/** Where nothing says how wide it may be: what a page, a log or a mail shows without folding. */
const usualWidth = 100
/** Rows of one table; the JSON view has all. */
const shownRows = 50

export function changesText(report: RangeReport, style: Style): string {
  const width = style.width ?? usualWidth
  return [
    ...wrapped(title, width).map((it) => style.strong(it)),
    ...sectionsOf(report, shownRows).flatMap((it) => sectionLines(it, style, width)),
    '',
  ].join('\n')
}

function sectionLines({ heading, notes, columns, rows, ...rest }: Section, style: Style, width: number): string[] {
  const { total, noun, commands } = rest
  const left = total - rows.length
  const told = columns.map(({ name, kind }) => ({ name, isNumber: kind === 'number' }))
  return [
    ...(heading === '' ? [] : ['', style.strong(heading)]),
    ...(rows.length === 0 ? [] : grid(told, rows, width)),
    ...(left > 0 ? [`  and ${left} more ${noun}`] : []),
    ...notes.flatMap((it) => indented(style.options(it), width)),
    // Not folded: what was folded within a word or a quote cannot be pasted.
    ...commands.map((it) => `  ${it}`),
  ]
}

function indented(text: string, width: number): string[] {
  return wrapped(text, width - 2).map((it) => `  ${it}`)
}
