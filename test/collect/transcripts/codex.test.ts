/** Transcripts of Codex, made up after its protocol. */
import { zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { onlyIn, readSample, rowsOf } from './read-sample.ts'

const id = '019c4b43-1451-7af3-be4c-5576369bf1ba'
const parent = '019c4b00-0000-7af3-be4c-000000000001'
const file = `rollout-2026-02-11T05-53-33-${id}.jsonl`

let clock = 0
function row(type: string, payload: object, at = (clock += 1)): object {
  return { timestamp: new Date(Date.UTC(2026, 1, 11, 6, 0, at)).toISOString(), type, payload }
}

const meta = (more: object = {}): object =>
  row('session_meta', {
    id,
    timestamp: '2026-02-11T05:53:33.266Z',
    cwd: '/home/ann/repo',
    cli_version: '0.99.0',
    ...more,
  })
const context = row('turn_context', { model: 'gpt-5.1-codex', approval_policy: 'on-request' })
const item = (payload: object): object => row('response_item', payload)
const event = (payload: object): object => row('event_msg', payload)
const asked = (message: string): object => event({ type: 'user_message', message })
const line = (at: number): string => `let counted_${at} = "a line that counts";`
const patch = (path: string, at: number): string =>
  `*** Begin Patch\n*** Update File: ${path}\n@@\n-old\n+${line(at)}\n*** End Patch`
const call = (call_id: string, path: string, at: number): object =>
  item({ type: 'custom_tool_call', name: 'apply_patch', call_id, input: patch(path, at) })
const applied = (call_id: string, success = true): object => event({ type: 'patch_apply_end', call_id, success })

describe('a session of Codex', () => {
  test('tells what was asked, answered and patched', async () => {
    const tokens = (total: number): object =>
      event({
        type: 'token_count',
        info: {
          total_token_usage: { total_tokens: total },
          last_token_usage: { input_tokens: 100, cached_input_tokens: 60, output_tokens: 9 },
        },
      })
    const { session, problems } = await onlyIn(
      file,
      rowsOf([
        meta(),
        context,
        item({ type: 'message', role: 'user', content: [{ type: 'input_text', text: '<environment_context>x' }] }),
        item({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'add it' }] }),
        asked('add it'),
        call('c1', 'src/a.rs', 1),
        event({ type: 'patch_apply_begin', call_id: 'c1', auto_approved: false }),
        applied('c1'),
        tokens(109),
        tokens(109),
        call('c2', 'src/b.rs', 2),
        applied('c2', false),
        item({
          type: 'function_call',
          name: 'shell',
          call_id: 'c3',
          arguments: JSON.stringify({ command: ['bash', '-lc', patchCommand] }),
        }),
        item({ type: 'function_call_output', call_id: 'c3', output: '{"output":"x","metadata":{"exit_code":0}}' }),
        item({
          type: 'function_call',
          name: 'shell',
          call_id: 'c4',
          arguments: '{"command":["cargo","test","--workspace"]}',
        }),
        call('c5', 'src/d.rs', 5),
        item({ type: 'custom_tool_call_output', call_id: 'c5', output: 'patch rejected by user' }),
        tokens(218),
      ]),
    )
    expect(problems).toEqual([])
    expect(session).toMatchObject({
      ...{ tool: 'codex', session: id, toolVersions: ['0.99.0'], models: ['gpt-5.1-codex'], turns: 1, iterations: 2 },
      tokens: { input: 80, cacheRead: 120, output: 18 },
    })
    expect(session.edits.map(({ path, verdict, acceptedBy }) => [path, verdict, acceptedBy])).toEqual([
      ['src/a.rs', 'applied', 'person'],
      ['src/b.rs', 'failed', undefined],
      ['src/c.rs', 'applied', undefined],
      ['src/d.rs', 'rejected', 'person'],
    ])
    expect(session.shellLines).toHaveLength(1)
  })

  test('hears what came of a call in a list of texts, and behind the time that it took', async () => {
    const says = (call_id: string, output: unknown): object =>
      item({ type: 'custom_tool_call_output', call_id, output })
    const parts = (...texts: string[]): object[] => texts.map((text) => ({ type: 'input_text', text }))
    const ran = (code: number): string =>
      `Chunk ID: 1a\nWall time: 0.1 seconds\nProcess exited with code ${code}\nOutput:\n`
    const { session } = await onlyIn(
      file,
      rowsOf([
        meta(),
        ...['a', 'b', 'c', 'd', 'e'].map((it, at) => call(`l${it}`, it, at)),
        says('la', parts('Done!')),
        says('lb', parts('apply_patch verification failed', 'Done!')),
        says('lc', parts('patch rejected by user')),
        says('ld', ran(0)),
        says('le', ran(1)),
      ]),
    )
    expect(session.edits.map(({ verdict }) => verdict)).toEqual(['applied', 'failed', 'rejected', 'applied', 'failed'])
  })

  const patchCommand = `apply_patch <<'EOF'\n${patch('src/c.rs', 3)}\nEOF`

  test('takes back the turns that were rolled back', async () => {
    const rows = [
      meta(),
      asked('one'),
      call('c1', 'a', 1),
      applied('c1'),
      asked('two'),
      call('c2', 'b', 2),
      applied('c2'),
    ]
    const back = (num_turns: number): object => event({ type: 'thread_rolled_back', num_turns })
    const { session } = await onlyIn(file, rowsOf([...rows, back(1), asked('three')]))
    expect(session.turns).toBe(2)
    expect(session.edits.map(({ path, verdict }) => [path, verdict])).toEqual([
      ['a', 'applied'],
      ['b', 'undone'],
    ])
    const all = await onlyIn(file, rowsOf([...rows, back(99)]))
    expect(all.session).toMatchObject({ turns: 0, edits: [{ verdict: 'undone' }, { verdict: 'undone' }] })
  })

  test('that goes on from a copy of another is its own', async () => {
    const start = new Date(Date.UTC(2026, 1, 11, 6, 30)).toISOString()
    const rows = [
      row('session_meta', { id, timestamp: start, forked_from_id: parent }, 1_800),
      row('session_meta', { id: parent, timestamp: '2026-02-11T05:00:00.000Z' }, 1),
      row('event_msg', { type: 'user_message', message: 'of the other' }, 2),
      row('event_msg', { type: 'user_message', message: 'of its own' }, 1_900),
    ]
    const { session, problems } = await onlyIn('rollout.jsonl', rowsOf(rows))
    expect({ id: session.session, turns: session.turns, problems }).toEqual({ id, turns: 1, problems: [] })
    expect(session.startedAt).toBe(start)
  })

  test('that another one started says which, and for what', async () => {
    const source = { subagent: { thread_spawn: { parent_thread_id: parent, agent_role: 'reviewer' } } }
    expect((await onlyIn(file, rowsOf([meta({ source }), context]))).session).toMatchObject({ parent, role: 'review' })
    expect((await onlyIn(file, rowsOf([meta({ parent_thread_id: id }), context]))).problems).toMatchObject([
      { code: 'transcript-parent-unclear' },
    ])
  })

  test('of the first versions has its items alone', async () => {
    const rows = [
      { id, timestamp: '2025-06-01T10:00:00.000Z', instructions: null, git: {} },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'add it' }] },
      {
        type: 'local_shell_call',
        call_id: 'c1',
        action: { command: ['bash', '-lc', `apply_patch <<'E'\n${patch('a.rs', 1)}\nE`] },
      },
      { type: 'function_call_output', call_id: 'c1', output: 'Success. Updated the following files' },
      { type: 'message', role: 'assistant', content: [] },
    ]
    expect((await onlyIn(file, rowsOf(rows))).session).toMatchObject({
      ...{ session: id, turns: 1, iterations: 1, edits: [{ path: 'a.rs', verdict: 'applied' }] },
    })
  })

  test('is the same where it was compressed, and bounded', async () => {
    const rows = rowsOf([meta(), context, asked('one')])
    const plain = await onlyIn(file, rows)
    const packed = await onlyIn(`${file}.zst`, zstdCompressSync(rows))
    expect(packed.digest).toBe(plain.digest)
    const bomb = zstdCompressSync(rows + rowsOf([asked('x'.repeat(1_000_000))]).repeat(20))
    // So few bytes become so many of no real session.
    expect(await readSample(`${file}.zst`, zstdCompressSync('\n'.repeat(20_000_000)))).toMatchObject({
      problem: { code: 'transcript-too-large' },
    })
    const bounds = { transcriptBytes: 5_000_000, transcriptRowBytes: 2_000_000 }
    expect(await readSample(`${file}.zst`, bomb, { bounds })).toMatchObject({
      problem: { code: 'transcript-too-large' },
    })
    expect(await readSample(`${file}.zst`, packed.digest)).toMatchObject({ problem: { code: 'transcript-unreadable' } })
    expect(await readSample(`${file}.zst`, zstdCompressSync(rows).subarray(0, 60))).toMatchObject({
      problem: { code: 'transcript-unreadable' },
    })
  })
})
