/**
 * Columns of text that fit a width: cells too long for their column go on in the next line, and nothing is cut. Widths are those
 * that a terminal shows, not numbers of characters.
 */
import { columnsOf } from './fold.ts'

export interface GridColumn {
  /** Empty names in all of them: there is no heading. */
  readonly name: string
  /** Numbers stand on the right. */
  readonly isNumber?: boolean
}

const gap = 2
/** A narrower column is a tower of letters; the last is that of one letter, for terminals that have no room. */
const leastWidths = [8, 4, 2] as const

/** Rows under their heading. Cells are one line each, and fit to be shown. */
export function grid(
  columns: readonly GridColumn[],
  rows: readonly (readonly string[])[],
  width: number,
  indent = '  ',
): string[] {
  const heading = columns.map(({ name }) => name)
  const all = heading.every((it) => it === '') ? rows : [heading, ...rows]
  const widths = widthsOf(columns, all, width - indent.length)
  return all.flatMap((row) => {
    const cells = columns.map((_, at) => wrapped(row[at] ?? '', widths[at] ?? 0))
    const height = Math.max(...cells.map((it) => it.length))
    return Array.from({ length: height }, (_, line) => {
      const parts = columns.map(({ isNumber }, at) => padded(cells[at]?.[line] ?? '', widths[at] ?? 0, isNumber))
      return `${indent}${parts.join(' '.repeat(gap))}`.trimEnd()
    })
  })
}

/** As wide as their widest cells; where that is too much, the widest give way first, and whole words before the parts of words. */
function widthsOf(columns: readonly GridColumn[], rows: readonly (readonly string[])[], room: number): number[] {
  const most = (measure: (text: string) => number): number[] =>
    columns.map((_, at) => Math.max(...rows.map((row) => measure(row[at] ?? ''))))
  const widths = most(columnsOf)
  const words = most((text) => Math.max(leastWidths[0], ...text.split(' ').map(columnsOf)))
  let excess = widths.reduce((sum, it) => sum + it, 0) + gap * (columns.length - 1) - room
  for (const least of [words, ...leastWidths.map((it) => columns.map(() => it))]) {
    while (excess > 0) {
      const spare = widths.map((it, at) => (it > (least[at] ?? 0) ? it : 0))
      const widest = Math.max(...spare)
      if (widest === 0) break
      widths[spare.indexOf(widest)] = widest - 1
      excess -= 1
    }
  }
  return widths
}

function padded(text: string, width: number, isNumber = false): string {
  const blanks = ' '.repeat(Math.max(0, width - columnsOf(text)))
  return isNumber ? `${blanks}${text}` : `${text}${blanks}`
}

/** The text in lines of at most so many columns: between words where it can be, else behind a mark, else anywhere. */
export function wrapped(text: string, width: number): string[] {
  if (columnsOf(text) <= width) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const next = line === '' ? word.replace(command, ': :') : `${line} ${word}`
    if (columnsOf(next) <= width) {
      line = next
      continue
    }
    if (line !== '') lines.push(line)
    const pieces = piecesOf(word, width)
    lines.push(...pieces.slice(0, -1))
    line = pieces.at(-1) ?? ''
  }
  return [...lines, line]
}

/** What begins a command of a CI log where a line begins, and none of ours begins so. */
const command = /^::/

/** Made where it is needed first: that takes a tenth of what a short command does, and most tell nothing that is too wide. */
let segmenter: Intl.Segmenter | undefined

/**
 * A word in pieces: parted behind the last mark of a path or an id within the second half of a line, so that parts stay whole, else
 * anywhere but between a letter and its accents.
 */
function piecesOf(word: string, width: number): string[] {
  const pieces: string[] = []
  let piece = ''
  let columns = 0
  let marked = 0
  for (const { segment } of (segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })).segment(word)) {
    if (columns + columnsOf(segment) > width && piece !== '') {
      const end = marked > 0 ? marked : piece.length
      pieces.push(piece.slice(0, end))
      piece = piece.slice(end)
      marked = 0
    }
    piece = `${piece}${segment}`.replace(command, ': :')
    columns = columnsOf(piece)
    if (/[/\\,;:_=-]$/.test(segment) && columns > width / 2 && columns <= width) marked = piece.length
  }
  return [...pieces, piece]
}
