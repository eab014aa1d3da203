/** Who is named in a line of a commit message: which tool, which model, and in what words. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMessageClaims } from '../../../../src/collect/sessions/messages/commit-message.ts'
import { normalModel } from '../../../../src/collect/sessions/models.ts'
import { runs } from '../../../world/runs.ts'
import { anyText } from '../../../world/any-text.ts'

/** Tool, model, and what was said for it where that is another text. */
type Named = readonly [tool: string, model?: string, said?: string]

function namedIn(message: string): Named[] {
  return readMessageClaims(message).mentions.flatMap(({ tool, models }): Named[] => {
    if (models.length === 0) return [[tool]]
    return models.map((said) => (normalModel(said) === said ? [tool, said] : [tool, normalModel(said), said]))
  })
}

const named: readonly (readonly [line: string, ...named: Named[]])[] = [
  // A harness, and the provider that served the model.
  ['Assisted-by: Crush:AWS Claude Opus 4.6', ['crush', 'claude-opus-4-6', 'AWS Claude Opus 4.6']],
  ['Assisted-by: Crush: AWS Bedrock Claude Opus 4.6', ['crush', 'claude-opus-4-6', 'AWS Bedrock Claude Opus 4.6']],
  ['Assisted-by: Crush:Azure GPT-5.2', ['crush', 'gpt-5.2', 'Azure GPT-5.2']],
  ['Assisted-by: Crush:Vertex AI Gemini 3 Pro', ['crush', 'gemini-3-pro', 'Vertex AI Gemini 3 Pro']],
  ['Assisted-by: Crush:OpenRouter Kimi K2.5', ['crush', 'kimi-k2.5', 'OpenRouter Kimi K2.5']],
  ['Assisted-by: Crush:openrouter/z-ai/glm-5', ['crush', 'glm-5', 'openrouter/z-ai/glm-5']],
  ['Assisted-by: Crush:anthropic:claude-opus-4-6', ['crush', 'claude-opus-4-6', 'anthropic:claude-opus-4-6']],
  ['Assisted-by: Crush:gemini-3.7-flash-high', ['crush', 'gemini-3.7-flash', 'gemini-3.7-flash-high']],
  ['Assisted-by: Crush:MiniMax-M3', ['crush', 'minimax-m3', 'MiniMax-M3']],
  ['Assisted-by: Crush:qwen3.8-27b', ['crush', 'qwen3.8-27b']],
  ['Assisted-by: Crush:AWS', ['crush']],
  ['Assisted-by: Crush:AWS Bedrock', ['crush']],
  ['Assisted-by: opencode:big-pickle', ['opencode', 'big-pickle']],
  [
    'Assisted-by: opencode:us.anthropic.claude-opus-4-6-v1:0',
    ['opencode', 'claude-opus-4-6', 'us.anthropic.claude-opus-4-6-v1:0'],
  ],
  ['Assisted-by: claude-code:opus', ['claude-code', 'opus']],
  ['Assisted-by: Claude:claude-3-opus [coccinelle] [sparse]', ['claude-code', 'claude-3-opus']],
  ['Assisted-by: Codex:gpt-5.4 coccinelle', ['codex', 'gpt-5.4']],
  ['Assisted-by: Copilot: Claude Opus 4.6', ['copilot', 'claude-opus-4-6', 'Claude Opus 4.6']],
  ['Assisted-by: Cursor:composer-2', ['cursor', 'composer-2']],
  // `via`.
  ['Assisted-by: GLM-5 via Crush <crush@charm.land>', ['crush', 'glm-5', 'GLM-5']],
  ['Assisted-by: GLM 5 (Reasoning & Agentic) via Crush <crush@charm.land>', ['crush', 'glm-5', 'GLM 5']],
  ['Assisted-by: Claude Sonnet 4.5 via Crush <crush@charm.land>', ['crush', 'claude-sonnet-4-5', 'Claude Sonnet 4.5']],
  ['Assisted-by: <model> via Crush <crush@charm.land>', ['crush']],
  ['Assisted-by: Crush AI Assistant via Crush <crush@charm.land>', ['crush']],
  [
    'Co-authored-by: Claude Opus 4.6 via Crush <noreply@anthropic.com>',
    ['crush', 'claude-opus-4-6', 'Claude Opus 4.6'],
  ],
  ['Assisted-by: Claude Sonnet 4.5 via Crush', ['crush', 'claude-sonnet-4-5', 'Claude Sonnet 4.5']],
  ['Assisted-by: Claude via Crush', ['crush']],
  ['Assisted-by: Claude Code via Crush', ['crush']],
  ['Assisted-by: GPT-5.2 (high) through GitHub Copilot', ['copilot', 'gpt-5.2', 'GPT-5.2 (high)']],
  ['Assisted-by: Kimi K2.5 via Kiro', ['kiro', 'kimi-k2.5', 'Kimi K2.5']],
  ['Assisted-by: Claude Code via AWS Bedrock', ['claude-code']],
  ['Assisted-by: Claude Opus 4.6 via AWS Bedrock', ['unknown', 'claude-opus-4-6', 'Claude Opus 4.6']],
  ['Assisted-by: Claude Sonnet', ['unknown', 'claude-sonnet']],
  ['Assisted-by: AWS Claude Sonnet via Crush <crush@charm.land>', ['crush', 'claude-sonnet']],
  ['Generated with Claude Sonnet 4.5 on Bedrock', ['unknown', 'claude-sonnet-4-5', 'Claude Sonnet 4.5']],
  ['Generated-by: pi 0.52.12', ['pi']],
  ['Assisted-by: Claude Opus 4.6 via an-agent', ['unknown', 'claude-opus-4-6', 'Claude Opus 4.6']],
  ['Assisted-by: Claude Sonnet 4.5 (via Crush)', ['crush', 'claude-sonnet-4-5', 'Claude Sonnet 4.5']],
  ['Assisted-by: Crush (via OpenRouter, GLM-5)', ['crush', 'glm-5', 'OpenRouter, GLM-5']],
  ['Assisted-by: Claude Sonnet 4.5, via Crush', ['crush', 'claude-sonnet-4-5', 'Claude Sonnet 4.5']],
  ['Assisted-by: Qwen3.5 Plus via Crush <crush@charm.land>', ['crush', 'qwen3.5-plus', 'Qwen3.5 Plus']],
  ['Assisted-by: Crush/AWS Claude Opus 4.6', ['crush', 'claude-opus-4-6', 'AWS Claude Opus 4.6']],
  [
    'Assisted-by: Roo Code 3.36 (anthropic/claude-sonnet-4.5)',
    ['roo-code', 'claude-sonnet-4-5', 'anthropic/claude-sonnet-4.5'],
  ],
  [
    'Co-authored-by: opencode (anthropic/claude-opus-4-6) <noreply@opencode.ai>',
    ['opencode', 'claude-opus-4-6', 'anthropic/claude-opus-4-6'],
  ],
  ['Assisted-by: Crush:Copilot Claude Opus 4.6', ['crush', 'claude-opus-4-6', 'Claude Opus 4.6']],
  ['Assisted-by: OpenCode:GitHub Copilot/claude-opus-4.6', ['opencode', 'claude-opus-4-6', 'claude-opus-4.6']],
  ['Assisted-by: An agent:anthropic/claude-sonnet-4.5', ['unknown', 'claude-sonnet-4-5', 'claude-sonnet-4.5']],
  ['Assisted-by: An agent (Claude Sonnet 4.5)', ['unknown', 'claude-sonnet-4-5', 'Claude Sonnet 4.5']],
  ['Assisted-by: VS Code Copilot (Claude Sonnet 4.5)', ['copilot', 'claude-sonnet-4-5', 'Claude Sonnet 4.5']],
  // A tool and something that is no model.
  ['Assisted-by: Claude Code + x v2.0.0', ['claude-code']],
  ['Assisted-by: Claude Code + ruv-swarm v2.0.0', ['claude-code']],
  ['Co-authored-by: Claude Code + ruv-swarm v2.0.0 <noreply@anthropic.com>', ['claude-code']],
  ['Co-authored-by: Claude Code v2.1.3 <noreply@anthropic.com>', ['claude-code']],
  ['Co-authored-by: Codex 0.98 <noreply@openai.com>', ['codex']],
  ['Co-authored-by: aider v0.86.1 <aider@aider.chat>', ['aider']],
  ['🤖 Generated with Claude Code + x v2.0.0', ['claude-code']],
  ['AI-Tool-Version: Claude Code + x v2.0.0', ['claude-code']],
  ['AI-Tool-Version: Claude Code + x/2.0.0', ['claude-code']],
  ['Assisted-by: Codex (OpenAI)', ['codex']],
  ['Assisted-by: Codex (0.98.0)', ['codex']],
  ['Assisted-by: Copilot (agent-mode)', ['copilot']],
  ['Assisted-by: Claude Code (Ann Smith)', ['claude-code']],
  ['Assisted-by: Claude:Monet', ['claude-code']],
  ['Generated with claude.ai/code', ['claude-code']],
  // Two of each.
  ['Assisted-by: Claude Code and Codex', ['claude-code'], ['codex']],
  [
    'Assisted-by: Claude Code (Opus 4.6, 1M context), Codex',
    ['claude-code', 'claude-opus-4-6', 'Opus 4.6, 1M context'],
    ['codex'],
  ],
  ['Assisted-by: Cursor + Claude Opus 4.6', ['cursor', 'claude-opus-4-6', 'Claude Opus 4.6']],
  ['Assisted-by: Cursor Claude Opus 4.6', ['cursor', 'claude-opus-4-6', 'Claude Opus 4.6']],
  ['Assisted-by: Claude Code with Opus 4.6', ['claude-code', 'claude-opus-4-6', 'Opus 4.6']],
  ['Assisted-by: Claude in Cursor', ['cursor']],
  [
    'Assisted-by: Claude Opus 4.6 + GPT-5.2',
    ['unknown', 'claude-opus-4-6', 'Claude Opus 4.6'],
    ['unknown', 'gpt-5.2', 'GPT-5.2'],
  ],
  // A model that cannot be the tool's, and that nothing ties to it, is another assistant.
  ['Assisted-by: Claude Code, Opus 4.6', ['claude-code', 'claude-opus-4-6', 'Opus 4.6']],
  ['Assisted-by: Claude, Gemini 2.5 Pro', ['claude-code'], ['unknown', 'gemini-2.5-pro', 'Gemini 2.5 Pro']],
  ['Assisted-by: Anthropic Claude, OpenAI GPT-5', ['claude-code'], ['unknown', 'gpt-5', 'OpenAI GPT-5']],
  [
    'Assisted-by: Claude Code, Codex, Gemini 3 Pro',
    ['claude-code'],
    ['codex'],
    ['unknown', 'gemini-3-pro', 'Gemini 3 Pro'],
  ],
  ['Assisted-by: Claude & GPT-5 <noreply@anthropic.com>', ['claude-code'], ['unknown', 'gpt-5', 'GPT-5']],
  ['Co-authored-by: Claude and GPT-5 <noreply@anthropic.com>', ['claude-code'], ['unknown', 'gpt-5', 'GPT-5']],
  ['Assisted-by: GPT-5 & Claude Code', ['claude-code'], ['unknown', 'gpt-5', 'GPT-5']],
  ['Assisted-by: Claude Code + Gemini 2.5 Pro', ['claude-code'], ['unknown', 'gemini-2.5-pro', 'Gemini 2.5 Pro']],
  ['Assisted-by: Cursor, GPT-5', ['cursor', 'gpt-5', 'GPT-5']],
  ['Assisted-by: Copilot & Gemini 2.5 Pro', ['copilot', 'gemini-2.5-pro', 'Gemini 2.5 Pro']],
  ['Assisted-by: Claude Code with GLM-4.6', ['claude-code', 'glm-4.6', 'GLM-4.6']],
  ['Assisted-by: Claude Code, model GLM-4.6', ['claude-code', 'glm-4.6', 'GLM-4.6']],
  ['Assisted-by: Claude Code (GLM-4.6)', ['claude-code', 'glm-4.6', 'GLM-4.6']],
  // Ids of models, which begin with a word that is a tool's name as well.
  [
    'Assisted-by: Qwen/Qwen3-Coder-480B-A35B-Instruct',
    ['unknown', 'qwen3-coder-480b-a35b-instruct', 'Qwen/Qwen3-Coder-480B-A35B-Instruct'],
  ],
  ['Assisted-by: qwen/qwen3-coder:free', ['unknown', 'qwen3-coder', 'qwen/qwen3-coder:free']],
  ['Assisted-by: gemini/gemini-2.5-pro', ['unknown', 'gemini-2.5-pro', 'gemini/gemini-2.5-pro']],
  ['Assisted-by: kimi/kimi-k2-thinking', ['unknown', 'kimi-k2-thinking', 'kimi/kimi-k2-thinking']],
  ['AI-Tool-Version: qwen/qwen3-coder-plus', ['unknown', 'qwen3-coder-plus', 'qwen/qwen3-coder-plus']],
  ['AI-Tool-Version: qwen/0.2.1', ['qwen-code']],
  ['Assisted-by: gemini-cli/gemini-2.5-pro', ['gemini', 'gemini-2.5-pro']],
  ['Assisted-by: Claude Code, model claude-opus-4-6', ['claude-code', 'claude-opus-4-6']],
  ['Assisted-by: Claude Code [Opus 4.6]', ['claude-code', 'claude-opus-4-6', 'Opus 4.6']],
  [
    'AI-Tool-Version: Claude Code/2.1.240 (Opus 4.6 (1M context))',
    ['claude-code', 'claude-opus-4-6', 'Opus 4.6 (1M context)'],
  ],
  ['AI-Tool-Version: crush/0.9.1 (AWS Claude Opus 4.6)', ['crush', 'claude-opus-4-6', 'AWS Claude Opus 4.6']],
  // Models alone.
  ['Assisted-by: ChatGPTv5', ['chatgpt', 'chatgpt-5', 'ChatGPTv5']],
  ['Assisted-by: AWS Claude Opus 4.6', ['unknown', 'claude-opus-4-6', 'AWS Claude Opus 4.6']],
  ['Assisted-by: anthropic/claude-opus-4.6', ['unknown', 'claude-opus-4-6', 'anthropic/claude-opus-4.6']],
  ['Assisted-by: claude-sonnet-4-5@20250929', ['unknown', 'claude-sonnet-4-5', 'claude-sonnet-4-5@20250929']],
  ['Assisted-by: models/gemini-2.5-pro', ['unknown', 'gemini-2.5-pro', 'models/gemini-2.5-pro']],
  ['Assisted-by: Ann: GPT-5', ['unknown', 'gpt-5', 'GPT-5']],
  ['Written by Claude Sonnet 4.5', ['unknown', 'claude-sonnet-4-5', 'Claude Sonnet 4.5']],
  [
    'Created by claude-4.5-opus-high-thinking on 2025-12-04.',
    ['unknown', 'claude-opus-4-5', 'claude-4.5-opus-high-thinking'],
  ],
  ['Co-authored-by: Claude Verse 6 <noreply@anthropic.com>', ['claude-code', 'claude-verse-6', 'Claude Verse 6']],
  // Names that people have, where something says that it is the tool.
  ['Assisted-by: Claude', ['claude-code']],
  ['Assisted-by: Devin AI', ['devin']],
  ['Assisted-by: Devin 2.1', ['devin']],
  ['Assisted-by: Devin (gpt-5.2)', ['devin', 'gpt-5.2']],
  ['Assisted-by: Devin (https://app.devin.ai/sessions/0123)', ['devin']],
  ['AI-Assisted-by: Jules', ['jules']],
  ['Assisted-by: @devin-ai-integration[bot]', ['devin']],
  ['Written by [Devin](https://devin.ai)', ['devin']],
  ['Written by Devin: https://app.devin.ai/sessions/0123', ['devin']],
  ['Created by Jules (https://jules.google.com/task/1)', ['jules']],
  ['Generated with [Claude](https://claude.ai)', ['claude-code']],
  ['Generated with [Continue](https://continue.dev)', ['continue']],
  ['Co-authored-by: Devin <158243242+devin-ai-integration[bot]@users.noreply.github.com>', ['devin']],
  ['Co-authored-by: Jules <161369871+google-labs-jules[bot]@users.noreply.github.com>', ['jules']],
  // As platforms write it.
  ['**Generated with [Claude Code](https://claude.com/claude-code)**', ['claude-code']],
  ['* 🤖 Generated with [Claude Code](https://claude.com/claude-code)', ['claude-code']],
  ['💘 Generated with Crush', ['crush']],
]

