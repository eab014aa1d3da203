/** What is known of AI sessions in a job without a checkout: nothing, and that is said of every reader. */
import type { CollectedSessions } from './facts.ts'

/** `commit` is the one that the token names, `readers` the ids of those that would have looked. */
export function notCollected(commit: string, readers: readonly string[]): CollectedSessions {
  return {
    range: {
      since: null,
      sinceName: undefined,
      until: commit,
      reason: 'not-collected',
      base: undefined,
      paths: [],
      cut: false,
    },
    commits: { total: 0, claimed: 0 },
    sessions: [],
    lines: undefined,
    readers: readers.map((reader) => ({ reader, outcome: 'not-collected', claims: 0, detail: 'there is no checkout' })),
    findings: [],
    findingCounts: {},
  }
}
