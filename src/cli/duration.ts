/** Durations on the command line: seconds or minutes, written with their unit. */
import { CountersignError } from '../index.ts'

const units: { readonly [unit: string]: number } = { s: 1_000, m: 60_000 }

/** `90s`, `2m` → milliseconds. Error: `usage`. A bare number is refused: nobody knows its unit. */
export function milliseconds(text: string, flag: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)([sm])$/.exec(text) ?? []
  const factor = units[unit]
  if (factor === undefined) {
    throw new CountersignError('usage', `${flag} is not a duration: ${JSON.stringify(text.slice(0, 40))}`, {
      hint: 'write seconds or minutes with their unit, as 90s, 0.5s or 2m',
    })
  }
  return Math.round(Number(amount) * factor)
}
