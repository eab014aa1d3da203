/** Tokens of answers, added up. */
import type { TranscriptTokens } from '../../model/transcript.ts'

/** Undefined where no answer says any. What one answer leaves out counts as none of it. */
export function sumOfTokens(answers: Iterable<TranscriptTokens | undefined>): TranscriptTokens | undefined {
  const said = [...answers].filter((it) => it !== undefined)
  if (said.length === 0) return undefined
  const sum = (name: keyof TranscriptTokens): { [key in typeof name]?: number } => {
    const counts = said.map((it) => it[name]).filter((it) => it !== undefined && Number.isSafeInteger(it) && it >= 0)
    const all = counts.reduce((sum: number, it) => sum + (it ?? 0), 0)
    // No tool counts that far, and beyond it a number is not the sum.
    return counts.length === 0 || !Number.isSafeInteger(all) ? {} : { [name]: all }
  }
  return { ...sum('input'), ...sum('output'), ...sum('cacheRead'), ...sum('cacheWrite') }
}
