/** Transcripts of Claude Code: rows of the forms that its versions wrote, made up. */
import { describe, expect, test } from 'vitest'
import type { EditVerdict } from '../../../src/model/transcript.ts'
import { onlyIn, rowsOf } from './read-sample.ts'

const id = '6f1c7a52-1d0e-4b3a-9c55-0d7f3a1b2c44'
const other = '0a9b8c7d-6e5f-4a3b-8c1d-2e3f4a5b6c7d'
const file = `${id}.jsonl`

let clock = 0
function row(type: string, more: object = {}): object {
  clock += 1
  const timestamp = new Date(Date.UTC(2026, 2, 1, 10, 0, clock)).toISOString()
  return { type, uuid: `row-${clock}`, sessionId: id, timestamp, version: '2.1.40', isSidechain: false, ...more }
}

const asked = (content: unknown, more: object = {}): object =>
  row('user', { message: { role: 'user', content }, ...more })
const answered = (message: object, more: object = {}): object =>
  row('assistant', { message: { role: 'assistant', model: 'claude-opus-4-6', content: [], ...message }, ...more })
const use = (call: string, name: string, input: object): object => ({ type: 'tool_use', id: call, name, input })
const result = (call: string, more: object = {}, besides: object = {}): object =>
  asked([{ type: 'tool_result', tool_use_id: call, content: 'ok', ...more }], besides)

const line = (at: number): string => `const counted${at} = 'a line that counts'`

