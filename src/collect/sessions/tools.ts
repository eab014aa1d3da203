/** AI coding tools and how records name them. A tool has one id, used in claims, policies and reports alike. */

interface ToolRow {
  readonly id: string
  /** Other names, lower-case, words joined by `-`. */
  readonly names?: readonly string[]
  /** Addresses under which the tool, and nobody else, is named as co-author. */
  readonly addresses?: readonly string[]
  /** Its accounts on GitHub, as in `<number>+<login>@users.noreply.github.com`. */
  readonly logins?: readonly string[]
  /** Its sites, with the first steps of the path where the host is not its own. */
  readonly sites?: readonly string[]
}

const toolRows: readonly ToolRow[] = [
  {
    id: 'claude-code',
    names: ['claude', 'claude-cli', 'claude-code-cli', 'claude-code-web', 'anthropic-claude', 'anthropic-claude-code'],
    addresses: ['noreply@anthropic.com', '81847+claude@users.noreply.github.com'],
    logins: ['claude[bot]'],
    sites: ['claude.ai', 'claude.com', 'anthropic.com'],
  },
  {
    id: 'codex',
    names: ['codex-cli', 'openai-codex', 'openai-codex-cli', 'chatgpt-codex', 'chatgpt-codex-connector'],
    addresses: ['noreply@openai.com', 'codex@openai.com'],
    logins: ['chatgpt-codex-connector[bot]'],
    sites: ['chatgpt.com/codex', 'openai.com/codex', 'github.com/openai/codex'],
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
      'github-copilot-agent',
      'github-copilot-autofix',
      'github-copilot-chat',
      'github-copilot-coding-agent',
      'vs-code-copilot',
      'vscode-copilot',
    ],
    addresses: ['copilot@github.com'],
    logins: ['copilot', 'copilot-swe-agent[bot]', 'github-advanced-security[bot]'],
    sites: ['github.com/copilot', 'github.com/features/copilot', 'docs.github.com/copilot'],
  },
  {
    id: 'cursor',
    names: ['cursor-agent', 'cursor-cli', 'cursor-ide', 'cursoragent'],
    addresses: ['cursoragent@cursor.com'],
    logins: ['cursoragent', 'cursor[bot]'],
    sites: ['cursor.com', 'cursor.sh'],
  },
  {
    id: 'gemini',
    names: ['gemini-cli', 'google-gemini', 'gemini-code-assist'],
    addresses: ['gemini-cli@google.com', 'gemini@google.com'],
    logins: ['gemini-cli[bot]', 'gemini-code-assist[bot]'],
    sites: ['gemini.google.com', 'geminicli.com', 'ai.google.dev', 'github.com/google-gemini'],
  },
  {
    id: 'jules',
    names: ['google-jules', 'google-labs-jules'],
    logins: ['google-labs-jules[bot]'],
    sites: ['jules.google', 'jules.google.com'],
  },
  {
    id: 'aider',
    names: ['aider-chat'],
    addresses: ['aider@aider.chat', 'noreply@aider.chat'],
    sites: ['aider.chat', 'github.com/aider-ai/aider'],
  },
  {
    id: 'devin',
    names: ['devin-ai', 'devin-ai-integration'],
    logins: ['devin-ai-integration[bot]'],
    sites: ['devin.ai', 'cognition.ai'],
  },
  {
    id: 'opencode',
    names: ['opencode-agent', 'opencode-ai'],
    addresses: ['noreply@opencode.ai'],
    logins: ['opencode-agent[bot]'],
    sites: ['opencode.ai'],
  },
  {
    id: 'amp',
    names: ['ampcode', 'sourcegraph-amp', 'amp-cli'],
    addresses: ['amp@ampcode.com'],
    sites: ['ampcode.com'],
  },
  {
    id: 'cline',
    names: ['cline-bot'],
    addresses: ['noreply@cline.bot'],
    sites: ['cline.bot', 'github.com/cline/cline'],
  },
  {
    id: 'roo-code',
    names: ['roo', 'roocode'],
    logins: ['roomote[bot]'],
    sites: ['roocode.com', 'github.com/roocodeinc'],
  },
  {
    id: 'windsurf',
    names: ['windsurf-cascade', 'codeium-windsurf'],
    logins: ['windsurf-bot[bot]'],
    sites: ['windsurf.com', 'codeium.com'],
  },
  {
    id: 'continue',
    names: ['continue-cli', 'continue.dev'],
    addresses: ['noreply@continue.dev'],
    sites: ['continue.dev'],
  },
  { id: 'droid', names: ['factory-droid'], logins: ['factory-droid[bot]'], sites: ['factory.ai'] },
  { id: 'replit', names: ['replit-agent', 'replit-assistant'], sites: ['replit.com'] },
  {
    id: 'openhands',
    names: ['open-hands'],
    addresses: ['openhands@all-hands.dev'],
    logins: ['openhands-agent'],
    sites: ['all-hands.dev', 'openhands.dev'],
  },
  { id: 'crush', addresses: ['crush@charm.land'], sites: ['charm.land', 'github.com/charmbracelet/crush'] },
  {
    id: 'qwen-code',
    names: ['qwen-coder', 'qwen'],
    addresses: ['qwen-coder@alibabacloud.com'],
    sites: ['qwen.ai', 'github.com/qwenlm/qwen-code'],
  },
  { id: 'warp', names: ['warp-agent'], addresses: ['agent@warp.dev'], sites: ['warp.dev'] },
  {
    id: 'junie',
    names: ['jetbrains-junie'],
    addresses: ['junie@jetbrains.com'],
    sites: ['jetbrains.com/junie', 'junie.jetbrains.com'],
  },
  { id: 'kiro', names: ['kiro-cli'], sites: ['kiro.dev'] },
  { id: 'kimi', names: ['kimi-cli'], sites: ['kimi.com', 'moonshot.ai', 'moonshot.cn', 'github.com/moonshotai'] },
  {
    id: 'goose',
    names: ['codename-goose'],
    sites: ['block.github.io/goose', 'goose-docs.ai', 'github.com/block/goose'],
  },
  {
    id: 'amazon-q',
    names: ['amazon-q-developer', 'q-developer'],
    logins: ['amazon-q-developer[bot]'],
    sites: ['aws.amazon.com/q'],
  },
  { id: 'chatgpt', sites: ['chatgpt.com', 'chat.openai.com'] },
  { id: 'rovo-dev', names: ['rovodev', 'rovo-dev-cli'], sites: ['atlassian.com/software/rovo-dev'] },
  { id: 'trae', names: ['trae-agent'], sites: ['trae.ai'] },
]

