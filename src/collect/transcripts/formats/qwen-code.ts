/**
 * Qwen Code: the rows of Claude Code, with messages of Google's API in them (`message.parts`) and what came of a call in a row of its own
 * (QwenLM/qwen-code `chatRecordingService.ts`). A row `rewind` goes on behind its `parentUuid`.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import type { AcceptedBy } from '../../../model/transcript.ts'
import { geminiTool, geminiVerdicts } from '../gemini-messages.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import { RowMarks } from '../row-marks.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const qwenCode: TranscriptFormat = {
  id: 'qwen-code',
  title: 'Qwen Code',
  tool: 'qwen-code',
  basis: 'documented',
  source: 'QwenLM/qwen-code packages/core',
  folders: {
    linux: ['$QWEN_HOME/projects', '~/.qwen/projects'],
    darwin: ['$QWEN_HOME/projects', '~/.qwen/projects'],
    win32: ['$QWEN_HOME/projects', '~/.qwen/projects'],
  },
  body: { kind: 'rows', isOwn, open },
}

function isOwn(first: readonly Json[]): boolean {
  return first.map(objectIn).some((it) => {
    const isRow = textIn(it?.['sessionId']) !== undefined && textIn(it?.['uuid']) !== undefined
    return isRow && objectIn(it?.['message'])?.['parts'] !== undefined
  })
}

/** Of one file: it is of one, or it is not known of which. */
const mostAgents = 2

/** Modes under which edits are made without asking. */
const unasked: ReadonlySet<Json | undefined> = new Set(['auto-edit', 'auto_edit', 'yolo'])

function open({ sink }: Telling): RowReader {
  const marks = new RowMarks()
  let accepting: AcceptedBy | undefined
  let isMain = false
  const agents = new Set<string>()

  function place(row: JsonObject): void {
    const id = textIn(row['sessionId'])
    const copiedFrom = textIn(objectIn(row['forkedFrom'])?.['sessionId'])
    if (copiedFrom !== undefined && copiedFrom !== id) {
      sink.copied(copiedFrom)
      sink.id(copiedFrom)
    } else if (id !== undefined) sink.id(id)
    if (row['isSidechain'] !== true) isMain ||= row['type'] === 'user' || row['type'] === 'assistant'
    else if (agents.size < mostAgents) agents.add(textIn(row['agentId']) ?? '')
    sink.version(textIn(row['version']) ?? '')
    const time = textIn(row['timestamp'])
    if (time !== undefined) sink.time(time)
  }

  function asked(row: JsonObject): void {
    const isPerson = row['provenance'] === undefined || row['provenance'] === 'real_user'
    const subtype = row['subtype']
    if (!isPerson || row['isSidechain'] === true || (subtype !== undefined && subtype !== 'mid_turn_user_message'))
      return
    // In the parts stand the files that it mentions, too.
    const shown = textIn(objectIn(row['systemPayload'])?.['displayText'])
    const texts = partsOf(row).map((it) => (it['thought'] === true ? '' : (textIn(it['text']) ?? '')))
    sink.prompt(shown ?? texts.filter((it) => it !== '').join('\n'))
  }

  function answered(row: JsonObject): void {
    sink.model(textIn(row['model']) ?? '')
    const usage = objectIn(row['usageMetadata'])
    const [input, cached] = [numberIn(usage?.['promptTokenCount']), numberIn(usage?.['cachedContentTokenCount'])]
    sink.answer(
      textIn(row['uuid']),
      usage === undefined
        ? undefined
        : {
            input: input === undefined ? undefined : Math.max(0, input - (cached ?? 0)),
            output: numberIn(usage['candidatesTokenCount']),
            cacheRead: cached,
          },
    )
    const texts = partsOf(row).map((it) => (it['thought'] === true ? '' : (textIn(it['text']) ?? '')))
    if (row['isSidechain'] !== true) sink.said(texts.filter((it) => it !== '').join('\n'))
    for (const part of partsOf(row)) {
      const call = objectIn(part['functionCall'])
      const id = textIn(call?.['id'])
      geminiTool(sink, textIn(call?.['name']), objectIn(call?.['args']), { call: id, verdict: 'unanswered' })
    }
  }

  function result(row: JsonObject): void {
    const said = objectIn(row['toolCallResult'])
    const verdict = geminiVerdicts.get(said?.['status'])
    const response = partsOf(row).map((it) => objectIn(it['functionResponse']))
    const call = textIn(said?.['callId']) ?? response.map((it) => textIn(it?.['id'])).find((it) => it !== undefined)
    if (call === undefined || verdict === undefined) return
    sink.result(call, verdict, verdict === 'rejected' ? 'person' : verdict === 'applied' ? accepting : undefined)
  }

  function event(row: JsonObject): void {
    const payload = objectIn(row['systemPayload'])
    if (row['subtype'] === 'rewind') {
      const behind = textIn(row['parentUuid'])
      const mark = behind === undefined ? 0 : marks.get(behind)
      if (mark === undefined) return
      sink.undo(mark)
      marks.forget(mark)
    } else if (row['subtype'] === 'parent_session') sink.parent(textIn(payload?.['parentSessionId']) ?? '')
    else if (row['subtype'] === 'session_approval_mode') {
      accepting = unasked.has(payload?.['mode']) ? 'setting' : undefined
    }
  }

  return {
    row(row) {
      place(row)
      if (row['type'] === 'user') asked(row)
      else if (row['type'] === 'assistant') answered(row)
      else if (row['type'] === 'tool_result') result(row)
      else if (row['type'] === 'system') event(row)
      const id = textIn(row['uuid'])
      if (id !== undefined) marks.set(id, sink.mark())
    },
    end() {
      if (!isMain) for (const it of agents) sink.agent(it)
    },
  }
}

function partsOf(row: JsonObject): readonly JsonObject[] {
  return listIn(objectIn(row['message'])?.['parts'])
    .map(objectIn)
    .filter((it) => it !== undefined)
}
