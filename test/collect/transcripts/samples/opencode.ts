import { insert } from './made-database.ts'

export const opencodeTables = `
  CREATE TABLE session (id TEXT PRIMARY KEY, parent_id TEXT, version TEXT, time_created INTEGER, revert TEXT);
  CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, data TEXT);
  CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT, session_id TEXT, time_created INTEGER, data TEXT);
`

/** A call of a tool, as a part of a message. */
function call(tool: string, status: string, input: object, error?: string): object {
  return { type: 'tool', tool, callID: 'call-1', state: { status, input, ...(error === undefined ? {} : { error }) } }
}

const at = 1_780_000_000_000

export const opencodeMessages: readonly (readonly [string, object])[] = [
  ['msg-1', { role: 'user', time: { created: at }, agent: 'build' }],
  [
    'msg-2',
    {
      role: 'assistant',
      modelID: 'gpt-5',
      time: { created: at + 1_000, completed: at + 9_000 },
      tokens: { input: 10, output: 20, cache: { read: 3, write: 4 } },
    },
  ],
  ['msg-3', { role: 'user', time: { created: at + 10_000 } }],
]

export const opencodeParts: readonly (readonly [string, string, object])[] = [
  ['prt-1', 'msg-1', { type: 'text', text: 'Add a parser of dates.' }],
  ['prt-2', 'msg-1', { type: 'text', text: 'The content of a file', synthetic: true }],
  ['prt-3', 'msg-2', call('write', 'completed', { filePath: '/w/a.ts', content: 'export const parserOfDates = 1' })],
  [
    'prt-4',
    'msg-2',
    call('edit', 'error', { filePath: '/w/b.ts', newString: 'refusedByPerson()' }, 'The user rejected permission'),
  ],
  [
    'prt-5',
    'msg-2',
    call('edit', 'error', { filePath: '/w/c.ts', newString: 'neverFoundThere()' }, 'oldString not found'),
  ],
  ['prt-6', 'msg-2', call('bash', 'completed', { command: 'npm run check-all-dates' })],
  ['prt-7', 'msg-2', call('edit', 'running', { filePath: '/w/d.ts', newString: 'stillBeingWritten()' })],
  ['prt-8', 'msg-3', { type: 'text', text: 'Now the times, too.' }],
]

export const opencodeRows = [
  opencodeTables,
  insert('session', ['ses-1', null, '1.2.10', at, null]),
  insert('message', ...opencodeMessages.map(([id, data]) => [id, 'ses-1', at, data])),
  insert('part', ...opencodeParts.map(([id, message, data]) => [id, message, 'ses-1', at, data])),
].join('\n')
