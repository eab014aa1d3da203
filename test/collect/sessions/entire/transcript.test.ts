import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newTranscriptScan } from '../../../../src/collect/sessions/entire/transcript.ts'
import { timeIn } from '../../../../src/collect/sessions/record-time.ts'
import type { TranscriptFacts } from '../../../../src/collect/sessions/entire/transcript.ts'
import { claudeRow, codexRows } from '../../../world/entire-checkpoint.ts'

function read(text: string | Uint8Array): TranscriptFacts {
  const scan = newTranscriptScan()
  scan.write(Buffer.from(text as string))
  return scan.end()
}

/** With lists instead of sets. */
const plain = ({ ids, models, versions, ...rest }: TranscriptFacts): object => ({
  ...rest,
  ids: [...ids],
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
      for (const set of [facts.ids, facts.models, facts.versions]) expect(set.size).toBeLessThanOrEqual(64)
    }),
  )
  const many = Array.from({ length: 1_000 }, (_, at) => claudeRow(`id-${at}`)).join('')
  expect(read(many).ids.size).toBe(64)
})