const nobody = [
  'Written by Devin',
  'Created by Jules',
  'Made by Claude',
  'Written by Claude',
  'Written by @devin',
  'Created by Devin on 2024-05-01',
  'Written by [Devin](mailto:devin@example.org)',
  'Written by Claude Monet',
  'Generated by Gemini',
  'Made with Kiro',
  'Made by Devin and Jules',
  'Created by Junie in 2026',
  'Written by Devin 2',
  'Written with Claude in mind',
  'Written with Cursor in mind',
  'Made with Continue',
  'Made with warp',
  'Generated with [Devin](https://devin.example.org)',
  'Generated with [Devin](https://devin.ai.example.org)',
  'Written by [Claude](https://github.com/claude)',
  'Written by Devin (https://example.org/?devin.ai)',
  'Generated with [the handbook](https://claude.com/handbook)',
  'Generated by Composer 2.8.1',
  'Generated-by: Composer 2',
  'Generated-by: Fable 4.1',
  'Assisted-by: Devin',
  'Assisted-by: Jules, Kiro and Junie',
  'Assisted-by: Devin Smith',
  'Assisted-by: Devin (2 hours)',
  'Assisted-by: Devin <devin@example.org>',
  'Assisted-by: Claude <claude@example.org>',
  'Assisted-by: Claude Smith <c.smith@example.org>',
  'Assisted-by: Claude Flow 2',
  'Assisted-by: Claude Squad v1.0.3',
  'Assisted-by: ruv-swarm v2.0.0',
  'Assisted-by: AWS',
  'Assisted-by: via AWS',
  'Assisted-by: Gemini Smith',
  'Co-authored-by: Devin <devin@example.org>',
  'Co-authored-by: Kiro <kiro@users.noreply.github.com>',
  'Co-authored-by: Jules <12345+jules@users.noreply.github.com>',
  'Co-authored-by: Claude Opus 4.6 <claude@example.org>',
  'Co-authored-by: Ann via Crush <ann@example.org>',
  'Co-authored-by: Gemini <gemini@example.org>',
  '> 🤖 Generated with [Claude Code](https://claude.com/claude-code)',
  '+🤖 Generated with [Claude Code](https://claude.com/claude-code)',
  '“Generated with Claude Code” is what it writes',
  '$ Generated with Claude Code',
  '> Co-authored-by: Claude <noreply@anthropic.com>',
  '`Co-authored-by: Claude <noreply@anthropic.com>`',
  '"Assisted-by: Codex"',
  'AI-Tool-Version: unknown',
]

