import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readMessageClaims } from '../../../src/collect/sessions/messages/commit-message.ts'
import { joinRecords } from '../../../src/collect/sessions/join.ts'
import type { Joined } from '../../../src/collect/sessions/join.ts'
import { withoutLoops } from '../../../src/collect/sessions/parent-loops.ts'
import { newRecordTable } from '../../../src/collect/sessions/record-table.ts'
import type { JoinedSession } from '../../../src/collect/sessions/session-draft.ts'
import { sha256Hex } from '../../../src/model/digest.ts'
import { limits } from '../../../src/model/limits.ts'
import { linkages, roles } from '../../../src/model/record.ts'
import type { SessionRecord } from '../../../src/model/record.ts'
import { codeOf } from '../../world/failure.ts'
import { growth, nearlyLinear } from '../../world/cpu-time.ts'
import { isEach, runs } from '../../world/runs.ts'
import { bytes, change, commit, record, transcript } from './made-record.ts'

interface JoinedWithFindings extends Joined {
  readonly findings: string[]
}

function join(records: readonly SessionRecord[]): JoinedWithFindings {
  const table = newRecordTable('sha1')
  for (const it of records) table.add(it)
  const findings: string[] = []
  return { ...joinRecords(table, (code, detail) => findings.push(`${code}: ${detail}`)), findings }
}

test('the same is said of sessions, however many changes are told one by one', () => {
  const said = fc.record({
    tool: fc.constantFrom('claude-code', 'codex'),
    session: fc.constantFrom('s', 't', undefined),
    reader: fc.constantFrom('trailer', 'git-ai-note'),
    requester: fc.constantFrom('hmac-sha256:a', 'hmac-sha256:b', undefined),
    role: fc.constantFrom(...roles, undefined),
    change: fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom(undefined, 1, 7), fc.constantFrom(...linkages))
      .map(([number, lines, linkage]) => change(number, lines, linkage)),
  })
  const draw = fc.array(said, { maxLength: 10 }).map((all) => all.map((it) => record(it as Partial<SessionRecord>)))
  const joined = (records: readonly SessionRecord[], mostParts?: number): unknown[] => {
    const table = newRecordTable('sha1')
    for (const it of records) table.add(it)
    const findings: string[] = []
    const seen: unknown[] = []
    const options = { seen: (it: unknown) => void seen.push(it), ...(mostParts === undefined ? {} : { mostParts }) }
    const { sessions, commits, parts } = joinRecords(
      table,
      (code, detail) => findings.push(`${code}: ${detail}`),
      undefined,
      options,
    )
    expect(parts.size).toBe(Math.min(commits, mostParts ?? Infinity))
    expect(seen).toEqual([...table.byCommit()])
    return [sessions, commits, findings]
  }
  fc.assert(
    fc.property(draw, fc.integer({ min: 0, max: 3 }), (records, most) => {
      expect(joined(records, most)).toEqual(joined(records))
    }),
    { numRuns: runs(500) },
  )
})

