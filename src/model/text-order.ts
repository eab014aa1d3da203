/**
 * Order of two texts by their UTF-16 code units, the same on every machine: for what is signed or compared. What `localeCompare`
 * says depends on the place.
 */
export function byText(a: string, b: string): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0
}
