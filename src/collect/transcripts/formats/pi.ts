/**
 * pi: a row `session`, then rows that form a tree by `id` and `parentId` since version 2 (badlogic/pi-mono, `docs/session.md`). A row that
 * hangs on an earlier one goes back to there. A session that was made of another one begins with a copy of its rows.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import { timeIn } from '../../sessions/record-time.ts'
import { newTexts, textsIn } from '../block-texts.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import { RowMarks } from '../row-marks.ts'
import type { SessionSink } from '../session-sink.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const pi: TranscriptFormat = {
  id: 'pi',
  title: 'pi',
  tool: 'pi',
  basis: 'seen',
  source: 'badlogic/pi-mono, sessions of version 1 and docs/session.md; git-ai-project/git-ai, version 3',
  folders: {
    linux: ['$PI_CODING_AGENT_DIR/sessions', '~/.pi/agent/sessions'],
    darwin: ['$PI_CODING_AGENT_DIR/sessions', '~/.pi/agent/sessions'],
    win32: ['$PI_CODING_AGENT_DIR/sessions', '~/.pi/agent/sessions'],
  },
  body: { kind: 'rows', isOwn, open },
}

function isOwn(first: readonly Json[]): boolean {
  return first
    .map(objectIn)
    .some((it) => it?.['type'] === 'session' && textIn(it['id']) !== undefined && textIn(it['cwd']) !== undefined)
}

/** The newest form that was read. */
const newest = 3

function open({ sink }: Telling): RowReader {
  const marks = new RowMarks()
  let own: { readonly id: string; readonly start: number | undefined } | undefined
  let copiedFrom: string | undefined
  let last: string | undefined
  let chosen: string | undefined

  function header(row: JsonObject): void {
    const id = textIn(row['id'])
    if (id === undefined || own !== undefined) return
    own = { id, start: timeIn(textIn(row['timestamp']) ?? '') }
    const from = textIn(row['branchedFrom']) ?? textIn(row['parentSession'])
    copiedFrom = from === undefined ? undefined : idInPath(from)
    if (copiedFrom !== undefined) sink.copied(copiedFrom)
    chosen = textIn(row['modelId'])
    if ((numberIn(row['version']) ?? 1) > newest) sink.problem('format-newer', 'a later version of its sessions')
  }

  /** Rows that are older than the session are those of the one of which it was made. */
  function place(row: JsonObject): void {
    if (own === undefined) return
    const time = textIn(row['timestamp'])
    const at = timeIn(time ?? '')
    const isCopy = row['type'] !== 'session' && at !== undefined && own.start !== undefined && at < own.start
    sink.id(isCopy && copiedFrom !== undefined ? copiedFrom : own.id)
    if (time !== undefined) sink.time(time)
  }

  function branch(row: JsonObject): void {
    const behind = textIn(row['parentId'])
    if (behind === undefined || last === undefined || behind === last) return
    const mark = marks.get(behind)
    if (mark === undefined) return
    sink.undo(mark)
    marks.forget(mark)
  }

  function message(row: JsonObject, it: JsonObject): void {
    switch (it['role']) {
      case 'user':
        sink.prompt(textsIn(it['content']).join('\n'))
        break
      case 'assistant':
        answered(row, it)
        break
      case 'toolResult': {
        const call = textIn(it['toolCallId'])
        if (call !== undefined) sink.result(call, it['isError'] === true ? 'failed' : 'applied')
        break
      }
      default:
    }
  }

  function answered(row: JsonObject, it: JsonObject): void {
    const content = listIn(it['content'])
    // Written where the call of the model failed.
    if (content.length === 0) return
    sink.model(textIn(it['model']) ?? chosen ?? '')
    const usage = objectIn(it['usage'])
    const count = (name: string): number | undefined => numberIn(usage?.[name])
    sink.answer(
      textIn(row['id']),
      usage === undefined
        ? undefined
        : {
            ...{ input: count('input'), output: count('output') },
            ...{ cacheRead: count('cacheRead'), cacheWrite: count('cacheWrite') },
          },
    )
    sink.said(textsIn(content).join('\n'))
    for (const block of content) toolCall(sink, objectIn(block))
  }

  return {
    row(row) {
      if (row['type'] === 'session') header(row)
      place(row)
      const id = textIn(row['id'])
      if (row['type'] === 'session') return
      branch(row)
      if (row['type'] === 'model_change') chosen = textIn(row['modelId'])
      const it = objectIn(row['message'])
      if (row['type'] === 'message' && it !== undefined) message(row, it)
      if (id === undefined) return
      marks.set(id, sink.mark())
      last = id
    },
  }
}

/** `…/<time>_<uuid>.jsonl` */
function idInPath(path: string): string | undefined {
  return /_([^_/\\]+)\.jsonl$/.exec(path)?.[1]
}

function toolCall(sink: SessionSink, block: JsonObject | undefined): void {
  const args = objectIn(block?.['arguments'])
  if (block?.['type'] !== 'toolCall' || args === undefined) return
  const call = textIn(block['id'])
  const path = textIn(args['path'])
  if (block['name'] === 'bash') sink.shell(textIn(args['command']) ?? '')
  else if ((block['name'] === 'edit' || block['name'] === 'write') && path !== undefined) {
    const text = textIn(args['newText']) ?? textIn(args['content']) ?? newTexts(args['edits'], 'newText')
    sink.edit({ path, text, call, verdict: 'unanswered' })
  }
}
