/**
 * A heading and a table in Markdown of at most so many bytes. It is Markdown around a table in HTML: within an HTML block nothing is
 * read as Markdown up to the next empty line (CommonMark §4.6), so that a cell needs one kind of escaping (`html-text.ts`).
 */

export interface FittedTable {
  readonly heading: string
  /** Of the heading; 3 where nothing is said. */
  readonly level?: 3 | 4
  /** Lines above the table, escaped. */
  readonly lines: readonly string[]
  /** Where all are empty there is no heading of columns. */
  readonly columns: readonly string[]
  /** Escaped. */
  readonly rows: readonly (readonly string[])[]
  /** Rows that there would be if all were kept. */
  readonly total: number
}

/**
 * At most so many bytes of UTF-8, rows left out from the end, with a line that counts them; undefined where not even the heading
 * has room. It begins with an empty line and ends with one.
 */
export function fittedTable(
  { heading, level = 3, lines, columns, rows, total }: FittedTable,
  maxBytes: number,
): string | undefined {
  const top = `\n${'#'.repeat(level)} ${heading}\n\n${lines.map((it) => `<p>${it}</p>\n`).join('')}`
  const names = columns.every((it) => it === '') ? '' : `<tr>${columns.map((it) => `<th>${it}</th>`).join('')}</tr>\n`
  const open = `<table>\n${names}`
  const close = '</table>\n'
  const more = (count: number): string => (count === 0 ? '\n' : `<p>and ${count} more</p>\n\n`)
  if (bytesOf(top) + bytesOf(more(total)) > maxBytes) return undefined
  const written: string[] = []
  let room = maxBytes - bytesOf(top) - bytesOf(open) - bytesOf(close) - bytesOf(more(total))
  for (const row of rows) {
    const line = `<tr>${row.map((it) => `<td>${it}</td>`).join('')}</tr>\n`
    room -= bytesOf(line)
    if (room < 0) break
    written.push(line)
  }
  const table = written.length === 0 ? '' : `${open}${written.join('')}${close}`
  return `${top}${table}${more(total - written.length)}`
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}
