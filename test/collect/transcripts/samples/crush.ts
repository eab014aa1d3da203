import { insert } from './made-database.ts'

const at = 1_780_000_000

const call = (id: string, name: string, input: object): object => ({
  type: 'tool_call',
  data: { id, name, input: JSON.stringify(input), finished: true },
})
const result = (id: string, content: string, isError: boolean): object => ({
  type: 'tool_result',
  data: { tool_call_id: id, content, is_error: isError },
})

export const crushRows = [
  `CREATE TABLE sessions (id TEXT PRIMARY KEY, parent_session_id TEXT, prompt_tokens INTEGER, completion_tokens INTEGER, created_at INTEGER);
   CREATE TABLE messages (id TEXT PRIMARY KEY, session_id TEXT, role TEXT, parts TEXT, model TEXT, created_at INTEGER);`,
  insert('sessions', ['crush-1', null, 10, 20, at], ['crush-2', 'crush-1', 1, 2, at]),
  insert(
    'messages',
    ['m1', 'crush-1', 'user', [{ type: 'text', data: { text: 'Add a parser of dates.' } }], null, at],
    [
      'm2',
      'crush-1',
      'assistant',
      [
        call('c1', 'write', { file_path: '/w/a.go', content: 'func parserOfDates() {}' }),
        call('c2', 'edit', { file_path: '/w/b.go', new_string: 'refusedByPerson()' }),
        call('c3', 'multiedit', { file_path: '/w/c.go', edits: [{ new_string: 'neverFoundThere()' }] }),
        call('c4', 'bash', { command: 'go test ./all/of/dates' }),
      ],
      'claude-sonnet-4-5',
      at + 1,
    ],
    [
      'm3',
      'crush-1',
      'tool',
      [result('c1', 'done', false), result('c2', 'User denied permission', true), result('c3', 'not found', true)],
      null,
      at + 2,
    ],
    ['m4', 'crush-2', 'user', [{ type: 'text', data: { text: 'Look for it.' } }], null, at],
    ['m5', 'crush-2', 'assistant', [], 'gpt-5', at],
  ),
].join('\n')
