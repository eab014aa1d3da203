/**
 * The conventions by which commit messages name AI tools and sessions: one row per form, with what its value is.
 * Co-author lines, `Assisted-by` (Linux, Fedora, OpenInfra), `Generated-by` (Apache), and what the tools write themselves.
 */
import { footerStart, footerVerbs, settingsComment } from './footers.ts'
import { mayHoldLink } from './session-links.ts'

type KindOfValue =
  | ('person' | 'agents' | 'sessions' | 'version' | 'tool' | 'author')
  | ('surfaces' | 'settings' | 'yes' | 'executor' | 'place')

interface TrailerForm {
  /** Lower-case. */
  readonly key: string
  /**
   * - `person`: `Name <address>`; a tool if the address is a tool's
   * - `agents`: tools in words, separated by commas
   * - `sessions`: ids or URLs of sessions, separated by commas; `tool:id` where the row names no tool
   * - `version`: `tool/version (model)`, or only a model
   * - `tool`: the tool of the sessions that the message names without one
   * - `author`: the row's tool if the value is one of `values`
   * - `surfaces`: a tool, and in brackets where and with which model it wrote how much
   * - `settings`: `model=… thinking=…` of the row's tool
   * - `yes`: that AI was used; it may say which
   * - `executor`, `place`: who of a team of agents did it, and where; only both together say so
   */
  readonly value: KindOfValue
  /** The tool that writes this form, where only one does. */
  readonly tool?: string
  readonly values?: readonly string[]
}

const rows: readonly TrailerForm[] = [
  { key: 'co-authored-by', value: 'person' },
  { key: 'co-developed-by', value: 'person' },

  { key: 'assisted-by', value: 'agents' },
  { key: 'ai-assisted-by', value: 'agents' },
  { key: 'generated-by', value: 'agents' },
  { key: 'ai-generated-by', value: 'agents' },
  { key: 'generated-with', value: 'agents' },
  { key: 'made-with', value: 'agents' },
  { key: 'ai-assistant', value: 'agents' },
  // gastownhall/beads, CONTRIBUTING: `<model> on behalf of <person>`.
  { key: 'agent-signature', value: 'agents' },
  // Claude Code in the first weeks of 2026: `Claude Code (cli/claude-opus-4-5=100%)`.
  { key: 'claude-generated-by', value: 'surfaces', tool: 'claude-code' },
  { key: 'mux-attribution', value: 'settings', tool: 'mux' },
  { key: 'xum-attribution', value: 'settings', tool: 'mux' },
  // Projects' own; `Ai-assisted: true` is that of block/aittributor.
  { key: 'ai-assisted', value: 'yes' },
  // Gas Town: `Executed-By: beads/crew/emma`, `Rig: gastown`, `Role: crew`.
  { key: 'executed-by', value: 'executor', tool: 'gas-town' },
  { key: 'rig', value: 'place' },
  { key: 'role', value: 'place' },

  { key: 'claude-session', value: 'sessions', tool: 'claude-code' },
  { key: 'claude-session-id', value: 'sessions', tool: 'claude-code' },
  { key: 'claude-code-session', value: 'sessions', tool: 'claude-code' },
  { key: 'copilot-session', value: 'sessions', tool: 'copilot' },
  { key: 'agent-logs-url', value: 'sessions', tool: 'copilot' },
  { key: 'codex-session', value: 'sessions', tool: 'codex' },
  { key: 'codex-session-id', value: 'sessions', tool: 'codex' },
  { key: 'cursor-session', value: 'sessions', tool: 'cursor' },
  { key: 'devin-session', value: 'sessions', tool: 'devin' },
  { key: 'devin-session-id', value: 'sessions', tool: 'devin' },
  { key: 'opencode-session', value: 'sessions', tool: 'opencode' },
  { key: 'amp-thread-id', value: 'sessions', tool: 'amp' },
  { key: 'amp-thread', value: 'sessions', tool: 'amp' },
  { key: 'replit-commit-session-id', value: 'sessions', tool: 'replit' },
  { key: 'replit-commit-author', value: 'author', tool: 'replit', values: ['agent', 'assistant'] },

  { key: 'chainloop-trace-sessions', value: 'sessions' },
  { key: 'entire-session', value: 'sessions' },
  { key: 'entire-agent', value: 'tool' },

  { key: 'ai-session-id', value: 'sessions' },
  { key: 'ai-tool-version', value: 'version' },
]

export const trailerForms: ReadonlyMap<string, TrailerForm> = new Map(rows.map((row) => [row.key, row]))

// Every repetition is bounded: a message of a million blanks must not cost more than any other.
const lineStart = '(?:^|[\\r\\n])[ \\t]{0,64}'
// Those that mean nothing alone are no reason to look.
const keys = rows.flatMap(({ key, value }) => (value === 'place' ? [] : [key])).join('|')
const mayHoldLine = new RegExp(
  `${lineStart}(?:(?:[-*+][ \\t]{1,16})?(?:${keys})[ \\t]{0,16}:|${settingsComment}|${footerStart}(?:${footerVerbs})[ \\t])`,
  'i',
)

/** Whether a message, its bytes read as Latin-1, may have a claim; looks at the starts of lines and for addresses. */
export function mayHoldClaim(message: string): boolean {
  return mayHoldLine.test(message) || mayHoldLink(message)
}

/** Ids that only one tool makes. */
const idShapes: readonly (readonly [RegExp, string])[] = [
  [/^ses_[A-Za-z0-9]{16,}$/, 'opencode'],
  [/^session_01[A-Za-z0-9]{16,}$/, 'claude-code'],
  [/^devin-[0-9a-f]{32}$/, 'devin'],
]

/** The tool whose ids look like this; undefined for a UUID and the like. */
export function toolOfSessionId(id: string): string | undefined {
  return idShapes.find(([shape]) => shape.test(id))?.[1]
}
