/**
 * GitHub Copilot in VS Code, where it is told to keep its traces: a database of spans in the form of OpenTelemetry. A session is the spans of
 * one `chat_session_id`; what was asked is an event of the span that ran the agent, what was called the attributes of one that ran a tool.
 * Each `chat` span repeats all that was said before, and the span around it the sum of their tokens: neither is read.
 */
import type { JsonObject } from '../../../model/json.ts'
import { argumentsIn, jsonIn } from '../block-texts.ts'
import { tellCopilotTool } from '../copilot-tools.ts'
import { numberIn, objectIn, textIn } from '../members.ts'
import { order, sessionRows } from '../session-rows.ts'
import type { RowReader, RowSource, Telling, TranscriptFormat } from './row.ts'

export const copilotOtel: TranscriptFormat = {
  id: 'copilot-otel',
  title: 'GitHub Copilot in VS Code, traces',
  tool: 'copilot',
  basis: 'seen',
  source: 'git-ai-project/git-ai, two sessions of May 2026; what a call that fails looks like is guessed',
  folders: {
    linux: ['~/.config/Code/User/globalStorage/github.copilot-chat'],
    darwin: ['~/Library/Application Support/Code/User/globalStorage/github.copilot-chat'],
    win32: ['$APPDATA/Code/User/globalStorage/github.copilot-chat'],
  },
  body: {
    kind: 'database',
    tables: {
      spans: ['span_id', 'parent_span_id', 'chat_session_id', 'operation_name', 'start_time_ms', 'end_time_ms'],
      span_attributes: ['span_id', 'key', 'value'],
      span_events: ['span_id', 'name', 'timestamp_ms', 'attributes'],
    },
    sessions,
    open,
  },
}

/** A table of its own, so that what is of a span is found at once whatever the file says of itself: a join in it could take for ever. */
const ownSpans = [
  'CREATE TEMP TABLE own_spans (span TEXT PRIMARY KEY, session TEXT NOT NULL) WITHOUT ROWID',
  `INSERT OR IGNORE INTO own_spans SELECT CAST(span_id AS TEXT), CAST(chat_session_id AS TEXT) FROM spans
   WHERE span_id IS NOT NULL AND chat_session_id <> ''`,
]

const ofSpans = (table: string, columns: string, where: string): string =>
  `SELECT own_spans.session AS session, ${columns} FROM ${table} AS it CROSS JOIN own_spans
   ON own_spans.span = CAST(it.span_id AS TEXT) WHERE ${where} ${order('own_spans.session', 'it.span_id')}`

function sessions(database: RowSource): ReturnType<typeof sessionRows> {
  for (const it of ownSpans) Array.from(database.all(it))
  return sessionRows(
    database,
    { table: 'sessions', query: 'SELECT DISTINCT session FROM own_spans ORDER BY session' },
    [
      {
        table: 'spans',
        query: `SELECT CAST(chat_session_id AS TEXT) AS session, * FROM spans WHERE chat_session_id <> ''
          ${order('chat_session_id', 'start_time_ms', 'span_id')}`,
      },
      {
        table: 'span_attributes',
        query: ofSpans('span_attributes', 'it.span_id, it.key, it.value', `it.key = 'gen_ai.tool.call.arguments'`),
        json: ['value'],
      },
      {
        table: 'span_events',
        query: ofSpans(
          'span_events',
          'it.span_id, it.name, it.timestamp_ms, it.attributes',
          `it.name = 'user_message'`,
        ),
        json: ['attributes'],
      },
    ],
  )
}

/** Spans that lie in each other: a tool that runs an agent that runs a tool. */
const mostDepth = 100

function open({ sink }: Telling): RowReader {
  const spans = new Map<string, JsonObject>()

  function span(row: JsonObject): void {
    sink.id(textIn(row['session']) ?? '')
    for (const it of [row['start_time_ms'], row['end_time_ms']].map(numberIn)) if (it !== undefined) sink.time(it)
    const id = textIn(row['span_id'])
    if (id === undefined) return
    spans.set(id, row)
    if (row['operation_name'] !== 'chat') return
    const [input, output, cached] = ['input_tokens', 'output_tokens', 'cached_tokens'].map((it) => numberIn(row[it]))
    sink.model(textIn(row['response_model']) ?? textIn(row['request_model']) ?? '')
    const hasTokens = input !== undefined || output !== undefined
    const rest = input === undefined ? undefined : Math.max(0, input - (cached ?? 0))
    sink.answer(id, hasTokens ? { input: rest, output, cacheRead: cached } : undefined)
  }

  function call(row: JsonObject): void {
    const of = spans.get(textIn(row['span_id']) ?? '')
    if (of?.['operation_name'] !== 'execute_tool') return
    const value = row['value']
    const args = argumentsIn(typeof value === 'string' ? value : (objectIn(value) ?? {}))
    // OpenTelemetry's codes of a status: nothing was said, it went well, or not.
    const verdict = of['status_code'] === 1 ? 'applied' : of['status_code'] === 2 ? 'failed' : 'unanswered'
    const id = textIn(of['tool_call_id'])
    tellCopilotTool(sink, textIn(of['tool_name']), args, { call: id === '' ? undefined : id, verdict })
  }

  /** What an agent within another is asked, no person asked. */
  function isWithin(id: string): boolean {
    let of = spans.get(id)
    for (let depth = 0; depth < mostDepth && of !== undefined; depth += 1) {
      of = spans.get(textIn(of['parent_span_id']) ?? '')
      if (of?.['operation_name'] === 'invoke_agent') return true
    }
    return false
  }

  return {
    row(row) {
      if (row['table'] === 'spans') span(row)
      else if (row['table'] === 'span_attributes') {
        if (row['key'] === 'gen_ai.tool.call.arguments') call(row)
      } else if (row['table'] === 'span_events') {
        const id = textIn(row['span_id']) ?? ''
        const said = objectIn(row['attributes']) ?? objectIn(jsonIn(textIn(row['attributes']) ?? ''))
        if (row['name'] === 'user_message' && !isWithin(id)) sink.prompt(textIn(said?.['content']) ?? '')
      }
    },
  }
}
