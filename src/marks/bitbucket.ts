/** Bitbucket Cloud (REST API, version 2.0): a report of Code Insights for a commit, with annotations. Its pull requests have no labels. */
import { limits } from '../model/limits.ts'
import type { MarkRow } from './row.ts'
import { bitbucketReportAnnotated, bitbucketReportRemoved, bitbucketReportSet } from './writes.ts'

export const bitbucketMarks: MarkRow = {
  sign: '#',
  labels: undefined,
  async check(door, { repository, head }, { annotations, ...check }) {
    // Annotations of a run before would stand beside those of this one.
    await door.send(bitbucketReportRemoved(repository, head))
    await door.send(bitbucketReportSet(repository, head, check))
    for (let first = 0; first < annotations.length; first += limits.reportAnnotations) {
      const some = annotations.slice(first, first + limits.reportAnnotations)
      await door.send(bitbucketReportAnnotated(repository, head, some, first))
    }
    return 'set'
  },
}
