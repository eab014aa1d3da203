/** The reader of a format by itself: what it was given, and what somebody else gives it. */
import type { TranscriptFormat } from '../../../src/collect/transcripts/formats/row.ts'
import type { Telling } from '../../../src/collect/transcripts/formats/row.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'

export interface Given {
  /** Of rows, of a database, and of files. */
  readonly rows: readonly Json[]
  readonly documents: readonly Json[]
  readonly lines: readonly string[]
}

/** The same format, which writes down what its reader is given. */
export function watched(
  format: TranscriptFormat,
  given: { rows: Json[]; documents: Json[]; lines: string[] },
): TranscriptFormat {
  const { body } = format
  if (body.kind === 'document') {
    const read = (json: Json, telling: Telling): void => {
      given.documents.push(json)
      body.read(json, telling)
    }
    return { ...format, body: { ...body, read } }
  }
  if (body.kind === 'text') {
    const open = (telling: Telling): ReturnType<typeof body.open> => {
      const reader = body.open(telling)
      const line = (it: string): void => {
        given.lines.push(it)
        reader.line(it)
      }
      return { line, end: () => reader.end?.() }
    }
    return { ...format, body: { ...body, open } }
  }
  const open = (telling: Telling): ReturnType<typeof body.open> => {
    const reader = body.open(telling)
    const row = (it: JsonObject): void => {
      given.rows.push(it)
      reader.row(it)
    }
    return { row, end: () => reader.end?.() }
  }
  return { ...format, body: { ...body, open } }
}

export function feed({ body }: TranscriptFormat, telling: Telling, { rows, documents, lines }: Given): void {
  if (body.kind === 'document') {
    for (const it of documents) {
      body.isOwn(it, telling.name)
      body.read(it, telling)
    }
  } else if (body.kind === 'text') {
    body.isOwn(lines.join('\n'), telling.name)
    const reader = body.open(telling)
    for (const it of lines) reader.line(it)
    reader.end?.()
  } else {
    if (body.kind === 'rows') body.isOwn(rows.slice(0, 16), telling.name)
    const reader = body.open(telling)
    for (const it of rows) if (isObject(it)) reader.row(it)
    reader.end?.()
  }
}

function isObject(it: Json): it is JsonObject {
  return typeof it === 'object' && it !== null && !Array.isArray(it)
}
