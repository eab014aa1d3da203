import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newTranscriptScan } from '../../../../src/collect/sessions/entire/transcript.ts'
import { timeIn } from '../../../../src/collect/sessions/record-time.ts'
import type { TranscriptFacts } from '../../../../src/collect/sessions/entire/transcript.ts'
import { claudeRow, codexRows, spawnedBy } from '../../../world/entire-checkpoint.ts'

function read(text: string | Uint8Array): TranscriptFacts {
  const scan = newTranscriptScan()
  scan.write(Buffer.from(text as string))
  return scan.end()
}

/** With lists instead of sets. */
const plain = ({ ids, models, versions, parents, roles, ...rest }: TranscriptFacts): object => ({
  ...rest,
  ids: [...ids],
  ...(parents.size === 0 ? {} : { parents: [...parents] }),
  ...(roles.size === 0 ? {} : { roles: [...roles] }),
  models: [...models],
  versions: [...versions],
})

const secret = 'sk-planted-secret'

describe('the shape of', () => {
  test('Claude Code', () => {
    const text =
      claudeRow('one', { message: { role: 'user', content: secret }, timestamp: '2026-02-01T09:00:00.5Z' }) +
      claudeRow('one', { message: { model: '<synthetic>', content: [{ model: secret, sessionId: secret }] } }) +
      claudeRow('one', { toolUseResult: { sessionId: secret, timestamp: '2030-01-01T00:00:00Z' }, summary: secret }) +
      '{"type":"summary","summary":"no session"}\n'
    expect(plain(read(text))).toEqual({
      ids: ['one'],
      tool: 'claude-code',
      models: ['claude-opus-4-6'],
      versions: ['2.1.29'],
      startedAt: '2026-02-01T09:00:00.500Z',
      endedAt: '2026-02-01T10:00:00.000Z',
      brokenRows: 0,
    })
  })

  test('Gemini CLI, as a document', () => {
    const document = {
      sessionId: 'two',
      projectHash: 'ab',
      startTime: '2026-02-01T10:00:00.000Z',
      lastUpdated: '2026-02-01T12:00:00.000Z',
      messages: [
        { type: 'user', content: secret, timestamp: '2026-02-01T10:30:00.000Z' },
        { type: 'gemini', model: 'gemini-2.5-pro', toolCalls: [{ args: { model: secret } }] },
      ],
    }
    for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)]) {
      expect(plain(read(text))).toEqual({
        ids: ['two'],
        tool: 'gemini',
        models: ['gemini-2.5-pro'],
        versions: [],
        startedAt: '2026-02-01T10:00:00.000Z',
        endedAt: '2026-02-01T12:00:00.000Z',
        brokenRows: 0,
      })
    }
  })

  test('Gemini CLI, as rows', () => {
    const rows = [
      { sessionId: 'two', projectHash: 'ab', kind: 'main' },
      { type: 'gemini', model: 'gemini-2.5-pro' },
    ]
    const text = rows.map((row) => JSON.stringify(row)).join('\n')
    expect(plain(read(text))).toMatchObject({ ids: ['two'], tool: 'gemini', models: ['gemini-2.5-pro'] })
  })

  test('Codex', () => {
    const text = `${codexRows('three')}{"type":"response_item","payload":{"id":"no session","model":"${secret}"}}\n`
    expect(plain(read(text))).toMatchObject({
      ids: ['three'],
      tool: 'codex',
      models: ['gpt-5.4'],
      versions: ['0.130.0'],
    })
  })

  test('Copilot CLI', () => {
    const rows = [
      { type: 'session.start', data: { sessionId: 'four' } },
      { type: 'session.model_change', data: { newModel: 'gpt-5.4' } },
    ]
    const text = rows.map((row) => JSON.stringify(row)).join('\n')
    expect(plain(read(text))).toMatchObject({ ids: ['four'], tool: 'copilot', models: ['gpt-5.4'] })
  })

  test('nobody known is told', () => {
    expect(plain(read('{"v":1,"agent":"claude-code","type":"user","content":[]}\n'))).toMatchObject({ ids: [] })
    expect(read(`${claudeRow('a')}${codexRows('b')}`)).toMatchObject({ tool: undefined })
  })
})

