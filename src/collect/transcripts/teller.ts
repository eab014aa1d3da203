/**
 * A transcript that comes in pieces and is kept elsewhere as it stands: nothing is taken out of it, and nothing is hashed. Rows, and
 * documents, which are held as a whole.
 */
import { randomBytes } from 'node:crypto'
import type { Json, JsonObject } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import { recordFiles } from '../../model/session-record.ts'
import type { ToldSession } from '../../model/transcript.ts'
import { recordJson } from '../sessions/record-json.ts'
import { transcriptFormats } from './formats/index.ts'
import type { RowReader, Telling, TranscriptFormat } from './formats/row.ts'
import { withoutMark } from './lines.ts'
import { objectIn } from './members.ts'
import { newSessionSink } from './session-sink.ts'

export interface Teller {
  write(bytes: Uint8Array): void
  /** Undefined where it is of no known format, or tells of several sessions. */
  end(): Told | undefined
}

export interface Told {
  readonly format: string
  readonly told: ToldSession
  /** The name of the file had a say in it: the same bytes under another name may be of another session. */
  readonly isByName: boolean
}

/** Rows by which a format is told. */
const headRows = 16
const lineFeed = 0x0a

/** `name` as in `Telling`; `maxBytes` of a document or a row; `salt` as in `newSessionSink`. */
export function newTeller(
  name: string,
  maxBytes: number = limits.transcriptRowBytes,
  salt: Parameters<typeof newSessionSink>[0] = randomBytes(16),
): Teller {
  const sink = newSessionSink(salt)
  let isNameRead = false
  const telling: Telling = {
    get name() {
      isNameRead = true
      return name
    },
    sink,
    next: () => undefined,
  }
  let held: Buffer[] = []
  let bytes = 0
  let lines = 0
  let isFirst = true
  let first: Json[] = []
  let whole: Buffer[] | undefined = [] // until it is known that it has rows
  let reader: { readonly format: TranscriptFormat; readonly rows: RowReader } | undefined

  function endLine(): void {
    const line = isFirst ? withoutMark(Buffer.concat(held)) : Buffer.concat(held)
    isFirst = false
    const isTooLong = bytes > maxBytes
    held = []
    bytes = 0
    if (isTooLong) return
    const read = recordJson(line, line.length)
    if (reader !== undefined) {
      const row = 'json' in read ? objectIn(read.json) : undefined
      if (row !== undefined) reader.rows.row(row)
      return
    }
    if (lines >= headRows) return
    lines += 1
    if ('json' in read) first.push(read.json)
    if (lines === headRows) decide()
  }

  function decide(): void {
    const rows = first
    first = []
    const format = rows.length === 0 ? undefined : rowsFormat(rows, name)
    if (format?.body.kind !== 'rows') return
    isNameRead ||= rowsFormat(rows, neutral) !== format
    reader = { format, rows: format.body.open(telling) }
    whole = undefined
    for (const row of rows.map(objectIn)) if (row !== undefined) reader.rows.row(row)
  }

  function hold(part: Uint8Array): void {
    bytes += part.length
    if (bytes > maxBytes) held = []
    else if (part.length > 0) held.push(Buffer.from(part))
  }

  function toldIn({ id, tool }: TranscriptFormat): Told {
    const { session: told, isByName } = sink.end(tool, name)
    return { format: id, told, isByName: isNameRead || isByName }
  }

  let wholeBytes = 0
  return {
    write(chunk) {
      wholeBytes += chunk.length
      if (wholeBytes > maxBytes) whole = undefined
      whole?.push(Buffer.from(chunk))
      let at = 0
      for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, at)) {
        hold(chunk.subarray(at, end))
        at = end + 1
        endLine()
      }
      hold(chunk.subarray(at))
    },
    end() {
      if (bytes > 0) endLine()
      if (reader === undefined && lines < headRows) decide()
      if (reader !== undefined) {
        reader.rows.end?.()
        return toldIn(reader.format)
      }
      const document = whole === undefined ? undefined : documentIn(withoutMark(Buffer.concat(whole)))
      if (document === undefined) return undefined
      const format = documentFormat(document, name)
      if (format?.body.kind !== 'document') return undefined
      isNameRead ||= documentFormat(document, neutral) !== format
      format.body.read(document, telling)
      return toldIn(format)
    },
  }
}

/** As a record is called, of which nothing says how its file was called. */
const neutral = recordFiles.transcript

function rowsFormat(rows: readonly Json[], name: string): TranscriptFormat | undefined {
  return transcriptFormats.find(({ body }) => body.kind === 'rows' && body.isOwn(rows, name))
}

function documentFormat(document: JsonObject | readonly Json[], name: string): TranscriptFormat | undefined {
  return transcriptFormats.find(({ body }) => body.kind === 'document' && body.isOwn(document, name))
}

function documentIn(bytes: Buffer): JsonObject | readonly Json[] | undefined {
  const read = recordJson(bytes, bytes.length)
  if (!('json' in read) || typeof read.json !== 'object' || read.json === null) return undefined
  return read.json
}
