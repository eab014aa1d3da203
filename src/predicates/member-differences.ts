/** Where a predicate differs from what would have been written, member for member. */
import { isObject } from '../model/json.ts'

/**
 * Paths at which the two differ once each was written as JSON and read again; a member that only one of them has is a difference
 * too. Empty: they say the same.
 */
export function memberDifferences(found: unknown, written: unknown): string[] {
  return differences(plain(found), plain(written), '')
}

/** As it is once it was written and read: without members that are undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown
}

function differences(found: unknown, expected: unknown, path: string): string[] {
  if (Array.isArray(found) && Array.isArray(expected)) {
    const indices = Array.from({ length: Math.max(found.length, expected.length) }, (_, index) => index)
    return indices.flatMap((index) => differences(found[index], expected[index], `${path}[${index}]`))
  }
  if (isObject(found) && isObject(expected)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(found)])
    return [...names].flatMap((name) =>
      differences(memberOf(found, name), memberOf(expected, name), path === '' ? name : `${path}.${name}`),
    )
  }
  return found === expected ? [] : [path]
}

function memberOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}
