/**
 * Claude Code: rows with `sessionId`, `uuid`, `timestamp`, `version`; what was asked and answered is in `message`, a row for each block
 * of an answer, all with one `message.id` and its whole `usage`. A subagent's own file has `agentId` and the `sessionId` of its parent.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import type { AcceptedBy } from '../../../model/transcript.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import type { SessionSink } from '../session-sink.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const claudeCode: TranscriptFormat = {
  id: 'claude-code',
  title: 'Claude Code',
  tool: 'claude-code',
  basis: 'seen',
  source: 'entireio/cli, checkpoints of CLI 2.0 and 2.1; git-ai-project/git-ai; daaain/claude-code-log',
  folders: {
    linux: ['$CLAUDE_CONFIG_DIR/projects', '~/.claude/projects', '~/.config/claude/projects'],
    darwin: ['$CLAUDE_CONFIG_DIR/projects', '~/.claude/projects', '~/.config/claude/projects'],
    win32: ['$CLAUDE_CONFIG_DIR/projects', '~/.claude/projects'],
  },
  body: { kind: 'rows', isOwn, open },
}

function isOwn(first: readonly Json[]): boolean {
  const rows = first.map(objectIn).filter((it) => it !== undefined)
  // Qwen Code has taken this form over, with `parts` in place of `content`.
  if (rows.some((it) => objectIn(it['message'])?.['parts'] !== undefined)) return false
  return rows.some(
    (it) =>
      (textIn(it['sessionId']) !== undefined &&
        (textIn(it['uuid']) !== undefined || it['type'] === 'queue-operation')) ||
      // Parts of transcripts that were passed on have no ids.
      (isAnswerOrPrompt(it) && objectIn(it['message'])?.['content'] !== undefined) ||
      (it['type'] === 'summary' && textIn(it['leafUuid']) !== undefined) ||
      (it['type'] === 'file-history-snapshot' && textIn(it['messageId']) !== undefined),
  )
}

function isAnswerOrPrompt({ type, timestamp }: JsonObject): boolean {
  return (type === 'user' || type === 'assistant') && textIn(timestamp) !== undefined
}

/** Of one file: it is of one, or it is not known of which. */
const mostAgents = 2

/** Settings under which edits are made without asking. */
const unasked: ReadonlySet<string> = new Set(['acceptEdits', 'bypassPermissions'])

/** What the tool itself writes in the place of a person. */
const isOwnText =
  /^(?:<(?:command-|local-command-|bash-|task-notification|system-reminder|user-memory)|Caveat: |\[Request interrupted)/

function open({ sink }: Telling): RowReader {
  let accepting: AcceptedBy | undefined
  /** Early versions wrote what a subagent did between the rows of the session that started it. */
  let isMain = false
  const agents = new Set<string>()

  function asked(row: JsonObject, content: Json | undefined): void {
    if (row['isMeta'] === true || row['isSidechain'] === true || row['isCompactSummary'] === true) return
    const blocks = listIn(content).map(objectIn)
    const texts = [textIn(content), ...blocks.map((it) => (it?.['type'] === 'text' ? textIn(it['text']) : undefined))]
    const text = texts.filter((it) => it !== undefined && !isOwnText.test(it)).join('\n')
    const mode = textIn(row['permissionMode'])
    if (mode !== undefined) accepting = unasked.has(mode) ? 'setting' : undefined
    sink.prompt(text, textIn(row['uuid']))
  }

  function answered(message: JsonObject): void {
    const model = textIn(message['model'])
    // Rows that the tool itself writes as answers (`<synthetic>`) are none of a model.
    if (model === undefined || /^<.*>$/.test(model)) return
    sink.model(model)
    const usage = objectIn(message['usage'])
    sink.answer(
      textIn(message['id']),
      usage === undefined
        ? undefined
        : {
            input: numberIn(usage['input_tokens']),
            output: numberIn(usage['output_tokens']),
            cacheRead: numberIn(usage['cache_read_input_tokens']),
            cacheWrite: numberIn(usage['cache_creation_input_tokens']),
          },
    )
  }

  function results(row: JsonObject, content: Json | undefined): void {
    const details = objectIn(row['toolUseResult'])
    for (const block of listIn(content).map(objectIn)) {
      const call = textIn(block?.['tool_use_id'])
      if (block?.['type'] !== 'tool_result' || call === undefined) continue
      const isError = block['is_error'] === true
      const said = textIn(block['content']) ?? textIn(objectIn(listIn(block['content'])[0])?.['text']) ?? ''
      const isRefused = /^(?:<tool_use_error>)?(?:The user doesn't want to|The user rejected|User rejected)/.test(said)
      const isChanged = details?.['userModified'] === true
      if (isError) sink.result(call, isRefused ? 'rejected' : 'failed', isRefused ? 'person' : undefined)
      else sink.result(call, 'applied', isChanged ? 'person' : accepting)
    }
  }

  return {
    row(row) {
      const id = textIn(row['sessionId'])
      const copiedFrom = textIn(objectIn(row['forkedFrom'])?.['sessionId'])
      if (copiedFrom !== undefined && copiedFrom !== id) {
        sink.copied(copiedFrom)
        sink.id(copiedFrom)
      } else if (id !== undefined) sink.id(id)
      const agent = textIn(row['agentId'])
      if (row['isSidechain'] !== true) isMain ||= row['type'] === 'user' || row['type'] === 'assistant'
      else if (agent !== undefined && agents.size < mostAgents) agents.add(agent)
      const version = textIn(row['version'])
      if (version !== undefined) sink.version(version)
      const time = textIn(row['timestamp'])
      if (time !== undefined) sink.time(time)
      const message = objectIn(row['message'])
      if (message === undefined) return
      if (row['type'] === 'user') {
        results(row, message['content'])
        asked(row, message['content'])
      } else if (row['type'] === 'assistant') {
        answered(message)
        for (const block of listIn(message['content'])) {
          const it = objectIn(block)
          if (it?.['type'] === 'text' && row['isSidechain'] !== true) sink.said(textIn(it['text']) ?? '')
          toolUse(sink, it)
        }
      }
    },
    end() {
      if (!isMain) for (const it of agents) sink.agent(it)
    },
  }
}

function toolUse(sink: SessionSink, block: JsonObject | undefined): void {
  const input = objectIn(block?.['input'])
  if (block?.['type'] !== 'tool_use' || input === undefined) return
  const call = textIn(block['id'])
  const path = textIn(input['file_path']) ?? textIn(input['notebook_path'])
  switch (block['name']) {
    case 'Edit':
    case 'Write':
    case 'NotebookEdit': {
      const text = textIn(input['new_string']) ?? textIn(input['content']) ?? textIn(input['new_source'])
      if (path !== undefined && text !== undefined) sink.edit({ path, text, call })
      break
    }
    case 'MultiEdit': {
      const texts = listIn(input['edits']).map((it) => textIn(objectIn(it)?.['new_string']) ?? '')
      if (path !== undefined) sink.edit({ path, text: texts.join('\n'), call })
      break
    }
    case 'Bash': {
      const command = textIn(input['command'])
      if (command !== undefined) sink.shell(command)
      break
    }
    default:
  }
}
