/**
 * One file → the transcripts in it. Everything is read once: secrets are taken out, what is left is hashed, and told. So whoever has the
 * redacted form can find all of this again.
 */
import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { createZstdDecompress } from 'node:zlib'
import { CountersignError } from '../../errors.ts'
import type { Json } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import type { ReadTranscript } from '../../model/transcript.ts'
import { openRegular } from '../../platform/files.ts'
import { rowBeside } from './beside.ts'
import { learnFolder, plainJson, plainRow } from './plain-rows.ts'
import { redactRows } from './redacted-rows.ts'
import type { Row } from './redacted-rows.ts'
import { newLocalPaths } from '../redact/local-paths.ts'
import { redactSecrets } from '../redact/secrets.ts'
import { recordJson } from '../sessions/record-json.ts'
import type { FileRead, ReadOptions } from './file-read.ts'
import { transcriptFormats } from './formats/index.ts'
import type { DocumentBody, RowsBody, TextBody, TranscriptFormat } from './formats/row.ts'
import { isDatabase } from './database-copy.ts'
import { isBlank, isBlankByte, linesOf } from './lines.ts'
import type { Line } from './lines.ts'
import { readDatabase } from './read-database.ts'
import { mostUnpacked } from './packed-text.ts'
import { newRecordBook } from './record-book.ts'
import type { KeepRecord } from './record-book.ts'
import { batchBytes, isObject, newRowBatch } from './row-batch.ts'

type Of<Body> = TranscriptFormat & { readonly body: Body }

/** Rows by which a format is told, and bytes in which they are looked for. */
export const headRows = 16
export const headBytes = 1024 * 1024

/**
 * `name` is what the file is called below the folder that was named. Undefined for a file that is no transcript of any known format.
 * What is wrong in one that is, is told, not thrown. Errors: those of `openRegular`.
 */
export async function readTranscriptFile(
  path: string,
  name: string,
  options: ReadOptions = {},
): Promise<FileRead | undefined> {
  const handle = await openRegular(path, JSON.stringify(path), options.links ?? 'follow')
  try {
    const { formats = transcriptFormats, bounds = limits, links = 'follow', keep } = options
    if (await isDatabase(handle).catch(() => false)) {
      return await readDatabase(path, handle, { formats, bounds, links, keep })
    }
    return await readOpen(path, handle, name, options)
  } finally {
    await handle.close()
  }
}

async function readOpen(
  path: string,
  handle: FileHandle,
  name: string,
  { formats = transcriptFormats, bounds = limits, keep }: ReadOptions,
): Promise<FileRead | undefined> {
  const most = name.endsWith('.zst') ? mostUnpacked((await handle.stat()).size) : Infinity
  const chunks = counted(bytesOf(handle, name), Math.min(bounds.transcriptBytes, most))
  const lines = linesOf(chunks, bounds.transcriptRowBytes)
  try {
    const head = await headOf(lines)
    const rows = formats.find((it): it is Of<RowsBody> => it.body.kind === 'rows' && it.body.isOwn(head.rows, name))
    if (head.rows.length > 0 && rows !== undefined) {
      const file = basename(path)
      const beside = rows.body.beside?.(file)
      const last =
        beside === undefined || beside === file ? undefined : await rowBeside(path, beside, rows.body.besideBytes)
      return await readRows(rows, name, { head: head.rows, lines: withHead(head, lines), last }, keep)
    }
    return await readWhole(formats, name, withHead(head, lines), bounds.transcriptRowBytes, keep)
  } catch (thrown) {
    if (thrown instanceof CountersignError && thrown.code === 'input-too-large') {
      return problem('transcript-too-large', `it has more than ${bounds.transcriptBytes} bytes`)
    }
    if (thrown instanceof CountersignError) throw thrown
    // Of the system, or of a compression that is broken.
    return problem('transcript-unreadable', 'it cannot be read to its end')
  } finally {
    await lines.return()
  }
}

function problem(
  code: 'transcript-too-large' | 'transcript-unreadable' | 'transcript-malformed',
  detail: string,
): FileRead {
  return { problem: { code, detail } }
}

/** Without its compression, where its name says that it has one: Codex compresses what it puts away. */
function bytesOf(handle: FileHandle, name: string): AsyncIterable<Buffer> {
  const stream = handle.createReadStream({ autoClose: false, highWaterMark: 64 * 1024 })
  if (!name.endsWith('.zst')) return stream as AsyncIterable<Buffer>
  const plain = createZstdDecompress()
  stream.on('error', (thrown) => plain.destroy(thrown))
  return wholeFrame(handle, stream.pipe(plain))
}

/** Node stops behind the first frame; what stands there would be in no record, and nobody would know. */
async function* wholeFrame(
  handle: FileHandle,
  plain: ReturnType<typeof createZstdDecompress>,
): AsyncGenerator<Buffer, void, undefined> {
  yield* plain as AsyncIterable<Buffer>
  if (plain.bytesWritten < (await handle.stat()).size) throw new Error('there is more behind the first frame')
}

/** Error: `input-too-large`. */
async function* counted(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new CountersignError('input-too-large', 'the transcript is too large')
    yield chunk
  }
}

interface Head {
  readonly lines: readonly Line[]
  /** What they are, as far as they are JSON. */
  readonly rows: readonly Json[]
}

