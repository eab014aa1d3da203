/**
 * Codex: rows of `type` and `payload` (openai/codex `codex-rs/protocol`): `session_meta` with the id, `turn_context` with the model and who
 * is asked before a patch, `response_item` with calls, `event_msg` with what became of them. The first versions wrote the items
 * alone, behind a row with `id` and `instructions`.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import type { AcceptedBy, EditVerdict } from '../../../model/transcript.ts'
import { timeIn } from '../../sessions/record-time.ts'
import { listIn, numberIn, objectIn, textIn } from '../members.ts'
import { patchedFiles } from '../patch-text.ts'
import type { Mark } from '../session-sink.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const codex: TranscriptFormat = {
  id: 'codex',
  title: 'Codex',
  tool: 'codex',
  basis: 'seen',
  source: 'git-ai-project/git-ai; openai/codex codex-rs/protocol for forks, rollbacks and subagents',
  folders: {
    linux: ['$CODEX_HOME/sessions', '$CODEX_HOME/archived_sessions', '~/.codex/sessions', '~/.codex/archived_sessions'],
    darwin: [
      '$CODEX_HOME/sessions',
      '$CODEX_HOME/archived_sessions',
      '~/.codex/sessions',
      '~/.codex/archived_sessions',
    ],
    win32: ['$CODEX_HOME/sessions', '$CODEX_HOME/archived_sessions', '~/.codex/sessions', '~/.codex/archived_sessions'],
  },
  body: { kind: 'rows', isOwn, open },
}

const types: ReadonlySet<Json> = new Set(['session_meta', 'turn_context', 'response_item', 'event_msg', 'compacted'])

function isOwn(first: readonly Json[]): boolean {
  const rows = first.map(objectIn)
  const [head] = rows
  if (rows.some((it) => types.has(it?.['type'] ?? null) && objectIn(it?.['payload']) !== undefined)) return true
  if (head === undefined || head['type'] !== undefined) return false
  const isOld = head['instructions'] !== undefined || head['git'] !== undefined
  return isOld && textIn(head['id']) !== undefined && textIn(head['timestamp']) !== undefined
}

function open({ sink }: Telling): RowReader {
  const turns: Mark[] = []
  let own: { readonly id: string; readonly start: number | undefined } | undefined
  let copiedFrom: string | undefined
  let accepting: AcceptedBy | undefined
  /** Text of a person in an item; its event, where there are events, says the same without what the tool puts before it. */
  let pending: string | undefined
  let hasEvents = false
  let hasTokens = false
  let answers = 0

  function prompt(text: string): void {
    turns.push(sink.mark())
    sink.prompt(text)
  }

  function endPending(): void {
    if (pending !== undefined && !hasEvents) prompt(pending)
    pending = undefined
  }

  function meta(payload: JsonObject): void {
    const id = textIn(payload['id'])
    if (id === undefined) return
    // Behind the first row stand those of the session from which it goes on, with theirs.
    if (own !== undefined) {
      if (id !== own.id) sink.copied(id)
      return
    }
    own = { id, start: timeIn(textIn(payload['timestamp']) ?? '') }
    sink.id(id)
    const version = textIn(payload['cli_version'])
    if (version !== undefined) sink.version(version)
    copiedFrom = textIn(payload['forked_from_id'])
    if (copiedFrom !== undefined) sink.copied(copiedFrom)
    const subagent = objectIn(payload['source'])?.['subagent']
    const spawn = objectIn(objectIn(subagent)?.['thread_spawn'])
    for (const it of [payload['parent_thread_id'], spawn?.['parent_thread_id']]) {
      const parent = textIn(it)
      if (parent !== undefined) sink.parent(parent)
    }
    for (const it of [subagent, payload['agent_role'], spawn?.['agent_role']]) {
      const role = textIn(it)
      if (role !== undefined) sink.role(role)
    }
  }

  function item(payload: JsonObject): void {
    const call = textIn(payload['call_id']) ?? textIn(payload['id'])
    switch (payload['type']) {
      case 'message':
        if (payload['role'] === 'assistant') {
          answers += 1
          sink.said(
            listIn(payload['content'])
              .map((it) => textIn(objectIn(it)?.['text']) ?? '')
              .join('\n'),
          )
        } else if (payload['role'] === 'user') {
          endPending()
          const texts = listIn(payload['content']).map((it) => textIn(objectIn(it)?.['text']) ?? '')
          pending = texts.filter((it) => !/^(?:<[a-z_]+>|# AGENTS\.md)/.test(it)).join('\n')
        }
        break
      case 'function_call':
        wanted(textIn(payload['name']), argumentsIn(payload['arguments']), call)
        break
      case 'local_shell_call':
        wanted('shell', objectIn(payload['action']) ?? {}, call)
        break
      case 'custom_tool_call':
        if (payload['name'] === 'apply_patch') patch(textIn(payload['input']) ?? '', call)
        break
      case 'function_call_output':
      case 'custom_tool_call_output':
        if (call !== undefined) {
          const verdict = verdictIn(payload['output'])
          if (verdict !== undefined) sink.result(call, verdict, verdict === 'rejected' ? 'person' : accepting)
        }
        break
      default:
    }
  }

  function wanted(name: string | undefined, said: JsonObject, call: string | undefined): void {
    if (name === 'apply_patch') {
      patch(textIn(said['patch']) ?? textIn(said['input']) ?? '', call)
      return
    }
    const command = said['command'] ?? said['cmd']
    const words = listIn(command).map((it) => textIn(it) ?? '')
    const text = textIn(command) ?? words.join(' ')
    // The shell is given patches, too: `apply_patch <<'EOF'`, or as a word of its own.
    if (/\bapply_patch\b/.test(text) && text.includes('*** Begin Patch')) patch(text, call)
    else if (text !== '') sink.shell(text)
  }

  function patch(text: string, call: string | undefined): void {
    for (const it of patchedFiles(text)) sink.edit({ ...it, call, verdict: 'unanswered', acceptedBy: accepting })
  }

  function event(payload: JsonObject): void {
    const call = textIn(payload['call_id'])
    switch (payload['type']) {
      case 'user_message':
        hasEvents = true
        pending = undefined
        prompt(textIn(payload['message']) ?? '')
        break
      case 'patch_apply_begin':
        if (call !== undefined && typeof payload['auto_approved'] === 'boolean') {
          sink.result(call, 'unanswered', payload['auto_approved'] ? 'setting' : 'person')
        }
        break
      case 'patch_apply_end':
        if (call !== undefined) sink.result(call, payload['success'] === true ? 'applied' : 'failed')
        break
      case 'thread_rolled_back': {
        const count = numberIn(payload['num_turns']) ?? 0
        const from = turns.splice(Math.max(0, turns.length - Math.max(0, Math.trunc(count))))[0]
        if (from !== undefined) sink.undo(from)
        break
      }
      case 'token_count':
        tokens(objectIn(payload['info']))
        break
      default:
    }
  }

  /** The same count is written again with each change of what is left to use. */
  function tokens(info: JsonObject | undefined): void {
    const last = objectIn(info?.['last_token_usage'])
    const total = numberIn(objectIn(info?.['total_token_usage'])?.['total_tokens'])
    if (last === undefined || total === undefined) return
    hasTokens = true
    const input = numberIn(last['input_tokens'])
    const cached = numberIn(last['cached_input_tokens'])
    sink.answer(`total ${total}`, {
      input: input === undefined ? undefined : Math.max(0, input - (cached ?? 0)),
      output: numberIn(last['output_tokens']),
      cacheRead: cached,
    })
  }

  /** Rows that were made before this session began are those of the session from which it goes on. */
  function place(row: JsonObject): void {
    const time = textIn(row['timestamp'])
    const at = timeIn(time ?? '')
    const isCopy = copiedFrom !== undefined && at !== undefined && own?.start !== undefined && at < own.start
    if (isCopy && copiedFrom !== undefined) sink.id(copiedFrom)
    else if (own !== undefined) sink.id(own.id)
    if (time !== undefined) sink.time(time)
  }

  return {
    row(row) {
      const payload = objectIn(row['payload'])
      if (row['type'] === 'session_meta' && payload !== undefined) meta(payload)
      place(row)
      if (payload === undefined) {
        if (row['type'] === undefined) meta(row)
        else item(row)
      } else if (row['type'] === 'turn_context') {
        const model = textIn(payload['model'])
        if (model !== undefined) sink.model(model)
        accepting = payload['approval_policy'] === 'never' ? 'setting' : undefined
      } else if (row['type'] === 'response_item') item(payload)
      else if (row['type'] === 'event_msg') event(payload)
    },
    end() {
      endPending()
      if (!hasTokens) for (let at = 0; at < answers; at += 1) sink.answer(undefined)
    },
  }
}

function argumentsIn(value: Json | undefined): JsonObject {
  const text = textIn(value)
  if (text === undefined) return objectIn(value) ?? {}
  try {
    return objectIn(JSON.parse(text) as Json) ?? {}
  } catch {
    return { input: text }
  }
}

/** Text of the tool, a list of such, or an object in it with the exit code; undefined where none says. */
function verdictIn(output: Json | undefined): EditVerdict | undefined {
  const parts = listIn(output).map((it) => textIn(objectIn(it)?.['text']) ?? '')
  const text = textIn(output) ?? textIn(objectIn(output)?.['content']) ?? parts.join('\n')
  const said = argumentsIn(text)
  const code = numberIn(objectIn(said['metadata'])?.['exit_code'])
  if (/\b(?:rejected|aborted|denied) by (?:the )?user\b/i.test(text)) return 'rejected'
  if (code !== undefined) return code === 0 ? 'applied' : 'failed'
  const success = objectIn(output)?.['success']
  if (typeof success === 'boolean') return success ? 'applied' : 'failed'
  // Its later shell says so behind the time that it took.
  const exit = /^Process exited with code (\d{1,3})$/m.exec(text.slice(0, 1_024))?.[1]
  if (exit !== undefined) return exit === '0' ? 'applied' : 'failed'
  if (/^(?:Success\.|Done!|Exit code: 0\b)/.test(text)) return 'applied'
  return /^(?:apply_patch verification failed|Exit code: [1-9]|Failed|Error)/.test(text) ? 'failed' : undefined
}
