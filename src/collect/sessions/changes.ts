/** The changes of a range, one by one, each with what was found about it. */
import type { Change, ChangePart } from '../../model/change.ts'
import type { ReleaseRange } from '../../model/facts.ts'
import { limits } from '../../model/limits.ts'
import type { CommitHeader } from '../change/visited.ts'
import { forEachCommit, forEachOf } from '../git/history.ts'
import type { Repository } from '../git/repository.ts'
import type { Attribution } from './attribution.ts'
import type { SourceTable } from './source/source-table.ts'

export interface Told {
  /** Commits in the range. */
  readonly total: number
  readonly parts: ReadonlyMap<string, readonly ChangePart[]>
  readonly requests: ReadonlyMap<string, string>
  readonly attribution: Attribution
  readonly sources: SourceTable
}

/** Newest first: all of them, or where they are more than are told one by one, those that name AI. Error: `git-failed`. */
export async function changesOf(repository: Repository, range: ReleaseRange, told: Told): Promise<Change[]> {
  const changes: Change[] = []
  const tell = (header: CommitHeader): void => {
    if (changes.length < limits.changes) changes.push(changeOf(header, told))
  }
  if (told.total <= limits.changes) await forEachCommit(repository, range, tell)
  else await forEachOf(repository, [...told.parts.keys()].slice(0, limits.changes), tell)
  return changes
}

function changeOf(header: CommitHeader, { parts, requests, attribution, sources }: Told): Change {
  const { commit, tree, parents, author, committer } = header
  const attributed = attribution.of(commit)
  return {
    ...{ commit, tree, parents, author, committer },
    request: requests.get(commit),
    parts: parts.get(commit) ?? [],
    lines: attributed?.lines,
    files: attributed?.files ?? [],
    source: sources.of(commit),
  }
}
