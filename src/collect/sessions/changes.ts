/** The changes of a range, one by one, each with what was found about it. */
import type { Change, ChangePart, CommitSigner, SaidOverride } from '../../model/change.ts'
import { limits } from '../../model/limits.ts'
import type { CommitHeader } from '../change/visited.ts'
import { forEachOf } from '../git/history.ts'
import type { Repository } from '../git/repository.ts'
import type { Attribution } from './attribution.ts'
import type { SourceTable } from './source/source-table.ts'

export interface Told {
  /** The commits of the range, newest first; of one with more than are told one by one, the newest and one more. */
  readonly headers: readonly CommitHeader[]
  readonly parts: ReadonlyMap<string, readonly ChangePart[]>
  readonly requests: ReadonlyMap<string, string>
  readonly attribution: Attribution
  readonly sources: SourceTable
  /** Of the commits whose messages say why they name no session. */
  readonly overrides: ReadonlyMap<string, SaidOverride>
  readonly signedBy: ReadonlyMap<string, CommitSigner>
}

/** Newest first: all of them, or where they are more than are told one by one, those that name AI. Error: `git-failed`. */
export async function changesOf(repository: Repository, told: Told): Promise<Change[]> {
  if (told.headers.length <= limits.changes) return told.headers.map((header) => changeOf(header, told))
  const changes: Change[] = []
  const named = [...told.parts.keys()].slice(0, limits.changes)
  await forEachOf(repository, named, (header) => void changes.push(changeOf(header, told)))
  return changes
}

function changeOf(header: CommitHeader, { parts, requests, attribution, sources, overrides, signedBy }: Told): Change {
  const { commit, tree, parents, author, committer } = header
  const attributed = attribution.of(commit)
  const override = overrides.get(commit)
  return {
    ...{ commit, tree, parents, author, committer },
    request: requests.get(commit),
    parts: parts.get(commit) ?? [],
    lines: attributed?.lines,
    files: attributed?.files ?? [],
    source: sources.of(commit),
    ...(override === undefined ? {} : { override: { ...override, signedBy: signedBy.get(commit) } }),
  }
}
