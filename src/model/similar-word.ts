/** Which of the words that are known somebody may have meant. */

/** Edits after which a word is another one. */
const mostEdits = 2

/**
 * The nearest; undefined where none is near.
 *
 * @example
 * ```ts
 * import { similarWord } from 'countersign/report'
 *
 * console.log(similarWord('verfy', ['attest', 'verify'])) // verify
 * ```
 */
export function similarWord(word: string, known: readonly string[]): string | undefined {
  const near = known.map((it) => [it, distance(word.slice(0, 40), it)] as const)
  const [best] = near
    .filter(([it, edits]) => edits <= mostEdits && edits < it.length / 2 + 1)
    .sort((a, b) => a[1] - b[1])
  return best?.[0]
}

/** Letters that are changed, left out or put in (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [at, letter] of Array.from(from).entries()) {
    const next = [at + 1]
    for (const [column, other] of Array.from(to).entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
