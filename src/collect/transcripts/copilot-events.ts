/**
 * The stream of events of GitHub Copilot, `events.jsonl`: `session.start`, then messages, and calls with what came of them. Its CLI and its
 * chat in VS Code write the same. Subagents are inline, with `parentToolCallId`.
 */
import type { Json, JsonObject } from '../../model/json.ts'
import type { EditVerdict, TranscriptTokens } from '../../model/transcript.ts'
import { argumentsIn } from './block-texts.ts'
import { tellCopilotTool } from './copilot-tools.ts'
import type { RowReader } from './formats/row.ts'
import { listIn, numberIn, objectIn, textIn } from './members.ts'
import { RowMarks } from './row-marks.ts'
import type { SessionSink } from './session-sink.ts'

/** Which of the two wrote a stream; undefined for rows of another form. */
export function copilotClient(first: readonly Json[], name: string): 'cli' | 'vscode' | undefined {
  const rows = first.map(objectIn)
  const start = rows.map((it) => startData(it)).find((it) => it !== undefined)
  if (start === undefined) return undefined
  const words = [start['client_name'], start['clientName'], start['producer']].map((it) => textIn(it) ?? '')
  const isChat =
    start['vscodeVersion'] !== undefined ||
    words.some((it) => /^vscode/i.test(it)) ||
    /(?:^|\/)github\.copilot-chat\//i.test(name)
  return isChat ? 'vscode' : 'cli'
}

function startData(row: JsonObject | undefined): JsonObject | undefined {
  const data = objectIn(row?.['data'])
  return row?.['type'] === 'session.start' && textIn(data?.['sessionId']) !== undefined ? data : undefined
}

/** The newest form that was read. */
const newest = 1

