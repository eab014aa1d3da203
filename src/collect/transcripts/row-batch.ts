/** Rows on their way into a record: some at a time their secrets are taken out, then they are told and hashed, a line each. */
import type { Json, JsonObject } from '../../model/json.ts'
import type { RowReader } from './formats/row.ts'
import type { RecordBook } from './record-book.ts'
import { redactRows } from './redacted-rows.ts'
import type { Row } from './redacted-rows.ts'

/** Rows that are redacted together, and text. */
export const batchBytes = 64 * 1024

const lineEnd = Buffer.from('\n')

export interface RowBatch {
  /** What it writes down stands in memory until the batch is full, so the bytes are to be those of the row alone. */
  add(row: Row): Promise<void>
  /** All that was added is told. */
  end(): Promise<void>
}

export function newRowBatch(reader: RowReader, book: RecordBook): RowBatch {
  let batch: Row[] = []
  let bytes = 0

  async function end(): Promise<void> {
    const rows = batch
    batch = []
    bytes = 0
    for (const row of rows.length === 0 ? [] : await redactRows(rows)) {
      if (isObject(row.json)) reader.row(row.json)
      book.add(row.bytes, row.redactions, row.paths)
      book.add(lineEnd, 0)
    }
  }

  return {
    async add(row) {
      batch.push(row)
      bytes += row.bytes.length
      if (bytes >= batchBytes) await end()
    },
    end,
  }
}

export function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
