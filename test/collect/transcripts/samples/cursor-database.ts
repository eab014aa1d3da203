import { createHash } from 'node:crypto'
import { insert } from './made-database.ts'
import { at, one, two } from './sample.ts'
import type { Sample } from './sample.ts'

const ms = (minute: number): number => Date.parse(at(minute))
const bubble = (id: string, value: object): readonly unknown[] => [
  `bubbleId:${one}:${id}`,
  { _v: 3, bubbleId: id, createdAt: at(5), ...value },
]
const call = (id: string, name: string, params: object, more: object = {}): readonly unknown[] =>
  bubble(id, {
    ...{ type: 2, text: '', capabilityType: 15 },
    toolFormerData: { name, toolCallId: `call_${id}`, status: 'completed', params: JSON.stringify(params), ...more },
  })
const written = (path: string): object => ({
  relativeWorkspacePath: path,
  streamingContent: `const greetingOf = '${path}'`,
})
const content = (digit: string): string => `composer.content.${digit.repeat(64)}`
const emptyContent = `composer.content.${createHash('sha256').digest('hex')}`
const edited = (beforeContentId: string, afterContentId: string): object => ({
  result: JSON.stringify({ beforeContentId, afterContentId }),
})
const names = ['u1', 'a1', 'c1', 'c2', 'c3', 'c4', 'c5', 'u2']
const tables = `CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
  CREATE TABLE cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);`

export const cursorDatabaseSamples: readonly Sample[] = [
  {
    title: 'edits with each verdict, and what the conversation does not name any more',
    format: 'cursor-database',
    name: 'state.vscdb',
    database: [
      tables,
      insert(
        'cursorDiskKV',
        ['composer.content.abc', 'const greeting = 1'],
        [
          `composerData:${one}`,
          {
            ...{
              _v: 10,
              composerId: one,
              createdAt: ms(1),
              lastUpdatedAt: ms(9),
              modelConfig: { modelName: 'default' },
            },
            ...{
              blobEncryptionKey: 'not for anybody',
              fullConversationHeadersOnly: names.map((bubbleId) => ({ bubbleId })),
            },
          },
        ],
        bubble('u2', { type: 1, text: 'And another' }),
        bubble('u1', { type: 1, text: 'Add a greeting' }),
        bubble('a1', {
          ...{ type: 2, text: 'Yes', modelInfo: { modelName: 'claude-4.5-sonnet' } },
          tokenCount: { inputTokens: 10, outputTokens: 5 },
        }),
        call('c1', 'edit_file_v2', written('a.ts')),
        call(
          'c2',
          'search_replace',
          { relativeWorkspacePath: 'b.ts' },
          {
            ...{ rawArgs: JSON.stringify({ file_path: 'b.ts', old_string: 'x', new_string: 'const second = 2' }) },
            additionalData: { reviewData: { selectedOption: 'reject' } },
          },
        ),
        call('c3', 'write', written('c.ts'), { status: 'error' }),
        call(
          'c4',
          'edit_file',
          { relativeWorkspacePath: 'd.ts' },
          {
            ...{
              status: 'loading',
              result: JSON.stringify({ diff: { chunks: [{ diffString: '- old\n+const third = 3' }] } }),
            },
          },
        ),
        call('c5', 'run_terminal_command_v2', { command: 'npm run the-tests' }),
        call('gone', 'edit_file_v2', written('e.ts')),
        bubble('gone-too', { type: 1, text: 'What was asked before' }),
        [`composerData:${two}`, null],
      ),
    ].join('\n'),
    told: {
      ...{ session: one, models: ['claude-4.5-sonnet'], times: [at(1), at(9)], turns: 2, iterations: 7, shellLines: 1 },
      tokens: { input: 10, output: 5 },
      edits: [
        ...['a.ts applied - 1', 'b.ts rejected person 1', 'c.ts failed - 1', 'd.ts unanswered - 1'],
        'e.ts undone - 1',
      ],
    },
  },
  {
    title: 'messages in the conversation, and one that is named and not there',
    format: 'cursor-database',
    name: 'state.vscdb',
    database: [
      tables,
      insert(
        'cursorDiskKV',
        [`composerData:${one}`, { _v: 19, fullConversationHeadersOnly: [{ bubbleId: 'never' }] }],
        [
          `composerData:${two}`,
          {
            _v: 1,
            createdAt: ms(1),
            conversation: [
              { type: 1, text: 'Add one' },
              { type: 2, text: 'Yes' },
            ],
          },
        ],
      ),
    ].join('\n'),
    told: [
      { session: one, problems: ['format-newer', 'transcript-incomplete'] },
      { session: two, times: [at(1), at(1)], turns: 1, iterations: 1 },
    ],
  },
  {
    title: 'edits whose lines stand in contents of their own, one of which is not there',
    format: 'cursor-database',
    name: 'state.vscdb',
    database: [
      tables,
      insert(
        'cursorDiskKV',
        [content('a'), 'const first = 1\nconst greeting = 1\n'],
        [content('b'), Buffer.from('const first = 1\nconst greeting = 1\nconst greeting = 1\nconst secondOne = 2\n')],
        [
          `composerData:${one}`,
          { _v: 18, fullConversationHeadersOnly: [1, 2, 3, 4].map((it) => ({ bubbleId: `c${it}` })) },
        ],
        call('c1', 'edit_file_v2', { relativeWorkspacePath: 'a.ts' }, edited(emptyContent, content('a'))),
        call('c2', 'edit_file_v2', { relativeWorkspacePath: 'a.ts' }, edited(content('a'), content('b'))),
        call('c3', 'edit_file_v2', { relativeWorkspacePath: 'c.ts' }, edited(content('b'), content('f'))),
        call('c4', 'edit_file_v2', { relativeWorkspacePath: 'd.ts' }, edited("x' OR 1", 'bubbleId:x')),
      ),
    ].join('\n'),
    told: {
      ...{ session: one, times: [at(5), at(5)], iterations: 4, problems: ['transcript-incomplete'] },
      edits: ['a.ts applied - 2', 'a.ts applied - 2', 'c.ts applied - 0', 'd.ts applied - 0'],
      written: 'const first = 1\nconst greeting = 1\nconst greeting = 1\nconst secondOne = 2',
    },
  },
]