export function openCopilotEvents(sink: SessionSink): RowReader {
  const marks = new RowMarks()
  const calls = new Set<string>()
  const refused = new Set<string>()
  /** Answers without counts of their own: the sum over all stands at the end. */
  const uncounted = new Map<string, TranscriptTokens>()
  let hasUsage = false
  let model: string | undefined

  function start(data: JsonObject): void {
    sink.id(textIn(data['sessionId']) ?? '')
    sink.version(textIn(data['copilotVersion']) ?? '')
    sink.time(textIn(data['startTime']) ?? '')
    model = textIn(data['selectedModel'])
    if ((numberIn(data['version']) ?? newest) > newest) sink.problem('format-newer', 'another version of its events')
  }

  function asked(data: JsonObject): void {
    const text = textIn(data['content']) ?? ''
    const source = textIn(data['source']) ?? ''
    const seen = textIn(data['transformedContent']) ?? ''
    // What other sessions, subagents and the tool itself say arrives in the same rows.
    const isFromSession = seen.replaceAll(text, '').includes('<cross_session_message>')
    if ((source === '' || source === 'user') && !text.startsWith('<system_notification>') && !isFromSession) {
      sink.prompt(text)
    }
  }

  function answered(data: JsonObject): void {
    const requests = listIn(data['toolRequests'])
    if (textIn(data['content']) !== '' || requests.length > 0) {
      const said = textIn(data['model']) ?? model
      if (said !== undefined) sink.model(said)
      const id = textIn(data['apiCallId']) ?? textIn(data['messageId'])
      const output = numberIn(data['outputTokens'])
      sink.answer(id)
      if (id !== undefined) uncounted.set(id, output === undefined ? {} : { output })
    }
    // Of a subagent nobody was asked.
    if (data['parentToolCallId'] === undefined) sink.said(textIn(data['content']) ?? '')
    for (const it of requests) {
      const request = objectIn(it)
      wanted(textIn(request?.['toolCallId']), textIn(request?.['name']), request?.['arguments'])
    }
  }

  /** It is asked for in an answer, and again when it starts. */
  function wanted(call: string | undefined, name: string | undefined, args: Json | undefined): void {
    if (call !== undefined && calls.has(call)) return
    if (call !== undefined) calls.add(call)
    tellCopilotTool(sink, name, argumentsIn(args), { call, verdict: 'unanswered' })
  }

  function done(data: JsonObject): void {
    const call = textIn(data['toolCallId'])
    if (call === undefined) return
    // What was refused fails, too.
    const verdict = refused.has(call) ? 'rejected' : verdictOf(data)
    if (verdict !== undefined) sink.result(call, verdict, verdict === 'rejected' ? 'person' : undefined)
  }

  function counted(usage: JsonObject | undefined): void {
    const id = textIn(usage?.['apiCallId'])
    if (usage === undefined || id === undefined) return
    hasUsage = true
    sink.answer(id, tokensIn([usage]))
  }

  function shutdown(data: JsonObject): void {
    const metrics = Object.entries(objectIn(data['modelMetrics']) ?? {})
    for (const [name] of metrics) sink.model(name)
    const last = [...uncounted.keys()].at(-1)
    const sum = tokensIn(metrics.map(([, it]) => objectIn(objectIn(it)?.['usage']) ?? {}))
    if (hasUsage || last === undefined || metrics.length === 0) return
    for (const id of uncounted.keys()) uncounted.set(id, {})
    uncounted.set(last, sum)
  }

  function permitted(data: JsonObject): void {
    const call = textIn(data['toolCallId'])
    const kind = textIn(objectIn(data['result'])?.['kind']) ?? ''
    if (call === undefined || kind !== 'denied-interactively-by-user') return
    refused.add(call)
    sink.result(call, 'rejected', 'person')
  }

  function rewound(id: string): void {
    const mark = marks.get(id)
    if (mark === undefined) return
    sink.undo(mark)
    marks.forget(mark)
  }

  return {
    row(row) {
      const data = objectIn(row['data'])
      if (data === undefined) return
      const id = textIn(row['id'])
      if (id !== undefined) marks.set(id, sink.mark())
      const time = textIn(row['timestamp'])
      if (time !== undefined) sink.time(time)
      switch (row['type']) {
        case 'session.start':
          start(data)
          break
        case 'session.model_change':
          model = textIn(data['newModel']) ?? model
          break
        case 'user.message':
          asked(data)
          break
        case 'assistant.message':
          answered(data)
          break
        case 'tool.execution_start':
          wanted(textIn(data['toolCallId']), textIn(data['toolName']), data['arguments'])
          break
        case 'tool.execution_complete':
          done(data)
          break
        case 'permission.completed':
          permitted(data)
          break
        case 'session.usage_record':
          counted(objectIn(data['usage']))
          break
        case 'session.snapshot_rewind':
          rewound(textIn(data['upToEventId']) ?? '')
          break
        case 'session.shutdown':
          shutdown(data)
          break
        default:
      }
    },
    end() {
      if (hasUsage) return
      for (const [id, tokens] of uncounted) if (Object.keys(tokens).length > 0) sink.answer(id, tokens)
    },
  }
}

function verdictOf(data: JsonObject): EditVerdict | undefined {
  const error = objectIn(data['error'])
  const said = textIn(error?.['code']) ?? textIn(objectIn(data['result'])?.['result_type'])
  if (said === 'rejected') return 'rejected'
  if (typeof data['success'] === 'boolean') return data['success'] ? 'applied' : 'failed'
  return said === undefined ? undefined : said === 'success' ? 'applied' : 'failed'
}

/** Of Copilot's counts the input holds what was read from and written to a cache. */
function tokensIn(usages: readonly JsonObject[]): TranscriptTokens {
  const sum = (name: string): number | undefined => {
    const counts = usages.map((it) => numberIn(it[name])).filter((it) => it !== undefined)
    return counts.length === 0 ? undefined : counts.reduce((all, it) => all + it, 0)
  }
  const [input, cacheRead, cacheWrite] = [sum('inputTokens'), sum('cacheReadTokens'), sum('cacheWriteTokens')]
  return {
    input: input === undefined ? undefined : Math.max(0, input - (cacheRead ?? 0) - (cacheWrite ?? 0)),
    output: sum('outputTokens'),
    cacheRead,
    cacheWrite,
  }
}
