/** Tools whose rows form a tree. */
import { at, one, rows, two } from './sample.ts'
import type { Sample } from './sample.ts'

const first = 'export const greeting = 1'
const second = 'const second = greeting + 1'

const qwen = (id: string, minute: number, type: string, more: object, parent: string | null = null): object => ({
  ...{
    uuid: id,
    parentUuid: parent,
    sessionId: one,
    timestamp: at(minute),
    type,
    cwd: '/w',
    version: '0.9.0',
    ...more,
  },
})
const parts = (role: string, ...all: readonly object[]): object => ({ message: { role, parts: all } })
const call = (id: string, name: string, args: object): object => ({ functionCall: { id, name, args } })
const write = (id: string, path: string): object => call(id, 'write_file', { file_path: path, content: first })
const result = (id: string, status: string): object => ({
  ...parts('user', { functionResponse: { id, name: 'x', response: {} } }),
  toolCallResult: { callId: id, status },
})

export const qwenSamples: readonly Sample[] = [
  {
    title: 'each verdict, a mode without questions, a change of the version midway, a rewind',
    format: 'qwen-code',
    name: `p/chats/${one}.jsonl`,
    text: rows(
      qwen('u1', 0, 'user', parts('user', { text: 'Add a greeting' })),
      qwen('a1', 1, 'assistant', {
        ...parts('model', { text: 'Yes' }, write('c1', '/w/a.ts'), write('c2', '/w/b.ts'), write('c3', '/w/c.ts')),
        ...{
          model: 'qwen3-coder-plus',
          usageMetadata: { promptTokenCount: 50, candidatesTokenCount: 9, cachedContentTokenCount: 20 },
        },
      }),
      qwen('r1', 2, 'tool_result', result('c1', 'success')),
      qwen('r2', 2, 'tool_result', result('c2', 'cancelled')),
      qwen('r3', 2, 'tool_result', result('c3', 'error')),
      qwen('s1', 3, 'system', { subtype: 'session_approval_mode', systemPayload: { mode: 'yolo' } }),
      qwen('n1', 3, 'user', { subtype: 'notification', ...parts('user', { text: 'A task is done' }) }),
      qwen('u2', 4, 'user', {
        version: '0.9.1',
        ...parts('user', { text: '@a.ts and all of it' }),
        systemPayload: { displayText: 'Again' },
      }),
      qwen('a2', 5, 'assistant', {
        ...parts('model', write('c4', '/w/d.ts'), call('c5', 'run_shell_command', { command: 'npm run the-tests' })),
        model: 'qwen3-coder-plus',
      }),
      qwen('r4', 6, 'tool_result', result('c4', 'success')),
      qwen('w1', 7, 'system', { subtype: 'rewind', systemPayload: { truncatedCount: 2 } }, 'n1'),
      qwen('u3', 8, 'user', { provenance: 'real_user', ...parts('user', { text: 'Otherwise' }) }, 'w1'),
      qwen('a3', 9, 'assistant', { ...parts('model', write('c6', '/w/e.ts')), model: 'qwen3-coder-plus' }),
      qwen('r6', 9, 'tool_result', result('c6', 'success')),
    ),
    told: {
      ...{ session: one, versions: ['0.9.0', '0.9.1'], models: ['qwen3-coder-plus'], times: [at(0), at(9)] },
      ...{ turns: 2, iterations: 3, tokens: { input: 30, output: 9, cacheRead: 20 }, shellLines: 1 },
      edits: [
        ...['a.ts applied - 1', 'b.ts rejected person 1', 'c.ts failed - 1'],
        ...['d.ts undone setting 1', 'e.ts applied setting 1'],
      ],
    },
  },
  {
    title: 'a subagent in a session that another one started',
    format: 'qwen-code',
    name: `p/chats/${one}.jsonl`,
    text: rows(
      qwen('s1', 0, 'system', { subtype: 'parent_session', systemPayload: { parentSessionId: two } }),
      qwen('u1', 1, 'user', { isSidechain: true, agentId: 'explore-7f3c', ...parts('user', { text: 'Look around' }) }),
    ),
    told: { session: one, agent: 'explore-7f3c', parent: two, versions: ['0.9.0'], times: [at(0), at(1)] },
  },
  {
    title: 'a copy of another session, from which it goes on',
    format: 'qwen-code',
    name: `p/chats/${one}.jsonl`,
    text: rows(
      qwen('u1', 0, 'user', {
        forkedFrom: { sessionId: two, messageUuid: 'u1' },
        ...parts('user', { text: 'Before' }),
      }),
      qwen('u2', 5, 'user', parts('user', { text: 'Now' })),
    ),
    told: { session: one, versions: ['0.9.0'], times: [at(5), at(5)], turns: 1 },
  },
]

