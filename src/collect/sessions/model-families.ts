/**
 * How the names of models are made, one row a family. The normal form of a name is what its vendor calls the model without date
 * and settings. Where the rows come from:
 *
 * - Anthropic, models overview (platform.claude.com/docs/en/about-claude/models/overview): ids, aliases, the names on Bedrock
 *   (`us.anthropic.claude-opus-4-5-20251101-v1:0`) and Vertex AI (`claude-opus-4-5@20251101`)
 * - OpenAI, models (platform.openai.com/docs/models): aliases and dated snapshots; announcement of GPT-5.2: ChatGPT's
 *   "Thinking" is the API's `gpt-5.2`
 * - Google, Gemini models (ai.google.dev/gemini-api/docs/models): "model version name patterns"
 * - xAI (docs.x.ai, "model aliases"), Moonshot, Z.ai, MiniMax, DeepSeek, Qwen, Mistral, Meta: the names of their model cards
 * - Cursor, models (cursor.com/docs/models): `claude-4.5-opus-high-thinking`, `gpt-5.1-codex-max-high`, `-fast`, "max mode"
 * - GitHub Copilot, supported models: `claude-opus-41`, `claude-3.7-sonnet-thought`, `gemini-2.0-flash-001`
 * - OpenRouter, model variants (openrouter.ai/docs/guides/routing/model-variants): `:free`, `:thinking`, `:nitro`, …
 * - Fireworks (`glm-4p6` for 4.6), Azure OpenAI (`gpt-35-turbo`), Ollama (`qwen3-coder:480b-cloud`): their model lists
 */

export interface Family {
  /** Its first word, lower-case. */
  readonly name: string
  /** What its vendor writes between that word and the version. */
  readonly join: '' | '-'
  /** A letter that its vendor writes before the version; `required`: without it the number is another program's. */
  readonly letter?: { readonly sign: string; readonly required: boolean }
  /** Its first word is a version already, so none need follow. */
  readonly hasVersion?: true
  /** Words of its variants, which can stand before the version or behind it. */
  readonly words: readonly string[]
  /** How it was run: no part of the model. */
  readonly settings: readonly string[]
  /** Snapshots with a month and a day alone (`gpt-4-0613`, `grok-4-0709`), or a number (`gemini-2.0-flash-001`). */
  readonly snapshot?: RegExp
  /** A word before the version that gateways write and its vendor does not, from some version on: `deepseek-chat-v3.1`. */
  readonly unsaid?: { readonly word: string; readonly from: number }
  /** Versions that are written in another way than its vendor writes them. */
  readonly versions?: { readonly [written: string]: string }
  /** The word and a number can also be something else (PHP's Composer 2): it counts only behind the name of a tool. */
  readonly needsTool?: true
}

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'extra']

/** What anybody may write behind a model: routing, price and place, never another model. */
export const anySettings: readonly string[] = [
  ...['latest', 'free', 'nitro', 'floor', 'online', 'exacto', 'extended', 'batch', 'cloud', '1m', 'context', 'window'],
  ...['effort', 'mode', 'byok', 'default'],
]

/** Words of size and kind that nearly every vendor uses. */
const sizes = [
  'nano',
  'mini',
  'small',
  'medium',
  'large',
  'lite',
  'light',
  'pro',
  'plus',
  'max',
  'ultra',
  'preview',
  'exp',
]

export const families: readonly Family[] = [
  {
    name: 'gpt',
    join: '-',
    words: [
      'nano',
      'mini',
      'pro',
      'max',
      'codex',
      'spark',
      'turbo',
      'chat',
      'oss',
      'instruct',
      'instant',
      'preview',
      'sol',
    ],
    settings: [...efforts, 'fast', 'thinking', 'reasoning'],
    snapshot: /^(?:0[1-9]|1[0-2])[0-3]\d$/,
    versions: { '35': '3.5', '41': '4.1', '4.0': '4', '5.0': '5' },
  },
  { name: 'chatgpt', join: '-', words: [], settings: [] },
  {
    name: 'gemini',
    join: '-',
    words: [...sizes, 'flash', 'image', 'computer', 'use', 'deep', 'think', 'nano', 'banana', 'thinking'],
    settings: [...efforts, 'customtools'],
    snapshot: /^00\d$/,
    versions: { '2': '2.0', '1': '1.0', '3.0': '3', '25': '2.5' },
  },
  { name: 'gemma', join: '-', words: ['it', 'pt'], settings: [] },
  {
    name: 'grok',
    join: '-',
    words: ['code', 'fast', 'mini', 'heavy', 'build', 'beta', 'reasoning', 'non', 'vision'],
    settings: efforts,
    snapshot: /^(?:0[1-9]|1[0-2])[0-3]\d$/,
    versions: { '4.0': '4', '3.0': '3' },
  },
  { name: 'qwen', join: '', words: [...sizes, 'coder', 'next', 'flash', 'instruct', 'thinking', 'vl'], settings: [] },
  { name: 'qwq', join: '-', words: ['preview'], settings: [] },
  {
    name: 'deepseek',
    join: '-',
    letter: { sign: 'v', required: false },
    unsaid: { word: 'chat', from: 3 },
    words: ['coder', 'chat', 'reasoner', 'speciale', 'terminus', 'exp', 'flash', 'pro', 'lite', 'instruct', 'distill'],
    settings: [],
  },
  {
    name: 'kimi',
    join: '-',
    letter: { sign: 'k', required: true },
    words: ['thinking', 'turbo', 'instruct', 'preview', 'instant', 'dev'],
    settings: [],
  },
  {
    name: 'glm',
    join: '-',
    words: ['air', 'airx', 'flash', 'turbo', 'plus', 'x'],
    settings: ['thinking', 'reasoning'],
  },
  {
    name: 'minimax',
    join: '-',
    letter: { sign: 'm', required: true },
    words: ['text', 'lightning', 'stable', 'highspeed', 'her'],
    settings: [],
  },
  { name: 'llama', join: '-', words: ['instruct', 'scout', 'maverick', 'versatile', 'instant'], settings: [] },
  { name: 'mistral', join: '-', words: [...sizes, 'nemo', 'instruct'], settings: [] },
  { name: 'mixtral', join: '-', words: ['instruct'], settings: [] },
  { name: 'ministral', join: '-', words: ['instruct'], settings: [] },
  { name: 'devstral', join: '-', words: ['small', 'medium', 'large'], settings: [] },
  { name: 'codestral', join: '-', words: ['embed'], settings: [] },
  { name: 'magistral', join: '-', words: ['small', 'medium'], settings: [] },
  {
    name: 'phi',
    join: '-',
    words: ['mini', 'small', 'medium', 'instruct', 'multimodal', 'reasoning', 'plus'],
    settings: [],
  },
  { name: 'granite', join: '-', words: ['code', 'instruct', 'small', 'tiny'], settings: [] },
  // OpenAI's `o3`, `o4-mini`.
  ...['o1', 'o3', 'o4'].map((name): Family => ({
    name,
    join: '-',
    hasVersion: true,
    words: ['mini', 'pro', 'preview', 'deep', 'research'],
    settings: [...efforts, 'fast'],
  })),
  { name: 'nova', join: '-', words: ['micro', 'lite', 'pro', 'premier'], settings: [], needsTool: true },
  { name: 'composer', join: '-', words: ['fast'], settings: ['fast'], needsTool: true },
  { name: 'swe', join: '-', words: ['fast', 'lite', 'mini', 'grep'], settings: [], needsTool: true },
]

