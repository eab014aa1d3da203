/**
 * Inputs that a person gave when dispatching a run. Declared, not proved: the job can write the file they come from. And free
 * text: people pass tokens in them, so only those that are asked for by name are taken, without the secrets in them.
 */
import { resolve } from 'node:path'
import { CountersignError, option } from '../../errors.ts'
import { isObject, memberAt, parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { readRegularFile } from '../../platform/files.ts'
import type { World } from '../../platform/world.ts'
import { redactSecrets } from '../redact/secrets.ts'
import { detectCi } from './index.ts'

export interface DispatchInputs {
  readonly values: { readonly [name: string]: string }
  /** Secrets that were taken out of them. */
  readonly redacted: number
}

/**
 * The inputs with these names. Errors: `run-input-missing` (the run has none of that name, or was not dispatched),
 * `input-unreadable`, `input-too-large`, `path-*`, `json-*`.
 */
export async function dispatchInputs(names: readonly string[], world: World): Promise<DispatchInputs> {
  const event = await readEvent(world)
  const values: [string, string][] = []
  let redacted = 0
  for (const name of new Set(names)) {
    const value = isObject(event) ? memberAt(event, name) : null
    if (value === null) throw missing(`the run has no input ${JSON.stringify(name.slice(0, 200))}`)
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    if (text.length > limits.inputCharacters) {
      throw new CountersignError(
        'input-too-large',
        `the input ${JSON.stringify(name.slice(0, 200))} is too long to sign`,
      )
    }
    const without = await redactSecrets(text)
    redacted += without.count
    values.push([name, without.text])
  }
  return { values: Object.fromEntries(values), redacted }
}

/** What a person gave; null for a workflow without inputs. */
async function readEvent({ env, cwd }: World): Promise<Json> {
  const way = detectCi(env)?.job?.inputs
  if (way === undefined || env[way.variable] !== way.value) throw missing('no person started this run with inputs')
  const path = env[way.file] ?? ''
  const what = 'the event file of the run'
  if (path === '') throw new CountersignError('input-unreadable', `${what} is not named by ${way.file}`)
  const bytes = await readRegularFile(resolve(cwd, path), limits.eventBytes, what)
  parseJson(bytes, what, limits.eventBytes)
  return memberAt(JSON.parse(bytes.toString('utf8'), asWritten), way.member)
}

/** What JSON.parse hands to a reviver, and what JSON.stringify writes as it is (ECMAScript 2026, JSON.parse source text access). */
interface SourceText {
  readonly source?: string
}
const { rawJSON } = JSON as unknown as { readonly rawJSON: (source: string) => unknown }

/** A number keeps its digits: `12345678901234567890` is none that JavaScript has, and `1e400` would be null. */
function asWritten(_: string, value: unknown, { source }: SourceText = {}): unknown {
  return typeof value === 'number' && source !== undefined ? rawJSON(source) : value
}

function missing(reason: string): CountersignError {
  return new CountersignError('run-input-missing', reason, {
    option: 'inputs',
    hint: `name an input that the run was started with (${option('inputs')})`,
  })
}