const pi = (id: string, parent: string | null, minute: number, type: string, more: object): object => ({
  ...{ type, id, parentId: parent, timestamp: at(minute), ...more },
})
const header = (more: object): object => ({
  type: 'session',
  version: 3,
  id: one,
  timestamp: at(0),
  cwd: '/w',
  ...more,
})
const asked = (content: string): object => ({ message: { role: 'user', content } })
const answered = (...content: readonly object[]): object => ({
  message: { role: 'assistant', content, usage: { input: 4, output: 6, cacheRead: 1, cacheWrite: 2 } },
})
const edit = (id: string, path: string): object => ({
  ...{ type: 'toolCall', id, name: 'edit', arguments: { path, edits: [{ oldText: 'x', newText: second }] } },
})
const ran = (id: string, isError: boolean): object => ({
  message: { role: 'toolResult', toolCallId: id, isError, content: [] },
})

export const piSamples: readonly Sample[] = [
  {
    title: 'a change of the model, a compaction, a branch that goes back',
    format: 'pi',
    name: `--w--/2026_${one}.jsonl`,
    text: rows(
      header({}),
      pi('a', null, 1, 'model_change', { provider: 'openai', modelId: 'gpt-5' }),
      pi('b', 'a', 2, 'message', asked('Add a greeting')),
      pi(
        'c',
        'b',
        3,
        'message',
        answered({ type: 'toolCall', id: '1', name: 'write', arguments: { path: '/w/a.ts', content: first } }),
      ),
      pi('d', 'c', 4, 'message', ran('1', false)),
      pi('e', 'd', 5, 'compaction', { summary: 'A greeting', firstKeptEntryId: 'c', tokensBefore: 9 }),
      pi('f', 'e', 6, 'message', asked('And a second')),
      pi(
        'g',
        'f',
        7,
        'message',
        answered(edit('2', '/w/b.ts'), edit('3', '/w/c.ts'), {
          type: 'toolCall',
          id: '4',
          name: 'bash',
          arguments: { command: 'npm run the-tests' },
        }),
      ),
      pi('h', 'g', 8, 'message', ran('2', false)),
      pi('i', 'h', 8, 'message', ran('3', true)),
      pi('j', 'e', 9, 'branch_summary', { fromId: 'i', summary: 'It went wrong' }),
      pi('k', 'j', 10, 'message', asked('Otherwise')),
      pi('l', 'k', 11, 'message', {
        message: { role: 'assistant', content: [], model: 'claude-opus-4-5', stopReason: 'error' },
      }),
      pi('m', 'l', 12, 'message', { message: { role: 'bashExecution', command: 'ls of-a-person', output: '' } }),
    ),
    told: {
      ...{ session: one, models: ['gpt-5'], times: [at(0), at(12)], turns: 2, iterations: 2, shellLines: 1 },
      tokens: { input: 8, output: 12, cacheRead: 2, cacheWrite: 4 },
      edits: ['a.ts applied - 1', 'b.ts undone - 1', 'c.ts failed - 1'],
    },
  },
  {
    title: 'the first form: a session that was made of another one begins with its rows',
    format: 'pi',
    name: `--w--/2026_${one}.jsonl`,
    text: rows(
      {
        type: 'session',
        id: one,
        timestamp: at(30),
        cwd: '/w',
        modelId: 'claude-opus-4-5',
        branchedFrom: `/h/2026-03_${two}.jsonl`,
      },
      { type: 'message', timestamp: at(1), message: { role: 'user', content: 'Before' } },
      { type: 'message', timestamp: at(31), message: { role: 'user', content: 'Now' } },
      { type: 'message', timestamp: at(32), ...answered({ type: 'text', text: 'Yes' }) },
    ),
    told: {
      ...{ session: one, models: ['claude-opus-4-5'], times: [at(30), at(32)], turns: 1, iterations: 1 },
      tokens: { input: 4, output: 6, cacheRead: 1, cacheWrite: 2 },
    },
  },
  {
    title: 'a later form',
    format: 'pi',
    name: 'x.jsonl',
    text: rows(header({ version: 4 }), pi('a', null, 1, 'message', asked('Add a greeting'))),
    told: { session: one, times: [at(0), at(1)], turns: 1, problems: ['format-newer'] },
  },
]
