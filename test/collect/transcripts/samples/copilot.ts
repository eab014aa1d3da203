import { at, one, rows } from './sample.ts'
import type { Sample } from './sample.ts'

let count = 0
const event = (type: string, data: object, more: object = {}): object => ({
  ...{ type, data, id: `e${(count += 1)}`, timestamp: at(count % 60), parentId: null, ...more },
})
const start = (more: object): object => ({
  ...{ type: 'session.start', id: 'e0', timestamp: at(0), parentId: null },
  data: { sessionId: one, version: 1, producer: 'copilot-agent', copilotVersion: '1.0.45', startTime: at(0), ...more },
})
const timed = (minute: number, it: object): object => ({ ...it, timestamp: at(minute) })
const wants = (id: string, toolName: string, args: object | string): object =>
  event('tool.execution_start', { toolCallId: id, toolName, arguments: args })
const done = (id: string, more: object): object => event('tool.execution_complete', { toolCallId: id, ...more })
const edit = { path: '/w/b.ts', old_str: 'x', new_str: 'const second = greeting + 1' }
const create = { path: '/w/a.ts', file_text: 'export const greeting = 1\n' }
const patch = '*** Begin Patch\n*** Update File: /w/c.ts\n@@\n+const third = second + 1\n*** End Patch'

