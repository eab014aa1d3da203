/** What the counts of lines that were found again mean, in the same words wherever they are shown. */
import type { Corroboration } from './session.ts'

/** Fewer lines say too little: of changes with five to nine 15 % had nothing in common with their own session. */
const leastCounted = 5

/**
 * Part of the added lines that stand in edits of the session, 0 to 1; undefined where too few lines count. Those of other files count
 * beside such of the same file alone: whoever copies a file has its lines, too.
 */
export function corroboratedShare({ counted, sameFile, otherFile }: Corroboration): number | undefined {
  if (counted < leastCounted) return undefined
  return sameFile === 0 ? 0 : Math.min(1, (sameFile + otherFile) / counted)
}

/** `98 % of 120`; how many lines there are where they are too few. */
export function corroborationWords(it: Corroboration): string {
  const share = corroboratedShare(it)
  return share === undefined ? `too few lines (${it.counted})` : `${Math.floor(share * 100)} % of ${it.counted}`
}

/** Beside every such number. */
export const corroborationMeaning =
  'corroborated: added lines that stand in edits of the transcript. From 50 % up that supports the claim; below 20 % it says nothing, ' +
  'and refutes nothing: what a program or a person wrote stands in no edit. Whoever wrote the transcript can have written this, too'
