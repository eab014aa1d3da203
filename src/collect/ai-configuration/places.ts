/**
 * Places in a tree that steer an agent which works there. A path is one by its name alone, so that anybody can find the same files with
 * git and grep: all rows together are one extended regular expression of POSIX, over bytes.
 */
import type { ConfigurationKind } from '../../model/ai-configuration.ts'

interface PlaceRow {
  /** Id of the tool; `any`: several tools read it. */
  readonly tool: string
  /** Names of files and folders in any folder, because agents are started in any, and read what is above them. `*`: within a name. */
  readonly names?: readonly string[]
  /** The same, only from the root of the repository. */
  readonly fromRoot?: readonly string[]
  readonly source: string
}

/** A row that is added, or changed, makes another edition (`aiConfigurationEdition`). */
const rows: readonly PlaceRow[] = [
  {
    tool: 'any',
    names: ['AGENTS.md', 'AGENTS.override.md', 'AGENT.md', '.agents', '.rules', '.mcp.json', '.vscode/mcp.json'],
    source:
      'agents.md, agentskills.io, zed.dev/docs/ai/rules, modelcontextprotocol.io, code.visualstudio.com/docs/copilot',
  },
  { tool: 'aider', names: ['.aider.conf.yml'], source: 'aider.chat/docs/config/aider_conf.html' },
  { tool: 'amazon-q', names: ['.amazonq'], source: 'docs.aws.amazon.com/amazonq' },
  { tool: 'amp', names: ['.amp'], source: 'ampcode.com/manual' },
  { tool: 'augment', names: ['.augment', '.augment-guidelines'], source: 'docs.augmentcode.com' },
  { tool: 'claude-code', names: ['CLAUDE.md', 'CLAUDE.local.md', '.claude'], source: 'code.claude.com/docs' },
  { tool: 'cline', names: ['.clinerules'], source: 'docs.cline.bot/features/cline-rules' },
  { tool: 'codex', names: ['.codex'], source: 'developers.openai.com/codex' },
  { tool: 'continue', names: ['.continue', '.continuerules'], source: 'docs.continue.dev' },
  {
    tool: 'copilot',
    names: ['.copilot'],
    fromRoot: [
      '.github/copilot-instructions.md',
      ...['instructions', 'prompts', 'agents', 'skills', 'chatmodes', 'hooks'].map((it) => `.github/${it}`),
    ],
    source: 'docs.github.com/copilot, code.visualstudio.com/docs/copilot',
  },
  { tool: 'crush', names: ['CRUSH.md', 'crush.json', '.crush.json'], source: 'charmbracelet/crush README' },
  { tool: 'cursor', names: ['.cursor', '.cursorrules'], source: 'cursor.com/docs' },
  { tool: 'devin', names: ['.devin'], source: 'docs.devin.ai' },
  { tool: 'droid', names: ['.factory'], source: 'docs.factory.ai' },
  { tool: 'firebender', names: ['firebender.json', '.firebender'], source: 'docs.firebender.com' },
  { tool: 'gemini', names: ['GEMINI.md', '.gemini'], source: 'google-gemini/gemini-cli docs' },
  { tool: 'goose', names: ['.goosehints'], source: 'block/goose docs' },
  { tool: 'jules', names: ['.jules'], source: 'jules.google/docs' },
  { tool: 'junie', names: ['.junie'], source: 'junie.jetbrains.com/docs' },
  { tool: 'kilo-code', names: ['.kilocode', '.kilocodemodes', '.kilocoderules*'], source: 'kilocode.ai/docs' },
  { tool: 'kiro', names: ['.kiro'], source: 'kiro.dev/docs' },
  { tool: 'mux', names: ['.mux'], source: 'coder/mux docs' },
  { tool: 'opencode', names: ['opencode.json', 'opencode.jsonc', '.opencode'], source: 'opencode.ai/docs' },
  { tool: 'openhands', names: ['.openhands', '.openhands_instructions'], source: 'docs.openhands.dev' },
  { tool: 'pi', names: ['.pi'], source: 'badlogic/pi-mono docs' },
  { tool: 'qwen-code', names: ['QWEN.md', '.qwen'], source: 'QwenLM/qwen-code docs' },
  { tool: 'roo-code', names: ['.roo', '.roomodes', '.roorules*'], source: 'docs.roocode.com' },
  { tool: 'trae', names: ['.trae'], source: 'docs.trae.ai' },
  { tool: 'warp', names: ['WARP.md', '.warp'], source: 'docs.warp.dev' },
  { tool: 'windsurf', names: ['.windsurf', '.windsurfrules'], source: 'docs.windsurf.com' },
  { tool: 'zed', names: ['.zed/settings.json'], source: 'zed.dev/docs' },
]

/** A name means the file of that name, and all that is in a folder of it. */
function expressionOf(some: readonly PlaceRow[]): string {
  const anywhere = some.flatMap(({ names = [] }) => names)
  const fromRoot = some.flatMap(({ fromRoot: those = [] }) => those)
  const names = [
    ...(anywhere.length === 0 ? [] : [`(.*/)?(${anywhere.sort().map(escaped).join('|')})`]),
    ...fromRoot.sort().map(escaped),
  ]
  return `^(${names.join('|')})(/|$)`
}

function escaped(name: string): string {
  return name.replaceAll('.', '\\.').replaceAll('*', '[^/]*')
}

/** As `LC_ALL=C grep -E` takes it; matches the paths of files, links and submodules. */
export const placesExpression = expressionOf(rows)

const places = new RegExp(placesExpression, 's')
const byTool = rows.map((row) => ({ tool: row.tool, pattern: new RegExp(expressionOf([row]), 's') }))

/** Whether a path is looked at; in the bytes of its name as Latin-1. */
export function isPlace(path: string): boolean {
  return places.test(path)
}

/** The tool whose place it is; of several (`.agents/x/CLAUDE.md`) the one that is no `any`. */
export function toolAt(path: string): string {
  const found = byTool.filter(({ pattern }) => pattern.test(path)).map(({ tool }) => tool)
  return found.find((it) => it !== 'any') ?? 'any'
}

/** The first that fits is it: a skill may have commands and agents of its own. */
const kinds: readonly (readonly [ConfigurationKind, RegExp])[] = [
  ['skills', /\/skills?\//],
  ['mcp', /(?:^|\/)\.?mcp(?:[-_]config)?\.json$|\/mcp(?:Servers)?\//],
  ['hooks', /\/(?:hooks?|plugins?)(?:\/|\.json$)/],
  ['agents', /\/(?:agents?|subagents|chatmodes|modes|droids)\/|\.(?:roo|kilocode)modes$/],
  ['commands', /\/(?:commands?|prompts|workflows|tasks)\//],
  [
    'instructions',
    /\/(?:rules|instructions|steering|guidelines|memory|microagents|specs)(?:-[^/]*)?\/|rules[^/]*$|\.mdc?$/,
  ],
  ['instructions', /(?:guidelines|hints|_instructions)$/],
  ['settings', /\.(?:jsonc?|toml|ya?ml)$/],
]

/** By its place alone. */
export function kindAt(path: string): ConfigurationKind {
  // Folders within the place say it, and not those in which the place lies.
  const start = path.search(/(?:^|\/)[^/]+$|(?:^|\/)\.[^/]+\//)
  const within = path.slice(Math.max(start, 0))
  return kinds.find(([, pattern]) => pattern.test(within))?.[0] ?? 'other'
}