describe('where a thread of Codex comes from', () => {
  test.each<[string, object, object]>([
    ['another one started it', spawnedBy('p', 'worker'), { parents: ['p'], roles: ['worker'] }],
    [
      'the same, as later versions say it',
      { parent_thread_id: 'p', agent_role: 'explorer' },
      { parents: ['p'], roles: ['explorer'] },
    ],
    ['both', { ...spawnedBy('p'), parent_thread_id: 'p' }, { parents: ['p'] }],
    ['two that differ', { ...spawnedBy('p'), parent_thread_id: 'q' }, { parents: ['q', 'p'] }],
    ['it reviews', { source: { subagent: 'review' } }, { roles: ['review'] }],
  ])('%s', (_, more, expected) => {
    expect(plain(read(codexRows('one', more)))).toMatchObject({ ids: ['one'], ...expected })
  })

  test.each<[string, object]>([
    ['a person', { source: 'cli' }],
    ['a copy of another, which started nothing', { forked_from_id: 'p' }],
    ['no text', spawnedBy(7)],
    ['a place that is none', { source: { thread_spawn: { parent_thread_id: 'p' } }, parentUuid: 'p', parent: 'p' }],
  ])('is not said by %s', (_, more) => {
    expect(read(codexRows('one', more))).toMatchObject({ parents: new Set(), roles: new Set() })
  })

  test('is that of its own row, and not of those that it holds a copy of', () => {
    const ancestors = codexRows('p', { forked_from_id: 'q' }) + codexRows('q', spawnedBy('r'))
    const facts = read(codexRows('one', { ...spawnedBy('p'), forked_from_id: 'p' }) + ancestors)
    expect(plain(facts)).toMatchObject({ ids: ['one'], parents: ['p'] })
  })

  test('is nowhere, where two are each a copy of the other, or nothing ties them', () => {
    for (const [a, b] of [
      [{ forked_from_id: 'two' }, { forked_from_id: 'one' }],
      [{}, spawnedBy('p')],
    ] as const) {
      const facts = read(codexRows('one', a) + codexRows('two', b))
      expect(facts.ids.size).toBe(2)
      expect(facts.parents.size).toBe(0)
    }
  })

  test('is not said by rows of a sub-agent within a session of Claude Code, which has no session of its own', () => {
    const rows = claudeRow('one', {
      parentUuid: 'p',
      isSidechain: true,
      agentId: 'a1b2',
      toolUseResult: { agentId: 'c3d4' },
    })
    expect(plain(read(rows))).toMatchObject({ ids: ['one'] })
    expect(read(rows).parents.size).toBe(0)
  })
})

test('a row that is cut off counts for nothing, and those behind it do', () => {
  const text = `${claudeRow('bad').slice(0, -4)}\n${claudeRow('good')}`
  expect(plain(read(text))).toMatchObject({ ids: ['good'], brokenRows: 1 })
})

test('two ids in a row are two', () => {
  expect(read('{"sessionId":"a","sessionId":"b"}\n').ids.size).toBe(2)
})

test.each([
  ['2026-02-01T11:00:00.123456+01:00', Date.UTC(2026, 1, 1, 10, 0, 0, 123)],
  ['2026-02-31T25:00:00Z', undefined],
  ['1969-12-31T23:59:59Z', undefined],
  ['9999-12-31T23:59:59-01:00', undefined],
  ['tomorrow', undefined],
  ['2026-02-01', undefined],
])('the time %s', (text, time) => {
  expect(timeIn(text)).toBe(time)
})

test('any bytes are read without an error, and what is kept is bounded', () => {
  const rows = fc.array(fc.oneof(fc.constant(claudeRow('a')), fc.json(), fc.string()), { maxLength: 6 })
  fc.assert(
    fc.property(rows, fc.uint8Array(), (some, end) => {
      const facts = read(Buffer.concat([Buffer.from(some.join('\n')), end]))
      for (const set of [facts.ids, facts.models, facts.versions, facts.parents, facts.roles])
        expect(set.size).toBeLessThanOrEqual(64)
    }),
  )
  const many = Array.from({ length: 1_000 }, (_, at) => claudeRow(`id-${at}`)).join('')
  expect(read(many).ids.size).toBe(64)
  const started = Array.from({ length: 1_000 }, (_, at) => codexRows('one', spawnedBy(`p-${at}`, `r-${at}`))).join('')
  expect([read(started).parents.size, read(started).roles.size]).toEqual([64, 64])
})
