/** How much of one session is kept; what is beyond that is told of, once. */
import { lineKeys } from '../../model/line-key.ts'
import { limits } from '../../model/limits.ts'

export class SessionRoom {
  readonly #cut: (detail: string) => void
  #lines: number = limits.transcriptLines
  #parts: number = limits.transcriptParts
  #wasCut = false

  constructor(cut: (detail: string) => void) {
    this.#cut = (detail) => {
      if (!this.#wasCut) cut(detail)
      this.#wasCut = true
    }
  }

  /** Whether there is room for one more question, answer or edit. */
  forPart(): boolean {
    if (this.#parts === 0) {
      this.#cut(`more than ${limits.transcriptParts} questions, answers and edits`)
      return false
    }
    this.#parts -= 1
    return true
  }

  /** The keys of its lines, as many as there is room for. */
  keysOf(text: string): number[] {
    const keys: number[] = []
    for (const key of lineKeys(text)) {
      if (this.#lines === 0) {
        this.#cut(`more than ${limits.transcriptLines} lines`)
        break
      }
      this.#lines -= 1
      keys.push(key)
    }
    return keys
  }
}
