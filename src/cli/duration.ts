/** Durations on the command line: one form for all of them, a number with its unit. */
import { CountersignError } from '../index.ts'

const units: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A timer holds no more (a signed integer of 32 bits), and ends at once where it is given more. */
const longest = 24 * 86_400_000

/** `30s`, `5m`, `2h`, `7d` → milliseconds. Error: `usage`. A bare number is refused: nobody knows its unit. */
export function milliseconds(text: string, flag: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,7}(?:\.\d{1,3})?)([smhd])$/.exec(text) ?? []
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined
  if (factor === undefined) {
    const written = JSON.stringify(text.slice(0, 40))
    throw new CountersignError('usage', `${flag} is not a duration: ${written}`, {
      hint: /^\d{1,7}$/.test(text)
        ? `write its unit: ${text}s for seconds, ${text}m for minutes, ${text}h for hours, ${text}d for days`
        : 'write a number with its unit, as 30s, 0.5s, 5m, 2h or 7d',
    })
  }
  const time = Math.round(Number(amount) * factor)
  if (time > longest) throw new CountersignError('usage', `${flag} is longer than 24d`)
  return time
}
