/** Inputs that a person gave when dispatching a run. Declared, not proved: the job can write the file they come from. */
import { resolve } from 'node:path'
import { CountersignError } from '../../errors.ts'
import { isObject, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { readRegularFile } from '../../platform/files.ts'
import type { World } from '../../platform/world.ts'
import { detectCi } from './index.ts'

/**
 * Undefined where the provider has no such runs, or this is none. Errors: `input-unreadable`, `input-too-large`, `path-*`,
 * `json-*`.
 */
export async function dispatchInputs({ env, cwd }: World): Promise<{ readonly [name: string]: string } | undefined> {
  const way = detectCi(env)?.job?.inputs
  if (way === undefined || env[way.variable] !== way.value) return undefined
  const path = env[way.file] ?? ''
  const what = 'the event file of the run'
  if (path === '') throw new CountersignError('input-unreadable', `${what} is not named by ${way.file}`)
  const event = parseJson(await readRegularFile(resolve(cwd, path), limits.eventBytes, what), what, limits.eventBytes)
  const inputs = isObject(event) ? event[way.member] : undefined
  if (!isObject(inputs)) return {} // a workflow without inputs has null here
  return Object.fromEntries(Object.entries(inputs).flatMap(([name, value]) => asText(name, value)))
}

/** Null is an input that was not given. */
function asText(name: string, value: Json): [string, string][] {
  if (value === null) return []
  return [[name, typeof value === 'string' ? value : JSON.stringify(value)]]
}
