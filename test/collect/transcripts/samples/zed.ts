import { zstdCompressSync } from 'node:zlib'
import { insert } from './made-database.ts'
import { at, one, two } from './sample.ts'
import type { Sample } from './sample.ts'

const use = (id: string, name: string, input: object): object => ({
  ToolUse: { id, name, raw_input: JSON.stringify(input), input, is_input_complete: true },
})
const result = (id: string, more: object = {}): readonly [string, object] => [
  id,
  { tool_use_id: id, tool_name: 'x', is_error: false, content: { Text: 'Edited' }, output: null, ...more },
]
const edit = (id: string, path: string): object =>
  use(id, 'edit_file', { path, mode: 'edit', edits: [{ old_text: 'x', new_text: `let greeting_${id} = "hello";` }] })

const thread = {
  ...{ version: '0.3.0', title: 'A greeting', updated_at: at(9) },
  model: { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  cumulative_token_usage: { input_tokens: 10, output_tokens: 20, cache_read_input_tokens: 30 },
  messages: [
    { User: { id: 'u1', content: [{ Text: 'Add a greeting' }, { Mention: { uri: 'file:///w/a.rs', content: 'x' } }] } },
    {
      Agent: {
        content: [
          ...[{ Thinking: { text: 'x', signature: null } }, { Text: 'Yes' }, edit('a', 'w/a.rs'), edit('b', 'w/b.rs')],
          use('c', 'write_file', { path: 'w/c.rs', content: 'let whole_file = 1;\n' }),
          ...[edit('d', 'w/d.rs'), use('e', 'terminal', { command: 'cargo test --all', cd: 'w' })],
        ],
        tool_results: Object.fromEntries([
          result('a'),
          result('b', { is_error: true, content: { Text: 'Permission to run tool denied by user' } }),
          result('c', { is_error: true, content: { Text: 'Path not found' } }),
        ]),
      },
    },
    'Resume',
    {
      Agent: {
        content: [use('f', 'edit_file', { path: 'w/f.rs', display_description: 'x', mode: 'edit' })],
        tool_results: Object.fromEntries([
          result('f', {
            output: { old_text: 'let kept_line = 1;\n', new_text: 'let kept_line = 1;\nlet sketched_line = 2;\n' },
          }),
        ]),
      },
    },
  ],
}

/** As it was before 0.3.0; a subagent's. */
const old = {
  ...{ version: '0.2.0', summary: 'Look', updated_at: at(4), model: { provider: 'zed.dev', model: 'gpt-5' } },
  messages: [
    { id: 0, role: 'user', segments: [{ type: 'text', text: 'Look for it' }], tool_uses: [], tool_results: [] },
    {
      ...{ id: 1, role: 'assistant', segments: [{ type: 'text', text: 'Yes' }] },
      tool_uses: [{ id: 'o', name: 'create_file', input: { path: 'w/o.rs', content: 'let from_before = 1;' } }],
      tool_results: [{ tool_use_id: 'o', is_error: false, content: 'ok', output: null }],
    },
  ],
}

export const zedSamples: readonly Sample[] = [
  {
    title: 'a thread that is packed, and one of a subagent in the form of before',
    format: 'zed',
    name: 'threads.db',
    database: [
      'CREATE TABLE threads (id TEXT PRIMARY KEY, summary TEXT NOT NULL, updated_at TEXT NOT NULL, data_type TEXT NOT NULL, data BLOB NOT NULL);',
      'ALTER TABLE threads ADD COLUMN parent_id TEXT; ALTER TABLE threads ADD COLUMN created_at TEXT;',
      insert(
        'threads',
        [one, 'A greeting', at(9), 'zstd', zstdCompressSync(JSON.stringify(thread)), null, at(1)],
        [two, 'Look', at(4), 'json', Buffer.from(JSON.stringify(old)), one, at(3)],
      ),
    ].join('\n'),
    told: [
      {
        ...{
          session: one,
          parent: null,
          models: ['claude-sonnet-4-5'],
          times: [at(1), at(9)],
          turns: 1,
          iterations: 2,
        },
        ...{ tokens: { input: 10, output: 20, cacheRead: 30 }, shellLines: 1 },
        edits: [
          ...['w/a.rs applied - 1', 'w/b.rs rejected person 1', 'w/c.rs failed - 1', 'w/d.rs unanswered - 1'],
          'w/f.rs applied - 1',
        ],
        written:
          'let greeting_a = "hello";\nlet greeting_b = "hello";\nlet whole_file = 1;\nlet greeting_d = "hello";\nlet sketched_line = 2;',
      },
      {
        ...{ session: two, parent: one, models: ['gpt-5'], times: [at(3), at(4)], iterations: 1 },
        edits: ['w/o.rs applied - 1'],
      },
    ],
  },
  {
    title: 'a thread that is no JSON, and one of a later version',
    format: 'zed',
    name: 'threads.db',
    database: [
      'CREATE TABLE threads (id TEXT, summary TEXT, updated_at TEXT, data_type TEXT, data BLOB);',
      insert(
        'threads',
        [one, '', at(1), 'zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3])],
        [two, '', at(2), 'json', { version: '0.4.0', model: { model: 'gpt-5' }, messages: [{ Person: {} }] }],
      ),
    ].join('\n'),
    told: [
      { session: one, times: [at(1), at(1)], problems: ['transcript-row-broken'] },
      { session: two, models: ['gpt-5'], times: [at(2), at(2)], problems: ['format-newer'] },
    ],
  },
]
