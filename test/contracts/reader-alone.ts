/** What one reader gives by itself, before anything behind it looks: no gate, no join. */
import type { Visited } from '../../src/collect/change/visited.ts'
import { forEachCommit, resolveRange } from '../../src/collect/git/history.ts'
import { noRemote } from '../../src/collect/git/remote.ts'
import type { Repository } from '../../src/collect/git/repository.ts'
import { passOverLines } from '../../src/collect/sessions/line-pass.ts'
import type { Absence, AttributedFile, Look, SessionReader } from '../../src/collect/sessions/readers/row.ts'
import type { SessionRecord } from '../../src/model/record.ts'
import type { SourceStatement, VerifySource } from '../../src/model/source-statement.ts'

export interface Reading {
  readonly records: Omit<SessionRecord, 'reader'>[]
  readonly findings: string[]
  /** What they say beside their codes. */
  readonly details: string[]
  readonly lines: (readonly [string, readonly AttributedFile[]])[]
  readonly sources: (readonly [string, SourceStatement])[]
  readonly absence: Absence | undefined
}

export type Order = (visits: Visited[]) => Visited[]

/** The commits in the given order. */
export async function readAlone(
  repository: Repository,
  reader: SessionReader,
  verifySource: VerifySource,
  order: Order = (it) => it,
): Promise<Reading> {
  const range = await resolveRange(repository, { allowShallow: 'refuse' })
  const reading: Reading = { records: [], findings: [], details: [], lines: [], sources: [], absence: undefined }
  const look: Look = {
    repository,
    range,
    boundary: new Set(),
    remote: noRemote,
    verifySource,
    record: (record) => void reading.records.push(record),
    finding(code, _, detail) {
      reading.findings.push(code)
      reading.details.push(detail)
    },
    lines: (commit, lines) => void reading.lines.push([commit, lines]),
    transcript: () => 'whole',
    source: (commit, statement) => void reading.sources.push([commit, statement]),
  }
  const opened = await reader.open(look)
  if ('outcome' in opened) return { ...reading, absence: opened }
  const visits: Visited[] = []
  await forEachCommit(repository, range, (header, message, whole) => {
    visits.push({ ...header, change: header.commit, linkage: 'direct', message: Buffer.from(message), whole })
  })
  for (const visited of order(visits)) opened.commit(visited)
  const lines = await opened.finish()
  if (lines !== undefined) await passOverLines(repository, lines.changes, [lines], () => undefined)
  await lines?.end()
  return reading
}
