/** Which commits name a session, with who made them and when: what others saw of the session is held against these. */
import type { ClaimingCommit } from '../../model/claiming-commit.ts'
import { forEachOf } from '../git/history.ts'
import type { Repository } from '../git/repository.ts'
import type { RecordContent, RecordTable } from './record-table.ts'
import type { JoinedSession } from './session-draft.ts'
import { unknownTool } from './tools.ts'

/** What a session is called where tools and ids are held against each other. */
export function sessionKey(tool: string, id: string): string {
  return `${tool}\n${id}`
}

/**
 * The commits that name each session of `wanted`, by their keys. A squash is made by the person who merges, when they merge: so where commits that
 * went into a change say it, these count, and the change itself only where it alone does.
 */
export async function claimingCommits(
  repository: Repository,
  wanted: ReadonlyMap<string, JoinedSession>,
  records: RecordTable,
): Promise<ReadonlyMap<string, readonly ClaimingCommit[]>> {
  if (wanted.size === 0) return new Map()
  const ofId = Map.groupBy(wanted.keys(), (key) => key.slice(key.indexOf('\n') + 1))
  const said = new Map<string, Map<string, string>>() // session → commit that says it → change
  for (const { commit: change, records: all } of records.byCommit()) {
    const named = Map.groupBy(all, ({ content }) => sessionNamed(content, wanted, ofId))
    for (const [key, some] of named) {
      if (key === undefined) continue
      const within = some.flatMap(({ saidIn }) => saidIn ?? [])
      const by = said.get(key) ?? new Map<string, string>()
      for (const it of within.length === 0 ? [change] : within) by.set(it, change)
      said.set(key, by)
    }
  }
  const headers = new Map<string, Omit<ClaimingCommit, 'commit' | 'change'>>()
  await forEachOf(
    repository,
    new Set([...said.values()].flatMap((by) => [...by.keys()])),
    ({ commit, author, committer, authored, committed }) =>
      void headers.set(commit, { author: author.address, committer: committer.address, authored, committed }),
  )
  return new Map(
    [...said].map(([key, by]) => [
      key,
      [...by].map(([commit, change]) => ({ commit, change, ...(headers.get(commit) ?? unread) })),
    ]),
  )
}

/** Agrees with nothing. */
const unread = { author: '', committer: '', authored: 0, committed: 0 }

/** A record that names a session and no tool is of the one tool that has it (`join.ts`). */
function sessionNamed(
  { tool, session }: RecordContent,
  wanted: ReadonlyMap<string, JoinedSession>,
  ofId: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  if (session === undefined) return undefined
  const key = sessionKey(tool, session)
  if (tool !== unknownTool || wanted.has(key)) return wanted.has(key) ? key : undefined
  return ofId.get(session)?.[0]
}
