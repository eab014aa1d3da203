/** The log of what was asked and decided behind a release: its sessions, change by change, each with the record that is its own. */
import { resolve } from 'node:path'
import { CountersignError, attemptAsync } from '../errors.ts'
import { byProgress } from '../collect/transcripts/progress.ts'
import { readRecordFolder, readTranscriptTexts } from '../collect/transcripts/read-records.ts'
import type { ReadRecords } from '../collect/transcripts/read-records.ts'
import type { LoggedSession, NamedLog, NotLooked, ReasoningLog, RecordState } from '../model/reasoning-log.ts'
import { recordKey } from '../model/record-attestation.ts'
import type { Session } from '../model/session.ts'
import { worldOf } from '../platform/world.ts'
import type { World } from '../platform/world.ts'
import type { RangeRequest } from './asked-range.ts'
import { recordFates } from './record-fates.ts'
import type { FatesRequest, PinnedRecord, RecordFate } from './record-fates.ts'
import { collectRange } from './range.ts'
import { recordsInRepository } from './repository-records.ts'

type LogOfSession = Pick<
  Session,
  'tool' | 'id' | 'level' | 'models' | 'startedAt' | 'commits' | 'digest' | 'transcript'
>

export interface ReasoningLogRequest extends Omit<FatesRequest, 'world'> {
  /** The commits; default: those that `attest` would take. Not with `release`. */
  readonly range?: Pick<RangeRequest, 'since' | 'until' | 'adopt' | 'network' | 'tagPattern' | 'folders'>
  /** What a bundle says, as `inspect` or `verify` gave it, and whether that was verified: then digests must be those of it. */
  readonly release?: {
    readonly name: string
    readonly verified: boolean
    readonly sessions: readonly LogOfSession[]
    /** The log that it names. */
    readonly signed?: NamedLog | undefined
  }
  /** Folders as `keepRecords` writes them. */
  readonly records?: readonly string[]
  /** Transcripts as tools write them, files each. */
  readonly transcripts?: readonly string[]
  readonly world?: Partial<World>
}

/**
 * Texts come from records without secrets, given or in refs of the clone. No record is read whose bytes are not those of its name, or of the digest that is signed. Of a range
 * they count as transcripts do for `attest`, so that the log of it can be made again from the bundle. Errors: those of `collectRange`,
 * `path-missing`, `input-unreadable`.
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
  /** With those in refs of the clone that nobody gave; of one that was replaced the newest. */
  const withOwn = async (sessions: readonly LogOfSession[]): Promise<FoundTexts> => {
    const isGiven = (sha256: string): boolean => given.some((it) => it.digest === sha256)
    const pinned = sessions.flatMap(pinnedOf).filter(({ digest }) => !isGiven(digest))
    // Where nobody can look, that is said of the records themselves.
    const told = await attemptAsync(() => recordFates(pinned, { ...request, world }))
    if (told instanceof CountersignError && told.code !== 'git-no-repository' && told.code !== 'git-failed') throw told
    const fates = new Map((told instanceof CountersignError ? [] : told).map((it) => [recordKey(it), it]))
    const wanted = pinned.map((it) => fates.get(recordKey(it))?.newest ?? it.digest)
    const own = await recordsInRepository(
      wanted.filter((it) => !isGiven(it)),
      world,
    )
    return {
      records: [...given, ...own.records],
      fates,
      refused: [...read.flatMap((it) => it.refused), ...own.refused],
      notLooked: own.notLooked,
    }
  }
  if (release !== undefined) {
    const sessions = inOrder(release.sessions)
    const { refused, notLooked, ...texts } = await withOwn(sessions)
    return {
      of: { kind: 'bundle', name: release.name, verified: release.verified },
      changes: changesOf(sessions),
      sessions: sessions.map((it) => notFound(logged(it, texts, 'signed'), notLooked)),
      unclaimed: undefined,
      refused,
      signed: release.signed,
      notLooked,
    }
  }
  const files = read.flatMap((it) => it.files)
  const report = await collectRange({
    ...range,
    ...(files.length === 0 ? {} : { transcripts: files }),
    ...(request.allowedSigners === undefined ? {} : { allowedSigners: request.allowedSigners }),
    ...(request.allowedIdentities === undefined ? {} : { allowedIdentities: request.allowedIdentities }),
    ...(request.trust === undefined ? {} : { trust: request.trust }),
    ...(request.world === undefined ? {} : { world: request.world }),
  })
  const sessions = inOrder(report.sessions)
  const { refused, ...texts } = await withOwn(sessions)
  return {
    of: { kind: 'range', name: report.range.until, verified: false },
    changes: changesOf(sessions),
    sessions: sessions.map((it) => logged(it, texts, 'unpinned')),
    unclaimed: report.commits.unknown,
    refused,
  }
}