/** First names: in words alone they are a person's as well as a tool's. */
const firstNames: ReadonlySet<string> = new Set([
  'cline',
  'devin',
  'goose',
  'jules',
  'junie',
  'kimi',
  'kiro',
  'roo',
  'trae',
])

/**
 * First names, too, but `Assisted-by: Claude` is how projects write it that want no model in it (Linux
 * Documentation/process/coding-assistants.rst); and words that a sentence can hold (`made with warp`).
 */
const sharedNames: ReadonlySet<string> = new Set(['amp', 'claude', 'continue', 'droid', 'gemini', 'warp'])

const idOfName = new Map(toolRows.flatMap(({ id, names = [] }) => [id, ...names].map((name) => [name, id] as const)))
const idOfAddress = new Map(toolRows.flatMap(({ id, addresses = [] }) => addresses.map((it) => [it, id] as const)))
const idOfLogin = new Map(toolRows.flatMap(({ id, logins = [] }) => logins.map((it) => [it, id] as const)))
// The longest first: `chat.openai.com` is not the site of every tool of OpenAI.
const sites = toolRows
  .flatMap(({ id, sites: ofTool = [] }) => ofTool.map((site) => ({ id, site })))
  .sort((a, b) => b.site.length - a.site.length)

/** What stands where a record names a session and no tool. */
export const unknownTool = 'unknown'

const maxCharacters = 60

/** The id of a tool by one of its names, whatever its case, spaces or version (`Claude Code 2.1`); undefined for others. */
export function toolId(name: string): string | undefined {
  return idOfName.get(nameIn(name) ?? '')
}

/** How much a name says by itself: `product` is nothing but a tool, `shared` a tool where tools are named, `first-name` nothing. */
export function kindOfName(name: string): 'product' | 'shared' | 'first-name' {
  const plain = nameIn(name) ?? ''
  return firstNames.has(plain) ? 'first-name' : sharedNames.has(plain) ? 'shared' : 'product'
}

/** In lower case, words joined by `-`, without a version behind it. */
function nameIn(text: string): string | undefined {
  if (text.length > maxCharacters) return undefined
  const words = text
    .trim()
    .toLowerCase()
    .replace(/[/@](?=v?\d)/, ' ')
    .split(/[\s_-]+/)
  if (words.length > 1 && /^\(?v?\d[\w.+]*\)?$/.test(words.at(-1) ?? '')) words.pop()
  if (words.length > 1 && words.at(-1) === 'version') words.pop()
  return words.join('-').replace(/\[bot\]$/, '')
}

/**
 * The same for a name that surely is a tool's: one that we do not know is written in the alphabet of ids. Of several names
 * (`Claude Code + x v2.0.0`) the first that is known stands, of `Claude via Crush` the last: together they are no other tool.
 */
export function toolSlug(name: string): string {
  const known = toolId(name) ?? knownPart(name.slice(0, maxCharacters))
  const slug = name
    .slice(0, maxCharacters)
    .replace(/\s+v?\d[\w.+-]*$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return known ?? (slug === '' ? unknownTool : slug)
}

function knownPart(name: string): string | undefined {
  const [first = '', ...behind] = name.split(/ (?:via|through) /i)
  const parts = first.split(/[+&/|,;:()]| (?:and|with|using) /i)
  return [...behind.toReversed(), ...parts].map(toolId).find((it) => it !== undefined)
}

/** The tool whose account on GitHub is mentioned, `@devin-ai-integration[bot]`; undefined for those of people. */
export function toolOfAccount(mention: string): string | undefined {
  const login = /^@([a-z0-9-]{1,60}(?:\[bot\])?)$/i.exec(mention.trim())?.[1]
  return login === undefined ? undefined : idOfLogin.get(login.toLowerCase())
}

/** The tool whose site a URL leads to, with or without its scheme; undefined for others. */
export function toolOfSite(url: string): string | undefined {
  const [, host = '', path = ''] = /^(?:https?:\/\/)?([a-z0-9.-]{1,253})(\/[^\s?#]{0,200})?(?:[?#]|$)/i.exec(url) ?? []
  const place = `${host.replace(/^www\./i, '')}${path}/`.toLowerCase()
  return sites.find(({ site }) => place.startsWith(`${site}/`) || place.split('/')[0]?.endsWith(`.${site}`) === true)
    ?.id
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
