/** AI coding tools and how records name them. A tool has one id, used in claims, policies and reports alike. */

interface ToolRow {
  readonly id: string
  /** Other names, lower-case, words joined by `-`. */
  readonly names?: readonly string[]
  /** Addresses under which the tool, and nobody else, is named as co-author. */
  readonly addresses?: readonly string[]
  /** Its accounts on GitHub, as in `<number>+<login>@users.noreply.github.com`. */
  readonly logins?: readonly string[]
}

const toolRows: readonly ToolRow[] = [
  {
    id: 'claude-code',
    names: ['claude', 'claude-cli', 'claude-code-cli', 'claude-code-web', 'anthropic-claude', 'anthropic-claude-code'],
    addresses: ['noreply@anthropic.com', '81847+claude@users.noreply.github.com'],
    logins: ['claude[bot]'],
  },
  {
    id: 'codex',
    names: ['codex-cli', 'openai-codex', 'openai-codex-cli', 'chatgpt-codex', 'chatgpt-codex-connector'],
    addresses: ['noreply@openai.com', 'codex@openai.com'],
    logins: ['chatgpt-codex-connector[bot]'],
  },
  {
    id: 'copilot',
    names: [
      'github-copilot',
      'copilot-cli',
      'github-copilot-cli',
      'copilot-app',
      'copilot-agent',
      'copilot-coding-agent',
      'copilot-swe-agent',
      'copilot-autofix',
      'copilot-chat',
    ],
    addresses: ['copilot@github.com'],
    logins: ['copilot', 'copilot-swe-agent[bot]', 'github-advanced-security[bot]'],
  },
  {
    id: 'cursor',
    names: ['cursor-agent', 'cursor-cli', 'cursor-ide', 'cursoragent'],
    addresses: ['cursoragent@cursor.com'],
    logins: ['cursoragent', 'cursor[bot]'],
  },
  {
    id: 'gemini',
    names: ['gemini-cli', 'google-gemini', 'gemini-code-assist'],
    addresses: ['gemini-cli@google.com', 'gemini@google.com'],
    logins: ['gemini-cli[bot]', 'gemini-code-assist[bot]'],
  },
  { id: 'jules', names: ['google-jules', 'google-labs-jules'], logins: ['google-labs-jules[bot]'] },
  { id: 'aider', names: ['aider-chat'], addresses: ['aider@aider.chat', 'noreply@aider.chat'] },
  { id: 'devin', names: ['devin-ai', 'devin-ai-integration'], logins: ['devin-ai-integration[bot]'] },
  {
    id: 'opencode',
    names: ['opencode-agent', 'opencode-ai'],
    addresses: ['noreply@opencode.ai'],
    logins: ['opencode-agent[bot]'],
  },
  { id: 'amp', names: ['ampcode', 'sourcegraph-amp', 'amp-cli'], addresses: ['amp@ampcode.com'] },
  { id: 'cline', names: ['cline-bot'], addresses: ['noreply@cline.bot'] },
  { id: 'roo-code', names: ['roo', 'roocode'], logins: ['roomote[bot]'] },
  { id: 'windsurf', names: ['windsurf-cascade', 'codeium-windsurf'], logins: ['windsurf-bot[bot]'] },
  { id: 'continue', names: ['continue-cli', 'continue.dev'], addresses: ['noreply@continue.dev'] },
  { id: 'droid', names: ['factory-droid'], logins: ['factory-droid[bot]'] },
  { id: 'replit', names: ['replit-agent', 'replit-assistant'] },
  { id: 'openhands', names: ['open-hands'], addresses: ['openhands@all-hands.dev'], logins: ['openhands-agent'] },
  { id: 'crush', addresses: ['crush@charm.land'] },
  { id: 'qwen-code', names: ['qwen-coder', 'qwen'], addresses: ['qwen-coder@alibabacloud.com'] },
  { id: 'warp', names: ['warp-agent'], addresses: ['agent@warp.dev'] },
  { id: 'junie', names: ['jetbrains-junie'], addresses: ['junie@jetbrains.com'] },
  { id: 'kiro', names: ['kiro-cli'] },
  { id: 'kimi', names: ['kimi-cli'] },
  { id: 'goose', names: ['codename-goose'] },
  { id: 'amazon-q', names: ['amazon-q-developer', 'q-developer'], logins: ['amazon-q-developer[bot]'] },
  { id: 'chatgpt' },
  { id: 'rovo-dev', names: ['rovodev', 'rovo-dev-cli'] },
  { id: 'trae', names: ['trae-agent'] },
]

const idOfName = new Map(toolRows.flatMap(({ id, names = [] }) => [id, ...names].map((name) => [name, id] as const)))
const idOfAddress = new Map(toolRows.flatMap(({ id, addresses = [] }) => addresses.map((it) => [it, id] as const)))
const idOfLogin = new Map(toolRows.flatMap(({ id, logins = [] }) => logins.map((it) => [it, id] as const)))

/** What stands where a record names a session and no tool. */
export const unknownTool = 'unknown'

const maxCharacters = 60

/** The id of a tool by one of its names, whatever its case, spaces or version (`Claude Code 2.1`); undefined for others. */
export function toolId(name: string): string | undefined {
  if (name.length > maxCharacters) return undefined
  const words = name
    .trim()
    .toLowerCase()
    .split(/[\s_-]+/)
  if (words.length > 1 && /^v?\d/.test(words.at(-1) ?? '')) words.pop()
  return idOfName.get(words.join('-').replace(/\[bot\]$/, ''))
}

/** The same for a name that surely is a tool's: one that we do not know is written in the alphabet of ids. */
export function toolSlug(name: string): string {
  const slug = name
    .slice(0, maxCharacters)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return toolId(name) ?? (slug === '' ? unknownTool : slug)
}

/**
 * The tool that an address of a co-author belongs to; undefined for people. Names are no help here: there are people called
 * Claude and Devin.
 */
export function toolOfAddress(address: string): string | undefined {
  const lower = address.trim().toLowerCase()
  const login = /^(?:\d{1,20}\+)?([a-z0-9-]+(?:\[bot\])?)@users\.noreply\.github\.com$/.exec(lower)?.[1]
  return idOfAddress.get(lower) ?? (login === undefined ? undefined : idOfLogin.get(login))
}