/** The record that it names, if it names one. */
function pinnedOf({ tool, id, digest }: LogOfSession): PinnedRecord[] {
  return digest === undefined || id === undefined ? [] : [{ digest: digest.sha256, tool, session: id }]
}

interface FoundTexts extends Pick<ReadRecords, 'records' | 'refused'> {
  /** Of the signed digests that nobody gave a record of, by `recordKey`. */
  readonly fates: ReadonlyMap<string, RecordFate>
  /** Why nobody could look for them in refs. */
  readonly notLooked: NotLooked | undefined
}

function inOrder<S extends LogOfSession>(sessions: readonly S[]): readonly S[] {
  const key = (it: S): string => `${it.startedAt ?? '~'} ${it.tool} ${it.id ?? ''}`
  return sessions.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

/** In the order of their sessions: a bundle does not say theirs, and both shall give the same log. */
function changesOf(sessions: readonly LogOfSession[]): ReasoningLog['changes'] {
  const commits = [...new Set(sessions.flatMap((it) => it.commits))]
  return commits.map((commit) => ({
    commit,
    sessions: sessions.flatMap((it, at) => (it.commits.includes(commit) ? [at] : [])),
  }))
}

/** Of one without a digest none could be looked for. */
function notFound(session: LoggedSession, notLooked: NotLooked | undefined): LoggedSession {
  const isUnknown = notLooked !== undefined && session.record === 'missing' && session.digest !== undefined
  return isUnknown ? { ...session, record: 'not-looked' } : session
}

/** `found`: what a record is that has the digest, which stands in a signed statement, or is that of a transcript that was given. */
function logged(
  session: LogOfSession,
  { records: texts, fates }: Pick<FoundTexts, 'records' | 'fates'>,
  found: Extract<RecordState, 'signed' | 'unpinned'>,
): LoggedSession {
  const { tool, id, level, models, startedAt, digest, transcript } = session
  const given = id === undefined ? [] : texts.filter((it) => it.session === id && it.tool === tool)
  const own = given.filter((it) => it.agent === undefined)
  const agents = new Set(given.flatMap((it) => it.agent ?? []))
  const [named] = pinnedOf(session)
  const fate = named === undefined ? undefined : fates.get(recordKey(named))
  const wanted = fate?.newest ?? digest?.sha256
  const pinned = texts.find((it) => it.digest === wanted && it.session === id && it.agent === undefined)
  const isReplaced = pinned !== undefined && fate?.newest !== undefined
  // Of several that which would be pinned.
  const furthest = own.toSorted((a, b) => byProgress(a.progress, b.progress)).at(-1)
  const shown = digest === undefined ? furthest : pinned
  return {
    ...{ tool, id, level, models, startedAt },
    digest: digest?.sha256 ?? shown?.digest,
    record: isReplaced
      ? 'replaced'
      : shown === undefined
        ? own.length > 0
          ? 'differs'
          : 'missing'
        : digest === undefined
          ? 'unpinned'
          : found,
    ...(fate === undefined || fate.replacements.length === 0 ? {} : { replacements: fate.replacements }),
    // One that is here needs no explanation.
    ...(fate === undefined || fate.isHere || fate.unsigned.length === 0 ? {} : { unsigned: fate.unsigned }),
    entries: shown?.entries ?? [],
    left: shown?.left ?? 0,
    // Those that are signed and those that are here: nobody needs to give them, and none is hidden by that.
    agents: Math.max(agents.size, transcript?.agents?.length ?? 0),
  }
}
