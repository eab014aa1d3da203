/** Invented transcripts, and what must come of them. */
import type { EditVerdict } from '../../../../src/model/transcript.ts'

interface AnySample {
  /** What is shown of it. */
  readonly title: string
  readonly format: string
  /** As the file, or the session of a folder, is called below its folder. */
  readonly name: string
  /** Of each session in it. */
  readonly told: Told | readonly Told[]
}

/** A file of rows, a document, or a text; and what lies beside it. */
export interface TextSample extends AnySample {
  readonly text: string
  readonly beside?: readonly [name: string, text: string]
}

/** What makes a database. */
export interface DatabaseSample extends AnySample {
  readonly database: string
}

export interface FilesSample extends AnySample {
  readonly files: readonly (readonly [path: string, json: object])[]
}

export type Sample = TextSample | DatabaseSample | FilesSample

/** A format in the suite of all formats. */
export interface FormatSamples {
  readonly samples: readonly Sample[]
  /** What of an edit the format can tell: each of it stands in a sample. */
  readonly verdicts: readonly EditVerdict[]
  /** What to put in place of what in its first sample so that it says a later version of its form; undefined where it names none. */
  readonly later?: readonly [from: string, to: string]
}

/** What a transcript tells, without what it does not. */
export interface Told {
  /** Where it is not that of the format. */
  readonly tool?: string
  readonly session?: string
  readonly agent?: string
  readonly parent?: string | null
  readonly versions?: readonly string[]
  readonly models?: readonly string[]
  readonly times?: readonly [string, string]
  readonly turns?: number
  readonly iterations?: number
  readonly tokens?: object
  /** `path verdict acceptedBy lines` */
  readonly edits?: readonly string[]
  /** The lines of all edits in their order. */
  readonly written?: string
  readonly shellLines?: number
  readonly commits?: readonly string[]
  readonly problems?: readonly string[]
}

export const one = '11111111-1111-4111-8111-111111111111'
export const two = '22222222-2222-4222-8222-222222222222'

/** A minute of an invented day. */
export const at = (minute: number): string => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`

export const rows = (...all: readonly object[]): string => all.map((it) => `${JSON.stringify(it)}\n`).join('')
