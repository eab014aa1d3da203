/**
 * Continue, its CLI and its editors: one document with `history`, each item a message with the states of its calls (continuedev/continue
 * `core/index.d.ts`). No times and no version; the model is the title that somebody gave it.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import type { EditVerdict, TranscriptTokens } from '../../../model/transcript.ts'
import { argumentsIn, newTexts, textsIn } from '../block-texts.ts'
import { pathOfUri } from '../file-names.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import type { SessionSink } from '../session-sink.ts'
import type { Telling, TranscriptFormat } from './row.ts'

export const continueDev: TranscriptFormat = {
  id: 'continue-dev',
  title: 'Continue',
  tool: 'continue',
  basis: 'seen',
  source: 'git-ai-project/git-ai; continuedev/continue core for states of calls',
  folders: {
    linux: ['$CONTINUE_GLOBAL_DIR/sessions', '~/.continue/sessions'],
    darwin: ['$CONTINUE_GLOBAL_DIR/sessions', '~/.continue/sessions'],
    win32: ['$CONTINUE_GLOBAL_DIR/sessions', '~/.continue/sessions'],
  },
  body: { kind: 'document', isOwn, read },
}

function isOwn(json: Json): boolean {
  const document = objectIn(json)
  const history = document?.['history']
  const hasMessages = listIn(history).every((it) => objectIn(objectIn(it)?.['message']) !== undefined)
  return (
    textIn(document?.['sessionId']) !== undefined &&
    Array.isArray(history) &&
    hasMessages &&
    textIn(document?.['workspaceDirectory']) !== undefined
  )
}

const verdicts: ReadonlyMap<Json | undefined, EditVerdict> = new Map<Json, EditVerdict>([
  ['done', 'applied'],
  ['errored', 'failed'],
  ['canceled', 'rejected'],
])

function read(json: Json, { sink }: Telling): void {
  const document = objectIn(json)
  if (document === undefined) return
  sink.id(textIn(document['sessionId']) ?? '')
  const title = textIn(document['chatModelTitle'])
  let answers = 0
  let hasTokens = false
  for (const it of listIn(document['history']).map(objectIn)) {
    const message = objectIn(it?.['message'])
    if (message?.['role'] === 'user') sink.prompt(textsIn(message['content']).join('\n'))
    if (message?.['role'] !== 'assistant') continue
    answers += 1
    const usage = objectIn(message['usage'])
    hasTokens ||= usage !== undefined
    sink.answer(`answer ${answers}`, usage === undefined ? undefined : tokensIn(usage))
    if (title !== undefined) sink.model(title)
    for (const log of listIn(it?.['promptLogs'])) sink.model(textIn(objectIn(log)?.['modelTitle']) ?? '')
    calls(sink, listIn(it?.['toolCallStates']), listIn(message['toolCalls']))
  }
  // The sum over all of them, which no answer says for itself.
  const sum = objectIn(document['usage'])
  if (!hasTokens && sum !== undefined && answers > 0) sink.answer(`answer ${answers}`, tokensIn(sum))
}

function tokensIn(usage: JsonObject): TranscriptTokens {
  const details = objectIn(usage['promptTokensDetails'])
  return {
    input: numberIn(usage['promptTokens']),
    output: numberIn(usage['completionTokens']),
    cacheRead: numberIn(details?.['cachedTokens']),
    cacheWrite: numberIn(details?.['cacheWriteTokens']),
  }
}

function calls(sink: SessionSink, states: readonly Json[], wanted: readonly Json[]): void {
  const told = new Set<string>()
  for (const state of states.map(objectIn)) {
    const call = objectIn(state?.['toolCall'])
    const id = textIn(state?.['toolCallId']) ?? textIn(call?.['id'])
    if (id !== undefined) told.add(id)
    const verdict = verdicts.get(state?.['status']) ?? 'unanswered'
    tool(sink, call, objectIn(state?.['parsedArgs']), verdict)
  }
  for (const call of wanted.map(objectIn)) {
    if (!told.has(textIn(call?.['id']) ?? '')) tool(sink, call, undefined, 'unanswered')
  }
}

function tool(
  sink: SessionSink,
  call: JsonObject | undefined,
  parsed: JsonObject | undefined,
  verdict: EditVerdict,
): void {
  const wanted = objectIn(call?.['function'])
  const args = parsed ?? argumentsIn(wanted?.['arguments'])
  const path = textIn(args['filepath']) ?? textIn(args['file_path'])
  switch (textIn(wanted?.['name'])) {
    case 'Bash':
    case 'run_terminal_command':
    case 'builtin_run_terminal_command':
      sink.shell(textIn(args['command']) ?? '')
      break
    case 'Write':
    case 'Edit':
    case 'MultiEdit':
    case 'create_new_file':
    case 'edit_existing_file':
    case 'single_find_and_replace':
    case 'multi_edit':
    case 'builtin_create_new_file':
    case 'builtin_edit_existing_file':
    case 'builtin_single_find_and_replace':
    case 'builtin_multi_edit': {
      const written = [args['content'], args['contents'], args['new_string'], args['changes']].map(textIn)
      const text = written.find((it) => it !== undefined) ?? newTexts(args['edits'], 'new_string')
      if (path !== undefined) sink.edit({ path: pathOfUri(path), text, verdict })
      break
    }
    default:
  }
}
