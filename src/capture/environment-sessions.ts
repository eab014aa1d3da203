/** The sessions that the environment of a commit names: agents put their own id there for what they start. */
import { isSessionId, sessionOfText } from './session-name.ts'
import type { SessionName } from './session-name.ts'

type Variables = { readonly [name: string]: string | undefined }

/** Variable → tool, in the order in which they are written. */
export const sessionVariables: readonly (readonly [variable: string, tool: string])[] = [
  ['CLAUDE_CODE_SESSION_ID', 'claude-code'],
  ['CODEX_THREAD_ID', 'codex'],
  ['COPILOT_AGENT_SESSION_ID', 'copilot'],
  ['GEMINI_SESSION_ID', 'gemini'],
  ['AMP_CURRENT_THREAD_ID', 'amp'],
]

/** What agents set for all that they start, too, and that says nothing of the session: some set no more, or did not in older versions. */
export const agentMarkers: typeof sessionVariables = [
  ['CLAUDECODE', 'claude-code'],
  ['CODEX_SANDBOX', 'codex'],
  ['COPILOT_CLI', 'copilot'],
  ['GEMINI_CLI', 'gemini'],
  ['CURSOR_AGENT', 'cursor'],
  ['OPENCODE', 'opencode'],
]

/** Agents have markers and hooks, or neither. */
export function hasHooks(tool: string): boolean {
  return agentMarkers.some(([, it]) => it === tool)
}

/** `tool:id`, several with commas between them: for any tool that has no variable of its own. */
export const currentSessionVariable = 'CURRENT_AI_SESSION_ID'

const mostSessions = 16

export interface EnvironmentSessions {
  readonly sessions: readonly SessionName[]
  /** Variables whose value is no id; what they hold is not told, since it may be a secret. */
  readonly unusable: readonly string[]
  /** Agents that say that they run this, and not in which session. */
  readonly unnamed: readonly { readonly variable: string; readonly tool: string }[]
}

/** All of them: an agent that another one started has both in its environment, and both took part. */
export function sessionsInEnvironment(env: Variables): EnvironmentSessions {
  const sessions: SessionName[] = []
  const unusable: string[] = []
  for (const [variable, tool] of sessionVariables) {
    const id = env[variable] ?? ''
    if (id === '') continue
    if (isSessionId(id)) sessions.push({ tool, id })
    else unusable.push(variable)
  }
  const current = env[currentSessionVariable] ?? ''
  if (current !== '') {
    const named = current.split(',', mostSessions + 1).map((it) => sessionOfText(it.trim()))
    const usable = named.filter((it) => it !== undefined)
    if (usable.length < named.length || named.length > mostSessions) unusable.push(currentSessionVariable)
    else sessions.push(...usable)
  }
  const unnamed = agentMarkers.flatMap(([variable, tool]) =>
    (env[variable] ?? '') === '' || sessions.some((it) => it.tool === tool) ? [] : [{ variable, tool }],
  )
  return { sessions: unique(sessions), unusable, unnamed }
}

/** The first of each tool and id. */
export function unique(sessions: readonly SessionName[]): SessionName[] {
  const seen = new Set<string>()
  return sessions.filter(({ tool, id }) => !seen.has(`${tool}:${id}`) && seen.add(`${tool}:${id}`))
}
