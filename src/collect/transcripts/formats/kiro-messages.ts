/**
 * Kiro, its third engine, in the terminal and in the window: `<folder>/sess_<id>/messages.jsonl`, rows with a `payload`, and what its agents did in
 * `sub-executions/<id>.jsonl`. They name no session; `session.json` beside them does.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import { argumentsIn } from '../block-texts.ts'
import { tellKiroCall } from '../kiro-calls.ts'
import { objectIn, textIn } from '../members.ts'
import { RowMarks } from '../row-marks.ts'
import type { SessionSink } from '../session-sink.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const kiroMessages: TranscriptFormat = {
  id: 'kiro-messages',
  title: 'Kiro, messages of its third engine',
  tool: 'kiro',
  basis: 'documented',
  source:
    'others that read it, for its members; how arguments of edits are called, what counts as an answer, and what a refusal is called, are guessed',
  folders: {
    linux: ['$KIRO_HOME/sessions', '~/.kiro/sessions'],
    darwin: ['$KIRO_HOME/sessions', '~/.kiro/sessions'],
    win32: ['$KIRO_HOME/sessions', '~/.kiro/sessions'],
  },
  body: {
    kind: 'rows',
    isOwn,
    open,
    beside: (file) => (file === 'messages.jsonl' ? 'session.json' : file),
    besideBytes: 1024 * 1024,
  },
}

const kinds: ReadonlySet<Json | undefined> = new Set(['user', 'assistant', 'tool_call', 'tool_result', 'turn_start'])

function isOwn(first: readonly Json[]): boolean {
  return first.map(objectIn).some((it) => it?.['type'] === undefined && kinds.has(objectIn(it?.['payload'])?.['type']))
}

/** Calls of which it is kept what a person said before they were made. */
const mostDecided = 10_000

function open({ sink, name }: Telling): RowReader {
  const marks = new RowMarks()
  const decided = new Map<string, 'accepted' | 'refused'>()
  const denied = new Set<string>()
  const folder = /(?:^|\/)(sess_[^/]+)\/(?:messages|sub-executions\/([^/]+))\.jsonl$/.exec(name)
  let isNamed = false
  if (folder?.[2] !== undefined) sink.agent(folder[2])

  function called(payload: JsonObject): void {
    const call = textIn(payload['toolCallId'])
    const status = textIn(payload['status'])
    const said = { name: textIn(payload['toolName']), call, file: textIn(payload['filePath']) }
    tellKiroCall(sink, { ...said, args: argumentsIn(payload['args']) })
    if (call === undefined) return
    if (status === 'denied' || decided.get(call) === 'refused') {
      if (denied.size < mostDecided) denied.add(call)
      // A rule may have denied it; who refused is said only where somebody was asked.
      sink.result(call, 'rejected', decided.has(call) ? 'person' : undefined)
    } else if (status === 'failed') sink.result(call, 'failed')
  }

  function result(payload: JsonObject): void {
    const call = textIn(payload['toolCallId'])
    if (call === undefined || denied.has(call) || typeof payload['success'] !== 'boolean') return
    sink.result(
      call,
      payload['success'] ? 'applied' : 'failed',
      decided.get(call) === 'accepted' ? 'person' : undefined,
    )
  }

  function resolved(payload: JsonObject): void {
    const call = textIn(payload['toolCallId'])
    const option = textIn(payload['selectedOption']) ?? textIn(payload['outcome']) ?? ''
    if (call === undefined || decided.size === mostDecided) return
    if (/^(?:accept|allow)/i.test(option)) decided.set(call, 'accepted')
    else if (/^(?:reject|deny|cancel)/i.test(option)) decided.set(call, 'refused')
  }

  function tombstone(payload: JsonObject): void {
    // What was summed up was said all the same.
    if (payload['kind'] !== 'checkpoint_revert') return
    const mark = marks.get(textIn(payload['effectiveFromMessageId']) ?? '')
    if (mark === undefined) return
    sink.undo(mark)
    marks.forget(mark)
  }

  function message(id: string | undefined, payload: JsonObject): void {
    switch (payload['type']) {
      case 'user':
        if (isOfPerson(payload)) sink.prompt(textIn(payload['content']) ?? '', id)
        break
      case 'assistant':
        sink.model(textIn(payload['reasoningModelId']) ?? '')
        if (payload['operationType'] === undefined || payload['operationType'] === 'Say') sink.answer(id)
        break
      case 'tool_call':
        called(payload)
        break
      case 'tool_result':
        result(payload)
        break
      case 'interaction_resolved':
        resolved(payload)
        break
      case 'tool_revert':
        sink.result(textIn(payload['toolCallId']) ?? '', 'undone')
        break
      case 'tombstone':
        tombstone(payload)
        break
      default:
    }
  }

  return {
    row(row) {
      const json = textIn(row['beside']) === undefined ? undefined : objectIn(row['json'])
      if (json !== undefined) isNamed = beside(sink, json) || isNamed
      const payload = objectIn(row['payload'])
      if (payload === undefined) return
      const id = textIn(row['id'])
      if (id !== undefined) marks.set(id, sink.mark())
      sink.time(textIn(row['timestamp']) ?? '')
      message(id, payload)
    },
    end() {
      if (!isNamed) sink.id(folder?.[1] ?? '')
    },
  }
}

/** A hook and what the tool itself tells write such rows, too. */
function isOfPerson(payload: JsonObject): boolean {
  const told = objectIn(objectIn(payload['_meta'])?.['kiro'])
  return payload['source'] !== 'hook' && payload['kind'] === undefined && told?.['notification'] === undefined
}

/** Whether it names the session. */
function beside(sink: SessionSink, json: JsonObject): boolean {
  const id = textIn(json['id'])
  const model = textIn(json['modelId'])
  const parent = textIn(json['parentSessionId'])
  if (id !== undefined) sink.id(id)
  // A setting under which another is chosen.
  if (model !== undefined && model !== 'auto') sink.model(model)
  // What goes on from a copy, or from an earlier state, was not started by it.
  if (parent !== undefined && json['createdReason'] === 'subagent') sink.parent(parent)
  return id !== undefined
}
