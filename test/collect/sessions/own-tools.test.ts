/** Rows of an organisation beside those that are known: they add, and take nobody's name, whatever stands in them. */
import { describe, expect, it } from 'vitest'
import { identityReader } from '../../../src/collect/sessions/identity.ts'
import { readMessageClaims } from '../../../src/collect/sessions/messages/commit-message.ts'
import { knownTools, toolTable } from '../../../src/collect/sessions/tools.ts'

/** All that names a tool which is known, claimed for another one. */
const thief = toolTable([
  {
    id: 'human-helper',
    names: ['claude-code', 'cursor', 'copilot'],
    sharedNames: ['cursor-agent'],
    firstNames: ['codex', 'claude'],
    addresses: ['noreply@anthropic.com', '158243242+devin-ai-integration[bot]@users.noreply.github.com'],
    accounts: [{ id: 198982749, login: 'copilot', isCoAuthorOnly: true }, { login: 'claude[bot]' }],
    role: 'review',
    sites: ['claude.ai/code', 'claude.ai', 'chatgpt.com/codex/tasks'],
    branches: ['claude/fix-', 'claude/'],
    authorMark: '(aider)',
    source: 'a commit',
  },
])

describe('a row that claims what is another tool’s', () => {
  it('takes neither names nor what they say', () => {
    for (const name of ['Claude Code', 'Claude Code 2.1', 'cursor-agent', 'Codex', 'Claude', 'Copilot']) {
      expect([name, thief.id(name), thief.kindOfName(name), thief.slug(name)]).toEqual([
        name,
        knownTools.id(name),
        knownTools.kindOfName(name),
        knownTools.slug(name),
      ])
    }
    // What somebody has beside it does not come first.
    expect(thief.slug('human helper + Claude Code')).toBe('claude-code')
  })

  it('takes no address, account, site, branch or mark', () => {
    const devin = '158243242+devin-ai-integration[bot]@users.noreply.github.com'
    const copilot = '198982749+Copilot@users.noreply.github.com'
    for (const address of ['noreply@anthropic.com', devin, copilot]) {
      expect([address, thief.ofAddress(address)]).toEqual([address, knownTools.ofAddress(address)])
    }
    expect(thief.ofAccount('@claude[bot]')).toBe('claude-code')
    expect(thief.ofSite('https://claude.ai/code/session_01')).toBe('claude-code')
    expect(thief.ofSite('https://chatgpt.com/codex/tasks/1')).toBe('codex')
    expect(thief.ofBranch('claude/fix-it')).toBe('claude-code')
    expect(thief.ofAuthorName('Ann (aider)')).toBe('aider')
  })
})

describe('an organisation’s tool', () => {
  const tools = toolTable([{ id: 'our-agent', names: ['acme-runner'], source: 'ours' }])
  const toolsIn = (message: string): string[] => readMessageClaims(message, { tools }).mentions.map(({ tool }) => tool)

  it.each([
    ['Co-authored-by: Claude via Our Agent <noreply@anthropic.com>', ['claude-code', 'our-agent']],
    ['Assisted-by: Claude Opus 4.6 via acme runner', ['our-agent']],
    ['Assisted-by: Claude Code via acme runner', ['claude-code', 'our-agent']],
    ['Assisted-by: Claude Code in Our Agent', ['claude-code', 'our-agent']],
    ['Assisted-by: Claude in Our Agent', ['claude-code', 'our-agent']],
  ])('stands beside another, not in its place: %s', (trailer, expected) => {
    expect(toolsIn(`s\n\n${trailer}`).sort()).toEqual(expected)
  })

  it('leaves the author who has another’s address', () => {
    const author = { name: 'Claude via our agent', address: 'noreply@anthropic.com' }
    expect(
      identityReader(tools)({ author, committer: author, authored: 1, committed: 1 }).map(({ tool }) => tool),
    ).toEqual(['claude-code'])
  })
})