export const copilotEventSamples: readonly Sample[] = [
  {
    title: 'edits with each verdict, a subagent inline, and sums at the end',
    format: 'copilot-cli',
    name: `${one}/events.jsonl`,
    text: rows(
      ...[
        start({ context: { cwd: '/w' } }),
        event('session.model_change', { newModel: 'gpt-5' }),
        event('user.message', { content: 'Add a greeting', source: 'user' }),
        event('user.message', { content: 'Look around', source: 'agent-explore' }),
        event('user.message', { content: '<system_notification>done</system_notification>' }),
        event('user.message', {
          content: 'Please help',
          transformedContent: '<cross_session_message>from_session_id: x</cross_session_message>Please help',
        }),
        event('assistant.message', {
          ...{ messageId: 'm1', content: 'I will', outputTokens: 7 },
          toolRequests: [{ toolCallId: 't1', name: 'create', arguments: JSON.stringify(create) }],
        }),
        wants('t1', 'create', create),
        done('t1', { result: { result_type: 'success' } }),
        wants('t2', 'edit', edit),
        event('permission.completed', { toolCallId: 't2', result: { kind: 'denied-interactively-by-user' } }),
        done('t2', { success: false, error: { message: 'no' } }),
        wants('t3', 'edit', edit),
        done('t3', { success: false, error: { message: 'no match', code: 'failure' } }),
        wants('t4', 'apply_patch', patch),
        done('t4', { success: true, parentToolCallId: 't0' }),
        wants('t5', 'bash', { command: 'npm run the-tests' }),
        event('assistant.message', { messageId: 'm2', content: 'Done', model: 'claude-sonnet-4.5', outputTokens: 3 }),
        event('session.shutdown', {
          modelMetrics: {
            'gpt-5': { usage: { inputTokens: 100, outputTokens: 40, cacheReadTokens: 60, cacheWriteTokens: 10 } },
          },
        }),
      ].map((it, minute) => timed(minute, it)),
    ),
    told: {
      ...{ session: one, versions: ['1.0.45'], models: ['gpt-5', 'claude-sonnet-4.5'], times: [at(0), at(18)] },
      ...{ turns: 1, iterations: 2, shellLines: 1 },
      tokens: { input: 30, output: 40, cacheRead: 60, cacheWrite: 10 },
      edits: ['a.ts applied - 1', 'b.ts rejected person 1', 'b.ts failed - 1', 'c.ts applied - 1'],
    },
  },
  {
    title: 'a rewind, counts of each call of a model, a later form',
    format: 'copilot-cli',
    name: `${one}/events.jsonl`,
    text: rows(
      ...[
        start({ version: 2 }),
        event('session.usage_record', {
          usage: { apiCallId: 'a1', inputTokens: 9, outputTokens: 2, cacheReadTokens: 4 },
        }),
        event('assistant.message', { messageId: 'm1', apiCallId: 'a1', content: 'x', outputTokens: 2, model: 'gpt-5' }),
        { ...event('user.message', { content: 'Go on' }), id: 'back' },
        wants('t1', 'create', create),
        done('t1', { success: true }),
        event('session.snapshot_rewind', { upToEventId: 'back', eventsRemoved: 3 }),
        event('session.shutdown', { modelMetrics: { 'gpt-5': { usage: { inputTokens: 900 } } } }),
      ].map((it, minute) => timed(minute, it)),
    ),
    told: {
      ...{ session: one, versions: ['1.0.45'], models: ['gpt-5'], times: [at(0), at(7)], iterations: 1 },
      ...{ tokens: { input: 5, output: 2, cacheRead: 4 }, problems: ['format-newer'] },
      edits: ['/w/a.ts undone - 1'],
    },
  },
  {
    title: 'VS Code, without a model',
    format: 'copilot-vscode',
    name: 'transcripts/x.jsonl',
    text: rows(
      ...[
        start({ copilotVersion: '0.47.0', vscodeVersion: '1.119.0' }),
        event('user.message', { content: 'Fix it' }),
        event('assistant.message', { messageId: 'm1', content: 'Yes', toolRequests: [] }),
        wants('t1', 'replace_string_in_file', {
          filePath: '/w/a.ts',
          oldString: 'a',
          newString: 'export const b = greeting',
        }),
        done('t1', { success: true }),
        wants('t2', 'multi_replace_string_in_file', {
          replacements: [{ filePath: '/w/b.ts', newString: 'export const c = greeting' }],
        }),
        wants('t3', 'run_in_terminal', { command: 'npm run the-tests' }),
        wants('t4', 'create_file', { filePath: '/w/c.ts', content: 'export const d = greeting' }),
        done('t4', { success: false }),
        wants('t5', 'create_file', { filePath: '/w/d.ts', content: 'export const e = greeting' }),
        done('t5', { success: false, error: { code: 'rejected' } }),
      ].map((it, minute) => timed(minute, it)),
    ),
    told: {
      ...{ session: one, versions: ['0.47.0'], times: [at(0), at(10)], turns: 1, iterations: 1, shellLines: 1 },
      edits: [...['/w/a.ts applied - 1', '/w/b.ts unanswered - 1', '/w/c.ts failed - 1'], '/w/d.ts rejected person 1'],
    },
  },
  {
    title: 'VS Code, told by the name of its client, and by its folder',
    format: 'copilot-vscode',
    name: 'h/GitHub.copilot-chat/transcripts/x.jsonl',
    text: rows(timed(0, start({ client_name: 'vscode' })), timed(1, event('user.message', { content: 'Fix it' }))),
    told: { session: one, versions: ['1.0.45'], times: [at(0), at(1)], turns: 1 },
  },
]

