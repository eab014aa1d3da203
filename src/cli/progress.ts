/**
 * What a long run is doing, on stderr and never on stdout: one line on a terminal that is written over and wiped; where stderr is
 * piped nothing but what is waited for, a line each, so that a job which stands still is not taken for one that hangs.
 */
import { oneLine } from '../report.ts'
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
  const status = statusOn(output, now)
  let done = 0
  return {
    step() {
      done += 1
      status.show(`verified ${done} of ${total}`)
    },
    clear: () => status.clear(),
  }
}

/** The line that says what is being done. */
export interface StatusLine {
  readonly show: (text: string, kind?: 'step' | 'wait') => void
  readonly clear: () => void
}

/** Narrow enough for any terminal: a line that is folded cannot be wiped. */
const lineCharacters = 78

/** `say` writes a line of talk where there is no terminal. */
export function statusOn(output: Output, now: () => Date, say: (text: string) => void = () => undefined): StatusLine {
  const isTerminal = output.isTTY === true
  let shownAt = 0
  let shown = false
  return {
    show(text, kind = 'step') {
      if (!isTerminal) {
        if (kind === 'wait') say(text)
        return
      }
      const time = now().getTime()
      // A wait lasts, and is shown whatever was shown right before it.
      if (kind === 'step' && time - shownAt < millisecondsBetween) return
      const line = oneLine(text)
      output.write(`\r\u001b[K${line.length > lineCharacters ? `${line.slice(0, lineCharacters - 1)}…` : line}`)
      shownAt = time
      shown = true
    },
    clear() {
      if (shown) output.write('\r\u001b[K')
      shown = false
    },
  }
}
