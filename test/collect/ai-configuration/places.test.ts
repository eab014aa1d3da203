/** Which paths steer agents, whose they are, and what for. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { isPlace, kindAt, placesExpression, toolAt } from '../../../src/collect/ai-configuration/places.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import { aiConfigurationEdition } from '../../../src/model/ai-configuration.ts'

it.each([
  ['AGENTS.md', 'any', 'instructions'],
  ['packages/a/AGENTS.md', 'any', 'instructions'],
  ['CLAUDE.md', 'claude-code', 'instructions'],
  ['.claude/agents/reviewer.md', 'claude-code', 'agents'],
  ['.claude/commands/git/push.md', 'claude-code', 'commands'],
  ['.claude/hooks/check.sh', 'claude-code', 'hooks'],
  ['.claude/settings.json', 'claude-code', 'settings'],
  ['.claude/skills/pdf/commands/x.md', 'claude-code', 'skills'],
  ['.claude/scripts/x.sh', 'claude-code', 'other'],
  ['.agents/skills/pdf/SKILL.md', 'any', 'skills'],
  ['.agents/CLAUDE.md', 'claude-code', 'instructions'],
  ['agents/AGENTS.md', 'any', 'instructions'],
  ['.mcp.json', 'any', 'mcp'],
  ['.vscode/mcp.json', 'any', 'mcp'],
  ['.codex/config.toml', 'codex', 'settings'],
  ['.cursor/rules/ts.mdc', 'cursor', 'instructions'],
  ['.cursor/hooks.json', 'cursor', 'hooks'],
  ['.cursorrules', 'cursor', 'instructions'],
  ['.clinerules', 'cline', 'instructions'],
  ['.clinerules/01-style.md', 'cline', 'instructions'],
  ['.continue/mcpServers/x.yaml', 'continue', 'mcp'],
  ['.github/copilot-instructions.md', 'copilot', 'instructions'],
  ['.github/prompts/x.prompt.md', 'copilot', 'commands'],
  ['.github/chatmodes/x.chatmode.md', 'copilot', 'agents'],
  ['.kiro/steering/tech.md', 'kiro', 'instructions'],
  ['.kiro/settings/mcp.json', 'kiro', 'mcp'],
  ['.roo/rules-code/x.xml', 'roo-code', 'instructions'],
  ['.roorules-code', 'roo-code', 'instructions'],
  ['.roomodes', 'roo-code', 'agents'],
  ['opencode.json', 'opencode', 'settings'],
  ['.opencode/plugin/x.ts', 'opencode', 'hooks'],
])('%s is of %s, for %s', (path, tool, kind) => {
  expect([isPlace(path), toolAt(path), kindAt(path)]).toEqual([true, tool, kind])
})

it.each([
  ...[
    'README.md',
    'agents.md',
    'docs/agents.md',
    'MYAGENTS.md',
    'AGENTS.md.bak',
    'AGENTSxmd',
    'x.claude/y',
    '.claudex',
  ],
  ...['src/.github/agents/x.md', '.github/workflows/ci.yml', '.vscode/settings.json', 'mcp.json', '.gitignore', ''],
  ...['.specstory/history/x.md', '.entire/settings.json', 'src/CLAUDE.md\n', 'x\nCLAUDE.md'],
])('%j is none', (path) => {
  expect(isPlace(path)).toBe(false)
})

it('the page has every place with its tool', () => {
  const page = readFileSync(fileURLToPath(new URL('../../../docs/ai-configuration.md', import.meta.url)), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| ([^|]*)\|/gm)]
  const named = rows.flatMap(([, tool, places]) => [...places!.matchAll(/`([^`]+)`/g)].map((it) => [it[1]!, tool]))
  for (const [place, tool] of named) {
    const path = place!.replace('*', '-x')
    expect([place, isPlace(path), isPlace(`${path}/x`), toolAt(path)]).toEqual([place, true, true, tool])
  }
  expect(named).toHaveLength(placesExpression.replaceAll(/\(\.\*\/\)\?|\(\/\|\$\)/g, '').split('|').length)
})

it('other places are another edition', () => {
  // Whoever changes the table changes the digest of trees that stay as they are: so the edition changes with it.
  expect([aiConfigurationEdition, sha256Hex(placesExpression).slice(0, 16)]).toEqual(['v1', '9b2644861e4d3e60'])
})
