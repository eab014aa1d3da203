/** A range as a test needs it: everything up to a commit, unless it says more. */
import type { ReleaseRange } from '../../src/model/facts.ts'

export function rangeUpTo(until: string, more: Partial<ReleaseRange> = {}): ReleaseRange {
  return {
    since: null,
    sinceName: undefined,
    until,
    reason: 'adopted',
    base: undefined,
    paths: [],
    cut: false,
    ...more,
  }
}
