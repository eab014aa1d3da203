/**
 * A database of SQLite → the transcripts in it. Rows of a session are written as JSON, and that is the record: the file itself holds what was
 * deleted, and changes with every other session. It comes from outside: see `database-copy.ts` for what SQLite is never given.
 */
import type { FileHandle } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { CountersignError } from '../../errors.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { limits } from '../../model/limits.ts'
import type { ReadTranscript } from '../../model/transcript.ts'
import type { Links } from '../../platform/system.ts'
import type { LocalPaths } from '../redact/local-paths.ts'
import { newLocalPaths } from '../redact/local-paths.ts'
import { withDatabaseCopy } from './database-copy.ts'
import type { DatabaseBody, RowSource, TranscriptFormat } from './formats/row.ts'
import type { FileRead, ReadBounds } from './file-read.ts'
import { newRecordBook } from './record-book.ts'
import type { KeepRecord, RecordBook } from './record-book.ts'
import { plainJson } from './plain-rows.ts'
import { newRowBatch } from './row-batch.ts'
import { textOfBlob } from './packed-text.ts'
import { BrokenDatabase } from './schema-pages.ts'

type DatabaseFormat = TranscriptFormat & { readonly body: DatabaseBody }

export interface DatabaseOptions {
  readonly links: Links
  readonly formats: readonly TranscriptFormat[]
  readonly bounds: ReadBounds
  readonly keep?: KeepRecord | undefined
}

/**
 * Sessions in the order in which their format gives them. Undefined where no format has such tables. What is wrong in one that has is
 * told, not thrown.
 */
export async function readDatabase(
  path: string,
  handle: FileHandle,
  { links, formats, bounds, keep }: DatabaseOptions,
): Promise<FileRead | undefined> {
  const maxBytes = bounds.transcriptDatabaseBytes ?? limits.transcriptDatabaseBytes
  try {
    return await withDatabaseCopy({ path, handle, links, maxBytes }, async (copy) => {
      const database = await openCopy(copy)
      try {
        const own = formatsOf(database, formats)
        if (own.length === 0) return undefined
        const transcripts: ReadTranscript[] = []
        const left: Left = { rows: limits.transcriptDatabaseRows, bytes: maxBytes }
        for (const it of own) {
          const rows = rowsOf(database, { bounds, left, blobs: it.body.blobs ?? [] })
          transcripts.push(...(await readSessions(it, rows, bounds, keep)))
        }
        return { transcripts }
      } finally {
        database.close()
      }
    })
  } catch (thrown) {
    // Of what was to be kept, not of the database.
    if (thrown instanceof CountersignError && thrown.code === 'output-failed') throw thrown
    return { problem: problemOf(thrown) }
  }
}

function problemOf(thrown: unknown): { readonly code: string; readonly detail: string } {
  const code = thrown instanceof CountersignError ? thrown.code : (thrown as NodeJS.ErrnoException | undefined)?.code
  if (code === 'input-too-large') {
    return { code: 'transcript-too-large', detail: 'the database, or a session in it, is larger than is read' }
  }
  if (code === 'ERR_UNKNOWN_BUILTIN_MODULE' || code === 'ERR_MODULE_NOT_FOUND') {
    return { code: 'transcript-unreadable', detail: 'this runtime has no SQLite' }
  }
  // What SQLite says can hold text of the database.
  if (code === 'ERR_SQLITE_ERROR' || thrown instanceof BrokenDatabase) {
    return { code: 'transcript-malformed', detail: 'the database is broken, or its tables are none' }
  }
  return { code: 'transcript-unreadable', detail: 'it cannot be read to its end' }
}

async function openCopy(copy: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(copy, {
    ...{ readOnly: true, allowExtension: false },
    ...{ enableForeignKeyConstraints: false, enableDoubleQuotedStringLiterals: false },
  })
  // Nothing that the file itself says is run: no function in a view or a column, no check of a value.
  for (const it of ['trusted_schema = OFF', 'ignore_check_constraints = ON', 'cell_size_check = ON', 'mmap_size = 0']) {
    database.exec(`PRAGMA ${it}`)
  }
  return database
}

