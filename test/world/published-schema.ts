/** The schemas that we publish, read by another implementation than ours (Ajv, draft 2020-12, strict). */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'

const compiled = new Map<string, ValidateFunction>()

/** The schema as it stands in `schemas/<name>/v1.json`. */
export function publishedSchema(name: string): object {
  const url = new URL(`../../schemas/${name}/v1.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8')) as object
}

/** What is wrong with a value, as it looks on the wire; nothing for one that the schema accepts. */
export function schemaErrors(name: string, value: unknown): readonly ErrorObject[] {
  let validate = compiled.get(name)
  if (validate === undefined) {
    // `type: [string, null]` is draft 2020-12; Ajv's strict mode only wants it said that this is meant.
    validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(publishedSchema(name))
    compiled.set(name, validate)
  }
  const wire: unknown = value === undefined ? undefined : JSON.parse(JSON.stringify(value))
  return validate(wire) ? [] : (validate.errors ?? [])
}
