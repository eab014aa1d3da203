/** Parts of an HTML document. All text that enters is escaped here, and no part takes HTML from outside. */
import { oneLine } from '../../one-line.ts'
import { escaped } from '../html-text.ts'
import { placeWords, unseenRowWords } from '../check-rows.ts'
import type { CheckRow, RowOutcome } from '../check-rows.ts'
import type { Style } from '../style.ts'

/** HTML that a function of this file made, or that is put together of such. */
export type Html = string

/** Rows of one table: with more a browser is slow, and nobody reads them. */
const shownRows = 2_000

/** Any text, on one line. */
export function html(text: string): Html {
  return escaped(oneLine(text).toWellFormed())
}

/** Text from outside. */
export function outside(text: string): Html {
  return text === '' ? '' : `<code>${html(text)}</code>`
}

/** How an outcome looks and is called: the word says it, the colour repeats it. */
const chips = {
  pass: ['pass', '✓ PASS'],
  fail: ['fail', '✗ FAIL'],
  undecided: ['warn', '? UNDECIDED'],
  failed: ['fail', '✗ failed'],
  warned: ['warn', '! warned'],
  waived: ['waive', '~ waived'],
  'set-aside': ['waive', '≠ set aside'],
  overridden: ['waive', '~ overridden'],
  skipped: ['skip', '– skipped'],
  passed: ['pass', '✓ passed'],
} as const

export function kindOf(outcome: keyof typeof chips): string {
  return chips[outcome][0]
}

/** The outcome in words, without a frame. */
export function outcomeText(outcome: keyof typeof chips): Html {
  return html(chips[outcome][1])
}

export function chip(outcome: keyof typeof chips): Html {
  return `<span class="chip ${chips[outcome][0]}">${outcomeText(outcome)}</span>`
}

export interface HtmlColumn {
  readonly name: string
  readonly isNumber?: boolean
}

/** Rows of cells; `header` is the column whose cell names its row. Empty where there are no rows. */
export function table(
  columns: readonly (string | HtmlColumn)[],
  rows: readonly (readonly Html[])[],
  { header = 0, kind = '', noun = 'rows', label = '' } = {},
): Html {
  if (rows.length === 0) return ''
  const named = columns.map((it): HtmlColumn => (typeof it === 'string' ? { name: it } : it))
  const classes = (at: number): string => ` class="c${at}${named[at]?.isNumber === true ? ' number' : ''}"`
  const cellOf = (cell: Html, at: number): Html => {
    const name = named[at]?.name ?? ''
    const attributes = `${classes(at)}${name === '' ? '' : ` data-name="${html(name)}"`}`
    return at === header ? `<th scope="row"${attributes}>${cell}</th>` : `<td${attributes}>${cell}</td>`
  }
  const left = rows.length - shownRows
  return [
    `<table${kind === '' ? '' : ` class="${kind}"`}>`,
    ...(label === '' ? [] : [`<caption>${html(label)}</caption>`]),
    `<thead><tr>${named.map(({ name }, at) => `<th scope="col"${classes(at)}>${html(name)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.slice(0, shownRows).map((row) => `<tr>${row.map(cellOf).join('')}</tr>`),
    '</tbody></table>',
    ...(left > 0 ? [`<p class="more">and ${left} more ${noun}</p>`] : []),
  ].join('\n')
}

/** Names of ours, and values. */
export function facts(pairs: readonly (readonly [string, Html])[]): Html {
  if (pairs.length === 0) return ''
  return `<dl>${pairs.map(([name, value]) => `<dt>${html(name)}</dt><dd>${value}</dd>`).join('\n')}</dl>`
}

const checkColumns = ['Outcome', 'Rule', 'Seen', 'Why, and what to do']

/** Every check of a list, in its order. */
export function checkTable(rows: readonly CheckRow[], style: Style, label = ''): Html {
  const cells = rows.map((it) => [chip(it.outcome), ruleCell(it), seenCell(it), whyCell(it, style)])
  // A column without a word would take the room of the others.
  const kept = checkColumns.flatMap((_, at) => (cells.some((row) => row[at] !== '') ? [at] : []))
  return table(
    kept.map((at) => checkColumns[at] ?? ''),
    cells.map((row) => kept.map((at) => row[at] ?? '')),
    { header: 1, kind: 'checks', noun: 'checks', label },
  )
}

function ruleCell({ rule, code, severity, outcome, of }: CheckRow): Html {
  const weight = of === 'policy' && outcome !== 'passed' ? [severity] : []
  const small = [...(code === undefined ? [] : [code]), ...weight].join(', ')
  return `${outside(rule)}${small === '' ? '' : ` <span class="small">${html(small)}</span>`}`
}

function seenCell({ at, more, expected, found, unseen }: CheckRow): Html {
  const parts = [
    ['at', placeWords(at, more)],
    ['expected', expected === found ? '' : (expected ?? '')],
    ['found', found ?? ''],
    ['not seen', unseenRowWords(unseen)],
  ].filter(([, value]) => value !== '')
  if (parts.length === 0) return ''
  return `<div class="seen">${parts.map(([name = '', value = '']) => `<span>${html(name)}</span> <span>${outside(value)}</span>`).join(' ')}</div>`
}

function whyCell({ differs, why, hint, alternatives = [], waiver }: CheckRow, style: Style): Html {
  const words = [differs, why, hint, ...alternatives]
    .filter((it) => it !== undefined)
    .map((it) => html(style.options(it)))
  const waived =
    waiver === undefined
      ? []
      : [
          `waived: ${outside(waiver.reason)}`,
          `by ${outside(waiver.signer)}, until ${outside(waiver.expires)}`,
          `<span class="small">statement ${outside(`sha256:${waiver.sha256}`)}</span>`,
        ]
  return [...waived, ...words].map((it) => `<div>${it}</div>`).join('')
}

/** Those of some outcomes, in the order of these. */
export function byOutcome(rows: readonly CheckRow[], outcomes: readonly RowOutcome[]): CheckRow[] {
  return outcomes.flatMap((outcome) => rows.filter((it) => it.outcome === outcome))
}
