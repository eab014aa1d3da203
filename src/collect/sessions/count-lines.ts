/** What readers say of lines, held against what the changes added, and counted. */
import { CountersignError } from '../../errors.ts'
import { limits } from '../../model/limits.ts'
import type { Way } from '../change/went-in.ts'
import { forEachOf } from '../git/history.ts'
import type { LinesAhead } from '../git/lines-ahead.ts'
import type { Repository } from '../git/repository.ts'
import type { Attribution } from './attribution.ts'
import { carryLines } from './carry-pass.ts'
import { passOverLines } from './line-pass.ts'
import type { ReaderLog } from './reader-log.ts'
import type { CarriedReading } from './readers/row.ts'

export interface CountedChanges {
  /** All changes of the range with the number of their parents, or too many: then only those count of which somebody says something. */
  readonly parentsOf: ReadonlyMap<string, number>
  /** By which ways lines of these commits came into changes. */
  readonly waysOf: (commits: ReadonlySet<string>) => readonly Way[]
  /** Also where no reader tells of lines. */
  readonly countLinesOfAll: boolean
  /** What was read of them while their records were looked for. */
  readonly ahead: LinesAhead
}

/** Errors: `session-limit`, `object-altered`, and `git-failed` where the run was stopped. */
export async function countLines(
  repository: Repository,
  { parentsOf, waysOf, countLinesOfAll, ahead }: CountedChanges,
  logs: readonly ReaderLog[],
  attribution: Attribution,
): Promise<void> {
  const asked = logs.flatMap((log) => log.lineReading() ?? [])
  const followed = asked.flatMap((it) => it.carried ?? [])
  const carried = await carry(repository, waysOf, followed)
  const spoken = new Map([...asked.flatMap((it) => [...it.changes]), ...carried.map((it): [string, number] => [it, 1])])
  const others = new Map([...parentsOf].filter(([change]) => !spoken.has(change)))
  const count: Seen = (change, files) => {
    if (files === undefined) attribution.isPartial()
    else attribution.count(change, files)
  }
  await ahead.whole()
  const failed = await attempt(repository, () => passOverLines(repository, spoken, asked, count, ahead))
  for (const reading of asked) await reading.end()
  if (failed !== undefined) for (const log of logs) if (log.lineReading() !== undefined) log.fail(failed)
  // Contents that nobody speaks of may be missing (a partial clone): then it is not known how many lines there are.
  const isWanted = asked.length > 0 || countLinesOfAll
  const isAll = isWanted && parentsOf.size <= limits.countedChanges && failed === undefined
  const missed = isAll
    ? await attempt(repository, () => passOverLines(repository, others, [], count, ahead))
    : undefined
  if (!isAll || missed !== undefined) attribution.isPartial()
}

type Seen = Parameters<typeof passOverLines>[3]

/** Gives the changes into which lines were followed; what git could not read of them stays unknown. */
async function carry(
  repository: Repository,
  waysOf: CountedChanges['waysOf'],
  followed: readonly CarriedReading[],
): Promise<string[]> {
  const commits = new Set(followed.flatMap((it) => [...it.commits]))
  const ways = commits.size === 0 ? [] : waysOf(commits)
  if (ways.length === 0) return []
  const changes = ways.map(({ change }) => change)
  await attempt(repository, async () => {
    const parentOf = new Map<string, string>()
    await forEachOf(repository, changes, ({ commit, parents: [parent] }) => {
      if (parent !== undefined) parentOf.set(commit, parent)
    })
    await carryLines(repository, ways, parentOf, followed)
  })
  return changes
}

/** What git failed at, unless the run was stopped. */
async function attempt(repository: Repository, pass: () => Promise<void>): Promise<CountersignError | undefined> {
  try {
    await pass()
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof CountersignError) || thrown.code !== 'git-failed') throw thrown
    if (repository.git.signal?.aborted === true) throw thrown
    return thrown
  }
}
