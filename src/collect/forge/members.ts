/** Members of answers, each as what it should be or undefined. What is to be kept is short, one line, and holds no secret. */
import { isObject } from '../../model/json.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { holdsUnseen } from '../../one-line.ts'
import { isUnpublishable } from '../redact/unpublishable.ts'
import type { RequestTexts, SaidAccount } from './context-row.ts'

const longestName = 255

/** The member at the end of a path. */
export function at(json: Json | undefined, ...path: readonly string[]): Json | undefined {
  let value = json
  for (const name of path) value = isObject(value) ? value[name] : undefined
  return value
}

export function objectsIn(json: Json | undefined): readonly JsonObject[] | undefined {
  if (!Array.isArray(json)) return undefined
  const entries: readonly Json[] = json
  return entries.every(isObject) ? entries : undefined
}

/** A name that may be signed; `withheld` for one that holds a secret, an address, or what cannot be seen. */
export function nameIn(json: Json | undefined): string | undefined {
  if (typeof json !== 'string' || json.trim() === '') return undefined
  const name = json.trim()
  return name.length > longestName || holdsUnseen(name) || isUnpublishable(name) ? withheld : name
}

const withheld = 'withheld'

/** Those of a list that may be signed. */
export function namesIn(json: Json | undefined): readonly string[] {
  if (!Array.isArray(json)) return []
  const entries: readonly Json[] = json
  return entries.flatMap((it) => nameIn(it) ?? []).filter((it) => it !== withheld)
}

/** RFC 3339 in the form of `Date.toISOString`. */
export function timeIn(json: Json | undefined): string | undefined {
  if (typeof json !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/.test(json)) {
    return undefined
  }
  const time = new Date(json)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}

export function commitIn(json: Json | undefined): string | undefined {
  return typeof json === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(json) ? json : undefined
}

/** Ids of commits, as far as a forge writes them. */
export function idsIn(...ids: readonly (Json | undefined)[]): readonly string[] {
  return ids.flatMap((it) => (typeof it === 'string' && /^[0-9a-f]{12,64}$/.test(it) ? [it] : []))
}

function textIn(json: Json | undefined): string | undefined {
  return typeof json === 'string' ? json.slice(0, longestText) : undefined
}

/** Links and tickets stand in the first lines, or in the last of a short one. */
const longestText = 64 * 1024

export function textsOf(branch: Json | undefined, title: Json | undefined, text: Json | undefined): RequestTexts {
  return { branch: textIn(branch), title: textIn(title), text: textIn(text) }
}

export function flagIn(json: Json | undefined): boolean | undefined {
  return typeof json === 'boolean' ? json : undefined
}

/** A count of approvals. */
export function countIn(json: Json | undefined): number | undefined {
  return typeof json === 'number' && Number.isInteger(json) && json >= 0 && json < 1_000 ? json : undefined
}

/** Undefined for a login that is none, which may steer or be a name. */
export function accountIn(login: Json | undefined, number: Json | undefined, isBot: boolean): SaidAccount | undefined {
  if (typeof login !== 'string' || !/^[\w.@+:{}-]{1,255}(?:\[bot\])?$/.test(login)) return undefined
  return { login, number: typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined, isBot }
}

/** Whether an answer is about this repository, whatever the case of its letters. */
export function isNamed(json: Json | undefined, repository: readonly string[]): boolean {
  return typeof json === 'string' && json.toLowerCase() === repository.join('/').toLowerCase()
}
