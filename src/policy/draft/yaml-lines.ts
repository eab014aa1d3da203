/** Lines of a policy that a person will edit: comments above members, values as JSON, which is a part of YAML. */
import { unsteeringJson } from '../../one-line.ts'
import { CountersignError } from '../../errors.ts'

/** A member with what is said of it. */
export interface DraftMember {
  readonly name: string
  readonly value: unknown
  readonly says?: string
}

/** A section, or nothing where nothing is in it. */
export function sectionLines(name: string, members: readonly DraftMember[]): string[] {
  return members.length === 0 ? [] : [`${name}:`, ...memberLines(members, '  ')]
}

export function memberLines(members: readonly DraftMember[], indent: string): string[] {
  return members.flatMap(({ name, value, says }) => [
    ...(says === undefined ? [] : [`${indent}# ${says}`]),
    `${indent}${name}: ${valueText(value)}`,
  ])
}

/** What cannot be seen is escaped, as YAML wants it. */
export function valueText(value: unknown): string {
  return unsteeringJson(JSON.stringify(value))
}

/** A value that is compared as it stands. Error: `policy-not-drafted` (as a glob it would be more than itself). */
export function exact(value: string, what: string): string {
  if (!value.includes('*')) return value
  throw new CountersignError('policy-not-drafted', `${what} has a * in it, which a policy takes for a wildcard`)
}
