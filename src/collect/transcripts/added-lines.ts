/** Of two states of a file, what the later one has more. */

/** Lines that the old file does not have: the new one holds those that it keeps, too. */
export function addedLines(before: string, after: string): string {
  const old = new Set(before.split('\n').map((it) => it.trim()))
  return after
    .split('\n')
    .filter((it) => !old.has(it.trim()))
    .join('\n')
}
