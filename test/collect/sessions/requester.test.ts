/** Who asked an agent for a commit. All people are made up. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { requesterIn } from '../../../src/collect/sessions/requester.ts'
import { commitIdentity } from '../../../src/collect/sessions/readers/commit-identity.ts'
import { trailer } from '../../../src/collect/sessions/readers/trailer.ts'
import { joinRecords } from '../../../src/collect/sessions/join.ts'
import { newRecordTable } from '../../../src/collect/sessions/record-table.ts'
import { toolTable } from '../../../src/collect/sessions/tools.ts'
import type { Visited } from '../../../src/collect/change/visited.ts'
import { personHash } from '../../../src/model/person.ts'
import type { IdentityKey } from '../../../src/model/person.ts'
import type { SessionRecord } from '../../../src/model/record.ts'
import { sessionDescriptor } from '../../../src/predicates/session.ts'
import { runs } from '../../world/runs.ts'
import { change, commit, record } from './made-record.ts'

const key: IdentityKey = { kind: 'organisation', bytes: Buffer.alloc(32, 7) }
const person = (address: string): `hmac-sha256:${string}` => personHash(address, key)

const noReply = (login: string): string => `${login}@users.noreply.github.com`
const agent = `copilot-swe-agent[bot] <${noReply('198982749+Copilot')}>`
const jules = `google-labs-jules[bot] <${noReply('161369871+google-labs-jules[bot]')}>`
const march2026 = Date.UTC(2026, 2) / 1000
const uuid = '5c1f0a3e-8d2b-4c6f-9a71-0b2e4d6f8a90'

function visited(author: string, coAuthors: readonly string[], more: Partial<Visited> = {}): Visited {
  const [, name = '', address = ''] = /^(.*) <(.*)>$/.exec(author) ?? []
  const trailers = coAuthors.map((it) => `Co-authored-by: ${it}\n`).join('')
  return {
    ...{ commit: commit(1), change: commit(1), tree: commit(9), parents: [commit(8)], linkage: 'direct', whole: true },
    ...{ author: { name, address }, committer: { name, address }, authored: march2026, committed: march2026 },
    isSigned: false,
    message: Buffer.from(`Do it\n\n${trailers}`),
    ...more,
  }
}

describe('who asked', () => {
  test.for<readonly [who: string, tool: string, author: string, ...coAuthors: string[]]>([
    ['ann@example.org', 'copilot', agent, 'Ann <ann@example.org>'],
    ['ann@example.org', 'copilot', agent, 'Ann <ann@example.org>', 'Ann <Ann@Example.org>'],
    [noReply('12+ann'), 'copilot', agent, `Ann <${noReply('12+ann')}>`],
    // A squash names the tool and reviewers that are tools as well.
    ['ann@example.org', 'copilot', `Copilot <${noReply('198982749+Copilot')}>`, agent, 'Ann <ann@example.org>'],
    ['ann@example.org', 'copilot', agent, `Copilot <${noReply('175728472+Copilot')}>`, 'Ann <ann@example.org>'],
    ['ann@example.org', 'jules', 'Ann <ann@example.org>', jules],
    ['ann@example.org', 'jules', 'Ann <ann@example.org>', jules, 'Bob <bob@example.org>'],
  ])('is %s, of %s', ([who, tool, author, ...coAuthors]) => {
    expect(requesterIn(visited(author, coAuthors), tool, { person })).toBe(person(who))
  })

  test.for<readonly [why: string, tool: string, it: Visited]>([
    ['two people', 'copilot', visited(agent, ['Ann <ann@example.org>', 'Bob <bob@example.org>'])],
    ['nobody', 'copilot', visited(agent, [])],
    ['a robot', 'copilot', visited(agent, [`dependabot[bot] <${noReply('49699333+dependabot[bot]')}>`])],
    ['a forge', 'copilot', visited(agent, ['GitHub <noreply@github.com>'])],
    ['no address', 'copilot', visited(agent, ['Ann'])],
    ['the author is a person', 'copilot', visited('Bob <bob@example.org>', [agent, 'Ann <ann@example.org>'])],
    [
      'an example',
      'copilot',
      visited(agent, [], { message: Buffer.from('s\n\n    Co-authored-by: Ann <ann@example.org>') }),
    ],
    ['before it did so', 'jules', visited('Ann <ann@example.org>', [jules], { authored: Date.UTC(2026, 0) / 1000 })],
    ['no time', 'jules', visited('Ann <ann@example.org>', [jules], { authored: NaN })],
    ['the author is the tool', 'jules', visited(jules, [jules, 'Ann <ann@example.org>'])],
    ['the tool is not named', 'jules', visited('Ann <ann@example.org>', ['Jules <jules@example.org>'])],
    ['no place is known', 'claude-code', visited('Claude <noreply@anthropic.com>', ['Ann <ann@example.org>'])],
  ])('is not said: %s', ([, tool, it]) => {
    expect(requesterIn(it, tool, { person })).toBeUndefined()
  })

  test('is not said without a key', () => {
    expect(requesterIn(visited(agent, ['Ann <ann@example.org>']), 'copilot', {})).toBeUndefined()
  })

  test('can be said by tools of an organisation', () => {
    const tools = toolTable([
      { id: 'ours', addresses: ['agent@corp.example'], requester: { in: 'co-author' }, source: 'ours' },
    ])
    const it = visited('x <agent@corp.example>', ['Ann <ann@example.org>'])
    expect(requesterIn(it, 'ours', { tools, person })).toBe(person('ann@example.org'))
  })
})

async function recordsOf(it: Visited, hash: typeof person | undefined): Promise<SessionRecord[]> {
  const records: SessionRecord[] = []
  for (const reader of [trailer, commitIdentity]) {
    const look = {
      record: (one: Omit<SessionRecord, 'reader'>) => void records.push({ ...one, reader: reader.id }),
      finding: () => undefined,
      person: hash,
    }
    const opened = await reader.open(look as never)
    if (!('outcome' in opened)) opened.commit(it)
  }
  return records
}

function joined(records: readonly SessionRecord[]): ReturnType<typeof joinRecords> & { readonly findings: string[] } {
  const table = newRecordTable('sha1')
  for (const it of records) table.add(it)
  const findings: string[] = []
  return { ...joinRecords(table, (code, detail) => findings.push(`${code}: ${detail}`)), findings }
}

describe('the person', () => {
  test('stands in the session that the commit names, and in the change', async () => {
    const it = visited(agent, ['Ann <ann@example.org>'], {
      message: Buffer.from(
        `Do it\n\nAgent-Logs-Url: https://github.com/o/r/sessions/${uuid}\nCo-authored-by: Ann <ann@example.org>\n`,
      ),
    })
    const { sessions, parts, findings } = joined(await recordsOf(it, person))
    const asked = person('ann@example.org')
    expect(sessions).toMatchObject([{ tool: 'copilot', id: uuid, requester: asked }])
    expect(parts.get(commit(1))).toMatchObject([{ tool: 'copilot', id: uuid, requester: asked }])
    expect(findings).toEqual([])
  })

  test('stands in the change alone where only the tool is named: it works for many', async () => {
    const records = [
      ...(await recordsOf(visited(agent, ['Ann <ann@example.org>']), person)),
      ...(await recordsOf(visited(agent, ['Bob <bob@example.org>'], { commit: commit(2), change: commit(2) }), person)),
    ]
    const { sessions, parts, findings } = joined(records)
    expect(sessions).toHaveLength(1)
    expect(sessions[0]).not.toHaveProperty('requester')
    expect(parts.get(commit(1))).toMatchObject([{ requester: person('ann@example.org') }])
    expect(parts.get(commit(2))).toMatchObject([{ requester: person('bob@example.org') }])
    expect(findings).toEqual([])
  })

  test('is none where two are said to have asked for one change, which is told', () => {
    const two = ['ann@example.org', 'bob@example.org'].map((it) =>
      record({ change: change(1), tool: 'copilot', session: undefined, requester: person(it) }),
    )
    const { parts, findings } = joined(two)
    expect(parts.get(commit(1))?.[0]).not.toHaveProperty('requester')
    expect(findings).toEqual([`records-disagree: the records of copilot in ${commit(1)} differ in their requester`])
    expect(joined([...two].reverse()).findings).toEqual(findings)
  })

  test('is nowhere in what is made of the commit, whatever else stands there', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', '<', '>', '@', '.', ':', '\n', ' ', '-', '_'),
      maxLength: 30,
    })
    await fc.assert(
      fc.asyncProperty(text, text, fc.boolean(), async (before, behind, isKeyed) => {
        const secret = 'quite.secret@person.example'
        for (const it of [
          visited(agent, [`Quite Secret <${secret}>`, behind]),
          visited(`Quite Secret <${secret}>`, [jules, before]),
          visited(agent, [], {
            message: Buffer.from(
              `${before}\nCopilot-Session: ${uuid}\nCo-authored-by: Quite Secret <${secret}>\n${behind}`,
            ),
          }),
        ]) {
          const { sessions, parts, findings } = joined(await recordsOf(it, isKeyed ? person : undefined))
          const descriptors = sessions.map((one) => sessionDescriptor({ ...one, level: 'claimed' }))
          const output = JSON.stringify([sessions, [...parts], findings, descriptors])
          expect(output).not.toMatch(/secret|person\.example/i)
          if (!isKeyed) expect(output).not.toContain('hmac-sha256')
        }
      }),
      { numRuns: runs(200) },
    )
  })
})
