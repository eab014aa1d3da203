/** Null in an optional member is absence, as protobuf JSON has it. */

/** Without members that are null, but for one in which that says something else. */
export function withoutNulls(said: unknown, meant?: string): unknown {
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return said
  return Object.fromEntries(Object.entries(said).filter(([name, value]) => value !== null || name === meant))
}
