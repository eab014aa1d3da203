/** What records in JSON have in common, whoever writes them: each reading says undefined for anything else, and never throws. */
import { CountersignError } from '../../errors.ts'
import { parseJson } from '../../model/json.ts'
import type { Json } from '../../model/json.ts'

/** Or why it is none: one line without any of the contents. */
export type ReadJson = { readonly json: Json } | { readonly malformed: string }

export function recordJson(bytes: Uint8Array, maxBytes: number): ReadJson {
  try {
    return { json: parseJson(bytes, 'the record', maxBytes) }
  } catch (thrown) {
    if (!(thrown instanceof CountersignError)) throw thrown
    return { malformed: `it is no good JSON (${thrown.code})` }
  }
}

/** More lines than any file has, and far from where numbers are no longer whole. */
const mostLines = 1_000_000_000

/** The first and the last of lines that are counted from 1. */
export function lineRange(first: Json, last: Json): readonly [number, number] | undefined {
  return isLine(first) && isLine(last) && first <= last ? [first, last] : undefined
}

function isLine(value: Json): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value < mostLines
}
