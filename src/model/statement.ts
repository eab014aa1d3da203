/** in-toto Statement v1 (in-toto/attestation spec/v1/statement.md) and its predecessor v0.1, read strictly. */
import * as z from 'zod/mini'
import { CountersignError } from '../errors.ts'
import { digestSet } from './digest.ts'
import { isList, isObject, parseJson, renameFailure } from './json.ts'
import type { Json, JsonObject } from './json.ts'
import { limits } from './limits.ts'

export const statementTypeV1 = 'https://in-toto.io/Statement/v1'
export const statementTypeV01 = 'https://in-toto.io/Statement/v0.1'

const text = (): z.ZodMiniString => z.string().check(z.maxLength(8_192))

/** An optional field may be unset or null, and the two are one (in-toto/attestation spec/v1, parsing rules; so SLSA's). */
export const absent = <T extends z.ZodMiniType>(member: T): z.ZodMiniOptional<z.ZodMiniNullable<T>> =>
  z.optional(z.nullable(member))

/** What was read with members that may be null, without those that are. */
export type Present<T> = { [member in keyof T]: Exclude<T[member], null> }

export function present<T extends object>(read: T): Present<T> {
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== null)) as Present<T>
}

/** in-toto ResourceDescriptor (spec/v1/resource_descriptor.md): one of uri, digest, content at least. */
export const resourceDescriptor = z
  .looseObject({
    name: absent(text()),
    uri: absent(text()),
    digest: absent(digestSet),
    content: absent(z.string()),
    downloadLocation: absent(text()),
    mediaType: absent(text()),
    annotations: absent(z.record(z.string(), z.unknown())),
  })
  .check(
    z.refine((it) => [it.uri, it.digest, it.content].some((member) => (member ?? null) !== null), {
      error: 'needs one of uri, digest, content',
    }),
  )
export type ResourceDescriptor = Present<z.infer<typeof resourceDescriptor>>

const subject = z.looseObject({
  name: z.optional(z.nullable(text())),
  digest: digestSet.check(
    z.refine((digest) => Object.keys(digest).length >= 1 && Object.keys(digest).length <= limits.digestsPerSubject, {
      error: 'needs 1 to 32 digests',
    }),
  ),
})

/**
 * The layer that every attestation shares; `predicate` is read by the table in `predicates/`. Null is absence: it is defined in
 * protobuf, and no publish attestation of PyPI has a predicate.
 */
export const statement = z.looseObject({
  _type: z.enum([statementTypeV1, statementTypeV01]),
  subject: z.array(subject).check(z.minLength(1), z.maxLength(limits.subjects)),
  predicateType: text().check(z.minLength(1)),
  predicate: z.optional(z.nullable(z.looseObject({}))),
})
interface Subject {
  name?: string | undefined
  digest: z.infer<typeof digestSet>
  [other: string]: unknown
}

/** The same subjects, looked through by hand: a file may hold hundreds of thousands, and Zod would make each of them anew. */
const subjects = z.custom<Subject[]>(Array.isArray, { error: 'is no list' }).check(({ value, issues }) => {
  const problem = problemOf(value)
  if (problem !== undefined) issues.push({ code: 'custom', input: value, ...problem })
})

const readStatement = z.extend(statement, { subject: subjects, predicate: z.optional(z.looseObject({})) })
export type Statement = z.infer<typeof readStatement>

function problemOf(list: readonly unknown[]): { path: PropertyKey[]; message: string } | undefined {
  if (list.length === 0 || list.length > limits.subjects) {
    return { path: [], message: `needs 1 to ${limits.subjects} subjects` }
  }
  for (const [index, it] of list.entries()) {
    if (!isObject(it)) return { path: [index], message: 'is no object' }
    const { name, digest } = it
    if (name !== undefined && !isText(name, 0, 8_192))
      return { path: [index, 'name'], message: 'is no text, or too long' }
    if (digest === undefined || !isObject(digest)) return { path: [index, 'digest'], message: 'is no object' }
    const digests = Object.entries(digest)
    if (digests.length === 0 || digests.length > limits.digestsPerSubject) {
      return { path: [index, 'digest'], message: `needs 1 to ${limits.digestsPerSubject} digests` }
    }
    for (const [algorithm, value] of digests) {
      if (!isText(algorithm, 1, 64) || !isText(value, 1, 1_024)) {
        return {
          path: [index, 'digest', algorithm.slice(0, 64)],
          message: 'is no digest under the name of its algorithm',
        }
      }
    }
  }
  return undefined
}

function isText(value: unknown, least: number, most: number): boolean {
  return typeof value === 'string' && value.length >= least && value.length <= most
}

/**
 * Payload bytes → Statement. The payload was signed, but by anybody: errors are verdicts of "fail" (`statement-malformed`),
 * not crashes.
 */
export function parseStatement(payload: Uint8Array): Statement {
  const json = renameFailure(() => parseJson(payload, 'the statement', limits.statementBytes), 'statement-malformed')
  const parsed = readStatement.safeParse(withoutNulls(json))
  if (!parsed.success) {
    throw new CountersignError('statement-malformed', `the statement is malformed: ${issueText(parsed.error)}`)
  }
  return parsed.data
}

/** The same without the members that are null. */
function withoutNulls(json: Json): Json {
  if (!isObject(json)) return json
  const { predicate, subject: list } = json
  const rest = predicate === null ? withoutMember(json, 'predicate') : json
  if (!isList(list) || list.length > limits.subjects || !list.some(isNamedNull)) return rest
  return { ...rest, subject: list.map((it) => (isNamedNull(it) ? withoutMember(it, 'name') : it)) }
}

function isNamedNull(subject: Json): subject is JsonObject {
  return isObject(subject) && subject['name'] === null
}

function withoutMember(json: JsonObject, member: string): JsonObject {
  const { [member]: _, ...rest } = json
  return rest
}

/** The first problem that Zod found, as path and reason on one line. */
export function issueText(error: z.core.$ZodError): string {
  const issue = error.issues[0]
  if (issue === undefined) return 'unknown shape'
  const path = issue.path.map(String).join('.')
  return path === '' ? issue.message : `${path}: ${issue.message}`
}
