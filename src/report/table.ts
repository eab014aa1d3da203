/** Columns of text. Every cell may come from outside, so each is made one line without control characters first. */
import { oneLine } from '../one-line.ts'

/** A cell, shown on one line; an absent value is a dash. */
export function cell(value: string | number | undefined | null): string {
  if (value === undefined || value === null || value === '') return '-'
  return oneLine(String(value))
}

/** Rows under a heading, columns padded to their widest cell, two spaces apart. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[], indent = ''): string[] {
  const all = [heading, ...rows]
  const widths = heading.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all.map(
    (row) =>
      indent +
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
  )
}

/** `name   value` lines with the names padded to one width, `least` or more. */
export function fields(pairs: readonly (readonly [string, string])[], indent = '  ', least = 0): string[] {
  const width = Math.max(least, ...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => `${indent}${name.padEnd(width)}  ${value}`)
}
