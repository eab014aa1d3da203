/**
 * A log of reasoning for typst: a document that is the same for every log, and data that goes in as JSON, so that nothing in a text is ever
 * source. What the fonts of the compiler may not have is written as `U+6D4B`, for one such character would stop the whole document (PDF/UA-1).
 */
import type { ReasoningLog } from '../../model/reasoning-log.ts'
import { reasoningBlocks, reasoningTitle } from './blocks.ts'

export const typstSource = [
  '#let data = json(bytes(sys.inputs.data))',
  '#set document(title: data.title, date: none)',
  '#set text(lang: "en", size: 10pt, font: "Libertinus Serif")',
  '#show raw: set text(size: 8pt, font: "DejaVu Sans Mono")',
  '#set page(paper: "a4", margin: 2cm, numbering: "1")',
  '#for it in data.blocks {',
  '  if it.kind == "heading" { heading(level: it.level, it.text) }',
  '  else if it.kind == "note" { par(it.text) }',
  '  else {',
  '    par(strong(it.label))',
  '    block(inset: (left: 8pt), raw(it.text, block: true))',
  '  }',
  '}',
].join('\n')

export function typstData(log: ReasoningLog): string {
  const blocks = reasoningBlocks(log).map((it) => ({
    ...it,
    text: shownAs(it.text),
    ...(it.kind === 'quote' ? { label: it.label } : {}),
  }))
  return JSON.stringify({ title: reasoningTitle, blocks })
}

/** Latin, Greek and Cyrillic letters and the signs of printers, which both fonts have. */
const unknown =
  /[^\n\u0020-\u007e\u00a1-\u00ac\u00ae-\u017f\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f\u0401\u0451\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac\u2190-\u2193]/gu

function shownAs(text: string): string {
  return text
    .replace(/\u00a0/g, ' ')
    .replace(unknown, (it) => `U+${(it.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`)
}
