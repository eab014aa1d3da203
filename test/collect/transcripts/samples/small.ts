/** Tools that write one form. */
import { at, one, rows, two } from './sample.ts'
import type { Sample } from './sample.ts'

const ms = (minute: number): number => Date.parse(at(minute))
const first = 'export const greeting = 1'
const second = 'const second = greeting + 1'
const patch = (path: string): string => `*** Begin Patch\n*** Update File: ${path}\n@@\n+${second}\n*** End Patch`
const text = (it: string): object => ({ type: 'text', text: it })

const cursorRow = (role: string, ...content: readonly object[]): object => ({ role, message: { content } })
const cursorUse = (name: string, input: object): object => ({ type: 'tool_use', name, input })

export const cursorSamples: readonly Sample[] = [
  {
    title: 'a subagent: the id is the name, and no call has a result',
    format: 'cursor',
    name: `p/agent-transcripts/${two}/subagents/${one}.jsonl`,
    text: rows(
      cursorRow('user', text('<user_info>Linux</user_info>\n<user_query>\nAdd a greeting\n</user_query>')),
      cursorRow('user', text('<system_reminder>Be brief</system_reminder>')),
      cursorRow('assistant', text('Yes'), cursorUse('Write', { path: '/w/a.ts', contents: first })),
      cursorRow('assistant', cursorUse('StrReplace', { path: '/w/b.ts', old_string: 'x', new_string: second })),
      cursorRow('assistant', cursorUse('ApplyPatch', { input: patch('/w/c.ts') })),
      cursorRow(
        'assistant',
        cursorUse('Shell', { command: 'npm run the-tests' }),
        cursorUse('Read', { path: '/w/a.ts' }),
      ),
    ),
    told: {
      ...{ session: one, parent: two, turns: 1, iterations: 4, shellLines: 1 },
      edits: ['/w/a.ts unanswered - 1', '/w/b.ts unanswered - 1', '/w/c.ts unanswered - 1'],
    },
  },
  {
    title: 'a name that is no id',
    format: 'cursor',
    name: 'session.jsonl',
    text: rows(cursorRow('user', text('Add a greeting'))),
    told: { turns: 1, problems: ['transcript-session-missing'] },
  },
]

const action = (path: string, more: object, status = 'done'): object => ({
  ...{ type: 'code_action', status },
  code_action: {
    path: `file://${path}`,
    original_content: `${first}\n`,
    new_content: `${first}\n${second}\n`,
    ...more,
  },
})

export const windsurfSamples: readonly Sample[] = [
  {
    title: 'what a person said to each edit and command',
    format: 'windsurf',
    name: `${one}.jsonl`,
    text: rows(
      { type: 'user_input', status: 'done', user_input: { user_response: 'Add a second' } },
      { type: 'planner_response', status: 'done', planner_response: { response: 'Yes' } },
      action('/w/a%20b.ts', { acknowledgement_type: 'ACKNOWLEDGEMENT_TYPE_ACCEPT' }),
      action('/w/b.ts', { acknowledgement_type: 'ACKNOWLEDGEMENT_TYPE_REJECT' }),
      action('/w/c.ts', {}),
      action('/w/d.ts', {}, 'error'),
      action('/w/e.ts', {}, 'pending'),
      { type: 'run_command', status: 'done', run_command: { command: 'npm run the-tests', user_rejected: false } },
      { type: 'run_command', status: 'done', run_command: { command: 'rm -r everything-here', user_rejected: true } },
    ),
    told: {
      ...{ session: one, turns: 1, iterations: 1, shellLines: 1 },
      edits: [
        ...['/w/a b.ts applied person 1', '/w/b.ts rejected person 1', '/w/c.ts applied - 1'],
        ...['/w/d.ts failed - 1', '/w/e.ts unanswered - 1'],
      ],
    },
  },
]

const state = (id: string, name: string, status: string, args: object): object => ({
  ...{ toolCallId: id, status, parsedArgs: args },
  toolCall: { id, type: 'function', function: { name, arguments: JSON.stringify(args) } },
})

export const continueSamples: readonly Sample[] = [
  {
    title: 'states of calls of its CLI and its editors',
    format: 'continue-dev',
    name: `${one}.json`,
    text: JSON.stringify({
      ...{ sessionId: one, title: 'A greeting', workspaceDirectory: '/w', chatModelTitle: 'Claude Sonnet 4.5' },
      history: [
        { message: { role: 'system', content: 'Be brief' } },
        { message: { role: 'user', content: [text('Add a greeting')] }, contextItems: [] },
        {
          message: {
            role: 'assistant',
            content: '',
            toolCalls: [{ id: 'x', function: { name: 'Write', arguments: '{"filepath":"/w/e.ts","content":"x"}' } }],
          },
          toolCallStates: [
            state('1', 'Write', 'done', { filepath: '/w/a.ts', content: first }),
            state('2', 'single_find_and_replace', 'canceled', { filepath: '/w/b.ts', new_string: second }),
            state('3', 'MultiEdit', 'errored', {
              file_path: '/w/c.ts',
              edits: [{ old_string: 'x', new_string: second }],
            }),
            state('4', 'edit_existing_file', 'generated', { filepath: '/w/d.ts', changes: second }),
            state('5', 'Bash', 'done', { command: 'npm run the-tests' }),
          ],
        },
        { message: { role: 'tool', toolCallId: '1', content: 'ok' } },
        { message: { role: 'assistant', content: 'Done' } },
      ],
      usage: {
        totalCost: 1,
        promptTokens: 10,
        completionTokens: 5,
        promptTokensDetails: { cachedTokens: 3, cacheWriteTokens: 2 },
      },
    }),
    told: {
      ...{ session: one, models: ['Claude Sonnet 4.5'], turns: 1, iterations: 2, shellLines: 1 },
      tokens: { input: 10, output: 5, cacheRead: 3, cacheWrite: 2 },
      edits: [
        ...['a.ts applied - 1', 'b.ts rejected - 1', 'c.ts failed - 1', 'd.ts unanswered - 1'],
        'e.ts unanswered - 0',
      ],
    },
  },
]

