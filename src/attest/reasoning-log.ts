/** The log of what was asked and decided behind a release: its sessions, change by change, each with the record that is its own. */
import { resolve } from 'node:path'
import { readRecordFolder, readTranscriptTexts } from '../collect/transcripts/read-records.ts'
import type { ReadRecords, RecordTexts } from '../collect/transcripts/read-records.ts'
import type { LoggedSession, ReasoningLog, RecordState } from '../model/reasoning-log.ts'
import type { Session } from '../model/session.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import type { RangeRequest } from './asked-range.ts'
import { collectRange } from './range.ts'
import { recordsInRepository } from './repository-records.ts'

type LogOfSession = Pick<Session, 'tool' | 'id' | 'level' | 'models' | 'startedAt' | 'commits' | 'digest'>

export interface ReasoningLogRequest {
  /** The commits; default: those that `attest` would take. Not with `release`. */
  readonly range?: Pick<RangeRequest, 'since' | 'until' | 'adopt' | 'network' | 'tagPattern' | 'folders'>
  /** What a bundle says, as `inspect` or `verify` gave it, and whether that was verified: then digests must be those of it. */
  readonly release?: { readonly name: string; readonly verified: boolean; readonly sessions: readonly LogOfSession[] }
  /** Folders as `keepRecords` writes them. */
  readonly records?: readonly string[]
  /** Transcripts as tools write them, files each. */
  readonly transcripts?: readonly string[]
  readonly world?: Partial<World>
}

/**
 * Texts come from records without secrets, given or in refs of the clone, and from none whose bytes are not those of its name, or of the
 * digest that is signed. Errors: those of `collectRange`, `path-missing`, `input-unreadable`.
 *
 * @example
 * ```ts
 * import { collectReasoningLog } from 'countersign/attest'
 *
 * const { sessions } = await collectReasoningLog({ range: { network: 'none' } })
 * console.log(sessions.filter((it) => it.record === 'missing').length)
 * ```
 */
export async function collectReasoningLog(request: ReasoningLogRequest = {}): Promise<ReasoningLog> {
  const { release, range, records = [], transcripts = [] } = request
  const world = worldOf(request.world)
  const read: ReadRecords[] = []
  for (const it of records) read.push(await readRecordFolder(resolve(world.cwd, it)))
  for (const it of transcripts) read.push(await readTranscriptTexts(resolve(world.cwd, it)))
  const given = read.flatMap((it) => it.records)
  /** With those in refs of the clone that nobody gave. */
  const withOwn = async (sessions: readonly LogOfSession[]): Promise<ReadRecords> => {
    const pinned = sessions.flatMap(({ digest }) => digest?.sha256 ?? [])
    const isGiven = (sha256: string): boolean => given.some((it) => it.digest === sha256)
    const own = await recordsInRepository(
      pinned.filter((it) => !isGiven(it)),
      world,
    )
    return {
      records: [...given, ...own.records],
      refused: [...read.flatMap((it) => it.refused), ...own.refused],
    }
  }
  if (release !== undefined) {
    const sessions = inOrder(release.sessions)
    const { records: texts, refused } = await withOwn(sessions)
    return {
      of: { kind: 'bundle', name: release.name, verified: release.verified },
      changes: changesOf(sessions, [...new Set(sessions.flatMap((it) => it.commits))]),
      sessions: sessions.map((it) => logged(it, texts)),
      unclaimed: undefined,
      refused,
    }
  }
  const report = await collectRange({ ...range, ...(request.world === undefined ? {} : { world: request.world }) })
  const sessions = inOrder(report.sessions)
  const { records: texts, refused } = await withOwn(sessions)
  return {
    of: { kind: 'range', name: report.range.until, verified: false },
    changes: changesOf(
      sessions,
      report.changes.map((it) => it.commit),
    ),
    sessions: sessions.map((it) => logged(it, texts)),
    unclaimed: report.commits.unknown,
    refused,
  }
}

function inOrder(sessions: readonly LogOfSession[]): readonly LogOfSession[] {
  const key = (it: LogOfSession): string => `${it.startedAt ?? '~'} ${it.tool} ${it.id ?? ''}`
  return sessions.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

function changesOf(sessions: readonly LogOfSession[], commits: readonly string[]): ReasoningLog['changes'] {
  return commits.flatMap((commit) => {
    const of = sessions.flatMap((it, at) => (it.commits.includes(commit) ? [at] : []))
    return of.length === 0 ? [] : [{ commit, sessions: of }]
  })
}

function logged(session: LogOfSession, texts: readonly RecordTexts[]): LoggedSession {
  const { tool, id, level, models, startedAt, digest } = session
  const own = id === undefined ? [] : texts.filter((it) => it.session === id && it.tool === tool)
  const pinned = texts.find((it) => it.digest === digest?.sha256 && it.session === id)
  // Of several the longest, as it is pinned where nothing else says which.
  const [longest] = own.toSorted((a, b) => b.entries.length - a.entries.length || (a.digest < b.digest ? -1 : 1))
  const shown = digest === undefined ? longest : pinned
  return {
    ...{ tool, id, level, models, startedAt },
    digest: digest?.sha256 ?? shown?.digest,
    record: stateOf(digest !== undefined, shown, own.length > 0),
    entries: shown?.entries ?? [],
    left: shown?.left ?? 0,
  }
}

function stateOf(isPinned: boolean, shown: RecordTexts | undefined, isGiven: boolean): RecordState {
  if (shown !== undefined) return isPinned ? 'signed' : 'unpinned'
  return isGiven ? 'differs' : 'missing'
}
