/** A range as Markdown that can be posted as a comment: what comes from outside is code, so that it names nobody and links nowhere. */
import { limits } from '../../model/limits.ts'
import type { RangeReport } from '../../model/range-report.ts'
import { fittedTable } from '../fitted-table.ts'
import { code, escaped } from '../html-text.ts'
import type { Style } from '../style.ts'
import { sectionsOf, title } from './sections.ts'
import type { Column, Section } from './draft.ts'

/** A row has 50 bytes and more, so that no section has room for as many. */
const mostRows = Math.ceil(limits.commentBytes / 50)

export function changesMarkdown(report: RangeReport, style: Style): string {
  const sections = sectionsOf(report, mostRows)
  let text = ''
  for (const [at, section] of sections.entries()) {
    // What one section leaves over is for those behind it.
    const share = Math.floor((limits.commentBytes - Buffer.byteLength(text)) / (sections.length - at))
    text += sectionText(section, style, share)
  }
  return `${text.trim()}\n`
}

function sectionText({ heading, notes, columns, rows, total, commands }: Section, style: Style, most: number): string {
  const lines = [...notes.map((it) => escaped(style.options(it))), ...commands.map(code)]
  const names = columns.map(({ name }) => escaped(name))
  const cells = rows.map((row) => row.map((text, at) => cellOf(text, columns[at])))
  const first = heading === '' ? title : heading
  return fittedTable({ heading: escaped(first), lines, columns: names, rows: cells, total }, most) ?? ''
}

/** Our own words as they are; a dash is where nothing is known. */
export function cellOf(text: string, column: Column | undefined): string {
  return column?.kind === 'text' && text !== '-' ? code(text) : escaped(text)
}
