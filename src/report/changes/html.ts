/** A range as one HTML file: no script, nothing that it loads, and a policy that forbids both. */
import { htmlHead } from '../html-head.ts'
import type { RangeReport } from '../../model/range-report.ts'
import { code, escaped } from '../html-text.ts'
import type { Style } from '../style.ts'
import { cellOf } from './markdown.ts'
import { sectionsOf, title } from './sections.ts'
import type { Section } from './draft.ts'

/** Rows of one table: with more a browser is slow, and nobody reads them. */
const shownRows = 2_000

const css = [
  ':root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.4 }',
  'body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem }',
  'h1 { font-size: 1.3rem } h2 { font-size: 1.1rem; margin-top: 2rem }',
  'div { overflow-x: auto }',
  'table { border-collapse: collapse; font-variant-numeric: tabular-nums }',
  'th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .25rem .75rem .25rem 0; text-align: start; vertical-align: top }',
  '.number { text-align: end }',
  // Letters that are written from the right do not move what stands beside them.
  'code { overflow-wrap: anywhere; unicode-bidi: isolate }',
]

export function changesHtml(report: RangeReport, style: Style): string {
  return [
    ...htmlHead(escaped(title), `\n${css.join('\n')}\n`),
    '<body>',
    `<h1>${escaped(title)}</h1>`,
    ...sectionsOf(report, shownRows).flatMap((it) => sectionLines(it, style)),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function sectionLines({ heading, notes, columns, rows, ...rest }: Section, style: Style): string[] {
  const left = rest.total - rows.length
  const isNamed = columns.some(({ name }) => name !== '')
  const attribute = (at: number): string => (columns[at]?.kind === 'number' ? ' class="number"' : '')
  const names = columns.map(({ name }, at) => `<th scope="col"${attribute(at)}>${escaped(name)}</th>`)
  return [
    ...(heading === '' ? [] : [`<h2>${escaped(heading)}</h2>`]),
    ...notes.map((it) => `<p>${escaped(style.options(it))}</p>`),
    ...(rows.length === 0
      ? []
      : [
          '<div><table>',
          ...(isNamed ? [`<thead><tr>${names.join('')}</tr></thead>`] : []),
          '<tbody>',
          ...rows.map((row) => {
            const cells = row.map((text, at) => `<td${attribute(at)}>${cellOf(text, columns[at])}</td>`)
            return `<tr>${cells.join('')}</tr>`
          }),
          '</tbody>',
          '</table></div>',
        ]),
    ...(left > 0 ? [`<p>and ${left} more ${rest.noun}</p>`] : []),
    ...rest.commands.map((it) => `<p>${code(it)}</p>`),
  ]
}
