/**
 * Amp: a document for each thread, with messages in the form of Anthropic's API; what came of a call is in `run` of its result, and the model
 * with each answer.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import type { EditVerdict } from '../../../model/transcript.ts'
import { newTexts, textsIn } from '../block-texts.ts'
import { pathOfUri } from '../file-names.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import { patchedFiles } from '../patch-text.ts'
import type { SessionSink } from '../session-sink.ts'
import type { Telling, TranscriptFormat } from './row.ts'

export const amp: TranscriptFormat = {
  id: 'amp',
  title: 'Amp',
  tool: 'amp',
  basis: 'seen',
  source: 'git-ai-project/git-ai, threads of February 2026; refusals, patches and threads of subagents are guessed',
  folders: {
    linux: ['$XDG_DATA_HOME/amp/threads', '~/.local/share/amp/threads'],
    darwin: ['$XDG_DATA_HOME/amp/threads', '~/.local/share/amp/threads'],
    win32: ['$LOCALAPPDATA/amp/threads', '$APPDATA/amp/threads', '~/.local/share/amp/threads'],
  },
  body: { kind: 'document', isOwn, read },
}

function isOwn(json: Json): boolean {
  const document = objectIn(json)
  return /^T-/.test(textIn(document?.['id']) ?? '') && Array.isArray(document?.['messages'])
}

const verdicts: ReadonlyMap<Json | undefined, EditVerdict> = new Map<Json, EditVerdict>([
  ['done', 'applied'],
  ['error', 'failed'],
  ['cancelled', 'failed'],
  ['rejected-by-user', 'rejected'],
])

function read(json: Json, { sink }: Telling): void {
  const document = objectIn(json)
  if (document === undefined) return
  sink.id(textIn(document['id']) ?? '')
  const started = numberIn(document['created'])
  if (started !== undefined) sink.time(started)
  const platform = objectIn(objectIn(objectIn(document['env'])?.['initial'])?.['platform'])
  sink.version(textIn(platform?.['clientVersion']) ?? '')
  const parent = textIn(document['mainThreadID'])
  if (parent !== undefined) sink.parent(parent)
  listIn(document['messages']).forEach((it, at) => {
    const message = objectIn(it)
    if (message?.['role'] === 'user') asked(sink, message)
    else if (message?.['role'] === 'assistant') answered(sink, message, at)
  })
}

function asked(sink: SessionSink, message: JsonObject): void {
  const time = numberIn(objectIn(message['meta'])?.['sentAt'])
  if (time !== undefined) sink.time(time)
  for (const block of listIn(message['content']).map(objectIn)) {
    const call = textIn(block?.['toolUseID']) ?? textIn(block?.['tool_use_id'])
    if (block?.['type'] === 'tool_result' && call !== undefined) result(sink, call, block)
  }
  sink.prompt(textsIn(message['content']).join('\n'))
}

function result(sink: SessionSink, call: string, block: JsonObject): void {
  const accepted = objectIn(block['userInput'])?.['accepted']
  const verdict = accepted === false ? 'rejected' : verdicts.get(objectIn(block['run'])?.['status'])
  if (verdict === undefined) return
  sink.result(call, verdict, verdict === 'rejected' || accepted === true ? 'person' : undefined)
}

function answered(sink: SessionSink, message: JsonObject, at: number): void {
  const usage = objectIn(message['usage'])
  sink.model(textIn(usage?.['model']) ?? '')
  const time = textIn(usage?.['timestamp'])
  if (time !== undefined) sink.time(time)
  sink.answer(
    `message ${numberIn(message['messageId']) ?? `at ${at}`}`,
    usage === undefined
      ? undefined
      : {
          input: numberIn(usage['inputTokens']),
          output: numberIn(usage['outputTokens']),
          cacheRead: numberIn(usage['cacheReadInputTokens']),
          cacheWrite: numberIn(usage['cacheCreationInputTokens']),
        },
  )
  for (const block of listIn(message['content'])) toolUse(sink, objectIn(block))
}

function toolUse(sink: SessionSink, block: JsonObject | undefined): void {
  const input = objectIn(block?.['input'])
  if (block?.['type'] !== 'tool_use' || input === undefined) return
  const call = textIn(block['id'])
  const path = textIn(input['path'])
  switch (block['name']) {
    case 'edit_file':
    case 'create_file':
      if (path !== undefined) {
        const text = textIn(input['new_str']) ?? textIn(input['content']) ?? newTexts(input['edits'], 'new_str')
        sink.edit({ path: pathOfUri(path), text, call, verdict: 'unanswered' })
      }
      break
    case 'apply_patch':
      for (const it of patchedFiles(textIn(input['patchText']) ?? textIn(input['input']) ?? '')) {
        sink.edit({ ...it, call, verdict: 'unanswered' })
      }
      break
    case 'Bash':
      sink.shell(textIn(input['cmd']) ?? textIn(input['command']) ?? '')
      break
    default:
  }
}
