/** What a kind of forge can be told of a change. One row, one file of this folder. */
import type { ForgeDoor } from './forge-door.ts'
import type { MarkAnnotation, MarkedCheck, OwnLabel } from './writes.ts'

export interface MarkedChange {
  /** The parts of the repository's name. */
  readonly repository: readonly string[]
  /** Full id of its last commit. */
  readonly head: string
}

export interface MarkedRequest extends MarkedChange {
  /** Without its sign. */
  readonly number: string
}

export interface CheckToSet extends MarkedCheck {
  /** At most `limits.markAnnotations`. */
  readonly annotations: readonly MarkAnnotation[]
}

/** Errors of all: `MarkTrouble`. */
export interface MarkRow {
  /** How it writes requests. */
  readonly sign: '#' | '!'
  /** Sets just these of our labels; undefined where it has none. */
  readonly labels:
    ((door: ForgeDoor, request: MarkedRequest, labels: readonly OwnLabel[]) => Promise<'set' | 'unchanged'>) | undefined
  /** One check for this commit, the same one when it is set again. */
  check(door: ForgeDoor, change: MarkedChange, check: CheckToSet): Promise<'set' | 'unchanged'>
}
