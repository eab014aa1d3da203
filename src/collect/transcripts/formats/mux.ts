/**
 * mux: rows of `chat.jsonl`, each a message with its whole `parts` (`src/common/types/message.ts`); the session is a workspace. A row that is
 * written again stands for the one with its id.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import type { SessionSink } from '../session-sink.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const mux: TranscriptFormat = {
  id: 'mux',
  title: 'mux',
  tool: 'mux',
  basis: 'seen',
  source: 'coder/mux, fixtures of its replay service; its toolDefinitions.ts for edits',
  folders: {
    linux: ['~/.mux/sessions', '~/.xum/sessions'],
    darwin: ['~/.mux/sessions', '~/.xum/sessions'],
    win32: ['~/.mux/sessions', '~/.xum/sessions'],
  },
  body: { kind: 'rows', isOwn, open },
}

function isOwn(first: readonly Json[]): boolean {
  return first.map(objectIn).some((it) => {
    const said = objectIn(it?.['metadata'])
    return (
      textIn(it?.['workspaceId']) !== undefined &&
      (it?.['role'] === 'user' || it?.['role'] === 'assistant') &&
      Array.isArray(it['parts']) &&
      numberIn(said?.['historySequence']) !== undefined
    )
  })
}

function open({ sink }: Telling): RowReader {
  return {
    row(row) {
      const said = objectIn(row['metadata'])
      const parts = listIn(row['parts']).map(objectIn)
      const session = textIn(row['workspaceId'])
      if (session !== undefined) sink.id(session)
      const time = numberIn(said?.['timestamp'])
      if (time !== undefined) sink.time(time)
      if (row['role'] === 'user' && said?.['synthetic'] !== true) {
        sink.prompt(parts.map((it) => (it?.['type'] === 'text' ? (textIn(it['text']) ?? '') : '')).join('\n'))
      }
      const model = textIn(said?.['model'])
      if (row['role'] !== 'assistant' || model === undefined) return
      // `provider:model`, whose second half may hold colons too.
      sink.model(model.replace(/^[a-z][a-z0-9-]*:/, ''))
      answered(sink, textIn(row['id']), said ?? {})
      for (const it of parts) if (it?.['type'] === 'dynamic-tool') called(sink, it)
    },
  }
}

function answered(sink: SessionSink, id: string | undefined, said: JsonObject): void {
  const usage = objectIn(said['usage'])
  const provider = objectIn(objectIn(said['providerMetadata'])?.['anthropic'])
  const input = numberIn(usage?.['inputTokens'])
  const cacheRead = numberIn(usage?.['cachedInputTokens'])
  const cacheWrite = numberIn(provider?.['cacheCreationInputTokens'])
  sink.answer(
    id,
    usage === undefined
      ? undefined
      : {
          // All that was sent, with what came from the cache or went into it.
          input: input === undefined ? undefined : Math.max(0, input - (cacheRead ?? 0) - (cacheWrite ?? 0)),
          output: numberIn(usage['outputTokens']),
          cacheRead,
          cacheWrite,
        },
  )
}

function called(sink: SessionSink, part: JsonObject): void {
  const input = objectIn(part['input'])
  const name = textIn(part['toolName']) ?? ''
  const script = textIn(input?.['script'])
  if (name === 'bash' && script !== undefined) sink.shell(script)
  const path = textIn(input?.['path']) ?? textIn(input?.['file_path'])
  if (!/^file_edit_(?:replace_string|replace_lines|insert)$/.test(name) || path === undefined) return
  const lines = listIn(input?.['new_lines']).map((it) => textIn(it) ?? '')
  const text =
    textIn(input?.['new_string']) ?? textIn(input?.['insert_text']) ?? textIn(input?.['content']) ?? lines.join('\n')
  const success = objectIn(part['output'])?.['success']
  const verdict = typeof success !== 'boolean' ? 'unanswered' : success ? 'applied' : 'failed'
  sink.edit({ path, text, verdict })
}
