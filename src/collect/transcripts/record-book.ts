/** The records that one file holds: what is told, and the digest of what it was told by, each session by itself. */
import { createHash, createHmac } from 'node:crypto'
import type { LocalPaths } from '../redact/local-paths.ts'
import type { ReadTranscript, ToldSession } from '../../model/transcript.ts'
import type { TranscriptCode } from './findings.ts'
import type { Telling, TranscriptFormat } from './formats/row.ts'
import { newSessionSink } from './session-sink.ts'
import type { MadeSession } from './session-sink.ts'

/** Where redacted records go, if they are kept: in pieces, then what they were; undefined: nothing that is kept. */
export interface KeepRecord {
  piece(bytes: Uint8Array): void
  end(transcript: ReadTranscript | undefined): void
  /** Hears what is told of the record that begins, in front of what keeps it. */
  tell?(sink: MadeSession): MadeSession
}

export interface RecordBook {
  readonly telling: Telling
  /** These bytes of the redacted form were told; behind what was told of them, for they may begin another session. */
  add(bytes: Uint8Array, redactions: number, paths?: number): void
  problem(code: TranscriptCode, detail: string): void
  end(): readonly ReadTranscript[]
}

/** Bytes of a salt: as many as make a hash of a short text that nobody can guess. */
const saltBytes = 16
/**
 * A salt is made of the whole record, so that one record gives one statement, however often it is read. Nobody who has not got the record
 * knows the salt: its digest, which is signed, is another hash of the same bytes, and who could guess them all could hold the guess against
 * that one, too.
 */
const saltOf = 'countersign prompt salt v1'

/** `paths`: of what comes in. */
export function newRecordBook(
  format: TranscriptFormat,
  name: string,
  paths: LocalPaths,
  keep?: KeepRecord,
): RecordBook {
  const transcripts: ReadTranscript[] = []
  let open = newEntry(keep)

  function close(): void {
    const { sink, hash, bytes, redactions, paths: count } = open
    const { session, problems } = sink.end(format.tool, name)
    if (bytes === 0 || saysNothing(session)) keep?.end(undefined)
    else {
      const transcript = {
        ...{ format: format.id, digest: hash.digest('hex'), bytes, redactions, session, problems },
        ...{ paths: count, folder: paths.folder },
      }
      transcripts.push(transcript)
      keep?.end(transcript)
    }
    // Last, because whoever hears what is told hears of one record at a time.
    open = newEntry(keep)
  }

  return {
    telling: {
      name,
      get sink() {
        return open.sink
      },
      next: close,
    },
    add(bytes, redactions, count = 0) {
      open.hash.update(bytes)
      open.salt.update(bytes)
      open.bytes += bytes.length
      open.redactions += redactions
      open.paths += count
      keep?.piece(bytes)
    },
    problem: (code, detail) => open.sink.problem(code, detail),
    end() {
      close()
      return transcripts
    },
  }
}

interface Entry {
  readonly sink: ReturnType<typeof newSessionSink>
  readonly hash: ReturnType<typeof createHash>
  readonly salt: Salt
  bytes: number
  redactions: number
  paths: number
}

function newEntry(keep: KeepRecord | undefined): Entry {
  const salt = newSalt()
  const sink = newSessionSink(salt.end)
  return { sink: keep?.tell?.(sink) ?? sink, hash: createHash('sha256'), salt, bytes: 0, redactions: 0, paths: 0 }
}

export interface Salt {
  update(bytes: Uint8Array): void
  readonly end: () => Buffer
}

/** The salt of a record, once all of its bytes were given. */
export function newSalt(): Salt {
  const salt = createHmac('sha256', saltOf)
  return { update: (bytes) => void salt.update(bytes), end: () => salt.digest().subarray(0, saltBytes) }
}

/** What stands before the first session of a file, as a heading. */
function saysNothing({ session, models, turns, iterations, edits }: ToldSession): boolean {
  return session === undefined && models.length === 0 && turns === 0 && iterations === 0 && edits.length === 0
}