describe('claims become sessions', () => {
  test('one per tool and id, with everything that was said of it', () => {
    const claims = [
      record({ change: change(2), session: 's', models: ['b'], toolVersion: '1.0' }),
      record({ change: change(1, 3), session: 's', models: ['a'], reader: 'git-ai-note' }),
      record({ change: change(1, 4, 'squash'), session: 's', models: ['b'], reader: 'git-ai-note' }),
      record({ change: change(3), session: 's', tool: 'codex' }),
    ]
    expect(join(claims)).toMatchObject({
      commits: 3,
      sessions: [
        {
          id: 's',
          tool: 'claude-code',
          toolVersion: '1.0',
          models: ['a', 'b'],
          commits: [commit(1), commit(2)],
          lines: { added: 7 },
          linkage: 'squash',
          readers: ['git-ai-note', 'trailer'],
        },
        {
          id: 's',
          tool: 'codex',
          models: [],
          commits: [commit(3)],
          linkage: 'direct',
          readers: ['trailer'],
        },
      ],
      findings: [],
    })
  })

  test("a trailer of Entire's first months, with the day before the id, is of the session that others name without it", () => {
    const id = '5c1f0a3e-8d2b-4c6f-9a71-0b2e4d6f8a90'
    const said = readMessageClaims(`s\n\nEntire-Session: 2026-01-02-${id}`).mentions.map((it) =>
      record({ ...it, change: change(2) }),
    )
    const noted = record({ change: change(1), session: id, reader: 'git-ai-note' })
    expect(join([...said, noted]).sessions).toMatchObject([
      { tool: 'claude-code', id, commits: [commit(1), commit(2)], readers: ['git-ai-note', 'trailer'] },
    ])
  })

  test('one model under several names is one, and the names stay beside it', () => {
    const names = [
      'Claude Opus 4.6 (1M context)',
      'claude-4.6-opus-high-thinking',
      'claude-opus-4-6',
      'claude-opus-4.6',
    ]
    const claims = names.map((name) => record({ session: 's', models: [name] }))
    expect(join([...claims, record({ session: 's', models: ['raptor-mini'] })]).sessions).toMatchObject([
      { models: ['claude-opus-4-6', 'raptor-mini'], modelsSaid: names.filter((it) => it !== 'claude-opus-4-6') },
    ])
    expect(join([record({ models: ['gpt-5.4'] })]).sessions[0]).not.toHaveProperty('modelsSaid')
  })

  test('a claim without session enriches the only session of its tool in its commit', () => {
    const { sessions } = join([
      record({ models: ['m'], toolVersion: '2' }),
      record({ session: 's', reader: 'git-ai-note' }),
      record({ change: change(2), models: ['other'] }),
      record({ change: change(3), tool: 'codex', models: ['gpt'] }),
    ])
    expect(sessions).toMatchObject([
      { tool: 'claude-code', models: ['other'], commits: [commit(2)] },
      {
        tool: 'claude-code',
        id: 's',
        models: ['m'],
        toolVersion: '2',
        commits: [commit(1)],
        readers: ['git-ai-note', 'trailer'],
      },
      { tool: 'codex', models: ['gpt'] },
    ])
  })

  test('a claim without session stays apart where two sessions could be meant', () => {
    const nameless = ['m', 'n'].map((model) => record({ models: [model] }))
    const { sessions } = join([...nameless, record({ session: 'a' }), record({ session: 'b' })])
    expect(sessions.map(({ id, models }) => [id, models])).toEqual([
      [undefined, ['m', 'n']],
      ['a', []],
      ['b', []],
    ])
  })

  test('a claim without session stays apart from the session of another tool', () => {
    const { sessions } = join([record({ session: 's' }), record({ tool: 'codex', models: ['gpt'] })])
    expect(sessions.map(({ tool, id, models }) => [tool, id, models])).toEqual([
      ['claude-code', 's', []],
      ['codex', undefined, ['gpt']],
    ])
  })

  test('an id without tool is the session of the one tool that has this id', () => {
    const nameless = record({ tool: 'unknown', session: 's', change: change(2) })
    expect(join([nameless, record({ session: 's' })]).sessions).toMatchObject([
      { tool: 'claude-code', commits: [commit(1), commit(2)] },
    ])
    const { sessions } = join([nameless, record({ session: 's' }), record({ session: 's', tool: 'codex' })])
    expect(sessions.map(({ tool }) => tool)).toEqual(['claude-code', 'codex', 'unknown'])
  })

  test('a version stands only where all agree', () => {
    const { sessions, findings } = join([
      record({ session: 's', toolVersion: '1' }),
      record({ session: 's', toolVersion: '2' }),
      record({ session: 's', toolVersion: '1' }),
    ])
    expect(sessions[0]).not.toHaveProperty('toolVersion')
    expect(findings).toEqual([])
  })

  test('lines of one commit that two readers give are not counted twice', () => {
    const given = (reader: string, number: number, lines: number): SessionRecord =>
      record({ reader, session: 's', change: change(number, lines) })
    const { sessions } = join([
      given('a', 1, 3),
      given('a', 1, 4),
      given('b', 1, 5),
      given('b', 2, 1),
      given('a', 3, 0),
    ])
    expect(sessions).toMatchObject([{ lines: { added: 8 } }])
  })

  test('the weakest linkage stands', () => {
    const linked = (...numbers: number[]): unknown =>
      join(numbers.map((at) => record({ change: change(at, undefined, linkages[at] ?? 'direct') }))).sessions[0]
        ?.linkage
    expect(linked(0)).toBe('direct')
    expect(linked(1, 0)).toBe('rebase')
    expect(linked(1, 2, 0)).toBe('squash')
    expect(linked(3, 2, 1)).toBe('note-copied')
  })

  test('commits whose ids begin alike are told apart', () => {
    const ids = ['0', '1', '2'].map((it) => it.padStart(40, 'f'))
    const claims = ids.map((it) => record({ change: { ...change(0), commit: it } }))
    expect(join([...claims, ...claims].toReversed())).toMatchObject({ commits: 3, sessions: [{ commits: ids }] })
  })

  test('there is a limit to sessions and to the models of one', () => {
    const many = (count: number): SessionRecord[] =>
      Array.from({ length: count }, (_, id) => record({ session: `s${id}`, change: change(id) }))
    expect(join(many(limits.sessions)).sessions).toHaveLength(limits.sessions)
    expect(codeOf(() => join(many(limits.sessions + 1)))).toBe('session-limit')
    const models = Array.from({ length: 1_000 }, (_, id) => record({ models: [`m${id}`] }))
    expect(join(models).sessions[0]?.models).toHaveLength(limits.modelsPerSession)
    const names = Array.from({ length: 100 }, (_, id) => record({ models: [`proxy-${id}/gpt-5.4`] }))
    expect(join(names).sessions[0]?.modelsSaid).toHaveLength(limits.modelsPerSession)
  })
})

