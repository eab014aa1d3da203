/** What came of one reader of context, over all that it was asked. */
import type { ContextReader } from '../../model/context.ts'
import type { ReaderReport } from '../../model/session.ts'
import type { Said } from '../forge/context-row.ts'

export interface Tally {
  /** Asks, unless it was said that no further question is answered; undefined is "not said". */
  ask<T>(question: () => Promise<Said<T>>): Promise<T | undefined>
  /** Counts items that were kept. */
  count(items: number): void
  /** What was said is not kept, and why. */
  miss(reason: string): void
  report(): ReaderReport
}

/** `what` is asked about, in the plural: `changes`. `none` says why nothing was asked, where nothing was. */
export function newTally(reader: ContextReader, what: string, none?: string): Tally {
  let asked = 0
  let missed = 0
  let claims = 0
  let why: string | undefined
  let isOver = false
  return {
    async ask(question) {
      asked += 1
      const said = isOver ? undefined : await question()
      if (said === undefined || said.trouble !== undefined) missed += 1
      if (said?.trouble !== undefined) why = said.trouble
      if (said?.isLast === true) isOver = true
      return said?.value
    },
    count(items) {
      claims += items
    },
    miss(reason) {
      missed += 1
      why = reason
    },
    report() {
      if (asked === 0 && none !== undefined) return { reader, outcome: 'not-collected', claims, detail: none }
      if (missed === 0) return { reader, outcome: claims === 0 ? 'nothing' : 'found', claims }
      const words = asked === 1 ? '' : `, of ${missed} of ${asked} ${what}`
      return { reader, outcome: 'could-not-look', claims, detail: `the forge did not say all${words}: ${why ?? ''}` }
    },
  }
}
