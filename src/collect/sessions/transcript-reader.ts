/**
 * Reader `transcript`: transcripts that somebody gave, or that agents keep here. A transcript names its session and, but for a tool that
 * commits by itself, no commit: it is the record of a session that something else ties to a change, and says what that did.
 */
import { limits } from '../../model/limits.ts'
import type { ReadTranscript } from '../../model/transcript.ts'
import { partIn } from '../change/visited.ts'
import type { PartInChange } from '../../model/record.ts'
import { isUnpublishable } from '../redact/unpublishable.ts'
import type { PlacedFile } from '../transcripts/find-transcripts.ts'
import { transcriptFindings } from '../transcripts/findings.ts'
import type { TranscriptCode } from '../transcripts/findings.ts'
import { byProgress } from '../transcripts/progress.ts'
import type { Progress } from '../transcripts/progress.ts'
import type { PlacedRead } from '../transcripts/reading-pool.ts'
import type { Look as AnyLook, SessionReader } from './readers/row.ts'
import type { RecordTable } from './record-table.ts'
import { unknownTool } from './tools.ts'

type Look = AnyLook<TranscriptCode>

/** What is looked at. */
export interface GivenTranscripts {
  /** Errors: those of `placedFiles`. */
  files(): AsyncIterable<PlacedFile>
  /**
   * What came of each, in the order of the files, some of which may be read ahead. `counts` says of which sessions the record is kept,
   * where it is. Errors: those of `files`, `internal`.
   */
  readEach(files: AsyncIterable<PlacedFile>, counts: (transcript: ReadTranscript) => boolean): AsyncIterable<PlacedRead>
}

/** Each as in `limits`. */
type MostRead = { readonly [name in 'transcripts' | 'transcriptBytesInAll' | 'transcriptPartsInAll']: number }

/** Runs behind all other readers: what they found says which sessions are asked for. */
export function transcriptReader(
  given: GivenTranscripts,
  records: RecordTable,
  most: MostRead = limits,
): SessionReader<TranscriptCode> {
  return {
    id: 'transcript',
    title: 'transcripts of sessions, where they were given',
    readsClaims: true,
    findings: transcriptFindings,
    open(look) {
      const commits = new Map<string, PartInChange[]>()
      return Promise.resolve({
        commit(visited) {
          const key = visited.commit.slice(0, shortest)
          const known = commits.get(key)
          if (known === undefined) commits.set(key, [partIn(visited)])
          else known.push(partIn(visited))
        },
        async finish() {
          await readAll(look, given, { records, commits }, most)
          return undefined
        },
      })
    },
  }
}

/** Of the ids of commits that tools print. */
const shortest = 7

interface Known {
  readonly records: RecordTable
  /** The first digits of the id of a commit → where it is in the range. */
  readonly commits: ReadonlyMap<string, readonly PartInChange[]>
}

async function readAll(look: Look, given: GivenTranscripts, known: Known, most: MostRead): Promise<void> {
  const claimed = new Map<string, Set<string>>()
  /** Sessions that have a record in a store of their own. */
  const stored = new Set<string>()
  for (const { session, tool, place } of known.records.contents()) {
    if (session === undefined) continue
    claimed.set(session, (claimed.get(session) ?? new Set()).add(tool))
    if ('digest' in place && place.digest !== undefined) stored.add(session)
  }
  const isClaimed = ({ session: { tool, session } }: ReadTranscript): boolean => {
    const tools = session === undefined ? undefined : claimed.get(session)
    return tools !== undefined && (tools.has(tool) || tools.has(unknownTool))
  }
  const found: ReadTranscript[] = []
  let count = 0
  let bytes = 0
  let parts = 0
  for await (const { file, read } of given.readEach(askedFor(given.files(), claimed), isClaimed)) {
    if (count === most.transcripts || bytes > most.transcriptBytesInAll || parts > most.transcriptPartsInAll) {
      look.finding('transcript-limit', undefined, `${count} files were read; the first that was not: ${nameOf(file)}`)
      break
    }
    if (read === undefined) {
      if (file.from === 'file') look.finding('transcript-unknown', undefined, nameOf(file))
      continue
    }
    count += 1
    if ('problem' in read) {
      if (file.from !== 'own')
        look.finding(read.problem.code as TranscriptCode, undefined, `${nameOf(file)}: ${read.problem.detail}`)
      continue
    }
    if (read.transcripts.length === 0 && file.from === 'file') {
      look.finding('transcript-session-missing', undefined, `${nameOf(file)}: it tells nothing`)
    }
    for (const transcript of read.transcripts) {
      bytes += transcript.bytes
      const counts = isClaimed(transcript)
      if (!counts && file.from !== 'file' && transcript.session.commits.length === 0) continue
      if (counts || file.from === 'file') {
        for (const { code, detail } of transcript.problems) {
          look.finding(code as TranscriptCode, undefined, `${nameOf(file)}: ${detail}`)
        }
      }
      parts += addTold(look, transcript, counts, nameOf(file))
      // What it wrote stands in the table alone, where that is bounded.
      found.push({ ...transcript, session: { ...transcript.session, ...nothingWritten } })
    }
  }
  for (const of of Map.groupBy(found, ({ session: { tool, session } }) => `${tool}\n${session ?? ''}`).values()) {
    addSession(look, of, stored, known)
  }
}

