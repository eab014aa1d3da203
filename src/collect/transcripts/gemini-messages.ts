/** Messages of Gemini CLI, which its rows and its older documents share. */
import type { Json, JsonObject } from '../../model/json.ts'
import type { EditVerdict } from '../../model/transcript.ts'
import { textsIn } from './block-texts.ts'
import { listIn, numberIn, objectIn, textIn } from './members.ts'
import type { SessionSink } from './session-sink.ts'
import { uuidOfFolder } from './file-names.ts'

/** What came of a call; the other states are those of one that still runs, or waits for an answer. */
export const geminiVerdicts: ReadonlyMap<Json | undefined, EditVerdict> = new Map<Json, EditVerdict>([
  ['success', 'applied'],
  ['error', 'failed'],
  // Only a person cancels: at the question before it, or while it runs.
  ['cancelled', 'rejected'],
])

/** Metadata of a session: `sessionId`, `startTime`, `lastUpdated`, `kind`. `name`: a subagent lies in a folder called as its parent. */
export function geminiHeader(sink: SessionSink, header: JsonObject, name: string): void {
  const id = textIn(header['sessionId'])
  if (id !== undefined) sink.id(id)
  for (const it of [header['startTime'], header['lastUpdated']]) {
    const time = textIn(it)
    if (time !== undefined) sink.time(time)
  }
  if (header['kind'] === 'main') sink.parent(null)
  if (header['kind'] === 'subagent') {
    const parent = uuidOfFolder(name, 1)
    if (parent !== undefined) sink.parent(parent)
  }
}

/** Tells each message once, however often it is written: it is written anew when its calls are done. */
export class GeminiMessages {
  readonly #sink: SessionSink
  readonly #calls = new Set<string>()
  readonly #asked = new Set<string>()

  constructor(sink: SessionSink) {
    this.#sink = sink
  }

  tell(message: JsonObject): void {
    const time = textIn(message['timestamp'])
    if (time !== undefined) this.#sink.time(time)
    const id = textIn(message['id'])
    if (message['type'] === 'user') this.#prompt(id, message['content'])
    else if (message['type'] === 'gemini') this.#answer(id, message)
  }

  #prompt(id: string | undefined, content: Json | undefined): void {
    if (id !== undefined && this.#asked.has(id)) return
    if (id !== undefined) this.#asked.add(id)
    const texts = textsIn(content).filter((it) => !/^(?:System: |<(?:session_context|state_snapshot)>)/.test(it))
    this.#sink.prompt(texts.join('\n'))
  }

  #answer(id: string | undefined, message: JsonObject): void {
    const model = textIn(message['model'])
    if (model !== undefined) this.#sink.model(model)
    const tokens = objectIn(message['tokens'])
    const [input, cached] = [numberIn(tokens?.['input']), numberIn(tokens?.['cached'])]
    const [output, thoughts] = [numberIn(tokens?.['output']), numberIn(tokens?.['thoughts'])]
    this.#sink.answer(
      id,
      tokens === undefined
        ? undefined
        : {
            input: input === undefined ? undefined : Math.max(0, input - (cached ?? 0)),
            output: output === undefined ? undefined : output + (thoughts ?? 0),
            cacheRead: cached,
          },
    )
    this.#sink.said(textsIn(message['content']).join('\n'))
    for (const it of listIn(message['toolCalls'])) this.#call(objectIn(it), id)
  }

  #call(call: JsonObject | undefined, message: string | undefined): void {
    if (call === undefined) return
    const id = textIn(call['id'])
    const verdict = geminiVerdicts.get(call['status']) ?? 'unanswered'
    const key = `${message ?? ''} ${id ?? ''}`
    if (id !== undefined && this.#calls.has(key)) {
      if (verdict !== 'unanswered') this.#sink.result(id, verdict, verdict === 'rejected' ? 'person' : undefined)
      return
    }
    this.#calls.add(key)
    const acceptedBy = verdict === 'rejected' ? 'person' : undefined
    geminiTool(this.#sink, textIn(call['name']), objectIn(call['args']), { call: id, verdict, acceptedBy })
  }
}

type Told = Pick<Parameters<SessionSink['edit']>[0], 'call' | 'verdict' | 'acceptedBy'>

/** The tools of Gemini CLI that write, and those of Qwen Code, which took them over. */
export function geminiTool(
  sink: SessionSink,
  name: string | undefined,
  args: JsonObject | undefined,
  told: Told,
): void {
  const path = textIn(args?.['file_path']) ?? textIn(args?.['absolute_path'])
  if (name === 'replace' || name === 'edit' || name === 'write_file') {
    const text = textIn(args?.['new_string']) ?? textIn(args?.['content'])
    if (path !== undefined && text !== undefined) sink.edit({ path, text, ...told })
  } else if (name === 'run_shell_command') {
    const command = textIn(args?.['command'])
    if (command !== undefined) sink.shell(command)
  }
}
