/** Rows of several tables of a database, put together by the session that they are of. */
import type { Json, JsonObject } from '../../model/json.ts'
import { parseJsonText } from '../../model/json.ts'
import { CountersignError } from '../../errors.ts'
import type { RowSource } from './formats/row.ts'
import { textIn } from './members.ts'

/** A table, or what is asked of one. */
export interface SessionTable {
  /** What its rows are called in the record. */
  readonly table: string
  /**
   * Its rows have the id of their session as `session`, by which they are ordered (`order`), so that each table is gone through once: an
   * index may be missing, and a look for each session would take for ever.
   */
  readonly query: string
  /** Columns of JSON, which become what they hold. */
  readonly json?: readonly string[]
}

/** What such a query ends with; `then`: further columns. */
export function order(column: string, ...then: readonly string[]): string {
  return `ORDER BY ${[`CAST(${column} AS TEXT) COLLATE BINARY`, ...then].join(', ')}`
}

/** Sessions are the rows of the first table, in the order of their ids; each with its row, then those of the other tables. */
export function* sessionRows(
  source: RowSource,
  first: SessionTable,
  others: readonly SessionTable[],
): Generator<{ readonly name: string; readonly rows: Iterable<JsonObject> }, void, undefined> {
  const streams = others.map((it) => newStream(source, it))
  let last: string | undefined
  for (const head of rowsOf(source, first)) {
    const name = textIn(head['session'])
    if (name === undefined || name === last) continue
    last = name
    yield { name, rows: rowsOfSession(head, name, streams) }
  }
}

function* rowsOfSession(
  head: JsonObject,
  name: string,
  streams: readonly Stream[],
): Generator<JsonObject, void, undefined> {
  yield head
  for (const it of streams) yield* it.of(name)
}

interface Stream {
  /** Rows of a session; those of sessions before it that nobody asked for are passed over. */
  of(session: string): Iterable<JsonObject>
}

function newStream(source: RowSource, table: SessionTable): Stream {
  const rows = rowsOf(source, table)[Symbol.iterator]()
  let next = rows.next()
  return {
    *of(session) {
      while (next.done !== true) {
        const of = textIn(next.value['session'])
        const place = of === undefined ? -1 : Buffer.compare(Buffer.from(of), Buffer.from(session))
        if (place > 0) return
        const row = next.value
        next = rows.next()
        if (place === 0) yield row
      }
    },
  }
}

function* rowsOf(source: RowSource, { table, query, json = [] }: SessionTable): Generator<JsonObject, void, undefined> {
  for (const row of source.all(query)) {
    yield { table, ...row, ...Object.fromEntries(json.map((it) => [it, parsed(row[it])])) }
  }
}

function parsed(value: Json | undefined): Json {
  return typeof value === 'string' ? parsedText(value) : (value ?? null)
}

/** What a text of JSON holds; one that is no JSON stays as it is, for it is of the record, too. */
export function parsedText(text: string): Json {
  try {
    return parseJsonText(text, 'a column')
  } catch (thrown) {
    if (thrown instanceof CountersignError) return text
    throw thrown
  }
}
