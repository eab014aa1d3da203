/** What Cursor's window keeps of a call (`toolFormerData`): its arguments and its result, each a text of JSON. */
import type { JsonObject } from '../../model/json.ts'
import type { EditVerdict } from '../../model/transcript.ts'
import { argumentsIn, newTexts } from './block-texts.ts'
import { listIn, objectIn, textIn } from './members.ts'
import { patchedFiles } from './patch-text.ts'
import type { SessionSink } from './session-sink.ts'

/** `written`: the lines that its edit added, where they stand elsewhere. Whether it is an edit of which no line is known. */
export function tellCursorCall(sink: SessionSink, call: JsonObject, written?: string): boolean {
  const name = textIn(call['name']) ?? ''
  const args = { ...argumentsIn(call['rawArgs']), ...argumentsIn(call['params']) }
  if (/^run_terminal_c(?:md|ommand)/.test(name)) {
    sink.shell(textIn(args['command']) ?? '')
    return false
  }
  const result = argumentsIn(call['result'])
  const verdict = verdictOf(call, result)
  const rest = {
    ...{ call: textIn(call['toolCallId']), verdict },
    ...(verdict === 'rejected' ? { acceptedBy: 'person' as const } : {}),
  }
  const edits = editsIn(name, args, result)
  const whole = edits.length === 1 ? written : undefined
  for (const { path, text } of edits) sink.edit({ path, text: whole ?? text, ...rest })
  return edits.some(({ text }) => (whole ?? text) === '')
}

const pathNames = ['relativeWorkspacePath', 'target_file', 'targetFile', 'file_path', 'filePath', 'path']
const textNames = ['streamingContent', 'new_string', 'contents', 'content', 'code_edit', 'codeEdit']

function editsIn(
  name: string,
  args: JsonObject,
  result: JsonObject,
): readonly { readonly path: string; readonly text: string }[] {
  const first = (names: readonly string[]): string | undefined =>
    names.map((it) => textIn(args[it])).find((it) => it !== undefined && it !== '')
  const path = first(pathNames)
  switch (name) {
    case 'apply_patch': {
      const patch = textIn(args['patch']) ?? textIn(args['input']) ?? ''
      return patchedFiles(patch)
    }
    case 'edit_file':
    case 'edit_file_v2':
    case 'search_replace':
    case 'write':
    case 'MultiEdit':
    case 'edit_notebook':
    case 'reapply': {
      const chunks = listIn(objectIn(result['diff'])?.['chunks'])
      const added = chunks.map((it) => addedIn(textIn(objectIn(it)?.['diffString']) ?? '')).join('\n')
      const said = first(textNames) ?? newTexts(args['edits'], 'new_string')
      // What was written, where it is said: a call of the first versions was a sketch that another model applied.
      return path === undefined ? [] : [{ path, text: chunks.length > 0 ? added : said }]
    }
    default:
      return []
  }
}

function addedIn(diff: string): string {
  return diff
    .split('\n')
    .filter((it) => it.startsWith('+'))
    .map((it) => it.slice(1))
    .join('\n')
}

function verdictOf(call: JsonObject, result: JsonObject): EditVerdict {
  const review = objectIn(objectIn(call['additionalData'])?.['reviewData'])
  const said = [call['userDecision'], review?.['selectedOption']].map(textIn)
  if (said.some((it) => it !== undefined && /^reject(?:ed)?$/i.test(it))) return 'rejected'
  if (result['rejected'] === true || call['status'] === 'cancelled') return 'rejected'
  if (call['status'] === 'error' || result['applyFailed'] === true) return 'failed'
  return call['status'] === 'completed' ? 'applied' : 'unanswered'
}
