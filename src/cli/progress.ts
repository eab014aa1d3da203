/** One line on a terminal that says how far a long run is; nothing where stderr is piped. */
import type { Output } from './terminal.ts'

export interface Progress {
  readonly step: () => void
  /** Wipes the line, before something else is written and at the end. */
  readonly clear: () => void
}

/** Runs with fewer steps are over before a line could be read. */
const worthShowing = 50
const millisecondsBetween = 100

export function progressOn(output: Output, total: number, now: () => Date): Progress {
  if (output.isTTY !== true || total < worthShowing) return { step: () => undefined, clear: () => undefined }
  let done = 0
  let shownAt = 0
  let shown = false
  return {
    step() {
      done += 1
      const time = now().getTime()
      if (time - shownAt < millisecondsBetween) return
      output.write(`\rverified ${done} of ${total}`)
      shownAt = time
      shown = true
    },
    clear() {
      if (shown) output.write('\r\u001b[K')
      shown = false
    },
  }
}
