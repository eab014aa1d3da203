/**
 * The conventions by which commit messages name AI tools and sessions: one row per form, with what its value is.
 * Co-author lines, `Assisted-by` (Linux, Fedora, OpenInfra), `Generated-by` (Apache), and what the tools write themselves.
 */

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
   */
  readonly value: 'person' | 'agents' | 'sessions' | 'version' | 'tool' | 'author'
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
  { key: 'replit-commit-session-id', value: 'sessions', tool: 'replit' },
  { key: 'replit-commit-author', value: 'author', tool: 'replit', values: ['agent', 'assistant'] },

  { key: 'chainloop-trace-sessions', value: 'sessions' },
  { key: 'entire-session', value: 'sessions' },
  { key: 'entire-agent', value: 'tool' },
  // The id of the record that Entire keeps; which sessions are in it, only that record tells.
  { key: 'entire-checkpoint', value: 'sessions', tool: 'entire' },

  { key: 'ai-session-id', value: 'sessions' },
  { key: 'ai-tool-version', value: 'version' },
]

export const trailerForms: ReadonlyMap<string, TrailerForm> = new Map(rows.map((row) => [row.key, row]))

/**
 * `🤖 Generated with [Claude Code](…)` on a line of its own, also as an item of a list or emphasised; group 1 is who. Behind
 * another sign (`> `, `+`, `$ `, a quotation mark) the line is quoted from somewhere.
 */
export const generatedLine =
  /^[ \t]{0,64}(?:[-*+•][ \t]{1,16})?(?:[^\t -~«»‘-‟‹›]{1,16}[ \t]{0,16})?\*{0,2}(?:generated|created|written|made)[ \t]+(?:with|by|using)[ \t]+(.+)$/i

// Every repetition is bounded: a message of a million blanks must not cost more than any other.
const lineStart = '(?:^|[\\r\\n])[ \\t]{0,64}'
const keys = rows.map((row) => row.key).join('|')

/** A message, its bytes read as Latin-1, in which this finds nothing has no claim. Looks at the starts of lines only. */
export const mayHoldClaim = new RegExp(
  `${lineStart}(?:(?:${keys})[ \\t]{0,16}:|[^\\w \\t\\r\\n]{0,32}[ \\t]{0,16}(?:generated|created|written|made)[ \\t])`,
  'i',
)

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