describe('sessions that started others', () => {
  const started = (session: string, parent: string | null, more: Partial<SessionRecord> = {}): SessionRecord[] => [
    record({ tool: 'codex', session, change: change(1) }),
    transcript({ tool: 'codex', session, parent, place: bytes(session), ...more }),
  ]
  const treeOf = (...records: SessionRecord[]): unknown => {
    const { sessions, findings } = join(records)
    return [sessions.map(({ id, role, parent }) => [id, role, parent].filter((it) => it !== undefined)), findings]
  }

  test('are a tree: a planner, two workers and a reviewer', () => {
    const planner = record({ tool: 'codex', session: 'planner', role: 'orchestration', change: change(2) })
    const workers = ['one', 'two'].flatMap((it) => started(it, 'planner', { role: 'implementation' }))
    const tree = [
      ['one', 'implementation', 'planner'],
      ['planner', 'orchestration'],
      ['review', 'review', 'one'],
      ['two', 'implementation', 'planner'],
    ]
    const all = [planner, ...workers, ...started('review', 'one', { role: 'review' })]
    expect(treeOf(...all)).toEqual([tree, []])
    expect(treeOf(...all.toReversed())).toEqual([tree, []])
  })

  test('are named by their id where nothing else in the range names them', () => {
    expect(treeOf(...started('one', 'planner'), ...started('two', 'planner'))).toEqual([
      [
        ['one', 'planner'],
        ['two', 'planner'],
      ],
      [],
    ])
  })

  test.each<[string, readonly (readonly [string, string])[], readonly string[]]>([
    ['itself', [['a', 'a']], ['parent-loop: session a of codex started each other']],
    [
      'each other',
      [
        ['a', 'b'],
        ['b', 'a'],
      ],
      ['parent-loop: session a of codex and 1 more started each other'],
    ],
    [
      'each other, twice',
      [
        ['a', 'b'],
        ['b', 'a'],
        ['d', 'e'],
        ['e', 'f'],
        ['f', 'd'],
      ],
      [
        'parent-loop: session a of codex and 1 more started each other',
        'parent-loop: session d of codex and 2 more started each other',
      ],
    ],
  ])('%s have no parent, and that is said; one that leads there keeps its own', (_, loop, findings) => {
    const records = [...loop, ['x', loop[0]![0]] as const].flatMap(([id, parent]) => started(id, parent))
    const [sessions, said] = treeOf(...records) as [string[][], string[]]
    expect(said).toEqual(findings)
    expect(sessions).toEqual([...loop.map(([id]) => [id]), ['x', loop[0]![0]]])
    expect(treeOf(...records.toReversed())).toEqual([sessions, said])
  })

  test('of another tool are others, whatever their id is', () => {
    expect(treeOf(...started('a', 'b'), ...started('b', 'a', { tool: 'claude-code' }))).toMatchObject([
      expect.anything(),
      ['record-unclaimed: session b of claude-code is claimed by no commit of the range'],
    ])
  })

  test.runIf(isEach)('cost as much for each in a long line as in a short one', () => {
    const work = (size: number) => {
      const [one] = join(started('s', 'p')).sessions
      const line = Array.from({ length: size }, (_, at) => ({ ...one!, id: `s${at}`, parent: `s${at + 1}` }))
      return () => expect(withoutLoops(line).loops).toEqual([])
    }
    expect(growth(work, 5_000)).toBeLessThan(nearlyLinear)
  })
})

