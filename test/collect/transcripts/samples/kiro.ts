import { insert } from './made-database.ts'
import { one, two } from './sample.ts'
import type { Sample, Told } from './sample.ts'

const write = (id: string, path: string): object => ({
  ...{ id, name: 'fs_write' },
  args: { command: 'create', path, file_text: `const parserOfDates${id} = 1` },
})
const cancelled = (id: string): object => ({ tool_use_id: id, content: [{ Text: 'x' }], status: 'Error' })

const conversation = (id: string): object => ({
  conversation_id: id,
  history: [
    {
      user: { content: { Prompt: { prompt: 'Add a parser of dates.' } }, timestamp: '2026-05-17T10:00:00Z' },
      assistant: { Response: { message_id: 'a1', content: 'I can.' } },
      request_metadata: { stream_end_timestamp_ms: 1_779_012_010_000 },
    },
    {
      user: { content: { Prompt: { prompt: 'Go on.' } } },
      assistant: {
        ToolUse: {
          message_id: 'a2',
          tool_uses: [
            { id: 't1', name: 'execute_bash', args: { command: 'npm run check-all-dates' } },
            ...[write('t2', '/w/a.ts'), write('t3', '/w/b.ts')],
          ],
        },
      },
    },
    {
      user: {
        content: {
          ToolUseResults: {
            tool_use_results: [
              { tool_use_id: 't2', content: [{ Text: '' }], status: 'Success' },
              { tool_use_id: 't3', content: [{ Text: 'no such folder' }], status: 'Error' },
            ],
          },
        },
      },
      assistant: { ToolUse: { message_id: 'a3', tool_uses: [write('t4', '/w/c.ts')] } },
    },
    {
      user: { content: { CancelledToolUses: { prompt: 'Not there.', tool_use_results: [cancelled('t4')] } } },
      assistant: { ToolUse: { message_id: null, tool_uses: [write('t5', '/w/d.ts')] } },
    },
  ],
  model_info: { model_name: 'x', model_id: 'claude-sonnet-4.5' },
})

const told = (session: string): Told => ({
  ...{ session, models: ['claude-sonnet-4.5'], times: ['2026-05-17T10:00:00.000Z', '2026-05-17T10:00:10.000Z'] },
  ...{ turns: 3, iterations: 4, shellLines: 1 },
  edits: ['/w/a.ts applied - 1', '/w/b.ts failed - 1', '/w/c.ts rejected person 1', '/w/d.ts unanswered - 1'],
})

const tableOfFolders = 'CREATE TABLE conversations (key TEXT PRIMARY KEY, value TEXT);'

export const kiroSamples: readonly Sample[] = [
  {
    title: 'edits with each verdict',
    format: 'kiro',
    name: 'kiro.json',
    text: JSON.stringify(conversation('kiro-session-1')),
    told: told('kiro-session-1'),
  },
]

export const kiroDatabaseSamples: readonly Sample[] = [
  {
    title: 'two conversations, and one that is no JSON',
    format: 'kiro-database',
    name: 'data.sqlite3',
    database: [
      'CREATE TABLE conversations_v2 (key TEXT, conversation_id TEXT, value TEXT, created_at INTEGER, updated_at INTEGER, PRIMARY KEY (key, conversation_id));',
      'CREATE TABLE auth_kv (key TEXT PRIMARY KEY, value TEXT);',
      insert('auth_kv', ['token', 'not for anybody']),
      insert(
        'conversations_v2',
        ['/w', one, conversation(one), 1, 2],
        ['/w', two, conversation(two), 1, 2],
        ['/w', 'x', '{', 1, 2],
      ),
    ].join('\n'),
    told: [told(one), told(two)],
  },
]

export const kiroConversationsSamples: readonly Sample[] = [
  {
    title: 'the last conversation of a folder',
    format: 'kiro-conversations',
    name: 'data.sqlite3',
    database: [tableOfFolders, insert('conversations', ['/w', conversation(one)])].join('\n'),
    told: told(one),
  },
]
