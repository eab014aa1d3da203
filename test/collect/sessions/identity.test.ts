/** Who a commit names as its author and its committer. A made-up author for each tool is in `fixtures/messages/authors.json`. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Person } from '../../../src/model/change.ts'
import { identityReader, isTrialMerge } from '../../../src/collect/sessions/identity.ts'
import { commitIdentity } from '../../../src/collect/sessions/readers/commit-identity.ts'
import { agentRows } from '../../../src/collect/sessions/agent-rows.ts'
import { knownTools, toolTable } from '../../../src/collect/sessions/tools.ts'
import type { SessionRecord } from '../../../src/model/record.ts'
import { runs } from '../../world/runs.ts'
import { commit } from './made-record.ts'
import { anyText } from '../../world/any-text.ts'

const ann: Person = { name: 'Ann', address: 'ann@example.org' }
/** Written and committed in one moment. */
const atOnce = { authored: 1_790_000_000, committed: 1_790_000_000 }
const github: Person = { name: 'GitHub', address: 'noreply@github.com' }

/** `Name <address>`. */
function person(text: string): Person {
  const [, name = '', address = ''] = /^(.*) <(.*)>$/.exec(text) ?? []
  return { name, address }
}

/** As of the tools that the product knows. */
const agentsOfIdentity = identityReader(knownTools)

const noReply = (login: string): string => `${login}@users.noreply.github.com`

describe('a committer', () => {
  const claude = person('Claude <noreply@anthropic.com>')

  test('alone made what it committed in the moment of writing: what it did is not known', () => {
    expect(agentsOfIdentity({ author: ann, committer: claude, ...atOnce })).toEqual([
      { tool: 'claude-code', models: [], role: 'unknown' },
    ])
  })

  test('is not what the same person is as an author: its mark is none', () => {
    const marked: Person = { name: 'Ann (aider)', address: 'ann@example.org' }
    const agentsOf = identityReader(knownTools)
    const wrote = { author: marked, committer: github, ...atOnce }
    const committed = { author: { ...ann, name: 'Ben' }, committer: marked, ...atOnce }
    expect(agentsOf(wrote)).toEqual([{ tool: 'aider', models: [] }])
    expect(agentsOf(committed)).toEqual([])
    expect(agentsOf(wrote)).toHaveLength(1)
  })

  test.for([1, -1, 3_600, NaN])('alone carried what was written %d seconds before, and has no part in it', (lag) => {
    const times = { authored: atOnce.authored, committed: atOnce.authored + lag }
    expect(agentsOfIdentity({ author: ann, committer: claude, ...times })).toEqual([])
    expect(agentsOfIdentity({ author: claude, committer: github, ...times })).toHaveLength(1)
    expect(agentsOfIdentity({ author: claude, committer: claude, ...times })).toHaveLength(1)
  })

  test('with the mark of aider alone records a change that a person wrote', () => {
    expect(agentsOfIdentity({ author: ann, committer: person('Ann (aider) <ann@example.org>'), ...atOnce })).toEqual([])
  })

  test('is said beside another tool that wrote, and not twice', () => {
    const devin = person(`Devin AI <${noReply('158243242+devin-ai-integration[bot]')}>`)
    expect(agentsOfIdentity({ author: devin, committer: claude, ...atOnce }).map(({ tool }) => tool)).toEqual([
      'devin',
      'claude-code',
    ])
    expect(
      agentsOfIdentity({ author: person('Claude Code <noreply@anthropic.com>'), committer: claude, ...atOnce }),
    ).toEqual([{ tool: 'claude-code', models: [] }])
  })
})

test('an organisation can add tools of its own', () => {
  const tools = toolTable([
    {
      id: 'our-agent',
      addresses: ['agent@corp.example'],
      accounts: [{ id: 7 }],
      authorMark: '(agent)',
      source: 'ours',
    },
  ])
  const toolsOf = (author: string): string[] =>
    identityReader(tools)({ author: person(author), committer: github, ...atOnce }).map(({ tool }) => tool)
  expect(toolsOf('x <agent@corp.example>')).toEqual(['our-agent'])
  expect(toolsOf(`x <${noReply('7+x')}>`)).toEqual(['our-agent'])
  expect(toolsOf('Ann (agent) <ann@corp.example>')).toEqual(['our-agent'])
  expect(toolsOf('Claude <noreply@anthropic.com>')).toEqual(['claude-code'])
  expect(agentsOfIdentity({ author: person('x <agent@corp.example>'), committer: github, ...atOnce })).toEqual([])
})

describe('the reader', () => {
  const ids = [commit(1), commit(2)] as const
  async function recordsOf(message: string, parents: readonly string[]): Promise<Omit<SessionRecord, 'reader'>[]> {
    const records: Omit<SessionRecord, 'reader'>[] = []
    const look = { record: (it: Omit<SessionRecord, 'reader'>) => void records.push(it) }
    const opened = await commitIdentity.open(look as never)
    if ('outcome' in opened) return records
    opened.commit({
      commit: ids[0],
      change: ids[1],
      linkage: 'squash',
      tree: commit(3),
      parents,
      author: person('Claude <noreply@anthropic.com>'),
      committer: github,
      authored: 0,
      committed: 0,
      isSigned: false,
      message: Buffer.from(message),
      whole: true,
    })
    return records
  }

  test('counts for the change that the commit went into', async () => {
    expect(await recordsOf('s\n', [commit(4)])).toMatchObject([
      {
        place: { kind: 'identity' },
        tool: 'claude-code',
        session: undefined,
        change: { commit: ids[1], linkage: 'squash' },
      },
    ])
  })

  test('does not count what GitHub merges to try it', async () => {
    const trial = `Merge ${ids[0]} into ${ids[1]}\n`
    expect(await recordsOf(trial, ids)).toEqual([])
    expect(await recordsOf(trial, [ids[0]])).toHaveLength(1)
    expect(await recordsOf('Merge branch a into b', ids)).toHaveLength(1)
    expect(isTrialMerge({ parents: ids }, Buffer.from(`${trial}\nmore`))).toBe(false)
  })
})

test('of whatever is typed, an agent is a known tool, and nobody becomes one by a name', () => {
  const ids = new Set(['unknown', ...agentRows.map(({ id }) => id)])
  const text = fc.oneof(
    fc.string({ maxLength: 20 }),
    anyText({ maxLength: 20 }),
    fc.constantFrom('Claude', 'Copilot', '(aider)', ' via ', 'gpt-5.4', '(', '[bot]', 'Ann', ' '),
  )
  const name = fc.array(text, { maxLength: 6 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(name, name, fc.boolean(), (called, local, isMarked) => {
      const written = {
        name: isMarked ? `${called} (aider)` : called.replaceAll('(aider)', ''),
        address: `${local}@example.org`,
      }
      const agents = agentsOfIdentity({
        author: written,
        committer: { name: called, address: 'ann@example.org' },
        ...atOnce,
      })
      expect(agents.map(({ tool }) => tool)).toEqual(isMarked && called !== '' ? ['aider'] : [])
      for (const { tool } of agentsOfIdentity({
        author: { name: called, address: 'noreply@anthropic.com' },
        committer: github,
        ...atOnce,
      })) {
        expect(ids).toContain(tool)
      }
    }),
    { numRuns: runs(2_000) },
  )
})