/** Those whose tables are all there. Throws where they are not what they should be. */
function formatsOf(database: DatabaseSync, formats: readonly TranscriptFormat[]): readonly DatabaseFormat[] {
  const made = database.prepare('SELECT type, sql FROM sqlite_schema WHERE lower(name) = ? LIMIT 2')
  const own = formats.filter(
    (it): it is DatabaseFormat =>
      it.body.kind === 'database' &&
      Object.keys(it.body.tables).every((table) => made.all(table.toLowerCase()).length > 0),
  )
  return own.filter(({ body }) => Object.entries(body.tables).every(([table, columns]) => hasColumns(table, columns)))

  // A view can be called like a table, and have no end; a virtual table is code that reads what the file says.
  function hasColumns(table: string, columns: readonly string[]): boolean {
    const [first, ...more] = made.all(table.toLowerCase())
    const isTable = first?.['type'] === 'table' && /^create\s+table\s/i.test(textOf(first['sql']))
    if (!isTable || more.length > 0) throw broken()
    const there = database.prepare(`PRAGMA table_xinfo("${table}")`).all()
    // A column that is computed is code, too.
    if (there.some((it) => it['hidden'] !== 0)) throw broken()
    const names = new Set(there.map((it) => it['name']))
    if (!columns.every((it) => names.has(it))) return false
    // Pages that are met twice make one table as long as anybody likes; here the first thing that is wrong ends the look.
    if (database.prepare(`PRAGMA quick_check("${table}")`).get()?.['quick_check'] !== 'ok') throw broken()
    return true
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function broken(): BrokenDatabase {
  return new BrokenDatabase('a table of the database is none')
}

/** What all formats of one database may still read together: rows, and bytes of what is packed. */
interface Left {
  rows: number
  bytes: number
}

interface RowOptions {
  readonly bounds: ReadBounds
  readonly left: Left
  readonly blobs: readonly string[]
}

function rowsOf(database: DatabaseSync, options: RowOptions): RowSource {
  return {
    *all(query, ...values) {
      const statement = database.prepare(query)
      statement.setReadBigInts(true)
      for (const row of statement.iterate(...values)) {
        options.left.rows -= 1
        if (options.left.rows < 0) throw new CountersignError('input-too-large', 'the database has too many rows')
        yield plain(row, options)
      }
    },
  }
}

/** Columns that JSON has, each as it is. */
function plain(row: { readonly [column: string]: unknown }, { bounds, left, blobs }: RowOptions): JsonObject {
  const members: { [member: string]: Json } = {}
  const most = bounds.transcriptRowBytes
  let characters = 0
  for (const [column, value] of Object.entries(row)) {
    if (column === '__proto__') continue
    if (typeof value === 'string') {
      characters += value.length
      members[column] = value
    } else if (typeof value === 'bigint') {
      if (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER) members[column] = Number(value)
    } else if (value === null || (typeof value === 'number' && Number.isFinite(value))) members[column] = value
    else if (value instanceof Uint8Array && blobs.includes(column)) {
      const text = textOfBlob(value, Math.min(most, left.bytes))
      left.bytes -= text?.length ?? 0
      characters += text?.length ?? 0
      if (text !== undefined) members[column] = text
    }
  }
  if (characters > most) throw new CountersignError('input-too-large', 'a row of the database is too large')
  return members
}

async function readSessions(
  format: DatabaseFormat,
  rows: RowSource,
  bounds: ReadBounds,
  keep: KeepRecord | undefined,
): Promise<readonly ReadTranscript[]> {
  const transcripts: ReadTranscript[] = []
  let sessions = 0
  for (const session of format.body.sessions(rows)) {
    // Of each its own: what one tells must not be in the record of another.
    const paths = newLocalPaths()
    const book = newRecordBook(format, session.name, paths, keep)
    sessions += 1
    if (sessions > limits.transcripts) {
      throw new CountersignError('input-too-large', 'the database has too many sessions')
    }
    await readSession(format, session.rows, bounds, { book, paths })
    transcripts.push(...book.end())
  }
  return transcripts
}

async function readSession(
  format: DatabaseFormat,
  rows: Iterable<JsonObject>,
  { transcriptBytes, transcriptRowBytes }: ReadBounds,
  { book, paths }: { readonly book: RecordBook; readonly paths: LocalPaths },
): Promise<void> {
  const reader = format.body.open(book.telling)
  const batch = newRowBatch(reader, book)
  let total = 0
  for (const json of rows) {
    const row = plainJson(json, paths)
    const { bytes } = row
    total += bytes.length + 1
    if (bytes.length > transcriptRowBytes || total > transcriptBytes) {
      throw new CountersignError('input-too-large', 'a session of the database is too large')
    }
    await batch.add(row)
  }
  await batch.end()
  reader.end?.()
}
