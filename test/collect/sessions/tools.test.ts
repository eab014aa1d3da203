/** Names of tools, and the sites that are theirs. */
import { describe, expect, test } from 'vitest'
import { agentRows } from '../../../src/collect/sessions/agent-rows.ts'
import { helperRows } from '../../../src/collect/sessions/helper-rows.ts'
import { serviceRows } from '../../../src/collect/sessions/service-rows.ts'
import { knownTools, toolId } from '../../../src/collect/sessions/tools.ts'

describe('a tool', () => {
  test.for([
    ['Claude Code', 'claude-code'],
    ['Claude Code v2.1.3', 'claude-code'],
    ['Claude Code version 2.1', 'claude-code'],
    ['claude-code/2.1.240', 'claude-code'],
    ['Claude Code + x v2.0.0', 'claude-code'],
    ['Claude Code, Codex', 'claude-code'],
    ['Claude via Crush', 'crush'],
    ['Crush:AWS Claude Opus 4.6', 'crush'],
    ['Claude Code via AWS', 'claude-code'],
    ['my agent', 'my-agent'],
    ['my agent v2.0.0', 'my-agent'],
    ['mock_ai', 'mock-ai'],
    ['!', 'unknown'],
    ['please mend the payment', 'please-mend-the-payment'],
    ['please mend the payment at once', 'unknown'],
    ['ann@acme.example', 'unknown'],
    ['/home/ann/bin/agent', 'unknown'],
    ['C:\\Users\\ann\\agent.exe', 'unknown'],
    [`ghp_${'a1'.repeat(18)}`, 'unknown'],
  ] as const)('that a record calls %s is %s', ([name, id]) => {
    expect(knownTools.slug(name)).toBe(id)
  })

  test('is known by the whole of its name', () => {
    expect(toolId('Claude Code + x v2.0.0')).toBeUndefined()
    expect(toolId('Devin Smith')).toBeUndefined()
  })

  test.for([
    ['Claude Code', 'product'],
    ['Devin AI', 'product'],
    ['claude', 'shared'],
    ['Gemini 3', 'shared'],
    ['Devin', 'first-name'],
    ['jules 1.0', 'first-name'],
  ] as const)('called %s has a name that is a %s', ([name, kind]) => {
    expect(knownTools.kindOfName(name)).toBe(kind)
  })

  test.for([
    ['https://claude.ai/code/session_01', 'claude-code'],
    ['https://www.claude.com/claude-code', 'claude-code'],
    ['claude.ai/code', 'claude-code'],
    ['https://app.devin.ai/sessions/1?x#y', 'devin'],
    ['https://chatgpt.com/codex/tasks/1', 'codex'],
    ['https://chatgpt.com/share/1', 'chatgpt'],
    ['https://github.com/charmbracelet/crush', 'crush'],
    ['https://claude.ai.example.org/', undefined],
    ['https://notclaude.ai/', undefined],
    ['https://example.org/claude.ai', undefined],
    ['https://claude.ai@example.org/', undefined],
    ['https://github.com/charmbracelet/crush-fork', undefined],
    ['', undefined],
  ] as const)('has a site: %s is that of %s', ([url, id]) => {
    expect(knownTools.ofSite(url)).toBe(id)
  })
})

test('each tool says where its names were found', () => {
  const silent = [...agentRows, ...serviceRows, ...helperRows].filter(({ source }) => source.startsWith('say here'))
  expect(silent.map(({ id }) => `write into the row of ${id} where it was found`)).toEqual([])
})
