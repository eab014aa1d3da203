/** The shape of a mutant: one rule of the source taken out by one edit. */

export interface Edit {
  /** What the rule keeps out, as a sentence about an attacker or a mistake. */
  readonly rule: string
  /** Below src/. */
  readonly file: string
  /** Text that stands exactly once in the file, and what takes its place. */
  readonly find: string
  readonly replace: string
  /** Files or folders below test/ that ought to notice, the nearest first. */
  readonly tests: readonly string[]
  /** The tests run what was built. */
  readonly isBuilt?: boolean
  /** Of a mutant that nothing notices: why that is no gap. */
  readonly explained?: string
}