const ms = (minute: number): number => Date.parse(at(minute))
const request = (id: string, minute: number, more: object): object => ({
  ...{ requestId: id, timestamp: ms(minute), message: { text: `Ask ${id}` }, modelId: 'copilot/gpt-5' },
  ...{ agent: { extensionVersion: '0.37.1' }, response: [{ value: 'Done' }], ...more },
})
const round = (id: string, ...calls: readonly object[]): object => ({ id, response: '', toolCalls: calls })
const called = (id: string, name: string, args: object): object => ({ id, name, arguments: JSON.stringify(args) })
const run = (id: string, type: number): object => ({
  ...{ kind: 'toolInvocationSerialized', toolCallId: id, isConfirmed: { type }, isComplete: true },
})
const said = (text: string): object => ({ content: [{ value: text }] })
const replaced = (path: string): object => ({
  filePath: path,
  oldString: 'x',
  newString: 'const second = greeting + 1',
})
const withTools = request('r1', 1, {
  response: [
    { value: 'Now' },
    run('g1', 4),
    run('g2', 0),
    { ...run('g3', 2), isComplete: false },
    run('g3', 2),
    run('g4', 1),
    {
      kind: 'textEditGroup',
      uri: { fsPath: '/w/a.ts' },
      edits: [[{ text: 'const second = greeting + 1' }]],
      done: true,
    },
  ],
  result: {
    metadata: {
      toolCallRounds: [
        round(
          'a',
          called('c1', 'replace_string_in_file', replaced('/w/a.ts')),
          called('c2', 'replace_string_in_file', replaced('/w/b.ts')),
        ),
        round(
          'b',
          called('c3', 'replace_string_in_file', replaced('/w/c.ts')),
          called('c4', 'replace_string_in_file', replaced('/w/d.ts')),
        ),
      ],
      toolCallResults: { c1: said('ok'), c3: said('ok'), c4: said('ERROR while calling tool: none') },
    },
  },
})
const toolEdits = [
  ...['/w/a.ts applied person 1', '/w/b.ts rejected person 1', '/w/c.ts applied setting 1', '/w/d.ts failed - 1'],
]
const group = request('r2', 2, {
  ...{ modelId: 'copilot/auto', result: { details: 'Claude Sonnet 4.5 • 1x' }, agent: { extensionVersion: '0.38.0' } },
  response: [
    {
      kind: 'textEditGroup',
      uri: { fsPath: '/w/e.ts' },
      edits: [[{ text: 'const fifth = second + 3', range: {} }]],
      done: true,
    },
  ],
})
const ofTool = request('r4', 3, {
  ...{ isSystemInitiated: true, completionTokens: 5, result: { metadata: { resolvedModel: 'gpt-5-mini' } } },
})
const head = { version: 3, creationDate: ms(0), sessionId: one, responderUsername: 'GitHub Copilot' }

export const copilotChatSamples: readonly Sample[] = [
  {
    title:
      'one document: who let each call run, a change of the version midway, a request that goes when the next is sent',
    format: 'copilot-chat',
    name: `h/chatSessions/${one}.json`,
    text: JSON.stringify({
      ...head,
      requests: [withTools, group, request('r3', 3, { shouldBeRemovedOnSend: {} }), ofTool],
    }),
    told: {
      ...{ session: one, versions: ['0.37.1', '0.38.0'], models: ['gpt-5', 'Claude Sonnet 4.5', 'gpt-5-mini'] },
      ...{
        times: [at(0), at(3)],
        turns: 2,
        iterations: 5,
        tokens: { output: 5 },
        edits: [...toolEdits, '/w/e.ts applied - 1'],
      },
    },
  },
  {
    title: 'rows that change an empty document, and take a request out again',
    format: 'copilot-chat-log',
    name: `h/chatSessions/${one}.jsonl`,
    text: rows(
      { kind: 0, v: { version: 3, creationDate: ms(0), requests: [] } },
      { kind: 2, k: ['requests'], v: [withTools] },
      { kind: 2, k: ['requests'], v: [group] },
      { kind: 1, k: ['requests', 1, 'response', 0, 'done'], v: true },
      { kind: 1, k: ['inputState'], v: { inputText: '' } },
      { kind: 1, k: ['__proto__', 'polluted'], v: true },
      { kind: 1, k: ['constructor', 'prototype', 'polluted'], v: true },
      { kind: 1, k: ['requests', 4_000_000_000], v: true },
      { kind: 9, k: ['requests'], v: 'later' },
      { kind: 2, k: ['requests'], i: 1, v: [] },
      { kind: 2, k: ['requests'], v: [withTools] },
      { kind: 3, k: ['requests', 1] },
      { kind: 3, k: ['inputState'] },
    ),
    told: {
      ...{ session: one, versions: ['0.37.1', '0.38.0'], models: ['gpt-5', 'Claude Sonnet 4.5'] },
      ...{ times: [at(0), at(2)], turns: 1, iterations: 3, edits: [...toolEdits, '/w/e.ts undone - 1'] },
    },
  },
]
