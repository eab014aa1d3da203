/** A text inside nested JSON. */
import { isObject } from '../model/json.ts'

/** The text at a path of members; a number as text, all else undefined. */
export function textAt(from: unknown, ...path: readonly string[]): string | undefined {
  let current: unknown = from
  for (const member of path) {
    if (!isObject(current) || !Object.hasOwn(current, member)) return undefined
    current = current[member]
  }
  return typeof current === 'string' ? current : typeof current === 'number' ? String(current) : undefined
}
