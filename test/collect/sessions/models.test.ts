/** Names of models: what is one, what was said, and the one name that stands for all of its names. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isProvider, knownModelName, modelName, normalModel } from '../../../src/collect/sessions/models.ts'
import { runs } from '../../world/runs.ts'
import { anyText } from '../../world/any-text.ts'

/** Normal form → names that were said for it. */
const names: { readonly [normal: string]: readonly string[] } = {
  'claude-opus-4-6': [
    'claude-opus-4-6',
    'claude-opus-4.6',
    'claude-4.6-opus',
    'claude-4-6-opus',
    'Claude Opus 4.6',
    'Claude 4.6 Opus',
    'CLAUDE OPUS 4.6',
    'Claude Opus 4.6 (1M context)',
    'Claude Opus 4.6 (1M context, high)',
    'Claude Opus 4.6 [1m]',
    'claude-opus-4-6[1m]',
    'claude-opus-4-6-1m',
    'claude-opus-4-6-latest',
    'claude-opus-4-6-thinking',
    'claude-4.6-opus-high-thinking',
    'claude-4.6-opus-max-thinking-fast',
    'claude-opus-4-6-20260205',
    'claude-opus-4-6@20260205',
    'claude-opus-4-6-2026-02-05',
    'anthropic/claude-opus-4.6',
    'anthropic/claude-opus-4.6:thinking',
    'anthropic/claude-opus-4.6:beta',
    'openrouter/anthropic/claude-opus-4.6',
    'anthropic:claude-opus-4-6',
    'anthropic.claude-opus-4-6-v1',
    'us.anthropic.claude-opus-4-6-v1',
    'us.anthropic.claude-opus-4-6-20260205-v1:0',
    'global.anthropic.claude-opus-4-6-v1:0:200k',
    'bedrock/us.anthropic.claude-opus-4-6-v1',
    'vertex_ai/claude-opus-4-6@default',
    'databricks-claude-opus-4-6',
    'anthropic--claude-4.6-opus',
    'AWS Claude Opus 4.6',
    'AWS Bedrock Claude Opus 4.6',
    'Vertex AI Claude Opus 4.6',
    'Azure claude-opus-4-6',
    'Claude Opus 4.6 (Bedrock)',
    'Opus 4.6',
    'opus-4.6',
  ],
  'claude-opus-4-5': ['claude-opus-4-5-20251101', 'claude-4.5-opus-high', 'claude-4.5-opus-high-thinking', 'opus 4.5'],
  'claude-opus-4-1': ['claude-opus-41', 'claude-opus-4-1-20250805', 'Claude Opus 4.1'],
  'claude-opus-4': [
    'claude-opus-4-0',
    'claude-opus-4-20250514',
    'claude-4-opus',
    'Claude Opus 4',
    'claude-opus-4@20250514',
  ],
  'claude-sonnet-4-5': [
    'Claude Sonnet 4.5',
    'claude-sonnet-4-5-20250929-thinking',
    'sonnet-4.5-thinking',
    'Sonnet 4.5',
  ],
  'claude-haiku-4-5': ['Claude Haiku 4.5', 'claude-haiku-4-5-20251001', 'claude-4.5-haiku-thinking'],
  'claude-3-7-sonnet': [
    'claude-3.7-sonnet-thought',
    'claude-3-7-sonnet-latest',
    'Claude Sonnet 3.7',
    'claude-37-sonnet',
  ],
  'claude-3-5-sonnet': [
    'claude-3.5-sonnet',
    'claude-3-5-sonnet-20241022',
    'claude-3-5-sonnet-v2@20241022',
    'anthropic.claude-3-5-sonnet-20241022-v2:0',
    'Claude 3.5 Sonnet (new)',
  ],
  'claude-3-opus': ['claude-3-opus', 'claude-3-opus-20240229', 'Claude 3 Opus'],
  'claude-fable-5': ['Claude Fable 5', 'claude-fable-5'],
  'claude-opus-5': ['Claude Opus 5 xHigh', 'Claude Opus 5'],
  'gpt-5.2': [
    'gpt-5.2',
    'GPT-5.2',
    'GPT 5.2',
    'gpt5.2',
    'gpt-5-2',
    'gpt-5.2-2025-12-11',
    'gpt-5.2-xhigh',
    'gpt-5.2-high-fast',
    'GPT-5.2 (high)',
    'GPT-5.2 High',
    'GPT-5.2 Thinking',
    'openai/gpt-5.2',
    'azure/gpt-5.2-2025-12-11',
    'OpenAI GPT-5.2',
    'Azure OpenAI GPT-5.2',
  ],
  'gpt-5.2-codex': [
    'gpt-5.2-codex',
    'GPT-5.2-Codex (xhigh)',
    'GPT-5.2 Codex',
    'gpt-5.2-codex-high',
    'openai/GPT-5.2-Codex',
  ],
  'gpt-5.1-codex-max': ['gpt-5.1-codex-max', 'gpt-5.1-codex-max-high', 'GPT-5.1 Codex Max'],
  'gpt-5.6-sol': ['GPT-5.6 Sol', 'gpt-5.6-sol', 'gpt-5.6-sol-high-max-fast', 'AWS gpt-5.6-sol'],
  'gpt-5.7-luna': ['GPT-5.7 Luna', 'gpt-5.7-luna-low'],
  'gpt-5-mini': ['gpt-5-mini', 'gpt-5-mini-2025-08-07', 'GPT-5 mini'],
  'gpt-4o': ['gpt-4o', 'gpt4o', 'gpt-4o-2024-08-06', 'GPT-4o'],
  'gpt-4': ['gpt-4-0613', 'GPT-4'],
  'gpt-3.5-turbo': ['gpt-35-turbo', 'gpt-3.5-turbo'],
  'gpt-oss-120b': ['gpt-oss:120b', 'openai.gpt-oss-120b-1:0', '@cf/openai/gpt-oss-120b', 'openai/gpt-oss-120b:free'],
  'o4-mini': ['o4-mini', 'o4-mini-high', 'o4-mini-2025-04-16', 'OpenAI o4-mini'],
  o3: ['o3', 'o3 (high)', 'OpenAI o3'],
  'gemini-2.5-pro': [
    'gemini-2.5-pro',
    'models/gemini-2.5-pro',
    'gemini/gemini-2.5-pro',
    'Gemini 2.5 Pro',
    'Google Gemini 2.5 Pro',
  ],
  'gemini-2.5-pro-preview': ['gemini-2.5-pro-preview-05-06', 'gemini-2.5-pro-preview'],
  'gemini-2.5-flash-preview': ['gemini-2.5-flash-preview-09-2025'],
  'gemini-2.0-flash': ['gemini-2.0-flash-001', 'Gemini 2 Flash', 'google/gemini-2.0-flash-001'],
  'gemini-3-pro-preview': ['gemini-3-pro-preview', 'Gemini 3 Pro (Preview)'],
  'gemini-3-pro': ['Gemini 3 Pro (High)', 'gemini-3-pro-low', 'Gemini 3 Pro'],
  'gemini-3.7-flash': ['gemini-3.7-flash-high'],
  'grok-4': ['grok-4-0709', 'grok-4-latest', 'xai/grok-4', 'x-ai/grok-4', 'xAI Grok 4'],
  'grok-4.1-fast': ['grok-4-1-fast', 'Grok 4.1 Fast'],
  'grok-code-fast-1': ['grok-code-fast-1', 'Grok Code Fast 1'],
  'glm-5': ['GLM-5', 'GLM 5', 'glm5', 'z-ai/glm-5', 'zai-org/GLM-5', 'Z.ai GLM-5', 'glm-5:cloud'],
  'glm-4.6': ['accounts/fireworks/models/glm-4p6', 'GLM-4.6'],
  'kimi-k2.5': ['Kimi K2.5', 'moonshotai/kimi-k2.5', 'kimi-k2p5', 'kimi-k2.5:free'],
  'kimi-k2-thinking': ['kimi-k2-thinking', 'Kimi K2 Thinking'],
  'deepseek-v3.2': ['DeepSeek V3.2', 'deepseek-v3p2', 'deepseek-ai/DeepSeek-V3.2', 'DeepSeek 3.2'],
  'deepseek-v3.1': ['deepseek-chat-v3.1', 'deepseek/deepseek-chat-v3.1:free', 'DeepSeek V3.1'],
  'deepseek-v2-chat': ['DeepSeek-V2-Chat'],
  'grok-3-beta': ['xAI Grok 3 Beta'],
  'deepseek-v3': ['deepseek.v3-v1:0'],
  'minimax-m2.5': ['MiniMax M2.5', 'minimax/minimax-m2.5'],
  'qwen3-coder': ['qwen3-coder', 'Qwen3 Coder', 'Qwen 3 Coder', 'qwen-3-coder', 'openrouter/qwen/qwen3-coder:free'],
  'qwen3-coder-480b': ['qwen3-coder:480b-cloud'],
  'qwen3-coder-480b-a35b-instruct': ['Qwen/Qwen3-Coder-480B-A35B-Instruct', 'Qwen3 Coder 480B A35B Instruct'],
  'llama-3.3-70b-instruct': [
    'Llama 3.3 70B Instruct',
    'meta-llama/Llama-3.3-70B-Instruct',
    'us.meta.llama3-3-70b-instruct-v1:0',
  ],
  'devstral-2': ['Devstral 2', 'mistralai/devstral-2'],
  'mistral-large-2411': ['mistral-large-2411'],
}

