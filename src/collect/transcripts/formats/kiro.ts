/**
 * Kiro CLI: a conversation as one document, `history` with what a person asked and what was answered or called. Of calls no result that can
 * be told is known, so its edits stay unanswered.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import type { SessionSink } from '../session-sink.ts'
import type { Telling, TranscriptFormat } from './row.ts'

export const kiro: TranscriptFormat = {
  id: 'kiro',
  title: 'Kiro CLI',
  tool: 'kiro',
  basis: 'seen',
  source: 'a payload of two turns; of its edits no sample was read',
  body: { kind: 'document', isOwn, read },
}

function isOwn(json: Json): boolean {
  const conversation = objectIn(json)
  const [first] = listIn(conversation?.['history']).map(objectIn)
  return textIn(conversation?.['conversation_id']) !== undefined && objectIn(first?.['user']) !== undefined
}

function read(json: Json, { sink }: Telling): void {
  const conversation = objectIn(json)
  sink.id(textIn(conversation?.['conversation_id']) ?? '')
  for (const turn of listIn(conversation?.['history']).map(objectIn)) {
    const user = objectIn(turn?.['user'])
    const time = textIn(user?.['timestamp'])
    if (time !== undefined) sink.time(time)
    const prompt = textIn(objectIn(objectIn(user?.['content'])?.['Prompt'])?.['prompt'])
    if (prompt !== undefined) sink.prompt(prompt)
    const metadata = objectIn(turn?.['request_metadata'])
    const end = numberIn(metadata?.['stream_end_timestamp_ms'])
    if (end !== undefined) sink.time(end)
    const model = textIn(metadata?.['model_id'])
    if (model !== undefined) sink.model(model)
    const assistant = objectIn(turn?.['assistant'])
    for (const it of [objectIn(assistant?.['Response']), objectIn(assistant?.['ToolUse'])]) {
      if (it === undefined) continue
      sink.answer(textIn(it['message_id']))
      for (const call of listIn(it['tool_uses'])) called(sink, objectIn(call))
    }
  }
}

function called(sink: SessionSink, call: JsonObject | undefined): void {
  const input = objectIn(call?.['args'])
  const command = textIn(input?.['command'])
  const path = textIn(input?.['path'])
  const text = textIn(input?.['new_str']) ?? textIn(input?.['file_text'])
  if (call?.['name'] === 'execute_bash' && command !== undefined) sink.shell(command)
  if (call?.['name'] === 'fs_write' && path !== undefined && text !== undefined) {
    sink.edit({ path, text, verdict: 'unanswered' })
  }
}
