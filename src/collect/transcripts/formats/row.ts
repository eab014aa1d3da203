/** What a format of transcripts is: one row, one file of this folder. */
import type { Json, JsonObject } from '../../../model/json.ts'
import type { SessionSink } from '../session-sink.ts'

/** What is known of a format: real transcripts were read, its makers describe it, or neither. */
export const bases = ['seen', 'documented', 'guessed'] as const
export type Basis = (typeof bases)[number]

/** Where a tool keeps its transcripts, from the home folder, `~/…`, or a variable, `$NAME/…`; the first that is there counts. */
export type OwnFolders = { readonly [system in 'linux' | 'darwin' | 'win32']: readonly string[] }

/** What a transcript is called, and where what it tells goes. */
export interface Telling {
  /** Path from the folder that was named, or the name of the file, with `/`. */
  readonly name: string
  /** The session that is being told. */
  readonly sink: SessionSink
  /** Text and rows only: another session begins with the row that is being read, and what came before is one of its own. */
  next(): void
}

/** Rows, each an object of JSON on a line of its own; the form of most tools. */
export interface RowsBody {
  readonly kind: 'rows'
  /** Whether rows are of this format, by the first of them (up to 16, any JSON); no two formats may have the same. */
  isOwn(first: readonly Json[], name: string): boolean
  /** Never throws. What is no row of the format is passed over, or told as a problem. */
  open(telling: Telling): RowReader
  /** Name of a small document in the same folder that says what rows do not: a last row is made of it, with `beside` and `json`. */
  beside?(file: string): string
  /** The most that this document may have; default: what settings have. */
  readonly besideBytes?: number
}

export interface RowReader {
  row(row: JsonObject): void
  end?(): void
}

/** One document of JSON. */
export interface DocumentBody {
  readonly kind: 'document'
  isOwn(json: Json, name: string): boolean
  /** Never throws. */
  read(json: Json, telling: Telling): void
}

/** Lines of text, as Markdown. */
export interface TextBody {
  readonly kind: 'text'
  isOwn(head: string, name: string): boolean
  /** Never throws. Lines come without their ends. */
  open(telling: Telling): { line(line: string): void; end?(): void }
}

/** A database of SQLite, of which each session is told as rows; their JSON, in this order, is the record that is pinned. */
export interface DatabaseBody {
  readonly kind: 'database'
  /** Tables and columns of which it reads; all must be there. One database may have those of several formats. */
  readonly tables: { readonly [table: string]: readonly string[] }
  /** Columns whose blobs are texts as bytes, as they are or as a frame of Zstandard; all other blobs are left out. */
  readonly blobs?: readonly string[]
  /** May throw what the database throws. */
  sessions(database: RowSource): Iterable<{ readonly name: string; readonly rows: Iterable<JsonObject> }>
  open(telling: Telling): RowReader
}

export interface RowSource {
  /**
   * Rows of a query with `?` for each of the values; blobs and whole numbers beyond 2^53 are left out. The database is somebody's: an index
   * may be missing, and what is said of its sizes may be false, so a query goes through each table once, or looks into what it made itself.
   */
  all(query: string, ...values: readonly (string | number)[]): Iterable<JsonObject>
}

/** Several files of JSON that are one session, in a folder of this format. */
export interface FilesBody {
  readonly kind: 'files'
  /** Of paths below a folder, `/` between: what belongs together, each session with its files in their order. */
  sessions(paths: readonly string[]): readonly { readonly name: string; readonly files: readonly string[] }[]
  /** Each file is a row: `path` and its `json`. */
  open(telling: Telling): RowReader
}

export interface TranscriptFormat {
  /** As the file is named, without its ending. */
  readonly id: string
  readonly title: string
  /** Id of the tool. */
  readonly tool: string
  readonly basis: Basis
  /** Of whom the samples are that were read, or where the form is described. */
  readonly source: string
  readonly folders?: OwnFolders
  /** Of a path below a folder: where the same session stands with more; where that file is there, this one is not read. */
  readonly fuller?: (name: string) => string | undefined
  readonly body: RowsBody | DocumentBody | TextBody | DatabaseBody | FilesBody
}