const rows = Object.entries(names).flatMap(([normal, said]) => said.map((name) => [name, normal] as const))

describe('a model', () => {
  test.for(rows)('called %s is %s, and what was said stands as it is', ([name, normal]) => {
    expect(modelName(name)).toBe(name)
    expect(normalModel(name)).toBe(normal)
  })

  test.for<readonly [string, string, string]>([
    ['GLM-5 via Crush', 'GLM-5', 'glm-5'],
    ['Claude Opus 4.6/GPT-5.2', 'Claude Opus 4.6', 'claude-opus-4-6'],
    ['claude-opus-4-6,claude-haiku-4-5', 'claude-opus-4-6', 'claude-opus-4-6'],
    ['claude-opus-4-6/high', 'claude-opus-4-6', 'claude-opus-4-6'],
    ['GLM 5 (Reasoning & Agentic) via Crush', 'GLM 5', 'glm-5'],
    ['Kimi K2.5 via Crush', 'Kimi K2.5', 'kimi-k2.5'],
    ['Claude Opus 4.6 + a plugin v2.0.0', 'Claude Opus 4.6', 'claude-opus-4-6'],
    ['Claude Opus 4.6 (Ann Smith)', 'Claude Opus 4.6', 'claude-opus-4-6'],
    ['Claude Opus 4.6 and Ann', 'Claude Opus 4.6', 'claude-opus-4-6'],
    ['Claude Opus 4.6 helped me', 'Claude Opus 4.6', 'claude-opus-4-6'],
    ['GPT-5 helped me', 'GPT-5', 'gpt-5'],
    ['gpt-5.4 coccinelle', 'gpt-5.4', 'gpt-5.4'],
    ['Claude\u00a0Opus\u00a04.6', 'Claude Opus 4.6', 'claude-opus-4-6'],
    ['GPT\u20115.2', 'GPT-5.2', 'gpt-5.2'],
    ['`claude-opus-4-6`', 'claude-opus-4-6', 'claude-opus-4-6'],
    ['Crush:AWS Claude Opus 4.6', 'Crush:AWS Claude Opus 4.6', 'claude-opus-4-6'],
    ['Ann Smith: GPT-5.2', 'GPT-5.2', 'gpt-5.2'],
    ['ann:gpt-5.2', 'gpt-5.2', 'gpt-5.2'],
    [
      'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-6-v1',
      'eu.anthropic.claude-opus-4-6-v1',
      'claude-opus-4-6',
    ],
    ['projects/p/locations/l/publishers/anthropic/models/claude-opus-4-6', 'claude-opus-4-6', 'claude-opus-4-6'],
  ])('in %j is said as %j', ([text, said, normal]) => {
    expect(modelName(text)).toBe(said)
    expect(knownModelName(text)).toBe(said)
    expect(normalModel(said)).toBe(normal)
  })

  test.for(['raptor-mini', 'big-pickle', 'custom:BYOK-GPT-5-MINI-0', 'opus', 'codex-mini-latest', 'some/new-model'])(
    'of no known family, %s, stands alone as it was said, where a model is named',
    (name) => {
      expect(modelName(name)).toBe(name)
      expect(normalModel(name)).toBe(name)
      expect(knownModelName(name)).toBeUndefined()
    },
  )

  test.for([
    ...[
      '',
      ' ',
      'unknown',
      'Auto',
      '<synthetic>',
      'AWS',
      'Bedrock',
      'AWS Bedrock',
      'Vertex AI',
      'OpenRouter',
      'Azure OpenAI',
    ],
    ...['Anthropic', 'openai', 'Claude Code', 'claude-code', 'Codex CLI', 'copilot', 'Cursor', 'crush'],
    ...[
      'Claude Code 2.1',
      'Claude Code v2.1.3',
      'Claude Code + x v2.0.0',
      'Codex 0.98.0',
      'Gemini CLI 0.24.0',
      'Qwen Code 0.5',
    ],
    ...[
      'Claude Flow v2.0.0',
      'Claude Flow 2',
      'Claude Squad 1.0',
      'Claude Desktop 1.2',
      'Claude Agent SDK 0.2',
      'Kimi CLI 1.2',
    ],
    ...[
      'ruv-swarm v2.0.0',
      'v2.0.0',
      '2.1.240',
      '2026-01-02',
      'Gemini 3 weeks',
      'Claude 3 people',
      'Opus 1.5',
      'O3 visa',
    ],
    ...[
      'claude.ai/code',
      'https://claude.ai/code',
      'ann@example.org',
      '/home/ann/claude-opus-4-6',
      'C:/models/gpt-5.2',
    ],
    // Put together here, so that nobody takes them for real.
    ...['claude-opus-4-6', 'opus', ''].map((name) => `${name}AKIA${'A1'.repeat(8)}`),
    ...['Ann Smith', 'a sentence about gpt-5.2', 'claude\u001b[31m-opus-4-6', `gpt-5.2${'x'.repeat(400)}`],
  ])('is not named by %j', (text) => {
    expect(modelName(text)).toBeUndefined()
    expect(knownModelName(text)).toBeUndefined()
  })

  test('whose name another program has counts only beside a tool', () => {
    for (const name of ['Composer 2', 'composer-2', 'swe-1.5']) {
      expect(knownModelName(name)).toBeUndefined()
      expect(knownModelName(name, { besideTool: true })).toBe(name)
    }
  })

  test('of a variant that nobody knows yet counts where its vendor says it', () => {
    expect(knownModelName('Claude Verse 6.1')).toBeUndefined()
    expect(knownModelName('Claude Verse 6.1', { byVendor: true })).toBe('Claude Verse 6.1')
    expect(normalModel('Claude Verse 6.1')).toBe('claude-verse-6-1')
    expect(knownModelName('Claude Flow 2', { byVendor: true })).toBeUndefined()
  })

  test.for([
    ['AWS Bedrock', true],
    ['Vertex AI', true],
    ['AI', false],
    ['AWS Claude Opus 4.6', false],
    ['Ann', false],
  ] as const)('is served by a provider: %s is one? %s', ([text, expected]) => {
    expect(isProvider(text)).toBe(expected)
  })
})

