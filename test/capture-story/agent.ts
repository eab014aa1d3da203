/** A scripted session of Claude Code: the rows that it writes, and the hooks of the settings that it finds, with what it tells them. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Clone } from '../capture/clone.ts'

export const sessionId = '5d0e7c11-2222-4333-8444-0123456789ab'
/** In two parts, so that no scanner takes this file for one with secrets in it. */
export const secret = ['ghp_', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('')

export interface Agent {
  readonly transcript: string
  /** Of the commands that it starts. */
  readonly env: { readonly [name: string]: string }
  /** Asks, answers, writes the file, and tells its hooks. */
  writes(question: string, answer: string, path: string, content: string): void
}

interface Group {
  readonly matcher?: string
  readonly hooks: readonly { readonly type: string; readonly command: string }[]
}

type Settings = { readonly hooks?: { readonly [event: string]: readonly Group[] } }

/** Its `SessionStart` is told at once. Each row is a second behind the one before it. */
export function startAgent(clone: Clone): Agent {
  const slug = clone.root.replaceAll(/[^A-Za-z0-9]/g, '-')
  const transcript = join(clone.home, '.claude/projects', slug, `${sessionId}.jsonl`)
  mkdirSync(dirname(transcript), { recursive: true })
  const common = { session_id: sessionId, transcript_path: transcript, cwd: clone.root }
  let rows = 0
  let last: string | null = null

  function row(type: 'user' | 'assistant', message: object, more: object = {}): void {
    rows += 1
    const uuid = `00000000-0000-4000-8000-${String(rows).padStart(12, '0')}`
    const timestamp = new Date(Date.UTC(2026, 2, 1, 10, 0, rows)).toISOString()
    const own = { parentUuid: last, isSidechain: false, userType: 'external', cwd: clone.root, gitBranch: 'widgets' }
    const told = { ...own, sessionId, version: '2.1.240', type, message, uuid, timestamp, ...more }
    appendFileSync(transcript, `${JSON.stringify(told)}\n`)
    last = uuid
  }

  /** As Claude Code starts them: `sh -c`, in the project, with the payload on standard input. */
  function tell(event: string, payload: { readonly tool_name?: string; readonly [name: string]: unknown }): void {
    const input = JSON.stringify({ ...common, hook_event_name: event, ...payload })
    for (const { matcher = '', hooks } of groupsOf(clone, event)) {
      if (!new RegExp(`^(?:${matcher || '.*'})$`).test(payload.tool_name ?? '')) continue
      for (const { command } of hooks) {
        const options = { cwd: clone.root, env: clone.env, input, encoding: 'utf8', timeout: 60_000 } as const
        const { status, stdout, stderr } = spawnSync('sh', ['-c', command], options)
        // What a hook prints at the start of a session goes to the model.
        if (status !== 0 || stdout !== '' || stderr !== '') throw new Error(`hook of ${event}: ${stdout}${stderr}`)
      }
    }
  }

  tell('SessionStart', { source: 'startup' })
  return {
    transcript,
    env: { CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: sessionId },
    writes(question, answer, path, content) {
      const file = join(clone.root, path)
      const id = `toolu_${String(rows).padStart(4, '0')}`
      const input = { file_path: file, content }
      row('user', { role: 'user', content: question })
      row('assistant', {
        ...{ id: `msg_${String(rows)}`, type: 'message', role: 'assistant', model: 'claude-opus-4-6' },
        content: [
          { type: 'text', text: answer },
          { type: 'tool_use', id, name: 'Write', input },
        ],
        usage: { input_tokens: 12, output_tokens: 34 },
      })
      clone.write(path, content)
      const response = { type: 'create', filePath: file, content, structuredPatch: [], originalFile: null }
      const result = { type: 'tool_result', tool_use_id: id, content: `File created successfully at: ${file}` }
      row('user', { role: 'user', content: [result] }, { toolUseResult: response })
      const told = { tool_name: 'Write', tool_input: input, tool_response: response, tool_use_id: id }
      tell('PostToolUse', { permission_mode: 'default', ...told })
    },
  }
}

/** Of the two files that lie in the project. */
function groupsOf(clone: Clone, event: string): readonly Group[] {
  return ['.claude/settings.json', '.claude/settings.local.json'].flatMap((name) => {
    const path = join(clone.root, name)
    if (!existsSync(path)) return []
    return (JSON.parse(readFileSync(path, 'utf8')) as Settings).hooks?.[event] ?? []
  })
}
