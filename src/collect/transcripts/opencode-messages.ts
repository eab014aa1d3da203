/**
 * What opencode writes down, in its database as in its files: a session with its version and its parent, messages of a person or a model,
 * and parts of messages: texts, and calls of tools with what became of them (`packages/opencode/src/session/message-v2.ts`).
 */
import type { JsonObject } from '../../model/json.ts'
import type { EditVerdict, TranscriptTokens } from '../../model/transcript.ts'
import { listIn, numberIn, objectIn, textIn } from './members.ts'
import { patchedFiles } from './patch-text.ts'
import type { SessionSink } from './session-sink.ts'

export interface OpencodeTelling {
  /** `parent`: null where it is known that there is none. */
  session(
    id: string,
    said: { readonly version?: string | undefined; readonly parent?: string | null | undefined },
  ): void
  /** The conversation was taken back to before this message. */
  reverted(message: string): void
  message(id: string, message: JsonObject): void
  /** Parts of one message come together, behind it. */
  part(message: string, part: JsonObject): void
  end(): void
}

export function newOpencodeTelling(sink: SessionSink): OpencodeTelling {
  const asked = new Set<string>()
  const answered = new Set<string>()
  let revertedFrom: string | undefined
  let isChild = false
  let open: { readonly message: string; readonly texts: string[] } | undefined

  function endPrompt(): void {
    if (open !== undefined && !isReverted(open.message)) sink.prompt(open.texts.join('\n'))
    open = undefined
  }

  function isReverted(message: string): boolean {
    // Ids ascend with time, and the tool itself compares them so.
    return revertedFrom !== undefined && message >= revertedFrom
  }

  function tool(message: string, part: JsonObject): void {
    const state = objectIn(part['state'])
    const input = objectIn(state?.['input'])
    if (state === undefined || input === undefined) return
    const verdict = isReverted(message) ? 'undone' : verdictOf(state)
    for (const it of editsIn(textIn(part['tool']) ?? '', input)) sink.edit({ ...it, verdict })
    const command = textIn(input['command'])
    if (part['tool'] === 'bash' && command !== undefined) sink.shell(command)
  }

  return {
    session(id, { version, parent }) {
      sink.id(id)
      if (version !== undefined) sink.version(version)
      if (parent !== undefined) sink.parent(parent)
      isChild = typeof parent === 'string'
    },
    reverted(message) {
      revertedFrom = message
    },
    message(id, message) {
      const times = objectIn(message['time'])
      for (const it of [numberIn(times?.['created']), numberIn(times?.['completed'])]) {
        if (it !== undefined) sink.time(it)
      }
      const agent = textIn(message['agent'])
      if (isChild && agent !== undefined) sink.role(agent)
      if (message['role'] === 'user') asked.add(id)
      const model = textIn(message['modelID'])
      if (message['role'] !== 'assistant' || model === undefined) return
      sink.model(model)
      answered.add(id)
      sink.answer(id, tokensIn(objectIn(message['tokens'])))
    },
    part(message, part) {
      if (open?.message !== message) endPrompt()
      const text = textIn(part['text'])
      // What it puts beside a prompt, as the content of a file, is marked.
      const isOwn = part['synthetic'] === true || part['ignored'] === true
      // What a subagent is asked, its parent asked.
      if (part['type'] === 'text' && text !== undefined && !isOwn && !isChild && asked.has(message)) {
        open ??= { message, texts: [] }
        open.texts.push(text)
      }
      if (part['type'] === 'text' && answered.has(message) && !isChild && !isReverted(message)) sink.said(text ?? '')
      if (part['type'] === 'tool') tool(message, part)
    },
    end: endPrompt,
  }
}

function tokensIn(tokens: JsonObject | undefined): TranscriptTokens | undefined {
  if (tokens === undefined) return undefined
  const cache = objectIn(tokens['cache'])
  return {
    input: numberIn(tokens['input']),
    output: numberIn(tokens['output']),
    cacheRead: numberIn(cache?.['read']),
    cacheWrite: numberIn(cache?.['write']),
  }
}

function verdictOf(state: JsonObject): EditVerdict {
  if (state['status'] === 'completed') return 'applied'
  if (state['status'] !== 'error') return 'unanswered'
  return /\b(?:user rejected|rejected permission)\b/i.test(textIn(state['error']) ?? '') ? 'rejected' : 'failed'
}

function editsIn(tool: string, input: JsonObject): readonly { readonly path: string; readonly text: string }[] {
  const path = textIn(input['filePath'])
  switch (tool) {
    case 'edit':
    case 'write': {
      const text = textIn(input['newString']) ?? textIn(input['content'])
      return path === undefined || text === undefined ? [] : [{ path, text }]
    }
    case 'multiedit': {
      const texts = listIn(input['edits']).map((it) => textIn(objectIn(it)?.['newString']) ?? '')
      return path === undefined ? [] : [{ path, text: texts.join('\n') }]
    }
    case 'patch':
    case 'apply_patch':
      return patchedFiles(textIn(input['patchText']) ?? '')
    default:
      return []
  }
}
