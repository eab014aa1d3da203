/**
 * A conversation of Kiro CLI: `history`, each turn with what a person asked, or with what came of the calls of the turn before, and what was
 * answered or called. Amazon Q's CLI, which it was before, is open: `crates/chat-cli/src/cli/chat/message.rs`, `tools/fs_write.rs`.
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { argumentsIn } from './block-texts.ts'
import { tellKiroCall } from './kiro-calls.ts'
import { listIn, numberIn, objectIn, textIn } from './members.ts'
import type { SessionSink } from './session-sink.ts'

export function isKiroConversation(json: Json | undefined): boolean {
  const conversation = objectIn(json)
  const [first] = listIn(conversation?.['history']).map(objectIn)
  return textIn(conversation?.['conversation_id']) !== undefined && objectIn(first?.['user']) !== undefined
}

export function tellKiroConversation(sink: SessionSink, conversation: JsonObject): void {
  sink.id(textIn(conversation['conversation_id']) ?? '')
  let models = 0
  for (const turn of listIn(conversation['history']).map(objectIn)) {
    const user = objectIn(turn?.['user'])
    const time = textIn(user?.['timestamp'])
    if (time !== undefined) sink.time(time)
    asked(sink, objectIn(user?.['content']))
    const metadata = objectIn(turn?.['request_metadata'])
    for (const it of [metadata?.['request_start_timestamp_ms'], metadata?.['stream_end_timestamp_ms']].map(numberIn)) {
      if (it !== undefined) sink.time(it)
    }
    const model = textIn(metadata?.['model_id'])
    if (model !== undefined) {
      sink.model(model)
      models += 1
    }
    const assistant = objectIn(turn?.['assistant'])
    for (const it of [objectIn(assistant?.['Response']), objectIn(assistant?.['ToolUse'])]) {
      if (it === undefined) continue
      sink.answer(textIn(it['message_id']))
      for (const call of listIn(it['tool_uses']).map(objectIn)) {
        tellKiroCall(sink, {
          name: textIn(call?.['name']),
          call: textIn(call?.['id']),
          args: argumentsIn(call?.['args']),
        })
      }
    }
  }
  // The one that was chosen last, which says nothing of the turns where they say it themselves.
  if (models === 0) sink.model(textIn(objectIn(conversation['model_info'])?.['model_id']) ?? '')
}

function asked(sink: SessionSink, content: JsonObject | undefined): void {
  const cancelled = objectIn(content?.['CancelledToolUses'])
  sink.prompt(textIn(objectIn(content?.['Prompt'])?.['prompt']) ?? textIn(cancelled?.['prompt']) ?? '')
  for (const it of listIn(cancelled?.['tool_use_results']).map(objectIn)) {
    sink.result(textIn(it?.['tool_use_id']) ?? '', 'rejected', 'person')
  }
  for (const it of listIn(objectIn(content?.['ToolUseResults'])?.['tool_use_results']).map(objectIn)) {
    const isError = textIn(it?.['status'])?.toLowerCase() === 'error'
    sink.result(textIn(it?.['tool_use_id']) ?? '', isError ? 'failed' : 'applied')
  }
}
