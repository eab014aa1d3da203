/**
 * What an agent tells its hooks, in the shapes that are documented: Claude Code and Codex (`session_id`, `transcript_path`,
 * `tool_name`, `tool_input`), Gemini CLI (the same with its own names of tools), Cursor (`conversation_id`, `edits[]`,
 * `workspace_roots[]`), Copilot CLI (`sessionId`, `toolName`, `toolArgs`), and what our plugin for opencode sends.
 */
import { isModel, isSessionId, isToolVersion } from './session-name.ts'
import { objectOf } from './state.ts'

export interface AgentEvent {
  readonly kind: 'seen' | 'start' | 'end'
  readonly id: string
  /** Where the agent works. */
  readonly folder: string | undefined
  readonly transcript: string | undefined
  readonly model: string | undefined
  readonly toolVersion: string | undefined
  readonly edits: readonly { readonly path: string; readonly text: string }[]
}

type Members = { readonly [name: string]: unknown }

const starts = /^session_?start$|^session\.created$/i
const ends = /^session_?end$|^session\.deleted$/i
const edited = /edit|write|replace|create|patch/i

/** Undefined where no session is named. */
export function agentEvent(payload: string): AgentEvent | undefined {
  const said = objectOf(payload)
  if (said === undefined) return undefined
  const id = said['session_id'] ?? said['sessionId'] ?? said['conversation_id']
  if (!isSessionId(id)) return undefined
  const name = textOf(said['hook_event_name'] ?? said['hookEventName'] ?? said['event']) ?? ''
  const roots: unknown = said['workspace_roots']
  const model = said['model']
  const version = said['tool_version'] ?? said['cursor_version'] ?? said['version']
  return {
    kind: starts.test(name) ? 'start' : ends.test(name) ? 'end' : 'seen',
    id,
    folder: textOf(said['cwd']) ?? (Array.isArray(roots) ? textOf(roots[0]) : undefined),
    transcript: textOf(said['transcript_path'] ?? said['transcriptPath']),
    model: isModel(model) ? model : undefined,
    toolVersion: isToolVersion(version) ? version : undefined,
    edits: editsOf(said),
  }
}

function editsOf(said: Members): { path: string; text: string }[] {
  const tool = textOf(said['tool_name'] ?? said['toolName'])
  const args = membersOf(said['tool_input'] ?? said['toolArgs'])
  if (tool !== undefined && args !== undefined) return edited.test(tool) ? editsOfTool(args) : []
  // Cursor's afterFileEdit.
  return Array.isArray(said['edits']) ? editsOfTool(said) : []
}

function editsOfTool(args: Members): { path: string; text: string }[] {
  const path = textOf(args['file_path'] ?? args['filePath'] ?? args['path'] ?? args['notebook_path'])
  if (path !== undefined) return [{ path, text: newTexts(args).join('\n') }]
  const patch = textOf(args['input'] ?? args['patch'] ?? args['patchText'] ?? args['command'])
  return patch === undefined ? [] : editsOfPatch(patch)
}

const newNames = ['new_string', 'newString', 'new_str', 'content', 'file_text', 'new_source', 'insert_text']

function newTexts(args: Members): string[] {
  const several: unknown = args['edits']
  const parts: readonly unknown[] = Array.isArray(several) ? several : []
  return [args, ...parts].map(membersOf).flatMap((it) => newNames.flatMap((name) => textOf(it?.[name]) ?? []))
}

/** `*** Update File: <path>`, and behind it lines that begin with `+` (openai/codex, apply_patch). */
function editsOfPatch(patch: string): { path: string; text: string }[] {
  const edits: { path: string; lines: string[] }[] = []
  for (const line of patch.split('\n')) {
    const path = /^\*\*\* (?:Update|Add) File: (.+)$/.exec(line)?.[1] ?? /^\*\*\* Move to: (.+)$/.exec(line)?.[1]
    if (path !== undefined) edits.push({ path: path.trim(), lines: [] })
    else if (line.startsWith('+')) edits.at(-1)?.lines.push(line.slice(1))
  }
  return edits.map(({ path, lines }) => ({ path, text: lines.join('\n') }))
}

/** An object, also one that is written as JSON text (Copilot's `toolArgs`). */
function membersOf(value: unknown): Members | undefined {
  if (typeof value === 'string') return objectOf(value)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