describe('a line of a commit message', () => {
  test.for([...named])('%s', ([line, ...expected]) => {
    expect(namedIn(`subject\n\n${line}`)).toEqual(expected)
  })

  test.for(nobody)('names nobody in: %s', (line) => {
    expect(namedIn(`subject\n\n${line}`)).toEqual([])
  })
})

test('whatever is said, each tool is an id, and each model short and visible', () => {
  const words = fc.oneof(
    fc.constantFrom(...named.map(([line]) => line), ...nobody),
    fc.constantFrom(
      'Assisted-by: ',
      'Co-authored-by: ',
      'Generated with ',
      'AI-Tool-Version: ',
      '\n',
      ' via ',
      ' + ',
      ':',
      '(',
    ),
    fc.constantFrom(
      'Devin',
      'Claude Code',
      'Crush',
      'GPT-5.2',
      'AWS',
      'v2.0.0',
      '<noreply@anthropic.com>',
      ')',
      ' ',
      ',',
    ),
    anyText({ maxLength: 8 }),
  )
  fc.assert(
    fc.property(fc.array(words, { maxLength: 10 }), (parts) => {
      for (const { tool, toolVersion = '1', models } of readMessageClaims(`s\n\n${parts.join('')}`).mentions) {
        expect(tool).toMatch(/^[a-z0-9-]{1,60}$/)
        expect(toolVersion).toMatch(/^[!-~]{1,64}$/)
        for (const model of models.flatMap((it) => [it, normalModel(it)])) {
          expect(model).toMatch(/^[!-~](?:[ -~]{0,94}[!-~])?$/)
        }
      }
    }),
    { numRuns: runs(5_000) },
  )
})
