/** How files of transcripts are read, and what comes of one. */
import type { ReadTranscript, TranscriptProblem } from '../../model/transcript.ts'
import type { Links } from '../../platform/system.ts'
import type { TranscriptFormat } from './formats/row.ts'
import type { KeepRecord } from './record-book.ts'

/** Each as in `limits`. */
export interface ReadBounds {
  readonly transcriptBytes: number
  readonly transcriptRowBytes: number
  readonly transcriptDatabaseBytes?: number
}

/** How a file is read. */
export interface ReadOptions {
  readonly links?: Links
  readonly formats?: readonly TranscriptFormat[]
  /** Default: those of `limits`. */
  readonly bounds?: ReadBounds
  readonly keep?: KeepRecord | undefined
}

/** What came of a file: transcripts, or why none of it counts. */
export type FileRead = { readonly transcripts: readonly ReadTranscript[] } | { readonly problem: TranscriptProblem }
