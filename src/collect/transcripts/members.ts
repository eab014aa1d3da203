/** Members of rows from outside, each as it should be or undefined. */
import type { Json, JsonObject } from '../../model/json.ts'

export function objectIn(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value : undefined
}

export function listIn(value: Json | undefined): readonly Json[] {
  return value !== undefined && isList(value) ? value : []
}

export function textIn(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function numberIn(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