test.runIf(isEach)('a commit of very many records costs as much for each as one of few', () => {
  const work = (size: number) => {
    const nameless = Array.from({ length: size }, (_, at) => record({ tool: `tool-${at % 100}`, models: [`m${at}`] }))
    const named = Array.from({ length: size / 10 }, (_, at) => record({ tool: `tool-${at % 90}`, session: `s${at}` }))
    const records = [...nameless, ...named]
    return () => expect(join(records).sessions).toHaveLength(named.length + 100)
  }
  expect(growth(work, 5_000)).toBeLessThan(nearlyLinear)
})

describe('a record with bytes of its own', () => {
  const claim = record({ session: 's', change: change(1) })
  const said = transcript({
    models: ['m'],
    startedAt: '2026-01-02T03:04:05.000Z',
    endedAt: '2026-01-02T04:00:00.000Z',
    parent: null,
    role: 'fix',
    requester: `hmac-sha256:${'a'.repeat(64)}`,
  })

  test('joins the claims that name its tool and id, and gives what only it knows', () => {
    const expected = {
      id: 's',
      tool: 'claude-code',
      models: ['m'],
      startedAt: '2026-01-02T03:04:05.000Z',
      endedAt: '2026-01-02T04:00:00.000Z',
      parent: null,
      role: 'fix',
      requester: `hmac-sha256:${'a'.repeat(64)}`,
      commits: [commit(1)],
      linkage: 'direct',
      readers: ['trailer', 'transcript'],
      digest: { sha256: sha256Hex('a transcript') },
    }
    expect(join([claim, said])).toMatchObject({ commits: 1, sessions: [expected], findings: [] })
    expect(join([said, claim])).toMatchObject({ commits: 1, sessions: [expected], findings: [] })
  })

  test('joins a claim that names the id and no tool', () => {
    expect(join([{ ...claim, tool: 'unknown' }, said]).sessions).toMatchObject([
      { id: 's', tool: 'claude-code', digest: { sha256: sha256Hex('a transcript') } },
    ])
  })

  test('that names a commit itself needs no other claim', () => {
    expect(join([{ ...said, change: change(4) }]).sessions).toMatchObject([
      { id: 's', commits: [commit(4)], digest: { sha256: sha256Hex('a transcript') } },
    ])
  })

  test.for<[string, Partial<SessionRecord>]>([
    ['another tool', { tool: 'codex' }],
    ['another id', { session: 'S' }],
    ['no id', { session: undefined }],
  ])('of %s is no part of the range, and that is said', ([, other]) => {
    const { sessions, findings } = join([claim, { ...said, ...other }, { ...said, ...other, models: ['n'] }])
    expect(sessions).toEqual(join([claim]).sessions)
    expect(findings).toEqual([expect.stringMatching(/^record-unclaimed: a?.*session.* is claimed by no commit/)])
  })

  test('that names no session cannot be pinned to one, though it names the commit', () => {
    const [session] = join([claim, { ...said, session: undefined, change: change(1) }]).sessions
    expect(session).toMatchObject({ id: 's', models: ['m'] })
    for (const name of ['digest', 'parent', 'requester', 'startedAt', 'endedAt', 'role']) {
      expect(session).not.toHaveProperty(name)
    }
  })

  test('may be read twice, and by two readers', () => {
    const { sessions, findings } = join([claim, said, said, { ...said, reader: 'checkpoint' }])
    expect(sessions).toMatchObject([
      { digest: { sha256: sha256Hex('a transcript') }, readers: ['checkpoint', 'trailer', 'transcript'] },
    ])
    expect(findings).toEqual([])
  })

  test.for<[keyof JoinedSession, Partial<SessionRecord>]>([
    ['digest', { place: bytes('another transcript') }],
    ['parent', { parent: 'p' }],
    ['requester', { requester: `hmac-sha256:${'b'.repeat(64)}` }],
  ])('that contradicts another one in its %s leaves the session without any, and that is said', ([name, other]) => {
    const { sessions, findings } = join([claim, said, { ...said, ...other }, said])
    expect(sessions[0]).not.toHaveProperty(name)
    expect(sessions[0]).toMatchObject({ id: 's', models: ['m'] })
    expect(findings).toEqual([`records-disagree: the records of session s of claude-code differ in their ${name}`])
  })

  test('that says nothing of a parent does not contradict one that does', () => {
    const { sessions, findings } = join([claim, said, { ...said, parent: undefined, requester: undefined }])
    expect(sessions[0]).toMatchObject({ parent: null, requester: said.requester })
    expect(findings).toEqual([])
  })

  test('extends the time of a session, in whatever order they come', () => {
    const times = ['01', '02', '03', '04'].map((hour) => `2026-01-02T${hour}:00:00.000Z`)
    const spans = [
      [1, 2],
      [0, 1],
      [2, 3],
    ] as const
    const records = spans.map(([from, to]) => ({ ...said, startedAt: times[from], endedAt: times[to] }))
    for (const order of [records, records.toReversed()]) {
      expect(join([claim, ...order]).sessions).toMatchObject([{ startedAt: times[0], endedAt: times[3] }])
    }
  })

  test('with another role leaves the role unknown; one that does not know it does not', () => {
    const roleOf = (...said: SessionRecord['role'][]): unknown =>
      join(said.map((role) => record({ session: 's', role }))).sessions[0]?.role
    expect(roleOf('fix', 'unknown', undefined)).toBe('fix')
    expect(roleOf('fix', 'review')).toBe('unknown')
    expect(roleOf('unknown')).toBeUndefined()
  })

  test('is not what its tool did in one commit, nor is one review all that a tool did', () => {
    const roleOf = (...said: Partial<SessionRecord>[]): unknown =>
      join(said.map(record)).sessions.map(({ role }) => role)
    expect(roleOf({ session: 's' }, { role: 'review' })).toEqual([undefined])
    expect(roleOf({ role: 'review' }, { role: 'review', change: change(2) })).toEqual(['review'])
    expect(roleOf({ role: 'review' }, { change: change(2) })).toEqual(['unknown'])
    expect(roleOf({}, { role: 'unknown', change: change(2) })).toEqual([undefined])
  })
})

