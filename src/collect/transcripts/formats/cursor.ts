/**
 * Cursor: rows of `role` and `message.content`, and nothing else: no id, model, time or version, and no word of what came of a call. So the
 * id is the name of the file, and edits are unanswered.
 */
import type { Json, JsonObject } from '../../../model/json.ts'
import { argumentsIn, newTexts, textsBetween, textsIn } from '../block-texts.ts'
import { uuidInName, uuidOfFolder } from '../file-names.ts'
import { listIn, objectIn, textIn } from '../members.ts'
import { patchedFiles } from '../patch-text.ts'
import type { RowReader, Telling, TranscriptFormat } from './row.ts'

export const cursor: TranscriptFormat = {
  id: 'cursor',
  title: 'Cursor',
  tool: 'cursor',
  basis: 'seen',
  source: 'git-ai-project/git-ai; the folder of subagents: others that read it',
  folders: {
    linux: ['$CURSOR_CONFIG_DIR/projects', '~/.cursor/projects'],
    darwin: ['$CURSOR_CONFIG_DIR/projects', '~/.cursor/projects'],
    win32: ['$CURSOR_CONFIG_DIR/projects', '~/.cursor/projects'],
  },
  body: { kind: 'rows', isOwn, open },
}

function isOwn(first: readonly Json[]): boolean {
  return first.map(objectIn).some(isRow)
}

/** Whoever else writes a `role` at the top writes a type, a time or an id there, too. */
function isRow(row: JsonObject | undefined): boolean {
  if (row === undefined || (row['role'] !== 'user' && row['role'] !== 'assistant')) return false
  const isBare = ['type', 'timestamp', 'sessionId', 'uuid', 'content'].every((it) => row[it] === undefined)
  return isBare && Array.isArray(objectIn(row['message'])?.['content'])
}

function open({ sink, name }: Telling): RowReader {
  const id = uuidInName(name)
  if (id !== undefined) sink.id(id)
  // `<parent>/subagents/<id>.jsonl`
  const parent = /(?:^|\/)subagents\/[^/]+$/.test(name) ? uuidOfFolder(name, 2) : undefined
  if (parent !== undefined) sink.parent(parent)

  function asked(content: Json | undefined): void {
    const text = textsIn(content).join('\n')
    const queries = textsBetween(text, '<user_query>', '</user_query>').map((it) => it.trim())
    if (queries.length > 0) sink.prompt(queries.join('\n'))
    else if (!/^\s*<[a-z_-]+>/.test(text)) sink.prompt(text)
  }

  return {
    row(row) {
      const content = objectIn(row['message'])?.['content']
      if (row['role'] === 'user') asked(content)
      else if (row['role'] === 'assistant') {
        sink.answer(undefined)
        sink.said(textsIn(content).join('\n'))
        for (const block of listIn(content)) toolUse(sink, objectIn(block))
      }
    },
  }
}

function toolUse(sink: Telling['sink'], block: JsonObject | undefined): void {
  if (block?.['type'] !== 'tool_use') return
  const input = argumentsIn(block['input'])
  const path = textIn(input['path']) ?? textIn(input['file_path']) ?? textIn(input['target_notebook'])
  switch (block['name']) {
    case 'Shell':
      sink.shell(textIn(input['command']) ?? '')
      break
    case 'ApplyPatch':
      for (const it of patchedFiles(textIn(input['input']) ?? textIn(input['patch']) ?? '')) {
        sink.edit({ ...it, verdict: 'unanswered' })
      }
      break
    case 'Write':
    case 'StrReplace':
    case 'MultiStrReplace':
    case 'EditNotebook': {
      const text = textIn(input['contents']) ?? textIn(input['new_string']) ?? newTexts(input['edits'], 'new_string')
      if (path !== undefined) sink.edit({ path, text, verdict: 'unanswered' })
      break
    }
    default:
  }
}
