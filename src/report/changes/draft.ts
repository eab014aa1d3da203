/** A part of what every view of a range shows: a heading, a table, and what is to be said of it. */

export interface Column {
  /** Empty in all columns of a section: it has no heading. */
  readonly name: string
  /** `words` are ours; `text` comes from outside. */
  readonly kind: 'words' | 'text' | 'number'
}

export interface Section {
  readonly heading: string
  /** Our own words and nothing from outside; they may name options. */
  readonly notes: readonly string[]
  readonly columns: readonly Column[]
  /** Each cell is one line that steers nothing (`cell`), and not escaped for any language. */
  readonly rows: readonly (readonly string[])[]
  /** Rows that there would be if all were kept. */
  readonly total: number
  /** What the rows are: `and 3 more changes`. */
  readonly noun: string
  /** Commands that can be pasted. */
  readonly commands: readonly string[]
}

/** `*commit` is text from outside, `#lines` a number, `level` one of our words. */
export function columnsOf(...names: readonly string[]): Column[] {
  return names.map((it) => {
    const kind = it.startsWith('*') ? 'text' : it.startsWith('#') ? 'number' : 'words'
    return { name: kind === 'words' ? it : it.slice(1), kind }
  })
}

export type Rows = readonly (readonly (string | number | undefined)[])[]

/** Before its cells are made fit to be shown. */
export type Draft = Omit<Section, 'rows'> & { readonly rows: Rows }

export function draft(
  heading: string,
  columns: readonly Column[],
  rows: Rows,
  more: Partial<Omit<Section, 'rows'>> & Pick<Section, 'noun'>,
): Draft {
  return { heading, columns, rows, total: rows.length, notes: [], commands: [], ...more }
}