describe('any records', () => {
  const time = fc.constantFrom(undefined, '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z')
  const anyRecord: fc.Arbitrary<SessionRecord> = fc.record({
    reader: fc.constantFrom('trailer', 'git-ai-note', 'transcript'),
    place: fc.constantFrom<SessionRecord['place']>({ kind: 'message' }, bytes('one'), bytes('two')),
    tool: fc.constantFrom('claude-code', 'codex', 'unknown'),
    session: fc.constantFrom(undefined, 'a', 'b'),
    toolVersion: fc.constantFrom(undefined, '1', '2'),
    models: fc.subarray(['m', 'n']),
    startedAt: time,
    endedAt: time,
    parent: fc.constantFrom(undefined, null, 'p'),
    role: fc.constantFrom(undefined, ...roles),
    requester: fc.constantFrom(undefined, 'hmac-sha256:1', 'hmac-sha256:2'),
    change: fc.option(
      fc.record({
        commit: fc.integer({ min: 0, max: 3 }).map((it) => commit(it * 0x1_0000_0000_0001)),
        linkage: fc.constantFrom(...linkages),
        edits: fc.constantFrom(undefined, { linesAdded: 0 }, { linesAdded: 5 }),
      }),
      { nil: undefined, freq: 3 },
    ),
  })
  const records = fc.array(anyRecord, { maxLength: 12 })

  /** Those of a session that name it. */
  function naming(all: readonly SessionRecord[], { tool, id }: JoinedSession): SessionRecord[] {
    const ofId = all.filter((it) => it.session !== undefined && it.session === id)
    const [only, ...others] = new Set(ofId.map((it) => it.tool).filter((it) => it !== 'unknown'))
    return ofId.filter((it) => (it.tool === 'unknown' && others.length === 0 ? (only ?? 'unknown') : it.tool) === tool)
  }

  test('join to the same whatever their order is', () => {
    fc.assert(
      fc.property(records, fc.array(fc.nat()), (said, keys) => {
        const shuffled = said.map((it, at) => [keys[at] ?? 0, it] as const).sort(([a], [b]) => a - b)
        expect(join(shuffled.map(([, it]) => it))).toEqual(join(said))
      }),
      { numRuns: runs(300) },
    )
  })

  test('lose no commit and no line', () => {
    fc.assert(
      fc.property(records, (said) => {
        const { sessions, commits } = join(said)
        const changes = said.flatMap((it) => it.change ?? [])
        expect(commits).toBe(new Set(changes.map((it) => it.commit)).size)
        expect(new Set(sessions.flatMap((it) => it.commits)).size).toBe(commits)
      }),
    )
    const ofOneReader = records.map((said) => said.map((it) => ({ ...it, reader: 'git-ai-note' })))
    fc.assert(
      fc.property(ofOneReader, (said) => {
        const lines = said.reduce((sum, it) => sum + (it.change?.edits?.linesAdded ?? 0), 0)
        expect(join(said).sessions.reduce((sum, it) => sum + (it.lines?.added ?? 0), 0)).toBe(lines)
      }),
    )
  })

  test('give a digest and a parent where all that name the session agree, and a finding where they do not', () => {
    fc.assert(
      fc.property(records, (said) => {
        const { sessions, findings } = join(said)
        let contradictions = 0
        for (const session of sessions) {
          const named = naming(said, session)
          const digests = new Set(named.flatMap(({ place }) => (place.kind === 'record' ? [place.digest] : [])))
          const parents = new Set(named.map(({ parent }) => parent).filter((it) => it !== undefined))
          expect(session.digest).toEqual(digests.size === 1 ? { sha256: [...digests][0] } : undefined)
          expect(session.parent).toBe(parents.size === 1 ? [...parents][0] : undefined)
          contradictions += [digests, parents].filter((it) => it.size > 1).length
        }
        const told = findings.filter((it) => /^records-disagree: .*(digest|parent)$/.test(it))
        expect(told).toHaveLength(contradictions)
      }),
      { numRuns: runs(500) },
    )
  })
})

test('each change has the sessions that took part in it, by the strongest tie, and the lines of each', () => {
  const { parts } = join([
    record({ change: change(1, 3, 'squash'), session: 's', role: 'fix' }),
    record({ change: change(1, 4), session: 's', reader: 'git-ai-note', role: 'unknown' }),
    record({ change: change(1), session: 'a', role: 'review' }),
    record({ change: change(1), session: 'a', reader: 'git-ai-note', role: 'fix' }),
    record({ change: change(2, undefined, 'squash'), session: undefined, tool: 'codex' }),
  ])
  const tool = 'claude-code'
  expect([...parts]).toEqual([
    [
      commit(1),
      [
        { tool, id: 'a', role: 'unknown', linkage: 'direct', lines: undefined },
        { tool, id: 's', role: 'fix', linkage: 'direct', lines: 4 },
      ],
    ],
    [commit(2), [{ tool: 'codex', id: undefined, role: undefined, linkage: 'squash', lines: undefined }]],
  ])
})