async function headOf(lines: AsyncGenerator<Line, void, undefined>): Promise<Head> {
  const taken: Line[] = []
  const rows: Json[] = []
  for (let bytes = 0; taken.length < headRows && bytes < headBytes;) {
    const { value: line, done } = await lines.next()
    if (done === true) break
    taken.push(line)
    bytes += line.bytes.length
    const read = recordJson(line.bytes, line.bytes.length)
    if ('json' in read) rows.push(read.json)
  }
  return { lines: taken, rows }
}

async function* withHead(
  head: Head,
  rest: AsyncGenerator<Line, void, undefined>,
): AsyncGenerator<Line, void, undefined> {
  yield* head.lines
  yield* rest
}

interface RowsRead {
  /** The first of them. */
  readonly head: readonly Json[]
  readonly lines: AsyncIterable<Line>
  readonly last: Row | undefined
}

async function readRows(
  format: Of<RowsBody>,
  name: string,
  { head, lines, last }: RowsRead,
  keep: KeepRecord | undefined,
): Promise<FileRead> {
  const paths = newLocalPaths()
  learnFolder(head, paths)
  const book = newRecordBook(format, name, paths, keep)
  const reader = format.body.open(book.telling)
  const batch = newRowBatch(reader, book)
  let broken = 0
  let isCut = false
  for await (const line of lines) {
    if (!line.isTooLong && isBlank(line.bytes)) continue
    const row = mayBeRow(line) ? plainRow(line.bytes, paths) : undefined
    // A part of a chunk keeps all of it: what waits for its batch is little.
    if (row !== undefined && isObject(row.json)) await batch.add(row)
    else if (line.isLast) isCut = true
    else broken += 1
    if (broken > mostBroken) return problem('transcript-malformed', `more than ${mostBroken} rows are no JSON`)
  }
  if (last !== undefined) await batch.add(plainJson(last.json, paths))
  await batch.end()
  reader.end?.()
  if (broken > 0) book.problem('transcript-row-broken', `${broken} rows`)
  if (isCut) book.problem('transcript-cut', 'the last row')
  return { transcripts: book.end() }
}

/** To say of a line that it is no JSON takes longer than to read one that is: two bytes each, they would take for hours. */
const mostBroken = 100_000

/** Whether it begins as an object does. */
function mayBeRow({ bytes, isTooLong }: Line): boolean {
  const first = bytes.find((it) => !isBlankByte(it))
  return !isTooLong && first === openBrace
}

const openBrace = 0x7b
const lineEnd = Buffer.from('\n')

/** A document, or a text: it is held in memory as a whole. Error: `input-too-large`. */
async function readWhole(
  formats: readonly TranscriptFormat[],
  name: string,
  lines: AsyncIterable<Line>,
  maxBytes: number,
  keep: KeepRecord | undefined,
): Promise<FileRead | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const { bytes: part, isLast, isTooLong } of lines) {
    bytes += part.length + 1
    if (isTooLong || bytes > maxBytes) throw new CountersignError('input-too-large', 'the transcript is too large')
    parts.push(part, ...(isLast ? [] : [lineEnd]))
  }
  const whole = Buffer.concat(parts)
  const read = /^\s*[{[]/.test(whole.toString('latin1', 0, 64)) ? recordJson(whole, whole.length) : undefined
  if (read !== undefined && 'json' in read) {
    const { json } = read
    const format = formats.find(
      (it): it is Of<DocumentBody> => it.body.kind === 'document' && it.body.isOwn(json, name),
    )
    return format === undefined
      ? undefined
      : { transcripts: await readDocument(format, name, { bytes: whole, json }, keep) }
  }
  const head = whole.toString('utf8', 0, headBytes)
  const format = formats.find((it): it is Of<TextBody> => it.body.kind === 'text' && it.body.isOwn(head, name))
  return format === undefined ? undefined : { transcripts: await readText(format, name, whole, keep) }
}

async function readDocument(
  format: Of<DocumentBody>,
  name: string,
  document: Row & { readonly bytes: Buffer },
  keep: KeepRecord | undefined,
): Promise<readonly ReadTranscript[]> {
  const paths = newLocalPaths()
  learnFolder([document.json], paths)
  const book = newRecordBook(format, name, paths, keep)
  const plain = plainRow(document.bytes, paths) ?? document
  for (const { bytes, json, redactions, paths: count } of await redactRows([plain])) {
    format.body.read(json, book.telling)
    book.add(bytes, redactions, count)
  }
  return book.end()
}

async function readText(
  format: Of<TextBody>,
  name: string,
  whole: Buffer,
  keep: KeepRecord | undefined,
): Promise<readonly ReadTranscript[]> {
  const paths = newLocalPaths()
  const book = newRecordBook(format, name, paths, keep)
  const reader = format.body.open(book.telling)
  for (let at = 0; at < whole.length;) {
    const found = whole.indexOf(lineEnd, Math.min(at + batchBytes, whole.length - 1))
    const end = found < 0 ? whole.length : found + 1
    const plain = paths.plain(whole.toString('utf8', at, end))
    const { text, count } = await redactSecrets(plain.text)
    let [redactions, local] = [count, plain.count]
    for (const line of text.replace(/\n$/, '').split('\n')) {
      reader.line(line.replace(/\r$/, ''))
      book.add(Buffer.from(`${line}\n`), redactions, local)
      redactions = local = 0
    }
    at = end
  }
  reader.end?.()
  return book.end()
}
