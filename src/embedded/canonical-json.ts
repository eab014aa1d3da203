/** JSON as it is hashed and signed (RFC 8785). */
import canonicalize from 'canonicalize'
import type { Json } from '../model/json.ts'
import { Refusal } from './refusal.ts'

/** Refusal (400): half of a surrogate pair, which no UTF-8 can hold. */
export function canonicalJson(value: Json): string {
  try {
    return canonicalize(value) ?? 'null'
  } catch {
    throw new Refusal(400, 'the text is not Unicode')
  }
}
