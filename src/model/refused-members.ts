/** What a schema refuses of a file that a person writes: one fault for one slip, and what they may have meant. */
import type * as z from 'zod/mini'
import type { Issue } from './issue-words.ts'
import { issueWords } from './issue-words.ts'
import { isObject } from './json.ts'
import { similarWord } from './similar-word.ts'

export interface RefusedMember {
  readonly issue: Issue
  readonly path: readonly PropertyKey[]
  /** The name of a member that is none; undefined for a member whose value is wrong. */
  readonly unknown: string | undefined
  /** `ai.disclosure.aboveLine`; empty for the file. Bounded. */
  readonly member: string
  /** What is wrong, without a value of the file: `is no number`. */
  readonly words: string
}

/**
 * In the order of the schema, each unknown member by itself. A member that is written almost like one that is missing beside it is one slip:
 * only the unknown one is told of. `value` is what was parsed.
 */
export function refusedMembers(schema: z.core.$ZodType, issues: readonly Issue[], value: unknown): RefusedMember[] {
  const isEmpty = isObject(value) && Object.keys(value).length === 0
  if (isEmpty) return issues.slice(0, 1).map((issue) => refused(issue, [], undefined, 'is empty'))
  const meant = new Set<string>()
  const all = issues.flatMap((issue): RefusedMember[] => {
    if (issue.code !== 'unrecognized_keys') {
      const isMissing = issue.path.length > 0 && valueAt(value, issue.path) === undefined
      return [refused(issue, issue.path, undefined, isMissing ? 'is missing' : issueWords(issue))]
    }
    const known = membersAt(schema, issue.path)
    return issue.keys.map((key) => {
      const near = similarWord(key, known)
      if (near !== undefined) meant.add([...issue.path, near].join('.'))
      const hint = near === undefined ? '' : ` (did you mean ${near}?)`
      return refused(issue, [...issue.path, key], key, `${issueWords(issue)}${hint}`)
    })
  })
  return all.filter((it) => it.unknown !== undefined || it.words !== 'is missing' || !meant.has(it.path.join('.')))
}

function refused(
  issue: Issue,
  path: readonly PropertyKey[],
  unknown: string | undefined,
  words: string,
): RefusedMember {
  return { issue, path, unknown, member: path.map((it) => String(it).slice(0, 60)).join('.'), words }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value
  for (const name of path) {
    if (Array.isArray(at) && typeof name === 'number') at = at[name]
    else if (isObject(at) && typeof name === 'string' && Object.hasOwn(at, name)) at = at[name]
    else return undefined
  }
  return at
}

/** Names of members that an object may have there; of one that may be several, those of all. */
function membersAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const [next, ...rest] = path
  return objectsIn(schema).flatMap((it) => {
    const { def } = (it as z.core.$ZodTypes)._zod
    if (def.type === 'object') {
      if (next === undefined) return Object.keys(def.shape)
      const member = Object.hasOwn(def.shape, next) ? def.shape[String(next)] : undefined
      return member === undefined ? [] : membersAt(member, rest)
    }
    if (next === undefined) return []
    if (def.type === 'array') return membersAt(def.element, rest)
    return def.type === 'record' ? membersAt(def.valueType, rest) : []
  })
}

/** What may be there: without what wraps it, each of several. */
function objectsIn(schema: z.core.$ZodType): z.core.$ZodType[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'optional' || def.type === 'nullable' || def.type === 'default') return objectsIn(def.innerType)
  return def.type === 'union' ? def.options.flatMap(objectsIn) : [schema]
}
