/** Times as records write them. */

/** RFC 3339 → milliseconds since 1970; undefined for anything else. */
export function timeIn(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const time = Date.parse(text)
  // Before 1970 or with a year of five digits nobody had such a session, and texts would not compare as times do.
  return time >= 0 && time < 253_402_300_800_000 ? time : undefined
}

/** The same as `Date.toISOString` gives it. */
export function isoTime(text: string | undefined): string | undefined {
  const time = timeIn(text ?? '')
  return time === undefined ? undefined : new Date(time).toISOString()
}
