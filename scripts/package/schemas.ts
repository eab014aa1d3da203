/**
 * JSON Schemas as they are published: the same as those in `schemas/`, without white space, without what says nothing (that the name of a
 * member is a string), and with what stands in them more than once written once, under `$defs` (JSON Schema 2020-12 §8.2.4). Of the
 * largest that leaves a tenth.
 */

type Json = null | boolean | number | string | readonly Json[] | JsonObject
interface JsonObject {
  readonly [name: string]: Json
}

/** Keywords whose values are schemas, lists of them, or schemas by name (§10). Elsewhere a `$ref` would be a plain value. */
const single = ['additionalProperties', 'propertyNames', 'items', 'contains', 'not', 'if', 'then', 'else']
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const byName = ['properties', 'patternProperties', 'dependentSchemas']

/** Bytes of a reference, and of what a definition needs beside its text. */
const [reference, definition] = ['{"$ref":"#/$defs/99"}'.length, '"99":,'.length]

/** Throws where the schema has definitions of its own already: their names could be ours. */
export function compactSchema(spelled: JsonObject): JsonObject {
  if ('$defs' in spelled) throw new Error('the schema has $defs')
  const schema = telling(spelled)
  const times = new Map<string, number>()
  walk(schema, (part) => {
    const text = JSON.stringify(part)
    const seen = times.get(text) ?? 0
    times.set(text, seen + 1)
    // What is in a part that was seen before is counted with it.
    return seen === 0 ? part : undefined
  })
  const names = new Map<string, string>()
  for (const [text, count] of times) {
    const saved = (count - 1) * text.length - count * reference - definition
    if (saved > 0) names.set(text, String(names.size + 1))
  }
  const short = (part: JsonObject): JsonObject => {
    const name = names.get(JSON.stringify(part))
    return name === undefined ? parts(part, short) : { $ref: `#/$defs/${name}` }
  }
  const definitions = [...names].map(([text, name]) => [name, parts(JSON.parse(text) as JsonObject, short)] as const)
  const whole = parts(schema, short)
  return definitions.length === 0 ? whole : { ...whole, $defs: Object.fromEntries(definitions) }
}

/**
 * Without keywords that refuse nothing (§10.3.2, §6.1): names of members are strings, members that are not named may be anything, and what
 * is one of some texts is a text. No schema of ours asks what was evaluated (§11).
 */
function telling(schema: JsonObject): JsonObject {
  const { type, propertyNames, additionalProperties, ...rest } = schema
  const values = Array.isArray(rest['enum']) ? (rest['enum'] as readonly Json[]) : [rest['const']]
  const keywords = {
    ...(type === undefined || (typeof type === 'string' && values.every((it) => typeof it === type)) ? {} : { type }),
    ...(propertyNames === undefined || isSame(propertyNames, { type: 'string' }) ? {} : { propertyNames }),
    ...(additionalProperties === undefined || isSame(additionalProperties, {}) ? {} : { additionalProperties }),
    ...rest,
  }
  return parts(keywords, telling)
}

function isSame(left: Json, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

/** Calls for each schema below one, and goes on into what is given back. */
function walk(schema: JsonObject, visit: (part: JsonObject) => JsonObject | undefined): void {
  parts(schema, (part) => {
    const next = visit(part)
    if (next !== undefined) walk(next, visit)
    return part
  })
}

/** The same schema with each one right below it replaced. */
function parts(schema: JsonObject, replace: (part: JsonObject) => JsonObject): JsonObject {
  const one = (value: Json): Json => (isObject(value) ? replace(value) : value)
  const members = Object.entries(schema).map(([name, value]): [string, Json] => {
    if (single.includes(name)) return [name, one(value)]
    if (lists.includes(name) && Array.isArray(value)) return [name, (value as readonly Json[]).map(one)]
    if (byName.includes(name) && isObject(value)) {
      return [name, Object.fromEntries(Object.entries(value).map(([key, it]) => [key, one(it)]))]
    }
    return [name, value]
  })
  return Object.fromEntries(members)
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
