/**
 * Factory Droid: a row `session_start`, then rows `message` in the form of Anthropic's API. Which model answered, and in how many tokens,
 * stands in a file beside it (`<id>.settings.json`): of the model only which one was chosen last, so where rows name one, that counts.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import type { EditVerdict, TranscriptTokens } from '../../../model/transcript.ts'
import { jsonIn, newTexts, textsIn } from '../block-texts.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
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
  body: { kind: 'rows', isOwn, open, beside: (file) => file.replace(/\.jsonl$/, '.settings.json') },
}

function isOwn(first: readonly Json[]): boolean {
  return first.map(objectIn).some((it) => it?.['type'] === 'session_start' && textIn(it['id']) !== undefined)
}

/** What the tool adds to what a person asks: files that were mentioned, reminders. */
const isOwnText = /^\s*(?:<system-|Contents of \S)/

function open({ sink }: Telling): RowReader {
  let first: string | undefined
  let hasModel = false

  function settings(json: JsonObject): void {
    if (!hasModel) sink.model(textIn(json['model']) ?? '')
    const tokens = tokensIn(objectIn(json['tokenUsage']))
    // Of all answers together: which of them took them is not said.
    if (first !== undefined && tokens !== undefined) sink.answer(first, tokens)
  }

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
      const beside = textIn(row['beside']) === undefined ? undefined : objectIn(row['json'])
      if (beside !== undefined) {
        settings(beside)
        return
      }
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
        const id = textIn(row['id'])
        first ??= id
        sink.answer(id)
        const model = textIn(message['model'])
        hasModel ||= model !== undefined
        sink.model(model ?? '')
        sink.said(textsIn(message['content']).join('\n'))
        for (const block of listIn(message['content'])) toolUse(sink, objectIn(block))
      }
    },
  }
}

function tokensIn(usage: JsonObject | undefined): TranscriptTokens | undefined {
  if (usage === undefined) return undefined
  return {
    input: numberIn(usage['inputTokens']),
    output: numberIn(usage['outputTokens']),
    cacheRead: numberIn(usage['cacheReadTokens']),
    cacheWrite: numberIn(usage['cacheCreationTokens']),
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
