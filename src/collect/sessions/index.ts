/** AI records of a range → its sessions, how far each was checked, and who wrote how many lines. */
import type { CollectedSessions, ReleaseRange } from '../../model/facts.ts'
import type { Visited } from '../change/visited.ts'
import { forEachCommit, shallowBoundary } from '../git/history.ts'
import { checkCommits } from '../git/integrity.ts'
import type { HasRemoteRef } from '../git/remote-refs.ts'
import type { Repository } from '../git/repository.ts'
import { newAttribution } from './attribution.ts'
import { gatherFindings, newFindings } from './findings.ts'
import { joinRecords } from './join.ts'
import { levelOf } from './level.ts'
import { newReaderLog } from './reader-log.ts'
import { sessionReaders } from './readers/index.ts'
import type { SessionReader } from './readers/row.ts'
import { newRecordTable } from './record-table.ts'

/**
 * The sessions that the records in a repository claim for the commits of a range. A reader that could not look says so in its
 * report; what it missed is unknown, not none. Errors: `session-limit`, `object-altered`, and `git-failed` when the
 * history itself cannot be read.
 */
export async function collectSessions(
  repository: Repository,
  range: ReleaseRange,
  readers: readonly SessionReader[] = sessionReaders,
  hasRemoteRef: HasRemoteRef = () => Promise.resolve(undefined),
): Promise<CollectedSessions> {
  const place = { repository, range, boundary: await shallowBoundary(repository), hasRemoteRef }
  const records = newRecordTable(repository.objectFormat)
  const attribution = newAttribution(repository.objectFormat)
  const logs = readers.map((reader) => newReaderLog(reader, { place, records, attribution }))

  // 1. Each reader opens the place of its records, all see every commit in one pass, each looks after what it noted.
  for (const log of logs) await log.open()
  const readings = logs.flatMap((log) => log.reading() ?? [])
  let total = 0
  const check = checkCommits(repository.git)
  try {
    total = await forEachCommit(repository, range, (header, message, whole) => {
      check.add(header.commit)
      const visited: Visited = { ...header, change: header.commit, linkage: 'direct', message, whole }
      for (const reading of readings) reading.commit(visited)
    })
    await check.finish()
  } finally {
    await check.stop()
  }
  for (const log of logs) await log.finish()

  // 2. The records of one session are joined.
  const contradictions = newFindings(undefined)
  const { sessions, commits } = joinRecords(records, (code, detail) => contradictions.add(code, undefined, detail))

  // 3. The level of each is decided. No reader gives signatures or receipts yet.
  return {
    range,
    commits: { total, claimed: commits },
    sessions: sessions.map((it) => ({
      level: levelOf({ record: it.digest?.sha256, signer: undefined, receipt: undefined }),
      ...it,
    })),
    lines: attribution.total(),
    readers: logs.map((log) => log.report()),
    ...gatherFindings([...logs.map(({ findings }) => findings), contradictions]),
  }
}
