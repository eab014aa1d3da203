import { at, rows } from './sample.ts'
import type { Sample } from './sample.ts'

const id = '019c4b43-1451-7af3-be4c-5576369bf1ba'
const row = (minute: number, type: string, payload: object): object => ({ timestamp: at(minute), type, payload })
const call = (call_id: string, path: string): object =>
  row(2, 'response_item', {
    ...{ type: 'custom_tool_call', name: 'apply_patch', call_id },
    input: `*** Begin Patch\n*** Update File: ${path}\n@@\n-old\n+let greeting_${call_id} = "hello there";\n*** End Patch`,
  })
const ended = (call_id: string, success: boolean): object =>
  row(3, 'event_msg', { type: 'patch_apply_end', call_id, success })

export const codexSamples: readonly Sample[] = [
  {
    title: 'edits with each verdict, and a turn that was taken back',
    format: 'codex',
    name: `rollout-2026-03-01T10-00-00-${id}.jsonl`,
    text: rows(
      row(0, 'session_meta', { id, timestamp: at(0), cwd: '/w', cli_version: '0.99.0' }),
      row(1, 'turn_context', { model: 'gpt-5.1-codex', approval_policy: 'on-request' }),
      row(1, 'event_msg', { type: 'user_message', message: 'Add a greeting' }),
      ...[call('c1', 'a.rs'), ended('c1', true), call('c2', 'b.rs'), ended('c2', false), call('c3', 'c.rs')],
      row(4, 'response_item', { type: 'custom_tool_call_output', call_id: 'c3', output: 'patch rejected by user' }),
      call('c4', 'd.rs'),
      row(5, 'event_msg', { type: 'user_message', message: 'And another' }),
      ...[call('c5', 'e.rs'), ended('c5', true)],
      row(6, 'event_msg', { type: 'thread_rolled_back', num_turns: 1 }),
    ),
    told: {
      ...{ session: id, versions: ['0.99.0'], models: ['gpt-5.1-codex'], times: [at(0), at(6)], turns: 1 },
      edits: [
        ...['a.rs applied - 1', 'b.rs failed - 1', 'c.rs rejected person 1', 'd.rs unanswered - 1'],
        'e.rs undone - 1',
      ],
    },
  },
]
