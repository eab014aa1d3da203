/**
 * Cursor, as its window keeps it: `cursorDiskKV` of `state.vscdb`, a row for each conversation (`composerData:<id>`, with the ids of its
 * messages in their order) and each message (`bubbleId:<conversation>:<id>`). A message that the conversation does not name any more was
 * taken back.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import { tellCursorCall } from '../cursor-calls.ts'
import { addedByEdits, contentIds } from '../cursor-contents.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import { sessionRows } from '../session-rows.ts'
import type { SessionSink } from '../session-sink.ts'
import type { RowReader, RowSource, Telling, TranscriptFormat } from './row.ts'

export const cursorDatabase: TranscriptFormat = {
  id: 'cursor-database',
  title: 'Cursor, its window',
  tool: 'cursor',
  basis: 'documented',
  source:
    'specstoryai/getspecstory and others that read it, `_v` 10 to 18, and where contents of files lie; what a person refuses, and that what is not named is taken back, are guessed',
  folders: {
    linux: ['~/.config/Cursor/User/globalStorage'],
    darwin: ['~/Library/Application Support/Cursor/User/globalStorage'],
    win32: ['$APPDATA/Cursor/User/globalStorage'],
  },
  body: { kind: 'database', tables: { cursorDiskKV: ['key', 'value'] }, sessions, open },
}

/** In the order of the keys, which the table has an index of: it may hold some GB, and sorted by anything else all of it is written again. */
const rowsBetween = (first: string, behind: string, columns: string): string =>
  `SELECT ${columns}, CAST(value AS TEXT) AS value FROM cursorDiskKV
   WHERE key >= '${first}' AND key < '${behind}' AND value IS NOT NULL ORDER BY key`

function* sessions(database: RowSource): Generator<{ name: string; rows: Iterable<JsonObject> }, void, undefined> {
  const composer = `substr(key, length('composerData:') + 1) AS session`
  const rest = `substr(key, length('bubbleId:') + 1)`
  const bubble = `substr(${rest}, 1, instr(${rest}, ':') - 1) AS session, substr(${rest}, instr(${rest}, ':') + 1) AS bubble`
  const withAdded = addedByEdits(database)
  for (const { name, rows } of sessionRows(
    database,
    {
      table: 'composerData',
      query: rowsBetween('composerData:', 'composerData;', composer),
      json: ['value'],
    },
    [{ table: 'bubbleId', query: rowsBetween('bubbleId:', 'bubbleId;', bubble), json: ['value'] }],
  )) {
    yield { name, rows: mapped(withoutKeys(rows), withAdded) }
  }
}

function* mapped(
  rows: Iterable<JsonObject>,
  change: (row: JsonObject) => JsonObject,
): Generator<JsonObject, void, undefined> {
  for (const row of rows) yield change(row)
}

/** Without what a conversation keeps its parts at Cursor's under: no record of a session needs it. */
function* withoutKeys(rows: Iterable<JsonObject>): Generator<JsonObject, void, undefined> {
  for (const row of rows) {
    const value = objectIn(row['value'])
    if (value === undefined) yield row
    else {
      yield {
        ...row,
        value: Object.fromEntries(Object.entries(value).filter(([name]) => !/EncryptionKey$/i.test(name))),
      }
    }
  }
}

/** The `_v` of conversations. */
const newest = 18

function open({ sink }: Telling): RowReader {
  let named: readonly string[] | undefined
  let left = new Set<string>()
  let broken = 0
  let without = 0
  const asked = new Map<string, string>()

  function conversation(row: JsonObject, value: JsonObject): void {
    sink.id(textIn(row['session']) ?? '')
    if ((numberIn(value['_v']) ?? 0) > newest) sink.problem('format-newer', 'a later version of its conversations')
    for (const it of [value['createdAt'], value['lastUpdatedAt']]) time(sink, it)
    model(sink, objectIn(value['modelConfig']))
    const headers = listIn(value['fullConversationHeadersOnly'])
    // The first versions hold messages in the conversation itself.
    const inside = listIn(value['conversation']).map(objectIn)
    inside.forEach((it, at) => bubble(textIn(it?.['bubbleId']) ?? `inside ${at}`, it ?? {}))
    if (inside.length === 0) named = headers.map((it) => textIn(objectIn(it)?.['bubbleId']) ?? '')
    left = new Set(named)
  }

  function bubble(id: string, it: JsonObject, added?: string): void {
    left.delete(id)
    time(sink, it['createdAt'])
    const timing = objectIn(it['timingInfo'])
    for (const at of [timing?.['clientStartTime'], timing?.['clientEndTime']]) time(sink, at)
    if (it['type'] === 1) asked.set(id, textIn(it['text']) ?? '')
    if (it['type'] !== 2) return
    model(sink, objectIn(it['modelInfo']))
    const call = objectIn(it['toolFormerData'])
    const ofModel = textIn(call?.['modelCallId'])
    sink.answer(ofModel === undefined || ofModel === '' ? id : ofModel, tokensIn(objectIn(it['tokenCount'])))
    if (call === undefined) return
    const hasNoLines = tellCursorCall(sink, call, added)
    if (hasNoLines && added === undefined && contentIds(it).after !== undefined) without += 1
  }

  return {
    row(row) {
      const value = objectIn(row['value'])
      if (value === undefined) broken += 1
      else if (row['table'] === 'composerData') conversation(row, value)
      else if (row['table'] === 'bubbleId') {
        const id = textIn(row['bubble']) ?? ''
        const mark = sink.mark()
        const isNamed = named === undefined || left.has(id)
        bubble(id, value, textIn(row['added']))
        if (isNamed) return
        asked.delete(id)
        sink.undo(mark)
      }
    },
    end() {
      for (const id of named ?? asked.keys()) {
        const text = asked.get(id)
        if (text !== undefined) sink.prompt(text, id)
        asked.delete(id)
      }
      if (broken > 0) sink.problem('transcript-row-broken', `${broken} rows`)
      if (left.size > 0) sink.problem('transcript-incomplete', `${left.size} messages are named and not there`)
      if (without > 0) sink.problem('transcript-incomplete', `contents of ${without} edits are not there`)
    },
  }
}

/** Milliseconds since 1970, or RFC 3339; those of the parts of a window are milliseconds since it was opened. */
function time(sink: SessionSink, value: Json | undefined): void {
  const at = numberIn(value)
  if (at !== undefined) {
    if (at > 1_000_000_000_000) sink.time(at)
  } else sink.time(textIn(value) ?? '')
}

/** `default` is a setting under which another is chosen. */
function model(sink: SessionSink, of: JsonObject | undefined): void {
  const name = textIn(of?.['modelName'])
  if (name !== undefined && name !== 'default') sink.model(name)
}

/** Zeros are what stands there until it is known. */
function tokensIn(count: JsonObject | undefined): { readonly input: number; readonly output: number } | undefined {
  const [input, output] = [numberIn(count?.['inputTokens']) ?? 0, numberIn(count?.['outputTokens']) ?? 0]
  return input > 0 || output > 0 ? { input, output } : undefined
}
