/** Tools of GitHub Copilot that write: those of its CLI, and those that its chat in VS Code has. */
import type { JsonObject } from '../../model/json.ts'
import { newTexts } from './block-texts.ts'
import { pathOfUri } from './file-names.ts'
import { listIn, objectIn, textIn } from './members.ts'
import { patchedFiles } from './patch-text.ts'
import type { EditTold, SessionSink } from './session-sink.ts'

/** What is told of an edit besides what the arguments of its call say. */
export type EditRest = Pick<EditTold, 'call' | 'verdict' | 'acceptedBy'>

export function tellCopilotTool(sink: SessionSink, name: string | undefined, args: JsonObject, rest: EditRest): void {
  if (name === 'bash' || name === 'powershell' || name === 'run_in_terminal') {
    const command = textIn(args['command'])
    if (command !== undefined) sink.shell(command)
    return
  }
  for (const it of copilotEdits(name, args)) sink.edit({ ...it, ...rest })
}

/** What a call writes; none for tools that do not. */
export function copilotEdits(name: string | undefined, args: JsonObject): readonly { path: string; text: string }[] {
  switch (name) {
    case 'create':
    case 'create_file':
    case 'edit':
    case 'str_replace':
    case 'insert':
    case 'str_replace_editor':
    case 'replace_string_in_file':
    case 'insert_edit_into_file':
    case 'edit_notebook_file':
      return args['command'] === 'view' ? [] : one(args)
    case 'multi_replace_string_in_file':
      return listIn(args['replacements']).flatMap((it) => one(objectIn(it) ?? {}))
    case 'apply_patch':
      return patchedFiles(textIn(args['input']) ?? textIn(args['patch']) ?? '')
    default:
      return []
  }
}

const pathNames = ['path', 'filePath', 'file_path'] as const
const textNames = [...['file_text', 'content', 'new_str', 'newString', 'new_string', 'code', 'newCode']] as const

function one(args: JsonObject): readonly { path: string; text: string }[] {
  const path = first(args, pathNames)
  const text =
    first(args, textNames) ?? (listIn(args['edits']).length > 0 ? newTexts(args['edits'], 'newString') : undefined)
  return path === undefined || text === undefined ? [] : [{ path: pathOfUri(path), text }]
}

function first(args: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textIn(args[name])
    if (text !== undefined) return text
  }
  return undefined
}
