/**
 * `Entire-Checkpoint: 7b9d8e75f733` in a commit message: the id of a checkpoint, which holds one or more sessions. It is a pointer
 * to them and never a session itself. Until version 0.10 of Entire an id has 12 hex digits, since then it is a ULID.
 */
import { readTrailers } from '../messages/trailers.ts'

export interface Pointers {
  /** Each once, in their order; hex digits in lower case. */
  readonly ids: readonly string[]
  /** Values that are no id. */
  readonly invalid: number
}

/** A message, its bytes read as Latin-1, in which this finds nothing has no pointer. */
export const mayPoint = /entire-checkpoint/i

/** In every paragraph of a message, but not in an example. */
export function readPointers(message: string): Pointers {
  const trailers = readTrailers(message, (key) => key === 'entire-checkpoint')
  const values = trailers.flatMap(({ value }) => value.split(/[\s,]+/)).filter((it) => it !== '')
  const ids = values.map(checkpointId)
  const valid = ids.filter((it) => it !== undefined)
  return { ids: [...new Set(valid)], invalid: ids.length - valid.length }
}

/** The id in text; undefined if it is none. A ULID is in Crockford's alphabet, which has no I, L, O and U. */
export function checkpointId(text: string): string | undefined {
  if (/^[0-9a-f]{12}$/i.test(text)) return text.toLowerCase()
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(text) ? text.toUpperCase() : undefined
}
