/** What may have been meant by a word that is none of those that are known. */
import { similarWord } from '../report.ts'

/** ` (did you mean show?)`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = similarWord(word, known)
  return near === undefined ? '' : ` (did you mean ${near}?)`
}
