/** What Kiro keeps in `~/.kiro/sessions`: rows of its second engine, and messages of its third. */
import { at, one, rows, two } from './sample.ts'
import type { Sample } from './sample.ts'

const seconds = (minute: number): number => Date.parse(at(minute)) / 1_000
const row = (kind: string, id: string, content: readonly object[], more: object = {}): object => ({
  ...{ version: 'v1', kind },
  data: { message_id: id, content, ...more },
})
const text = (data: string): object => ({ kind: 'text', data })
const use = (id: string, name: string, input: object): object => ({
  kind: 'toolUse',
  data: { toolUseId: id, name, input },
})
const create = (id: string): object =>
  use(id, 'write', { command: 'create', path: `/w/${id}.ts`, content: `const parserOfDates = '${id}'` })
const done = (id: string, status: string): object => ({
  kind: 'toolResult',
  data: { toolUseId: id, content: [text('x')], status },
})

const secondEngine = rows(
  row('Prompt', 'u1', [text('Add a parser of dates.')], { meta: { timestamp: seconds(1) } }),
  row('AssistantMessage', 'a1', [
    text('Yes.'),
    { kind: 'thinking', data: { modelId: 'claude-sonnet-4.5', text: 'x' } },
    use('s1', 'shell', { command: 'npm run check-all-dates' }),
    ...['c1', 'c2', 'c3', 'c4'].map(create),
  ]),
  row('ToolResults', 'r1', [done('s1', 'success'), done('c1', 'success'), done('c2', 'error'), done('c3', 'error')], {
    results: { c3: { tool: null, result: 'Cancelled' } },
  }),
  { version: 'v1', kind: 'Clear', data: {} },
  row('Prompt', 'u2', [text('Go on.'), { kind: 'image', data: { format: 'png' } }], {
    meta: { timestamp: seconds(5) },
  }),
  row('AssistantMessage', 'a2', [text('Done.')]),
)

const edits = [
  ...['/w/c1.ts applied - 1', '/w/c2.ts failed - 1', '/w/c3.ts rejected person 1', '/w/c4.ts unanswered - 1'],
]
const written = ['c1', 'c2', 'c3', 'c4'].map((it) => `const parserOfDates = '${it}'`).join('\n')

export const kiroRowsSamples: readonly Sample[] = [
  {
    title: 'edits with each verdict, and the id and model beside it',
    format: 'kiro-rows',
    name: `${one}.jsonl`,
    text: secondEngine,
    beside: [
      `${one}.json`,
      JSON.stringify({
        ...{ session_id: one, cwd: '/w', created_at: at(0), updated_at: at(9) },
        session_state: { rts_model_state: { model_info: { model_id: 'claude-opus-4.6' } } },
      }),
    ],
    told: {
      ...{ session: one, models: ['claude-sonnet-4.5', 'claude-opus-4.6'], times: [at(0), at(9)] },
      ...{ turns: 2, iterations: 2, shellLines: 1, edits, written },
    },
  },
  {
    title: 'with nothing beside it, the id is its name',
    format: 'kiro-rows',
    name: `${two}.jsonl`,
    text: secondEngine,
    told: {
      ...{ session: two, models: ['claude-sonnet-4.5'], times: [at(1), at(5)] },
      ...{ turns: 2, iterations: 2, shellLines: 1, edits, written },
    },
  },
]

let count = 0
const message = (type: string, payload: object, id = `m${(count += 1)}`): object => ({
  ...{ id, timestamp: at(count) },
  payload: { type, ...payload },
})
const call = (id: string, status = 'approved'): object =>
  message('tool_call', {
    ...{ toolCallId: id, toolName: 'fs_write', status, kind: 'edit' },
    args: { command: 'create', path: `/w/${id}.ts`, file_text: `const parserOfDates = '${id}'` },
  })
const result = (toolCallId: string, success: boolean): object =>
  message('tool_result', { toolCallId, content: 'x', success })
const resolved = (toolCallId: string, selectedOption: string): object =>
  message('interaction_resolved', { toolCallId, outcome: 'selected', selectedOption })

const thirdEngine = rows(
  message('user', { content: 'Add a parser of dates.', source: 'chat' }),
  message('turn_start', { executionId: 'e1' }),
  message('assistant', { content: 'x', operationType: 'Reasoning', reasoningModelId: 'claude-opus-4.6' }),
  message('tool_call', {
    ...{ toolCallId: 's1', toolName: 'execute_bash', status: 'completed' },
    args: { command: 'npm run check-all-dates' },
  }),
  resolved('c1', 'accept'),
  call('c1'),
  result('c1', true),
  call('c2', 'executing'),
  result('c2', false),
  resolved('c3', 'reject'),
  call('c3', 'executing'),
  result('c3', true),
  call('c4', 'denied'),
  call('c5', 'pending'),
  call('c6'),
  result('c6', true),
  message('tool_revert', { toolCallId: 'c6' }),
  message('user', { content: 'Another one.' }, 'back'),
  call('c7'),
  result('c7', true),
  message('tombstone', { kind: 'checkpoint_revert', effectiveFromMessageId: 'back' }),
  message('tombstone', { kind: 'summarization', effectiveFromMessageId: 'm1' }),
  message('user', { content: 'A hook said this.', source: 'hook' }),
  message('user', { content: 'Done?', _meta: { kiro: { notification: { kind: 'workflow-progress' } } } }),
  message('assistant', { content: 'Done.', operationType: 'Say' }),
  message('turn_end', { stopReason: 'end_turn' }),
)

const thirdTold = {
  ...{ turns: 1, iterations: 1, shellLines: 1, times: [at(1), at(count)] as const },
  edits: [
    ...['/w/c1.ts applied person 1', '/w/c2.ts failed - 1', '/w/c3.ts rejected person 1', '/w/c4.ts rejected - 1'],
    ...['/w/c5.ts unanswered - 1', '/w/c6.ts undone - 1', '/w/c7.ts undone - 1'],
  ],
}

export const kiroMessagesSamples: readonly Sample[] = [
  {
    title: 'edits with each verdict, and a part that was taken back',
    format: 'kiro-messages',
    name: `0a1b2c/sess_${one}/messages.jsonl`,
    text: thirdEngine,
    beside: [
      'session.json',
      JSON.stringify({
        ...{ id: `sess_${two}`, modelId: 'auto', workspacePaths: ['/w'] },
        ...{ parentSessionId: `sess_${one}`, createdReason: 'subagent' },
      }),
    ],
    told: { ...thirdTold, session: `sess_${two}`, parent: `sess_${one}`, models: ['claude-opus-4.6'] },
  },
  {
    title: 'what an agent of it did',
    format: 'kiro-messages',
    name: `0a1b2c/sess_${one}/sub-executions/${two}.jsonl`,
    text: thirdEngine,
    told: { ...thirdTold, session: `sess_${one}`, agent: two, models: ['claude-opus-4.6'] },
  },
]