describe('a session of Claude Code', () => {
  test('is told once, though an answer has a row for each of its blocks', async () => {
    const usage = { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 100, cache_creation_input_tokens: 7 }
    const { session, problems } = await onlyIn(
      file,
      rowsOf([
        asked('add a limit'),
        answered({ id: 'm1', usage, content: [{ type: 'thinking', thinking: 'x' }] }),
        answered({ id: 'm1', usage, content: [{ type: 'text', text: 'x' }] }),
        answered({ id: 'm2', usage: { input_tokens: 1, output_tokens: 2 }, content: [] }),
        answered({ id: 'm3', model: '<synthetic>', content: [{ type: 'text', text: 'stopped' }] }),
      ]),
    )
    expect(problems).toEqual([])
    expect(session).toMatchObject({
      ...{ tool: 'claude-code', session: id, agent: undefined, toolVersions: ['2.1.40'], models: ['claude-opus-4-6'] },
      ...{ turns: 1, iterations: 2, tokens: { input: 11, output: 7, cacheRead: 100, cacheWrite: 7 } },
    })
    expect(Date.parse(session.endedAt ?? '')).toBeGreaterThan(Date.parse(session.startedAt ?? ''))
  })

  test.each<[string, object, object, EditVerdict, string | undefined]>([
    ['was made', {}, {}, 'applied', undefined],
    ['a person changed first', {}, { toolUseResult: { userModified: true } }, 'applied', 'person'],
    [
      'a person refused',
      { is_error: true, content: "The user doesn't want to proceed with this tool use. The tool use was rejected" },
      {},
      'rejected',
      'person',
    ],
    [
      'could not be made',
      { is_error: true, content: '<tool_use_error>String to replace not found in file.</tool_use_error>' },
      {},
      'failed',
      undefined,
    ],
  ])('has an edit that %s', async (_, said, besides, verdict, acceptedBy) => {
    const edit = use('t1', 'Edit', { file_path: '/home/ann/repo/src/a.ts', old_string: 'x', new_string: line(1) })
    const { session } = await onlyIn(
      file,
      rowsOf([asked('x'), answered({ content: [edit] }), result('t1', said, besides)]),
    )
    expect(session.edits).toEqual([
      { path: '~/repo/src/a.ts', call: 't1', verdict, acceptedBy, lines: expect.any(Float64Array) as unknown },
    ])
  })

  test('writes files, many edits at once, notebooks and commands; what was cut off is unanswered', async () => {
    const uses = [
      use('w', 'Write', { file_path: 'C:\\repo\\b.ts', content: `${line(1)}\n}\n${line(2)}\n` }),
      use('m', 'MultiEdit', { file_path: 'c.ts', edits: [{ new_string: line(3) }, { new_string: line(4) }] }),
      use('n', 'NotebookEdit', { notebook_path: 'd.ipynb', new_source: line(5) }),
      use('b', 'Bash', { command: `cat > e.ts <<'EOF'\n${line(6)}\nEOF` }),
    ]
    const { session } = await onlyIn(file, rowsOf([asked('x'), answered({ content: uses }), result('w'), result('m')]))
    expect(session.edits.map(({ path, verdict, lines }) => [path, verdict, lines.length])).toEqual([
      ['C:/repo/b.ts', 'applied', 2],
      ['c.ts', 'applied', 2],
      ['d.ipynb', 'unanswered', 1],
    ])
    expect(session.shellLines).toHaveLength(1)
  })

  test('under a setting that lets edits be made, nobody was asked', async () => {
    const write = use('w', 'Write', { file_path: 'b.ts', content: line(1) })
    const rows = [asked('x', { permissionMode: 'acceptEdits' }), answered({ content: [write] }), result('w')]
    expect((await onlyIn(file, rowsOf(rows))).session.edits).toMatchObject([{ acceptedBy: 'setting' }])
  })

  test('was asked by a person alone', async () => {
    const { session } = await onlyIn(
      file,
      rowsOf([
        asked('one'),
        asked([{ type: 'text', text: 'two' }]),
        asked('Caveat: the messages below were generated'),
        asked('<command-name>/clear</command-name>'),
        asked([{ type: 'text', text: '[Request interrupted by user]' }]),
        asked('a summary of what came before', { isCompactSummary: true }),
        asked('of the tool', { isMeta: true }),
        asked('of another agent', { isSidechain: true }),
        result('t0'),
      ]),
    )
    expect(session.turns).toBe(2)
  })

  test('goes on behind a compaction, in another version', async () => {
    const rows = [
      asked('one'),
      answered({ id: 'm1' }),
      row('system', { subtype: 'compact_boundary', parentUuid: null }),
      answered({ id: 'm2', model: 'claude-sonnet-4-5' }, { version: '2.1.41' }),
    ]
    const { session } = await onlyIn(file, rowsOf(rows))
    expect(session).toMatchObject({
      ...{ toolVersions: ['2.1.40', '2.1.41'], models: ['claude-opus-4-6', 'claude-sonnet-4-5'], iterations: 2 },
    })
  })

  test('that goes on from another one has not done what that did', async () => {
    const write = (call: string): object =>
      answered({ id: call, content: [use(call, 'Write', { file_path: call, content: line(1) })] })
    const copy = { sessionId: other }
    const resumed = [
      asked('old', copy),
      { ...write('old'), ...copy },
      { ...result('old'), ...copy },
      asked('new'),
      write('new'),
      result('new'),
    ]
    const forked = [{ ...asked('old'), forkedFrom: { sessionId: other, messageUuid: 'x' } }, asked('new')]
    for (const [rows, paths] of [
      [resumed, ['new']],
      [forked, []],
    ] as const) {
      const { session, problems } = await onlyIn(file, rowsOf(rows))
      expect({ id: session.session, turns: session.turns, problems }).toEqual({ id, turns: 1, problems: [] })
      expect(session.edits.map(({ path }) => path)).toEqual(paths)
    }
  })

  test('that names two sessions as its own is the record of none', async () => {
    const { session, problems } = await onlyIn('notes.jsonl', rowsOf([asked('a'), asked('b', { sessionId: other })]))
    expect(session.session).toBeUndefined()
    expect(problems).toMatchObject([{ code: 'transcript-session-unclear' }])
  })

  test('of an agent names it, and the session that started it', async () => {
    const agent = { isSidechain: true, agentId: 'a1b2c3d' }
    const rows = [asked('look for it', agent), answered({ id: 'm1' }, agent)]
    const { session } = await onlyIn(`${id}/subagents/agent-a1b2c3d.jsonl`, rowsOf(rows))
    expect(session).toMatchObject({ session: id, agent: 'a1b2c3d', turns: 0, iterations: 1 })
  })

  test('is read as far as it is whole', async () => {
    const whole = rowsOf([asked('one'), answered({ id: 'm1' })])
    const { session, problems, bytes } = await onlyIn(
      file,
      `${whole}not json\n\n${JSON.stringify(asked('two')).slice(0, 40)}`,
    )
    expect(session).toMatchObject({ turns: 1, iterations: 1 })
    expect(problems.map(({ code }) => code)).toEqual(['transcript-row-broken', 'transcript-cut'])
    expect(bytes).toBe(Buffer.byteLength(whole))
  })

  test('has members and rows that nobody knows yet', async () => {
    const rows = [row('a-new-kind', { payload: [1] }), asked('one', { futureMember: { a: [null] } })]
    expect((await onlyIn(file, rowsOf(rows))).session).toMatchObject({ session: id, turns: 1 })
  })
})
