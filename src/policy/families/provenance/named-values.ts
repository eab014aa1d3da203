/** Values by name, of which some are allowed and some are required: parameters and inputs of a build. */
import { compilePattern } from '../../../model/identity.ts'
import { isObject, memberAt, textAt } from '../../../model/json.ts'
import type { NamedValues } from '../../../model/policy.ts'
import { unseen } from '../row.ts'
import type { RuleResult } from '../row.ts'

/** `what`: as in `the parameter`. A value that is null is not there (SLSA 1.2, parsing rules). */
export function namedResults({ allow, require = {} }: NamedValues, values: object, what: string): RuleResult[] {
  const names = Object.entries(values).flatMap(([name, value]) => (value === null || value === undefined ? [] : [name]))
  return [
    ...(allow === undefined ? [] : allowed(allow, Object.keys(require), names, what)),
    ...required(require, values, what),
  ]
}

/** What is required is allowed as well, with all that it is a part of. */
function allowed(
  allow: readonly string[],
  required: readonly string[],
  names: readonly string[],
  what: string,
): RuleResult[] {
  const known = new Set([...allow, ...required, ...required.map((it) => it.split('.')[0] ?? '')])
  const expected = `no ${what} but ${allow.join(', ')}`
  const others = names.filter((it) => !known.has(it))
  if (others.length === 0) return [{ outcome: 'pass', expected, found: names.length === 0 ? 'none' : names.join(', ') }]
  return others.map((found) => ({ outcome: 'fail', code: 'parameter-refused', expected, found }))
}

function required(require: Readonly<Record<string, string>>, values: object, what: string): RuleResult[] {
  return Object.entries(require).map(([name, glob]): RuleResult => {
    const expected = `${name}=${glob}`
    const found = valuesAt(values, name)
    if (found.length === 0) return unseen(expected, `no ${what} of this name`)
    const pattern = compilePattern(glob, `the ${what}`)
    const words = `${name}=${found.join(' and ')}`
    // Under a name that can be read in two ways, each of them must hold.
    return found.every((it) => pattern.matches(it))
      ? { outcome: 'pass', expected, found: words }
      : { outcome: 'fail', code: 'parameter-mismatch', expected, found: words }
  })
}

/** By the name as a whole, and by its parts between dots: `workflow.path`. What is no text is shown as JSON. */
function valuesAt(values: object, name: string): string[] {
  const own: unknown = Object.hasOwn(values, name) ? (values as Record<string, unknown>)[name] : undefined
  const deep: unknown = name.includes('.') && isObject(values) ? memberAt(values, ...name.split('.')) : undefined
  return [own, deep].flatMap((it) => (it === undefined || it === null ? [] : [textAt(it) ?? JSON.stringify(it)]))
}
