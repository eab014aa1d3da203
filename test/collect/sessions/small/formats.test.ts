/** The formats that few projects write: what is taken from each, and that nothing else ever is, whatever stands in them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAgentCommit } from '../../../../src/collect/sessions/agent-commit/attestation.ts'
import { readTraces } from '../../../../src/collect/sessions/agent-trace/trace-format.ts'
import { readAgentblameNote } from '../../../../src/collect/sessions/agentblame/note-format.ts'
import { coverageOf, draftClaims, human, joinClaims } from '../../../../src/collect/sessions/line-claims.ts'
import { limits } from '../../../../src/model/limits.ts'
import { knownTools } from '../../../../src/collect/sessions/tools.ts'
import { readWhogititNote } from '../../../../src/collect/sessions/whogitit/note-format.ts'
import {
  agentblameNote,
  agentCommitStatement,
  bareEnvelope,
  traceRecord,
  whogititNote,
} from '../../../world/small-records.ts'

const commit = '1'.repeat(40)

/** Each parser, with a record of its own. */
const parsers: { readonly [name: string]: readonly [(text: string) => unknown, string] } = {
  whogitit: [(it) => readWhogititNote(Buffer.from(it)), whogititNote('one', { 'a.txt': [[1, 3]] })],
  agentblame: [
    (it) => readAgentblameNote(Buffer.from(it), knownTools),
    agentblameNote('claudeCode', { 'a.txt': [[1, 3]] }),
  ],
  'agent trace': [
    (it) => readTraces(Buffer.from(it), knownTools),
    traceRecord({ 'a.txt': [[1, 3]] }, { revision: commit, url: 'https://example.org/c/one' }),
  ],
  'agent commit': [
    (it) => readAgentCommit(Buffer.from(it))?.runs(knownTools),
    bareEnvelope(agentCommitStatement(commit, 'one')),
  ],
}

/** Everything that a reading holds, as text. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, it: unknown) => (it instanceof Map ? [...(it as Map<unknown, unknown>)] : it))

describe.for(Object.entries(parsers))('%s', ([, [parse, good]]) => {
  test('never throws, whatever the bytes are', () => {
    const broken = fc
      .tuple(fc.nat(good.length), fc.nat(good.length), fc.string())
      .map(([from, to, text]) => good.slice(0, Math.min(from, to)) + text + good.slice(Math.max(from, to)))
    fc.assert(fc.property(fc.oneof(broken, fc.json(), fc.string()), (text) => void parse(text)))
  })

  test('holds no prompt, text, command or place of a machine', () => {
    expect(textOf(parse(good))).not.toMatch(/PLANTED/)
    expect(textOf(parse(good))).toContain('models')
  })
})

describe('what is taken', () => {
  test('of whogitit: the lines of the agent alone, and a model only where somebody named it', () => {
    const note = readWhogititNote(
      Buffer.from(
        whogititNote('one', {
          'a.txt': [
            [1, 3],
            [7, 7],
          ],
        }),
      ),
    )
    expect(note).toMatchObject({
      agents: [{ tool: 'claude-code', session: 'one', models: ['gpt-5.4'], startedAt: '2026-11-01T10:00:00.500Z' }],
      files: new Map([['a.txt', [{ owner: 0, ranges: [1, 3, 7, 7] }]]]),
    })
    const session = { session_id: 'one', model: { id: 'claude-opus-4-5-20251101' } }
    expect(readWhogititNote(Buffer.from(whogititNote('one', {}, { session })))).toMatchObject({
      agents: [{ session: 'one', models: [] }],
    })
  })

  test('of agentblame: both versions', () => {
    const old = { path: 'a.txt', start_line: 2, end_line: 4, category: 'ai_generated', provider: 'claude_code' }
    for (const text of [
      agentblameNote('claudeCode', { 'a.txt': [[2, 4]] }),
      JSON.stringify({ version: 1, attributions: [old] }),
    ]) {
      expect(readAgentblameNote(Buffer.from(text), knownTools)).toMatchObject({
        agents: [{ tool: 'claude-code', session: undefined }],
        files: new Map([['a.txt', [{ owner: 0, ranges: [2, 4] }]]]),
        isNewer: false,
      })
    }
  })

  test.for([
    ['whogitit', () => readWhogititNote(Buffer.from(whogititNote('one', {}, { version: 4, files: 'elsewhere' })))],
    [
      'agentblame',
      () => readAgentblameNote(Buffer.from(JSON.stringify({ version: 3, sessions: {}, files: {} })), knownTools),
    ],
    [
      'agent trace',
      () =>
        readTraces(Buffer.from(traceRecord({ 'a.txt': [[1, 1]] }, { version: '2.0.0' })), knownTools).records[0]
          ?.claims,
    ],
  ] as const)('of a later %s what fits, and that is said', ([, parse]) => {
    expect(parse()).toMatchObject({ isNewer: true })
  })

  test('of agent trace: no lines of what is mixed or no file, and no session that is a place on a machine', () => {
    const read = (text: string): unknown => readTraces(Buffer.from(text), knownTools).records[0]?.claims
    const lines = { 'a.txt': [[1, 9]] } as const
    expect(read(traceRecord(lines, { type: 'mixed' }))).toMatchObject({ agents: [{ tool: 'codex' }], files: new Map() })
    expect(read(traceRecord({ '.shell-history': [[1, 1]] }))).toMatchObject({ files: new Map() })
    expect(read(traceRecord(lines, { type: 'human' }))).toMatchObject({
      agents: [],
      files: new Map([['a.txt', [{ owner: human, ranges: [1, 9] }]]]),
    })
    const local = traceRecord(lines, { url: 'file:///home/ann/one.jsonl', metadata: { session_id: 'one' } })
    expect(read(local)).toMatchObject({ agents: [{ session: 'one' }] })
  })

  test('of an attestation: the run, and those that it started under its own id', () => {
    const subagents = [{ invocationId: 'sub', role: 'implementer', agent: { runtime: { name: 'claude-code' } } }]
    const read = readAgentCommit(Buffer.from(bareEnvelope(agentCommitStatement(commit, 'run', { subagents }))))
    expect([read?.isAbout(commit), read?.isAbout('2'.repeat(40)), read?.isNewer]).toEqual([true, false, false])
    expect(read?.runs(knownTools).runs).toMatchObject([
      { tool: 'codex', session: 'run', role: 'orchestration', endedAt: '2026-11-01T10:18:22.000Z' },
      { tool: 'claude-code', session: 'run/sub', role: 'implementation', parent: 'run' },
    ])
  })
})

test('lines are all, some or none of what was added', () => {
  const within = (first: number, last: number): string => {
    const draft = draftClaims()
    draft.lines('a.txt', 0, first, last)
    return coverageOf(draft.claims(), new Map([['a.txt', [3, 5, 9, 9]]]))
  }
  expect([within(3, 5), within(9, 9), within(4, 6), within(1, 3), within(6, 8), within(1, 20), within(10, 10)]).toEqual(
    ['all', 'all', 'some', 'some', 'none', 'some', 'none'],
  )
})

test('records that were each bounded lose nothing when they are joined', () => {
  const each = limits.noteRanges / 2 + 1
  const all = [0, 1].map((record) => {
    const draft = draftClaims()
    for (let at = 0; at < each; at += 1) draft.lines(`${record}.txt`, human, 2 * at + 1, 2 * at + 1)
    return draft.claims()
  })
  const ranges = [...joinClaims(all).files.values()].map(([share]) => share?.ranges.length)
  expect(ranges).toEqual([2 * each, 2 * each])
})
