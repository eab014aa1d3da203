/** Calls of Kiro that write a file or run a command; what they are called has changed twice. */
import type { JsonObject } from '../../model/json.ts'
import { textIn } from './members.ts'
import type { SessionSink } from './session-sink.ts'

interface KiroCall {
  readonly name: string | undefined
  readonly call: string | undefined
  readonly args: JsonObject
  /** Where a row says it beside the arguments. */
  readonly file?: string | undefined
}

const writing: ReadonlySet<string | undefined> = new Set([
  ...['fs_write', 'fs_append', 'str_replace', 'write', 'edit', 'write_file'],
  ...['fsWrite', 'fsAppend', 'strReplace'],
])
const running: ReadonlySet<string | undefined> = new Set(['execute_bash', 'execute_cmd', 'executeBash', 'shell'])
const texts = ['file_text', 'new_str', 'content', 'newStr', 'text']

export function tellKiroCall(sink: SessionSink, { name, call, args, file }: KiroCall): void {
  const command = textIn(args['command'])
  const path = textIn(args['path']) ?? file
  const text = texts.map((it) => textIn(args[it])).find((it) => it !== undefined)
  if (running.has(name) && command !== undefined) sink.shell(command)
  if (writing.has(name) && path !== undefined && text !== undefined) {
    sink.edit({ path, text, call, verdict: 'unanswered' })
  }
}