describe('whatever text there is', () => {
  const part = fc.oneof(
    fc.constantFrom(...rows.map(([name]) => name)),
    fc.constantFrom(
      'Claude',
      'opus',
      'gpt',
      '5',
      '4.6',
      '-',
      ' ',
      '/',
      ':',
      '@',
      '(',
      ')',
      '[1m]',
      'via',
      ' via ',
      ' + ',
      'AWS',
    ),
    fc.constantFrom(
      'thinking',
      'latest',
      '2025',
      '11',
      '01',
      '20251101',
      'v1:0',
      'high',
      'max',
      'arn:aws:',
      'us.anthropic.',
    ),
    fc.string({ maxLength: 12 }),
    anyText({ maxLength: 4 }),
  )
  const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''))

  test('a name of a model is short, visible and not empty, and so is its normal form', () => {
    fc.assert(
      fc.property(text, (it) => {
        for (const said of [modelName(it), knownModelName(it, { besideTool: true, byVendor: true })]) {
          if (said === undefined) continue
          for (const name of [said, normalModel(said)]) {
            expect(name).toMatch(/^[!-~](?:[ -~]{0,94}[!-~])?$/)
            expect(name).not.toMatch(/[<>"'`\\$;|&*?!]/)
          }
        }
      }),
      { numRuns: runs(20_000) },
    )
  })

  test('reading a name once more changes nothing, and neither does another normal form', () => {
    fc.assert(
      fc.property(text, (it) => {
        const said = modelName(it)
        if (said === undefined) return
        expect(modelName(said)).toBe(said)
        const normal = normalModel(said)
        expect(normalModel(normal)).toBe(normal)
        expect(modelName(normal)).toBe(normal)
      }),
      { numRuns: runs(20_000) },
    )
  })

  test('what is known of a family is also a name', () => {
    fc.assert(
      fc.property(text, (it) => {
        const known = knownModelName(it)
        if (known !== undefined) expect(modelName(it)).toBe(known)
      }),
      { numRuns: runs(5_000) },
    )
  })
})
