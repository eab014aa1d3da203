/**
 * Where agents look for hooks, and the entries that they get; a row an agent. Each shape is that of the agent's own documentation:
 * Claude Code, Codex and Gemini CLI have groups with a matcher, Cursor and Copilot CLI a plain list, opencode a plugin.
 */
import { agentCommand } from './hook-scripts.ts'

/**
 * @example
 * ```ts
 * import { agentScopes } from 'countersign/hooks'
 *
 * console.log(agentScopes[0]) // local
 * ```
 */
export const agentScopes = ['local', 'project', 'user'] as const
export type AgentScope = (typeof agentScopes)[number]

export interface AgentRow {
  /** The id of its tool. */
  readonly id: string
  /** Path of the file: from the root of the checkout, of `user` from the home folder. Without `local` that is `project`. */
  readonly files: { readonly local?: string; readonly project: string; readonly user: string }
  /** Folders that show that somebody uses it: in the checkout or the home folder. */
  readonly signs: readonly string[]
  /** Members that a new file begins with. */
  readonly start?: { readonly [name: string]: unknown }
  /** Event → entry of its list below `hooks`. */
  readonly entries?: { readonly [event: string]: unknown }
  /** The whole text, where the file is ours alone. */
  readonly text?: string
}

const command = (tool: string) => ({ type: 'command', command: agentCommand(tool) })
const group = (tool: string, matcher?: string) => ({
  ...(matcher === undefined ? {} : { matcher }),
  hooks: [command(tool)],
})
const copilot = { type: 'command', bash: agentCommand('copilot'), timeoutSec: 10 }
const cursor = { command: agentCommand('cursor') }

export const agentRows: readonly AgentRow[] = [
  {
    id: 'claude-code',
    files: { local: '.claude/settings.local.json', project: '.claude/settings.json', user: '.claude/settings.json' },
    signs: ['.claude'],
    entries: {
      SessionStart: group('claude-code'),
      PostToolUse: group('claude-code', 'Edit|MultiEdit|Write|NotebookEdit'),
      SessionEnd: group('claude-code'),
    },
  },
  {
    id: 'codex',
    files: { project: '.codex/hooks.json', user: '.codex/hooks.json' },
    signs: ['.codex'],
    // Stop, at the end of each turn, tells of the transcript, which SessionStart may not know yet. Older versions have no SessionEnd and
    // pass its entry over; those that have it give it three seconds, and warn of an entry that asks for more.
    entries: {
      SessionStart: group('codex'),
      PostToolUse: group('codex', 'apply_patch|Edit|Write'),
      Stop: group('codex'),
      SessionEnd: { hooks: [{ ...command('codex'), timeout: 3 }] },
    },
  },
  {
    id: 'gemini',
    files: { project: '.gemini/settings.json', user: '.gemini/settings.json' },
    signs: ['.gemini'],
    entries: {
      SessionStart: group('gemini'),
      AfterTool: group('gemini', 'write_file|replace|edit'),
      SessionEnd: group('gemini'),
    },
  },
  {
    id: 'cursor',
    files: { project: '.cursor/hooks.json', user: '.cursor/hooks.json' },
    signs: ['.cursor'],
    start: { version: 1 },
    entries: { sessionStart: cursor, afterFileEdit: cursor, sessionEnd: cursor },
  },
  {
    id: 'copilot',
    files: { project: '.github/hooks/countersign.json', user: '.copilot/hooks/countersign.json' },
    signs: ['.copilot'],
    start: { version: 1 },
    entries: { sessionStart: copilot, postToolUse: copilot, sessionEnd: copilot },
  },
  {
    id: 'opencode',
    files: { project: '.opencode/plugins/countersign.js', user: '.config/opencode/plugins/countersign.js' },
    signs: ['.opencode', '.config/opencode'],
    text: openCodePlugin(),
  },
]

/**
 * @example
 * ```ts
 * import { agentIds } from 'countersign/hooks'
 *
 * console.log(agentIds.includes('claude-code')) // true
 * ```
 */
export const agentIds: readonly string[] = agentRows.map(({ id }) => id)

/** It gives the shell of a session the session's id, and tells of edits. */
function openCodePlugin(): string {
  return `// Made by countersign hooks install; countersign hooks remove takes it away.
import { spawnSync } from 'node:child_process'

export const Countersign = async ({ directory }) => {
  const tell = (payload) => {
    const input = JSON.stringify({ cwd: directory, ...payload })
    spawnSync('sh', ['-c', ${JSON.stringify(agentCommand('opencode'))}], { cwd: directory, input, timeout: 10000 })
  }
  return {
    'shell.env': async ({ sessionID }, output) => {
      if (sessionID) output.env.CURRENT_AI_SESSION_ID = 'opencode:' + sessionID
    },
    'tool.execute.after': async ({ tool, sessionID, args }) => {
      if (/edit|write|patch/.test(tool)) tell({ session_id: sessionID, tool_name: tool, tool_input: args })
    },
    event: async ({ event }) => {
      const session_id = event.properties?.info?.id
      if (/^session\\.(created|deleted)$/.test(event.type)) tell({ session_id, event: event.type })
    },
  }
}
`
}
