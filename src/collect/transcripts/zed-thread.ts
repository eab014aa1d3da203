/**
 * A thread of Zed's agent (`crates/agent/src/db.rs`, `thread.rs`): since 0.3.0 messages are `User`, `Agent` or `Resume`, before that
 * each had a `role`. What came of a call stands in the message that made it.
 */
import type { Json, JsonObject } from '../../model/json.ts'
import type { EditVerdict, TranscriptTokens } from '../../model/transcript.ts'
import { addedLines } from './added-lines.ts'
import { argumentsIn, jsonIn, newTexts, textsIn } from './block-texts.ts'
import { listIn, numberIn, objectIn, textIn } from './members.ts'
import type { SessionSink } from './session-sink.ts'

/** `0.x.0`; undefined for what is no such number. */
export function versionOfThread(thread: JsonObject): number | undefined {
  const [, minor] = /^0\.(\d{1,4})\.\d{1,4}$/.exec(textIn(thread['version']) ?? '') ?? []
  return minor === undefined ? undefined : Number(minor)
}

/** `isChild`: what a subagent is asked, its parent asked. */
export function tellZedThread(sink: SessionSink, thread: JsonObject, isChild: boolean): void {
  const model = objectIn(thread['model'])
  sink.model(textIn(model?.['model']) ?? '')
  let asked = ''
  let answers = 0
  for (const message of listIn(thread['messages']).map(objectIn)) {
    const role = message?.['role']
    const user = objectIn(message?.['User']) ?? (role === 'user' ? message : undefined)
    const agent = objectIn(message?.['Agent']) ?? (role === 'assistant' ? message : undefined)
    if (user !== undefined) {
      asked = idOf(user['id'])
      if (!isChild) sink.prompt(promptIn(user), asked === '' ? undefined : asked)
    }
    if (agent === undefined) continue
    answers += 1
    // A thread says how many tokens it took, and not which of its answers took them.
    const tokens = answers === 1 ? tokensIn(objectIn(thread['cumulative_token_usage'])) : undefined
    sink.answer(asked === '' ? undefined : `${asked} ${answers}`, tokens)
    for (const it of callsIn(agent)) called(sink, it, resultOf(agent, idOf(it['id'])))
  }
}

function idOf(id: Json | undefined): string {
  return textIn(id) ?? (typeof id === 'number' ? String(id) : '')
}

function promptIn(user: JsonObject): string {
  const parts = listIn(user['content']).map((it) => textIn(objectIn(it)?.['Text']) ?? '')
  return [...parts, ...textsIn(user['segments'])].filter((it) => it !== '').join('\n')
}

function callsIn(agent: JsonObject): readonly JsonObject[] {
  const blocks = listIn(agent['content']).map((it) => objectIn(objectIn(it)?.['ToolUse']))
  return [...blocks, ...listIn(agent['tool_uses']).map(objectIn)].filter((it) => it !== undefined)
}

/** By the id of the call; in the old form they are a list. */
function resultOf(agent: JsonObject, call: string): JsonObject | undefined {
  const results = objectIn(agent['tool_results'])
  if (results !== undefined) return Object.hasOwn(results, call) ? objectIn(results[call]) : undefined
  return listIn(agent['tool_results'])
    .map(objectIn)
    .find((it) => it?.['tool_use_id'] === call)
}

const writing: ReadonlySet<Json | undefined> = new Set([
  'edit_file',
  'streaming_edit_file',
  'write_file',
  'create_file',
])

function called(sink: SessionSink, call: JsonObject, result: JsonObject | undefined): void {
  const input = objectIn(call['input']) ?? argumentsIn(call['raw_input'])
  const name = call['name']
  const command = textIn(input['command'])
  if (name === 'terminal' && command !== undefined) sink.shell(command)
  const path = textIn(input['path'])
  if (!writing.has(name) || path === undefined) return
  const verdict = verdictOf(result)
  sink.edit({
    ...{ path, text: textOf(input, objectIn(result?.['output'])), call: textIn(call['id']), verdict },
    ...(verdict === 'rejected' ? { acceptedBy: 'person' } : {}),
  })
}

/** What the call says; where another model made the edit of a description, what was written. */
function textOf(input: JsonObject, output: JsonObject | undefined): string {
  const content = textIn(input['content'])
  if (content !== undefined) return content
  // Models write the list as a text of JSON, too.
  const edits = textIn(input['edits']) === undefined ? input['edits'] : jsonIn(textIn(input['edits']) ?? '')
  if (listIn(edits).length > 0) return newTexts(edits, 'new_text')
  const after = textIn(output?.['new_text'])
  return after === undefined ? '' : addedLines(textIn(output?.['old_text']) ?? '', after)
}

function verdictOf(result: JsonObject | undefined): EditVerdict {
  if (result === undefined) return 'unanswered'
  const said = [...textsIn(result['content']), textIn(objectIn(result['content'])?.['Text']) ?? ''].join('\n')
  const parts = listIn(result['content']).map((it) => textIn(objectIn(it)?.['Text']) ?? '')
  const isError = result['is_error'] === true || textIn(objectIn(result['output'])?.['error']) !== undefined
  if (!isError) return 'applied'
  return /\b(?:denied|cancell?ed) by (?:the )?user\b/i.test([said, ...parts].join('\n')) ? 'rejected' : 'failed'
}

function tokensIn(usage: JsonObject | undefined): TranscriptTokens | undefined {
  if (usage === undefined || Object.keys(usage).length === 0) return undefined
  return {
    input: numberIn(usage['input_tokens']),
    output: numberIn(usage['output_tokens']),
    cacheRead: numberIn(usage['cache_read_input_tokens']),
    cacheWrite: numberIn(usage['cache_creation_input_tokens']),
  }
}
