/** Which of our labels a request has, and what is to be done that it has just those that it should: others are not looked at. */
import { gateLabels } from '../model/gate-report.ts'
import type { Json } from '../model/json.ts'
import type { OwnLabel } from './writes.ts'

export interface LabelChanges {
  readonly add: readonly OwnLabel[]
  readonly remove: readonly OwnLabel[]
}

/** `names`: what it has; forges find a label whatever the case of its letters. Undefined where all is as it should be. */
export function labelChanges(names: readonly Json[], wanted: readonly OwnLabel[]): LabelChanges | undefined {
  const has = new Set(names.flatMap((it) => (typeof it === 'string' ? it.toLowerCase() : [])))
  const add = gateLabels.filter((it) => wanted.includes(it) && !has.has(it))
  const remove = gateLabels.filter((it) => !wanted.includes(it) && has.has(it))
  return add.length + remove.length === 0 ? undefined : { add, remove }
}
