/** Durations on the command line: whole seconds or minutes, written with their unit. */
import { CountersignError } from '../index.ts'

const units: { readonly [unit: string]: number } = { s: 1_000, m: 60_000 }

/** `90s`, `2m` → milliseconds. Error: `usage`. A bare number is refused: nobody knows its unit. */
export function milliseconds(text: string, flag: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,6})([sm])$/.exec(text) ?? []
  const factor = units[unit]
  if (factor === undefined) {
    throw new CountersignError('usage', `${flag} is no duration: ${JSON.stringify(text.slice(0, 40))}`, {
      hint: 'write whole seconds or minutes, as 90s or 2m',
    })
  }
  return Number(amount) * factor
}