export const claude = {
  /** Since Claude 4 the variant stands first (`claude-opus-4-6`), before that last (`claude-3-5-sonnet`). */
  variants: ['opus', 'sonnet', 'haiku', 'fable', 'mythos', 'instant'],
  /** Those that are said without the first word; from version 3 on, for Opus 1.5 is a codec. */
  alone: ['opus', 'sonnet', 'haiku'],
  /** Programs and plans whose names look like those of a model. */
  products: [
    ...['code', 'cli', 'desktop', 'web', 'app', 'api', 'sdk', 'agent', 'agents', 'ai', 'bot', 'chat', 'cowork', 'dev'],
    ...['action', 'actions', 'assistant', 'engineer', 'flow', 'squad', 'swarm', 'task', 'team', 'teams', 'plan', 'pro'],
    ...['max', 'relay', 'router', 'proxy', 'mcp', 'monitor', 'hub', 'kit', 'tools', 'skills', 'plugin', 'version'],
  ],
  settings: [...efforts, 'max', 'thinking', 'thought', 'think', 'reasoning', 'fast', 'new'],
} as const

/** Who serves a model: words before its name, behind it or in brackets, and no model themselves. */
export const providers: readonly string[] = [
  ...[
    'aws',
    'amazon',
    'bedrock',
    'azure',
    'microsoft',
    'foundry',
    'openai',
    'anthropic',
    'google',
    'vertex',
    'vertexai',
  ],
  ...[
    'gcp',
    'openrouter',
    'github',
    'lm',
    'hugging',
    'groq',
    'cerebras',
    'together',
    'togetherai',
    'fireworks',
    'vercel',
    'litellm',
  ],
  ...['ollama', 'lmstudio', 'huggingface', 'hf', 'cloudflare', 'databricks', 'snowflake', 'cortex', 'nvidia', 'nim'],
  ...[
    'synthetic',
    'chutes',
    'nebius',
    'novita',
    'deepinfra',
    'sambanova',
    'baseten',
    'hyperbolic',
    'alibaba',
    'dashscope',
  ],
  ...[
    'modelscope',
    'siliconflow',
    'volcengine',
    'bytedance',
    'tencent',
    'baidu',
    'requesty',
    'poe',
    'aihubmix',
    'charm',
  ],
  ...[
    'hyper',
    'zen',
    'moonshot',
    'moonshotai',
    'zai',
    'z.ai',
    'z',
    'zhipu',
    'bigmodel',
    'xai',
    'x.ai',
    'x',
    'meta',
    'ibm',
  ],
  ...['watsonx', 'cohere', 'sap', 'oracle', 'oci', 'perplexity', 'venice', 'kilo', 'helicone', 'portkey', 'mistralai'],
]

/** Words that stand beside such a name (`Vertex AI`, `LM Studio`, `Azure OpenAI Service`). */
export const providerWords: readonly string[] = [
  ...[
    'ai',
    'cloud',
    'studio',
    'face',
    'coding',
    'models',
    'model',
    'api',
    'gateway',
    'inference',
    'service',
    'hosted',
    'platform',
  ],
  ...['workers', 'garden', 'eu', 'us', 'global', 'region', 'endpoint', 'web', 'services'],
]

/** What tools write where they do not know or do not say which model it was. */
export const noModels: readonly string[] = [
  ...[
    'unknown',
    'auto',
    'default',
    'none',
    'n/a',
    'na',
    'synthetic',
    '<synthetic>',
    'undefined',
    'null',
    'model',
    'models',
  ],
  ...[
    'inherit',
    'custom',
    'other',
    'local',
    'any',
    'various',
    'mixed',
    'multiple',
    'true',
    'false',
    'tbd',
    'llm',
    'default_model',
    'default-model',
    'ai',
  ],
]
