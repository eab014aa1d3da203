/**
 * Crush: a database in the project, `.crush/crush.db` (`internal/db/migrations`): sessions, and messages whose `parts` are JSON, each with its
 * `type` and `data`. Its times are seconds, whatever its comments say. A subagent is a session with a parent.
 */
import type { JsonObject } from '../../../model/json.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import { order, parsedText, sessionRows } from '../session-rows.ts'
import type { SessionSink } from '../session-sink.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const crush: TranscriptFormat = {
  id: 'crush',
  title: 'Crush',
  tool: 'crush',
  basis: 'documented',
  source: 'charmbracelet/crush internal/db/migrations, internal/message/content.go, internal/agent/tools',
  body: {
    kind: 'database',
    tables: {
      sessions: ['id', 'parent_session_id', 'prompt_tokens', 'completion_tokens', 'created_at'],
      messages: ['id', 'session_id', 'role', 'parts', 'model', 'created_at'],
    },
    sessions: (database) =>
      sessionRows(
        database,
        { table: 'sessions', query: `SELECT CAST(id AS TEXT) AS session, * FROM sessions ${order('id')}` },
        [
          {
            table: 'messages',
            query: `SELECT CAST(session_id AS TEXT) AS session, * FROM messages ${order('session_id', 'created_at', 'id')}`,
            json: ['parts'],
          },
        ],
      ),
    open,
  },
}

function open({ sink }: Telling): RowReader {
  let isChild = false
  let broken = 0
  return {
    row(row) {
      if (row['table'] === 'sessions') {
        const parent = row['parent_session_id']
        sink.id(textIn(row['session']) ?? '')
        isChild = typeof parent === 'string' && parent !== ''
        if (isChild) sink.parent(textIn(parent) ?? '')
        else if (parent === null) sink.parent(null)
        return
      }
      const at = numberIn(row['created_at'])
      if (at !== undefined) sink.time(at < 100_000_000_000 ? at * 1_000 : at)
      if (!Array.isArray(row['parts'])) broken += 1
      const parts = listIn(row['parts']).map((it) => ({
        type: textIn(objectIn(it)?.['type']),
        data: objectIn(objectIn(it)?.['data']) ?? {},
      }))
      const model = textIn(row['model'])
      if (row['role'] === 'assistant' && model !== undefined && model !== '') {
        sink.model(model)
        sink.answer(textIn(row['id']))
      }
      // What a subagent is asked, its parent asked.
      if (row['role'] === 'user' && !isChild) {
        sink.prompt(parts.map((it) => (it.type === 'text' ? (textIn(it.data['text']) ?? '') : '')).join('\n'))
      }
      for (const { type, data } of parts) {
        if (type === 'tool_call') called(sink, data)
        else if (type === 'tool_result') answered(sink, data)
      }
    },
    end() {
      if (broken > 0) sink.problem('transcript-row-broken', `${broken} rows`)
    },
  }
}

function called(sink: SessionSink, call: JsonObject): void {
  const id = textIn(call['id'])
  const input = objectIn(parsedText(textIn(call['input']) ?? ''))
  const path = textIn(input?.['file_path'])
  const name = textIn(call['name'])
  const command = textIn(input?.['command'])
  if (name === 'bash' && command !== undefined) sink.shell(command)
  if (path === undefined || input === undefined) return
  const text =
    name === 'edit'
      ? textIn(input['new_string'])
      : name === 'write'
        ? textIn(input['content'])
        : name === 'multiedit'
          ? listIn(input['edits'])
              .map((it) => textIn(objectIn(it)?.['new_string']) ?? '')
              .join('\n')
          : undefined
  if (text !== undefined) sink.edit({ path, text, call: id, verdict: 'unanswered' })
}

function answered(sink: SessionSink, result: JsonObject): void {
  const call = textIn(result['tool_call_id'])
  if (call === undefined) return
  const isRefused = /^(?:User denied permission|permission denied)/i.test(textIn(result['content']) ?? '')
  if (isRefused) sink.result(call, 'rejected', 'person')
  else sink.result(call, result['is_error'] === true ? 'failed' : 'applied')
}