const nothingWritten = { edits: [], shellLines: new Float64Array(0), asked: [], answers: new Map() } as const

/** Of a session that nothing but the transcript names nothing is kept. Gives how much was. */
function addTold(look: Look, transcript: ReadTranscript, isClaimed: boolean, name: string): number {
  const { format, digest, redactions, session: told } = transcript
  if (told.session === undefined || (!isClaimed && told.commits.length === 0)) return 0
  const kept = look.transcript(told.tool, told.session, { format, digest, redactions, told, isTold: true })
  if (kept === 'cut') look.finding('transcript-edits-cut', undefined, `${name}: all transcripts have too many lines`)
  return told.asked.length + told.answers.size + told.edits.length
}

/** Of those that agents keep here only what may be of a session that was named. */
async function* askedFor(
  files: AsyncIterable<PlacedFile>,
  claimed: ReadonlyMap<string, unknown>,
): AsyncGenerator<PlacedFile, void, undefined> {
  for await (const file of files) if (file.from !== 'own' || mayBeClaimed(file.name, claimed)) yield file
}

/** Nearly all agents name a file, or the folder around it, by the session; what holds many sessions is looked at. */
function mayBeClaimed(name: string, claimed: ReadonlyMap<string, unknown>): boolean {
  if (/\.(?:db|vscdb|sqlite|md)$/.test(name)) return true
  const parts = new Set(name.split(/[/._]/))
  for (const id of claimed.keys()) {
    // A short id is in many names.
    if (id.length < 8 ? parts.has(id) : name.includes(id)) return true
    if (id.length >= 32 && name.includes(id.slice(0, 8))) return true
  }
  return false
}

/** The transcripts of one session; of those that name none, each is one of its own. */
function addSession(
  look: Look,
  transcripts: readonly ReadTranscript[],
  stored: ReadonlySet<string>,
  known: Known,
): void {
  for (const it of transcripts) addCommits(look, it, known.commits)
  const [
    {
      session: { session: id, tool },
    },
  ] = transcripts as [ReadTranscript, ...ReadTranscript[]]
  if (id === undefined) return
  // A run that went on has the rows of what came before: the one that goes furthest is the record.
  const runs = transcripts
    .filter(({ session: { agent } }) => agent === undefined)
    .toSorted((a, b) => byProgress(progressOf(a), progressOf(b)))
  const record = runs.at(-1)
  if (record === undefined) return
  const { toolVersions, models, startedAt, endedAt, parent, role } = record.session
  look.record({
    // Where a store has its record, that one is pinned: who signed it may be known.
    place: stored.has(id) ? { kind: 'file' } : { kind: 'record', digest: record.digest },
    ...{ tool, session: id, startedAt, endedAt, parent, role: role === 'unknown' ? undefined : role },
    toolVersion: toolVersions.length === 1 ? toolVersions[0] : undefined,
    models: [...new Set([...models, ...transcripts.flatMap((it) => it.session.models)])].slice(
      0,
      limits.modelsPerSession,
    ),
    change: undefined,
  })
}

/** A tool that commits by itself writes down which commits it made. */
function addCommits(look: Look, { session: told }: ReadTranscript, commits: Known['commits']): void {
  for (const said of told.commits) {
    const parts = (commits.get(said.slice(0, shortest)) ?? []).filter(
      ({ commit, saidIn = commit }) => commit.startsWith(said) || saidIn.startsWith(said),
    )
    const named = new Set(parts.map(({ commit, saidIn = commit }) => saidIn))
    // Digits that two commits begin with name neither.
    if (named.size !== 1) continue
    for (const change of parts) {
      const { tool, session, models, startedAt, endedAt } = told
      look.record({
        place: { kind: 'file' },
        tool,
        session,
        toolVersion: undefined,
        models,
        startedAt,
        endedAt,
        change,
      })
    }
  }
}

function progressOf({ session: { iterations, turns }, bytes, digest }: ReadTranscript): Progress {
  return { iterations, turns, bytes, digest }
}

/** A finding may be posted anywhere. */
function nameOf({ name }: PlacedFile): string {
  return isUnpublishable(name) || name.length > 200 ? 'a file' : name
}
