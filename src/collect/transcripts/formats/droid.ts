/**
 * Factory Droid: a row `session_start`, then rows `message` in the form of Anthropic's API. Which model answered stands in a file beside it
 * (`<id>.settings.json`), which is not read: it is the last one chosen, and would be no part of the record that is pinned.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import type { EditVerdict } from '../../../model/transcript.ts'
import { jsonIn, newTexts, textsIn } from '../block-texts.ts'
import { listIn, objectIn, textIn } from '../members.ts'
import { patchedFiles } from '../patch-text.ts'
import type { SessionSink } from '../session-sink.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const droid: TranscriptFormat = {
  id: 'droid',
  title: 'Factory Droid',
  tool: 'droid',
  basis: 'seen',
  source:
    'git-ai-project/git-ai; what a refusal says, and edits but for patches, are guessed; who started a subagent: others that read it',
  folders: {
    linux: ['~/.factory/sessions'],
    darwin: ['~/.factory/sessions'],
    win32: ['~/.factory/sessions'],
  },
  body: { kind: 'rows', isOwn, open },
}

function isOwn(first: readonly Json[]): boolean {
  return first.map(objectIn).some((it) => it?.['type'] === 'session_start' && textIn(it['id']) !== undefined)
}

/** What the tool adds to what a person asks: files that were mentioned, reminders. */
const isOwnText = /^\s*(?:<system-|Contents of \S)/

function open({ sink }: Telling): RowReader {
  function results(content: Json | undefined): void {
    for (const block of listIn(content).map(objectIn)) {
      const call = textIn(block?.['tool_use_id'])
      if (block?.['type'] !== 'tool_result' || call === undefined) continue
      const verdict = verdictOf(block)
      sink.result(call, verdict, verdict === 'rejected' ? 'person' : undefined)
    }
  }

  return {
    row(row) {
      const time = textIn(row['timestamp'])
      if (time !== undefined) sink.time(time)
      if (row['type'] === 'session_start') {
        sink.id(textIn(row['id']) ?? '')
        const parent = textIn(row['callingSessionId'])
        if (parent !== undefined) sink.parent(parent)
        return
      }
      const message = row['type'] === 'message' ? objectIn(row['message']) : undefined
      if (message?.['role'] === 'user') {
        results(message['content'])
        sink.prompt(
          textsIn(message['content'])
            .filter((it) => !isOwnText.test(it))
            .join('\n'),
        )
      } else if (message?.['role'] === 'assistant') {
        sink.answer(textIn(row['id']))
        sink.model(textIn(message['model']) ?? '')
        for (const block of listIn(message['content'])) toolUse(sink, objectIn(block))
      }
    },
  }
}

function verdictOf(block: JsonObject): EditVerdict {
  const said = textsIn(block['content']).join('\n')
  if (
    /\b(?:rejected|declined|cancell?ed|denied) by (?:the )?user\b|\buser (?:rejected|declined|denied)\b/i.test(said)
  ) {
    return 'rejected'
  }
  const isFailed = block['is_error'] === true || objectIn(jsonIn(said))?.['success'] === false
  return isFailed ? 'failed' : 'applied'
}

function toolUse(sink: SessionSink, block: JsonObject | undefined): void {
  const input = objectIn(block?.['input'])
  if (block?.['type'] !== 'tool_use' || input === undefined) return
  const call = textIn(block['id'])
  const path = textIn(input['file_path'])
  switch (block['name']) {
    case 'ApplyPatch':
      for (const it of patchedFiles(textIn(input['input']) ?? '')) sink.edit({ ...it, call, verdict: 'unanswered' })
      break
    case 'Create':
    case 'Edit':
    case 'MultiEdit': {
      const written = [input['content'], input['new_str'], input['new_string']].map(textIn)
      const text = written.find((it) => it !== undefined) ?? newTexts(input['changes'], 'new_str')
      if (path !== undefined) sink.edit({ path, text, call, verdict: 'unanswered' })
      break
    }
    case 'Execute':
      sink.shell(textIn(input['command']) ?? '')
      break
    default:
  }
}
