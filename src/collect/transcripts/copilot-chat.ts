/**
 * A chat session as VS Code itself keeps it: `requests`, each what was asked, what was answered and which tools ran. Calls with their
 * arguments are in `result.metadata.toolCallRounds`, what came of them in `response`, under other ids.
 */
import type { Json, JsonObject } from '../../model/json.ts'
import type { EditVerdict } from '../../model/transcript.ts'
import { argumentsIn } from './block-texts.ts'
import { copilotEdits, tellCopilotTool } from './copilot-tools.ts'
import type { EditRest } from './copilot-tools.ts'
import { pathOfUri, uuidInName } from './file-names.ts'
import { listIn, numberIn, objectIn, textIn } from './members.ts'
import type { SessionSink } from './session-sink.ts'

export function isCopilotChat(json: Json | undefined): boolean {
  const document = objectIn(json)
  if (document === undefined || !Array.isArray(document['requests'])) return false
  return textIn(document['sessionId']) !== undefined || numberIn(document['creationDate']) !== undefined
}

/** `removed`: requests that were in it, and were taken out again. */
export function tellCopilotChat(sink: SessionSink, document: JsonObject, name: string, removed: readonly Json[]): void {
  const id = textIn(document['sessionId']) ?? uuidInName(name)
  if (id !== undefined) sink.id(id)
  for (const it of [document['creationDate'], document['lastMessageDate']]) {
    const time = numberIn(it)
    if (time !== undefined) sink.time(time)
  }
  const selected = modelOf(objectIn(objectIn(document['inputState'])?.['selectedModel'])?.['identifier'])
  for (const it of listIn(document['requests'])) request(sink, objectIn(it), selected)
  const mark = sink.mark()
  for (const it of removed) request(sink, objectIn(it), selected)
  sink.undo(mark)
}

function request(sink: SessionSink, it: JsonObject | undefined, selected: string | undefined): void {
  if (it === undefined) return
  const mark = sink.mark()
  const time = numberIn(it['timestamp'])
  if (time !== undefined) sink.time(time)
  sink.version(textIn(objectIn(it['agent'])?.['extensionVersion']) ?? '')
  const message = objectIn(it['message'])
  const parts = listIn(message?.['parts']).map((part) => textIn(objectIn(part)?.['text']) ?? '')
  if (it['isSystemInitiated'] !== true) {
    sink.prompt(textIn(it['message']) ?? textIn(message?.['text']) ?? parts.join(''))
  }
  const result = objectIn(it['result'])
  const metadata = objectIn(result?.['metadata'])
  const rounds = listIn(metadata?.['toolCallRounds']).map(objectIn)
  const response = listIn(it['response']).map(objectIn)
  // The tool writes what an answer cost behind its model: `GPT-4o • 0x`.
  const details = textIn(result?.['details'])?.split(' • ')[0]
  const model = textIn(metadata?.['resolvedModel']) ?? modelOf(it['modelId']) ?? details ?? selected
  if (rounds.length > 0 || response.length > 0 || result !== undefined) {
    if (model !== undefined) sink.model(model)
    const first = textIn(it['responseId']) ?? textIn(it['requestId'])
    // Of all its rounds; of what was read only the size of the last is written down.
    const output = numberIn(it['completionTokens'])
    sink.answer(first, output === undefined ? undefined : { output })
    for (const round of rounds.slice(1)) sink.answer(textIn(round?.['id']))
  }
  calls(sink, rounds, response, objectIn(metadata?.['toolCallResults']))
  // It stays in the file until something else is asked.
  if (it['shouldBeRemovedOnSend'] !== undefined || it['isHidden'] === true) sink.undo(mark)
}

/** `copilot/auto` is a setting under which another is chosen. */
function modelOf(value: Json | undefined): string | undefined {
  const text = textIn(value)?.replace(/^copilot\//, '')
  return text === undefined || text === 'auto' ? undefined : text
}

function calls(
  sink: SessionSink,
  rounds: readonly (JsonObject | undefined)[],
  response: readonly (JsonObject | undefined)[],
  results: JsonObject | undefined,
): void {
  const wanted = rounds.flatMap((it) => listIn(it?.['toolCalls'])).map((it) => objectIn(it) ?? {})
  const runs = invocations(response)
  const written = new Set<string>()
  wanted.forEach((call, at) => {
    const name = textIn(call['name'])
    const args = argumentsIn(call['arguments'])
    // Nothing but their order joins the two, which says nothing where some are missing.
    const run = runs.length === wanted.length ? runs[at] : undefined
    const id = textIn(call['id'])
    const hasResult = id !== undefined && results !== undefined && Object.hasOwn(results, id)
    tellCopilotTool(sink, name, args, restOf(run, hasResult ? results[id] : undefined))
    for (const { path } of copilotEdits(name, args)) written.add(path)
  })
  for (const it of response) if (it?.['kind'] === 'textEditGroup') group(sink, it, written)
}

/** A run is written again when it goes on; the last of its states counts, in the place of the first. */
function invocations(response: readonly (JsonObject | undefined)[]): readonly JsonObject[] {
  const byId = new Map<string, JsonObject>()
  for (const it of response) {
    const id = textIn(it?.['toolCallId'])
    if (it?.['kind'] === 'toolInvocationSerialized' && id !== undefined) byId.set(id, it)
  }
  return [...byId.values()]
}

/** VS Code's `ToolConfirmKind`: why a call may run. */
const confirmed: ReadonlyMap<Json | undefined, EditRest> = new Map<Json, EditRest>([
  [0, { verdict: 'rejected', acceptedBy: 'person' }],
  [2, { verdict: 'applied', acceptedBy: 'setting' }],
  [3, { verdict: 'applied', acceptedBy: 'setting' }],
  [4, { verdict: 'applied', acceptedBy: 'person' }],
  [5, { verdict: 'rejected', acceptedBy: 'person' }],
  [false, { verdict: 'rejected', acceptedBy: 'person' }],
])

function restOf(run: JsonObject | undefined, result: Json | undefined): EditRest {
  const said = run?.['isConfirmed']
  const kind = confirmed.get(objectIn(said)?.['type'] ?? said)
  if (kind?.verdict === 'rejected') return kind
  const verdict: EditVerdict =
    result === undefined
      ? run?.['isComplete'] === true
        ? 'applied'
        : 'unanswered'
      : isError(result)
        ? 'failed'
        : 'applied'
  return { verdict, acceptedBy: verdict === 'applied' ? kind?.acceptedBy : undefined }
}

function isError(result: Json): boolean {
  const texts = listIn(objectIn(result)?.['content']).map((it) => textIn(objectIn(it)?.['value']) ?? '')
  return texts.some((it) => /^\s*ERROR\b/.test(it))
}

/** Edits as they were made; those of tools are told by their calls. */
function group(sink: SessionSink, it: JsonObject, written: ReadonlySet<string>): void {
  const uri = objectIn(it['uri'])
  const path = textIn(uri?.['fsPath']) ?? textIn(uri?.['path']) ?? pathOfUri(textIn(uri?.['external']) ?? '')
  if (written.has(path)) return
  const texts = listIn(it['edits']).flatMap((edits) => [
    ...listIn(edits).map((edit) => textIn(objectIn(edit)?.['text']) ?? ''),
    ...(textIn(objectIn(edits)?.['text']) === undefined ? [] : [textIn(objectIn(edits)?.['text']) ?? '']),
  ])
  const verdict = it['done'] === false ? 'unanswered' : 'applied'
  if (texts.length > 0) sink.edit({ path, text: texts.join('\n'), verdict })
}
