/**
 * Kiro CLI, its second engine: rows of `kind` and `data`, in `cli/<id>.jsonl`. They name no session, no model and, but for questions, no
 * time: `<id>.json` beside them does.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import { argumentsIn } from '../block-texts.ts'
import { uuidInName } from '../file-names.ts'
import { tellKiroCall } from '../kiro-calls.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const kiroRows: TranscriptFormat = {
  id: 'kiro-rows',
  title: 'Kiro CLI, rows of its second engine',
  tool: 'kiro',
  basis: 'documented',
  source: 'others that read it, of CLI 2.5 to 2.14; what a reset takes back is not read, for nobody has seen one',
  folders: {
    linux: ['$KIRO_HOME/sessions', '~/.kiro/sessions'],
    darwin: ['$KIRO_HOME/sessions', '~/.kiro/sessions'],
    win32: ['$KIRO_HOME/sessions', '~/.kiro/sessions'],
  },
  body: {
    kind: 'rows',
    isOwn,
    open,
    // Of any other name the document beside it is another one's, as that of a record that was kept.
    beside: (file) => (uuidInName(file) === undefined ? file : file.replace(/\.jsonl$/, '.json')),
    besideBytes: 8 * 1024 * 1024,
  },
}

const kinds: ReadonlySet<Json | undefined> = new Set(['Prompt', 'AssistantMessage', 'ToolResults'])

function isOwn(first: readonly Json[]): boolean {
  return first.map(objectIn).some((it) => kinds.has(it?.['kind']) && Array.isArray(objectIn(it?.['data'])?.['content']))
}

interface Block {
  readonly kind: Json | undefined
  readonly data: Json | undefined
}

function open({ sink, name }: Telling): RowReader {
  let isNamed = false
  let isNewer = false

  function asked(data: JsonObject, blocks: readonly Block[]): void {
    const seconds = numberIn(objectIn(data['meta'])?.['timestamp'])
    if (seconds !== undefined) sink.time(seconds * 1_000)
    const texts = blocks.map((it) => (it.kind === 'text' ? (textIn(it.data) ?? '') : ''))
    sink.prompt(texts.join('\n'), textIn(data['message_id']))
  }

  function answered(data: JsonObject, blocks: readonly Block[]): void {
    sink.answer(textIn(data['message_id']))
    sink.said(
      blocks
        .map((it) => (it.kind === 'text' ? (textIn(it.data) ?? '') : ''))
        .filter((it) => it !== '')
        .join('\n'),
    )
    for (const it of blocks) {
      const said = objectIn(it.data)
      if (it.kind === 'thinking') sink.model(textIn(said?.['modelId']) ?? '')
      if (it.kind !== 'toolUse') continue
      const call = { name: textIn(said?.['name']), call: textIn(said?.['toolUseId']) }
      tellKiroCall(sink, { ...call, args: argumentsIn(said?.['input']) })
    }
  }

  function results(data: JsonObject, blocks: readonly Block[]): void {
    const outcomes = objectIn(data['results'])
    for (const it of blocks) {
      const said = objectIn(it.data)
      const call = textIn(said?.['toolUseId'])
      if (it.kind !== 'toolResult' || call === undefined) continue
      // What a person stopped is an error, too.
      const wasStopped = objectIn(own(outcomes, call))?.['result'] === 'Cancelled'
      if (wasStopped) sink.result(call, 'rejected', 'person')
      else sink.result(call, said?.['status'] === 'error' ? 'failed' : 'applied')
    }
  }

  function beside(json: JsonObject): void {
    const id = textIn(json['session_id'])
    if (id !== undefined) {
      isNamed = true
      sink.id(id)
    }
    for (const it of [json['created_at'], json['updated_at']]) sink.time(textIn(it) ?? '')
    const state = objectIn(objectIn(json['session_state'])?.['rts_model_state'])
    // A setting under which another is chosen.
    const model = textIn(objectIn(state?.['model_info'])?.['model_id'])
    if (model !== undefined && model !== 'auto') sink.model(model)
  }

  return {
    row(row) {
      const json = textIn(row['beside']) === undefined ? undefined : objectIn(row['json'])
      const data = objectIn(row['data'])
      if (json !== undefined) beside(json)
      if (data === undefined || !kinds.has(row['kind'])) return
      isNewer ||= row['version'] !== undefined && row['version'] !== 'v1'
      const blocks = listIn(data['content'])
        .map(objectIn)
        .map((it) => ({ kind: it?.['kind'], data: it?.['data'] }))
      if (row['kind'] === 'Prompt') asked(data, blocks)
      else if (row['kind'] === 'AssistantMessage') answered(data, blocks)
      else results(data, blocks)
    },
    end() {
      if (!isNamed) sink.id(uuidInName(name) ?? '')
      if (isNewer) sink.problem('format-newer', 'another version of its rows')
    },
  }
}

function own(outcomes: JsonObject | undefined, call: string): Json | undefined {
  return outcomes !== undefined && Object.hasOwn(outcomes, call) ? outcomes[call] : undefined
}