const use = (id: string, name: string, input: object): object => ({ type: 'tool_use', id, name, input })
const result = (id: string, content: string, more: object = {}): object => ({
  ...{ type: 'tool_result', tool_use_id: id, content, ...more },
})
const droidRow = (minute: number, role: string, ...content: readonly object[]): object => ({
  ...{ type: 'message', id: `m${minute}`, timestamp: at(minute), message: { role, content } },
})

export const droidSamples: readonly Sample[] = [
  {
    title: 'a subagent, edits with each verdict',
    format: 'droid',
    name: `p/${one}.jsonl`,
    text: rows(
      { type: 'session_start', id: one, title: 'x', version: 2, cwd: '/w', callingSessionId: two },
      droidRow(1, 'user', text('Add a greeting'), text('Contents of /w/a.ts (lines 1-2 of 2):\nx')),
      droidRow(
        2,
        'assistant',
        use('1', 'Create', { file_path: '/w/a.ts', content: first }),
        use('2', 'ApplyPatch', { input: patch('/w/b.ts') }),
      ),
      droidRow(
        3,
        'user',
        result('1', '{"success":true}'),
        result('2', 'Error: rejected by the user', { is_error: true }),
      ),
      droidRow(
        4,
        'assistant',
        use('3', 'Edit', { file_path: '/w/c.ts', old_str: 'x', new_str: second }),
        use('4', 'Execute', { command: 'npm run the-tests' }),
      ),
      droidRow(5, 'user', result('3', '{"success":false}')),
      { type: 'todo_state', id: 't', timestamp: at(6), todos: {} },
    ),
    told: {
      ...{ session: one, parent: two, times: [at(1), at(6)], turns: 1, iterations: 2, shellLines: 1 },
      edits: ['a.ts applied - 1', 'b.ts rejected person 1', 'c.ts failed - 1'],
    },
  },
  {
    title: 'a model and tokens in the settings beside it',
    format: 'droid',
    name: `p/${one}.jsonl`,
    text: rows(
      { type: 'session_start', id: one, title: 'x', version: 2, cwd: '/w' },
      droidRow(1, 'user', text('Add a greeting')),
      droidRow(2, 'assistant', use('1', 'Create', { file_path: '/w/a.ts', content: first })),
      droidRow(3, 'assistant', text('Yes')),
    ),
    beside: [
      `${one}.settings.json`,
      JSON.stringify({ model: 'gpt-5', tokenUsage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 20 } }),
    ],
    told: {
      ...{ session: one, models: ['gpt-5'], times: [at(1), at(3)], turns: 1, iterations: 2 },
      ...{ tokens: { input: 10, output: 5, cacheRead: 20 }, edits: ['a.ts unanswered - 1'] },
    },
  },
]

const ampResult = (id: string, run: object, more: object = {}): object => ({
  type: 'tool_result',
  toolUseID: id,
  run,
  ...more,
})
const edit = (id: string, path: string): object => use(id, 'edit_file', { path, old_str: 'x', new_str: second })

export const ampSamples: readonly Sample[] = [
  {
    title: 'a thread of a subagent: what came of each call',
    format: 'amp',
    name: `T-${one}.json`,
    text: JSON.stringify({
      ...{ v: 9, id: `T-${one}`, created: ms(0), title: 'x', mainThreadID: `T-${two}` },
      env: { initial: { platform: { client: 'CLI', clientVersion: '0.0.177-gabc' } } },
      messages: [
        { role: 'user', messageId: 0, content: [text('Add a greeting')], meta: { sentAt: ms(1) } },
        {
          ...{ role: 'assistant', messageId: 1 },
          content: [
            ...[edit('1', '/w/a.ts'), edit('2', '/w/b.ts'), edit('3', '/w/c.ts'), edit('4', '/w/d.ts')],
            use('5', 'create_file', { path: '/w/e.ts', content: first }),
            use('6', 'Bash', { cmd: 'npm run the-tests' }),
          ],
          usage: {
            model: 'claude-opus-4-6',
            inputTokens: 3,
            outputTokens: 8,
            cacheReadInputTokens: 5,
            cacheCreationInputTokens: 2,
            timestamp: at(2),
          },
        },
        {
          ...{ role: 'user', messageId: 2 },
          content: [
            ampResult('1', { status: 'done' }),
            ampResult('2', { status: 'rejected-by-user' }),
            ampResult('3', { status: 'error' }),
            ampResult('5', { status: 'done' }, { userInput: { accepted: true } }),
          ],
        },
      ],
    }),
    told: {
      ...{ session: `T-${one}`, parent: `T-${two}`, versions: ['0.0.177-gabc'], models: ['claude-opus-4-6'] },
      ...{ times: [at(0), at(2)], turns: 1, iterations: 1, shellLines: 1 },
      tokens: { input: 3, output: 8, cacheRead: 5, cacheWrite: 2 },
      edits: [
        ...['/w/a.ts applied - 1', '/w/b.ts rejected person 1', '/w/c.ts failed - 1', '/w/d.ts unanswered - 1'],
        '/w/e.ts applied person 1',
      ],
    },
  },
]
